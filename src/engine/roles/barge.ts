import { PersonPosture } from '../../world/index.ts';
import { timeNow } from '../engine.ts';
import { PHYSICS } from '../kernel/physics.ts';
import { isThere } from './find-person.ts';
import type { ActorTurn } from './progress.ts';

/** A shove takes so long [s]; there is one at most every so many decision intervals. */
const SHOVE_TIME = 0.2;
const SHOVE_EVERY = 5;
/** Reach beyond the bodies [m], and cosine of the angle to either side of the way within which somebody is in it. */
const SHOVE_REACH = 0.25;
const IN_THE_WAY = 0.5;

/**
 * Somebody on their way shoves the nearest of those who stand in it and to whom their role is hostile: an impulse of `most` [N] for 0.2 s away
 * from them, or of what their feet hold against where that is less; a change of velocity like any other, which upsets or moves them as the rules for that say.
 * With it is told what presses between the two bodies as they come.
 */
export function barge({ engine, cast, actor, person }: ActorTurn, most: number): void {
  const { world } = engine;
  const { x, y, vx, vy, radius, mass, wantX, wantY, sheet, posture, population } = world.views.persons;
  if ((world.views.clock.tick[0] + person) % SHOVE_EVERY !== 0 || posture[person] !== PersonPosture.standing) return;
  const { hostileTo } = cast.roles[cast.roleOf[actor]];
  let nearest = -1;
  let least = Infinity;
  for (let j = 0; j < world.personCount; j++) {
    if (sheet[j] !== sheet[person] || hostileTo[population[j]] === 0 || j === person) continue;
    const dx = x[j] - x[person];
    const dy = y[j] - y[person];
    const distance = Math.sqrt(dx * dx + dy * dy);
    if (distance >= least || distance > radius[person] + radius[j] + SHOVE_REACH || distance < 1e-6) continue;
    if (dx * wantX[person] + dy * wantY[person] < IN_THE_WAY * distance) continue;
    if (posture[j] !== PersonPosture.standing || !isThere(world, j)) continue;
    nearest = j;
    least = distance;
  }
  if (nearest < 0 || most === 0) return;
  const force = Math.min(most, PHYSICS.grip * mass[person]);
  const contact = engine.stiffness * Math.max(0, radius[person] + radius[nearest] - least);
  const change = (force * SHOVE_TIME) / mass[nearest] / least;
  vx[nearest] += change * (x[nearest] - x[person]);
  vy[nearest] += change * (y[nearest] - y[person]);
  engine.emit({
    t: timeNow(world),
    type: 'barged',
    person: nearest,
    by: person,
    force: Math.round(force),
    contact: Math.round(contact),
  });
}
