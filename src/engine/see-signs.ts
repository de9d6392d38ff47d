import { exactCos, exactLog, RandomPurpose, randomUnit } from '../math/index.ts';
import { Belief, isInSight, PersonHarm, PersonState, type World } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { knowsAnExit, learn } from './learn.ts';
import { CIRCLE_NUMBERS, type SignPlace, signSquareAt } from './minds.ts';

/** Each person looks for signs this often, staggered by id [decisions]. */
export const LOOK_EVERY = 5;
/** The same [s]. */
const LOOK_TIME = LOOK_EVERY / 10;
/** Mark of a sign that was noticed. */
export const NOTICED = 255;
/** A sign may hang this deep in the wall that it is drawn on [m]. */
const MOUNTING = 0.25;
const DEGREE = Math.PI / 180;

/**
 * Signs are noticed. Exposed to a sign is who stands within its viewing circle (distance ≤ range · cos φ, φ ≤ `angle`), sees it past walls and
 * shut doors, and, while walking, has it within their field of view. Of those exposed for `exposure` seconds the share `static` or
 * `dynamic` notices it: everybody has a time e after which they do, e = exposure · ln(1 − u) / ln(1 − share), u drawn once for each person
 * and sign. More exposure than `exposure` helps only those who know no way and look for one. Who notices a sign takes its exit for open
 * (a warning sign: for locked); the one who has found it locked themselves does not.
 *
 * O(persons × signs whose circle is near) every half second; sight costs O(distance) for those within a circle.
 * @source shares: Galea, Xie, Lawrence 2014; circle: Xie, Filippidis et al. 2007; exposure time and field of view: our choice
 */
export function seeSigns(engine: Engine): void {
  const { world, minds } = engine;
  const group = world.views.groups.signs;
  const law = minds.behaviour.signs;
  if (group === undefined || law === undefined) return;
  const { persons, clock } = world.views;
  const { looks } = group;
  const { x, y, sheet, state, harm } = persons;
  const { signs, signsAt, circles } = minds;
  const { start, items } = signsAt;
  const asleep = world.views.groups.hearing?.asleep;
  const signCount = signs.length;
  const viewCosine = exactCos(law.view * DEGREE);
  const looksMax = Math.max(1, Math.round(law.exposure / LOOK_TIME));
  for (let i = clock.tick[0] % LOOK_EVERY; i < world.personCount; i += LOOK_EVERY) {
    if (state[i] === PersonState.leaving || state[i] === PersonState.out || harm[i] >= PersonHarm.unconscious) continue;
    if (asleep !== undefined && asleep[i] === 1) continue;
    let searches = -1;
    const square = signSquareAt(world, signsAt, sheet[i], x[i], y[i]);
    for (let n = start[square]; n < start[square + 1]; n++) {
      const k = items[n];
      const at = i * signCount + k;
      const before = looks[at];
      if (before === NOTICED || (before >= looksMax && searches === 0)) continue;
      // most signs are too far or turned away
      const c = CIRCLE_NUMBERS * k;
      const dx = x[i] - circles[c];
      const dy = y[i] - circles[c + 1];
      if (!(dx * dx + dy * dy <= circles[c + 4] * (dx * circles[c + 2] + dy * circles[c + 3]))) continue;
      const sign = signs[k];
      if (sign.share <= 0) continue;
      if (before >= looksMax) {
        if (searches < 0) searches = knowsAnExit(engine, i) ? 0 : 1;
        if (searches === 0) continue;
      }
      if (!isLookedAt(world, sign, i, viewCosine) || !isSignInSight(engine, sign, i)) continue;
      const now = Math.min(NOTICED - 1, before + 1);
      looks[at] = now;
      if (now < looksNeeded(engine, sign, i, looksMax)) continue;
      looks[at] = NOTICED;
      engine.emit({ t: timeNow(world), type: 'sign-seen', person: i, sign: sign.id });
      for (const portal of sign.portals) {
        const belief = world.views.beliefs[i * world.portals.length + portal];
        if (sign.warns) learn(engine, i, portal, Belief.locked, 'sign');
        else if (belief === Belief.unknown) learn(engine, i, portal, Belief.open, 'sign');
      }
      persons.rethink[i] = Math.max(persons.rethink[i], 1);
    }
  }
}

/** Whole number of looks at a sign after which a person notices it, always the same; 255 for never. */
function looksNeeded({ minds, seed }: Engine, sign: SignPlace, person: number, looksMax: number): number {
  const { needed } = minds.glimpses;
  const at = person * minds.signs.length + sign.index;
  if (needed[at] === 0) {
    const u = randomUnit(seed, RandomPurpose.signSeen, person, sign.index);
    const looks = sign.share >= 1 ? 0 : (looksMax * exactLog(1 - u)) / sign.logMissed;
    needed[at] = Math.max(1, Math.min(255, Math.ceil(looks)));
  }
  return needed[at];
}

/** Whether no wall or shut leaf hides a sign; looked up where the person has not moved since. */
function isSignInSight({ world, minds }: Engine, sign: SignPlace, person: number): boolean {
  const { glimpses, signs, opaque, leavesHung } = minds;
  const { sight } = glimpses;
  const { x, y, state } = world.views.persons;
  if (state[person] === PersonState.walking) return isUnhidden(world, opaque, sign, person);
  if (
    glimpses.x[person] !== x[person] ||
    glimpses.y[person] !== y[person] ||
    glimpses.leavesHung[person] !== leavesHung
  ) {
    sight.fill(0, person * signs.length, (person + 1) * signs.length);
    glimpses.x[person] = x[person];
    glimpses.y[person] = y[person];
    glimpses.leavesHung[person] = leavesHung;
  }
  const at = person * signs.length + sign.index;
  if (sight[at] === 0) sight[at] = isUnhidden(world, opaque, sign, person) ? 1 : 2;
  return sight[at] === 1;
}

/** Whether a sign of a person's level could be read by them now. */
export function isExposed(
  world: World,
  opaque: Uint8Array,
  sign: SignPlace,
  person: number,
  viewCosine: number,
): boolean {
  const { x, y, sheet } = world.views.persons;
  if (sheet[person] !== sign.sheet) return false;
  const dx = x[person] - sign.x;
  const dy = y[person] - sign.y;
  if (!(dx * dx + dy * dy <= sign.range * (dx * sign.facingX + dy * sign.facingY))) return false;
  return isLookedAt(world, sign, person, viewCosine) && isUnhidden(world, opaque, sign, person);
}

/** Whether somebody is not too far aside of a sign, and has it within their field of view if they walk. */
function isLookedAt(world: World, sign: SignPlace, person: number, viewCosine: number): boolean {
  const { x, y, state, headX, headY } = world.views.persons;
  const dx = x[person] - sign.x;
  const dy = y[person] - sign.y;
  const distance = Math.sqrt(dx * dx + dy * dy);
  if (dx * sign.facingX + dy * sign.facingY < distance * sign.cosineMin) return false;
  if (state[person] !== PersonState.walking) return true;
  return !(-(headX[person] * dx + headY[person] * dy) < distance * viewCosine);
}

/** Whether no wall or shut leaf stands between somebody and a sign. */
function isUnhidden(world: World, opaque: Uint8Array, sign: SignPlace, person: number): boolean {
  const x = world.views.persons.x[person];
  const y = world.views.persons.y[person];
  const dx = x - sign.x;
  const dy = y - sign.y;
  const distance = Math.sqrt(dx * dx + dy * dy);
  const share = distance <= MOUNTING ? 0 : 1 - MOUNTING / distance;
  return isInSight(world, opaque, sign.sheet, x, y, x - share * dx, y - share * dy);
}

/** Whether a person has noticed a sign that leads to an exit. */
export function hasSeenSignOf(engine: Engine, person: number, exit: number): boolean {
  const { world, minds } = engine;
  const looks = world.views.groups.signs?.looks;
  if (looks === undefined) return false;
  for (const sign of minds.signs) {
    if (sign.warns || looks[person * minds.signs.length + sign.index] !== NOTICED) continue;
    if (sign.portals.length > 0 && world.portals[sign.portals[0]].exit === exit) return true;
  }
  return false;
}
