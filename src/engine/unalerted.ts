import { PersonState, type World } from '../world/index.ts';

/** Whether a person is there and has not been alerted: still, or about their own business. */
export function isUnalerted(world: World, person: number): boolean {
  const { persons, groups } = world.views;
  if (persons.startTime[person] !== Number.POSITIVE_INFINITY) return false;
  return persons.state[person] === PersonState.waiting || isCalm(groups.stages?.calm, person);
}

/** Whether a person has not come yet, and is to be alerted; their time counts from their arrival. */
export function isAbsentUnalerted(world: World, person: number): boolean {
  const { persons, groups } = world.views;
  return persons.startTime[person] === Number.POSITIVE_INFINITY && (groups.arrivals?.due[person] ?? -1) >= 0;
}

/** Whether a person walks about their own business, by the column `stages.calm`. */
export function isCalm(calm: Int32Array | undefined, person: number): boolean {
  return calm !== undefined && calm[person] === 1;
}
