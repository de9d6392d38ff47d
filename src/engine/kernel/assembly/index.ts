export { useScratch } from './neighbours';
export { choosePersons } from './choose-persons';
export { sensePersons } from './sense-persons';
export { sortPersons, gatherPersons } from './sort-persons';
export { steerPersons } from './steer-persons';
export { listContacts } from './list-contacts';
export { movePersons, settleMotion } from './move-persons';
export { hashStripes } from './hash-stripes';
export { watchPersons } from './watch-persons';
