import { exactCos, exactLog, RandomPurpose, randomUnit } from '../math/index.ts';
import { Belief, isInSight, PersonHarm, PersonState, type World } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { knowsAnExit, learn } from './learn.ts';
import { type SignPlace, signSquareAt } from './minds.ts';

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
  const signCount = minds.signs.length;
  const viewCosine = exactCos(law.view * DEGREE);
  const looksMax = Math.max(1, Math.round(law.exposure / LOOK_TIME));
  const { signs, signsAt } = minds;
  const { start, items } = signsAt;
  for (let i = clock.tick[0] % LOOK_EVERY; i < world.personCount; i += LOOK_EVERY) {
    const state = persons.state[i];
    if (state === PersonState.leaving || state === PersonState.out || persons.harm[i] >= PersonHarm.unconscious)
      continue;
    if (world.views.groups.hearing?.asleep[i] === 1) continue;
    let searches = -1;
    const x = persons.x[i];
    const y = persons.y[i];
    const sheet = persons.sheet[i];
    const square = signSquareAt(world, signsAt, sheet, x, y);
    for (let k = start[square]; k < start[square + 1]; k++) {
      const sign = signs[items[k]];
      const dx = x - sign.x;
      const dy = y - sign.y;
      if (!(dx * dx + dy * dy <= sign.range * (dx * sign.facingX + dy * sign.facingY))) continue;
      const at = i * signCount + sign.index;
      const before = looks[at];
      if (before === NOTICED || sign.share <= 0) continue;
      if (before >= looksMax) {
        if (searches < 0) searches = knowsAnExit(engine, i) ? 0 : 1;
        if (searches === 0) continue;
      }
      if (!isExposed(world, minds.opaque, sign, i, viewCosine)) continue;
      const now = Math.min(NOTICED - 1, before + 1);
      looks[at] = now;
      const u = randomUnit(engine.seed, RandomPurpose.signSeen, i, sign.index);
      const needed = sign.share >= 1 ? 0 : (looksMax * exactLog(1 - u)) / sign.logMissed;
      if (now < needed) continue;
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

/** Whether a sign of a person's level could be read by them now. */
export function isExposed(
  world: World,
  opaque: Uint8Array,
  sign: SignPlace,
  person: number,
  viewCosine: number,
): boolean {
  const { persons } = world.views;
  if (persons.sheet[person] !== sign.sheet) return false;
  const x = persons.x[person];
  const y = persons.y[person];
  const dx = x - sign.x;
  const dy = y - sign.y;
  const square = dx * dx + dy * dy;
  const ahead = dx * sign.facingX + dy * sign.facingY;
  if (!(square <= sign.range * ahead)) return false;
  const distance = Math.sqrt(square);
  if (ahead < distance * sign.cosineMin) return false;
  if (persons.state[person] === PersonState.walking) {
    const towards = -(persons.headX[person] * dx + persons.headY[person] * dy);
    if (towards < distance * viewCosine) return false;
  }
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
