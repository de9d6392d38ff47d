import { RandomPurpose, randomUnit } from '../math/index.ts';
import { Belief, DOOR_STATES, PersonHarm, PersonState } from '../world/index.ts';
import { DECISION_INTERVAL, type Engine, timeNow } from './engine.ts';
import { learn } from './learn.ts';
import { RETHINK, setDoor } from './set-door.ts';
import { hasRoomToSwing } from './settle-closers.ts';

/** Time constant of the low pass on the force that a leaf feels [s]. */
const FORCE_TIME = 0.5;
/** How long somebody tries a locked door before believing it [s]: drawn evenly between these; our choice. */
const TRY_MIN = 2;
const TRY_MAX = 4;

/**
 * Crowd force on each leaf, doors pushed open or burst by it. Sums over persons in order of id, in f64, so that no split of the
 * work changes them.
 */
export function settleDoorForces(engine: Engine): void {
  const { world, kernel, scratch } = engine;
  if (world.doors.length === 0) return;
  const { persons, doors, f32 } = world.views;
  const impulses = kernel.offsets.leafImpulse / 4;
  const sums = new Float64Array(world.doors.length);
  for (let k = 0; k < scratch.watchedCount; k++) {
    const i = scratch.watched[k];
    const door = persons.touched[i] - 1;
    if (door >= 0) sums[door] += f32[impulses + i];
  }
  const now = timeNow(world);
  for (let d = 0; d < sums.length; d++) {
    const force = sums[d] / DECISION_INTERVAL;
    doors.forceNow[d] = force;
    doors.force[d] += (force - doors.force[d]) * (DECISION_INTERVAL / FORCE_TIME);
    doors.forceMax[d] = Math.max(doors.forceMax[d], doors.force[d]);
    if (doors.state[d] >= 2 && doors.force[d] > doors.strength[d]) {
      engine.emit({ t: now, type: 'door-forced', door: world.doors[d].id, force: Math.round(doors.force[d]) });
      setDoor(engine, d, 'open', undefined, 'person');
    }
  }
}

/** What people learn with their hands: an unlocked door opens, a locked one is found out after a few seconds of trying. */
export function settleTouches(engine: Engine): void {
  const { world, kernel, scratch, seed } = engine;
  if (world.doors.length === 0) return;
  const { persons, doors, f32 } = world.views;
  const now = timeNow(world);
  const impulses = kernel.offsets.leafImpulse / 4;
  const opener = new Int32Array(world.doors.length).fill(-1);
  for (let k = 0; k < scratch.watchedCount; k++) {
    const i = scratch.watched[k];
    const door = persons.touched[i] - 1;
    persons.touched[i] = 0;
    f32[impulses + i] = 0;
    if (door < 0 || persons.state[i] !== PersonState.walking || persons.harm[i] >= PersonHarm.unconscious) continue;
    const { portal } = world.doors[door];
    if (persons.portal[i] !== portal) continue;
    if (opener[door] < 0) opener[door] = i;
    const state = DOOR_STATES[doors.state[door]];
    if (state === 'closed') {
      if (doors.openAt[door] === Number.POSITIVE_INFINITY) {
        doors.openAt[door] = now + world.doors[door].openingTime;
      }
    } else if (state === 'locked' || state === 'chained') {
      persons.tryTime[i] += DECISION_INTERVAL;
      const limit = TRY_MIN + (TRY_MAX - TRY_MIN) * randomUnit(seed, RandomPurpose.tryDoor, i, portal);
      if (persons.tryTime[i] < limit) continue;
      const first = !isKnownLocked(engine, portal);
      learn(engine, i, portal, Belief.locked, 'touch');
      persons.rethink[i] = RETHINK.foundLocked;
      persons.tryTime[i] = 0;
      engine.emit({ t: now, type: 'door-found-locked', person: i, door: world.doors[door].id, state, first });
    }
  }
  for (let d = 0; d < world.doors.length; d++) {
    if (doors.state[d] !== 1 || doors.openAt[d] > now + 1e-9) continue;
    if (hasRoomToSwing(engine, d, opener[d])) setDoor(engine, d, 'open', 'door-opened', 'person');
  }
}

function isKnownLocked(engine: Engine, portal: number): boolean {
  const { world } = engine;
  for (let i = 0; i < world.personCount; i++) {
    if (world.views.beliefs[i * world.portals.length + portal] === Belief.locked) return true;
  }
  return false;
}
