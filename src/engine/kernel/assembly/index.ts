export { sortPersons, gatherMotion, gatherSteering } from './sort-persons';
export { movePersons } from './move-persons';
export { steerPersons, useScratch } from './steer-persons';
