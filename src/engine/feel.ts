import { exactExp } from '../math/index.ts';
import { PersonHarm, PersonState, type World } from '../world/index.ts';
import { type CrowdView, outlookOf, ownWeight, shownOf, viewCrowd, weightsNow } from './crowd-view.ts';
import { type Engine, timeNow } from './engine.ts';
import { speedFactorOf, timeGapOf } from './motivation.ts';

/** What people feel is renewed this often, for all at once [decisions]. */
const FEEL_EVERY = 10;
/** The same [s]. */
const FEEL_TIME = FEEL_EVERY / 10;
/** Chest load from which one is afraid [N]; as that from which harm is counted. */
const PRESSED = 600;

/** What x' = rise (1 − x) − fall x makes of any x after some time: end + (x − end) · keep. */
interface Course {
  readonly end: number;
  readonly keep: number;
}

function courseOf(rise: number, fall: number, seconds: number): Course {
  const rate = rise + fall;
  return rate <= 0 ? { end: 0, keep: 1 } : { end: rise / rate, keep: exactExp(-rate * seconds) };
}

/** Value after `seconds` of x' = rise (1 − x) − fall x, exactly; 0 … 1 stays within. */
export function nextShare(value: number, rise: number, fall: number, seconds: number): number {
  const { end, keep } = courseOf(rise, fall, seconds);
  return end + (value - end) * keep;
}

/**
 * Fear, distress and fatigue, once a second, all by the state of before:
 *
 *     fear'     = press [chest load > 600 N] (1 − f) + catching (F − f)⁺ − f / calming        F: mean fear of those in sight
 *     distress' = (1 − d) / alone, with nobody within `near` in sight;  −d / company, with somebody
 *     fatigue'  = q² (1 − φ) / tiring − (1 − q)⁺ φ / rest                                     q: speed / calm free speed
 *
 * Sounds of danger add to fear when they are heard. Fear adds `hurry` · f to motivation, and so moves time gap, push and speed; fatigue takes
 * `slowing` · φ of the free speed. Told in the trace whenever one of them, or trust, has moved by more than `step` from what was told last. Who was spoken to within `talk` is
 * in company. What others see of somebody's fear is the share that they show.
 * O(persons + places in sight of each other) once a second.
 * @source forms and numbers are our choice: no data; what they are for is to be seen, compared and switched off
 */
export function feel(engine: Engine): void {
  const { world, minds } = engine;
  const law = minds.behaviour.inner;
  const { inner } = world.views.groups;
  const { persons, clock } = world.views;
  if (law === undefined || inner === undefined || clock.tick[0] % FEEL_EVERY !== 0) return;
  viewCrowd(world, minds.opaque, minds.crowd);
  const { occupied, placeOf, places, fear: shown } = minds.crowd;
  const fearSeen = new Float64Array(places.length);
  const weights = new Float64Array(places.length);
  const lone = new Uint8Array(places.length);
  const isAnyShown = occupied.some((place) => shown[place] > 0);
  const range = Math.max(law.near, FEAR_RANGE);
  for (const place of occupied) {
    if (isOneInSight(world, minds.crowd, place, law.near)) lone[place] = 1;
    if (isAnyShown) sumFear(world, minds.crowd, place, range, fearSeen, weights);
  }
  const own = ownWeight(DECAY);
  const { shows } = minds.crowd;
  const { talk } = world.views.groups;
  const alone = courseOf(1 / law.alone, 0, FEEL_TIME);
  const company = courseOf(0, 1 / law.company, FEEL_TIME);
  const still = courseOf(0, 1 / law.rest, FEEL_TIME);
  const { fear, distress, fatigue } = inner;
  for (let i = 0; i < world.personCount; i++) {
    const state = persons.state[i];
    const place = placeOf[i];
    if (place < 0 || state === PersonState.out || persons.harm[i] >= PersonHarm.unconscious) continue;
    // nobody catches their own fear
    const weight = weights[place] - own;
    const others =
      weight > 1e-9 ? (fearSeen[place] - (own * Math.round(1000 * shownOf(shows, i, fear[i]))) / 1000) / weight : 0;
    const pressed = persons.chestLoad[i] > PRESSED ? law.press : 0;
    const caught = others > fear[i] ? law.catching : 0;
    // x' = drive − rate x
    const rate = 1 / law.calming + pressed + caught;
    const end = (pressed + caught * others) / rate;
    if (end !== 0 || fear[i] !== 0) fear[i] = end + (fear[i] - end) * exactExp(-rate * FEEL_TIME);
    const isAlone = lone[place] === 1 && !(talk !== undefined && talk.until[i] > clock.tick[0]);
    const mood = isAlone ? alone : company;
    distress[i] = mood.end + (distress[i] - mood.end) * mood.keep;
    const speed = Math.sqrt(persons.vx[i] * persons.vx[i] + persons.vy[i] * persons.vy[i]);
    const effort = speed / persons.freeSpeed[i];
    fatigue[i] =
      effort === 0
        ? still.end + (fatigue[i] - still.end) * still.keep
        : nextShare(fatigue[i], (effort * effort) / law.tiring, Math.max(0, 1 - effort) / law.rest, FEEL_TIME);
    persons.motivation[i] = Math.min(1, inner.calmMotivation[i] + law.hurry * fear[i]);
    persons.timeGap[i] = timeGapOf(persons.motivation[i]);
    persons.levelSpeed[i] =
      persons.freeSpeed[i] * speedFactorOf(persons.motivation[i]) * (1 - law.slowing * fatigue[i]);
    tellState(engine, i, law.step);
  }
}

/** Whether there is but one person within `near` in sight of a place that somebody is in. */
function isOneInSight(world: World, crowd: CrowdView, place: number, near: number): boolean {
  const { people } = crowd;
  if (people[place] > 1) return false;
  const outlook = outlookOf(crowd, place, near, DECAY);
  const weights = weightsNow(world, outlook);
  let count = 0;
  for (let n = 0; n < weights.length && count < 2; n++) if (weights[n] > 0) count += people[outlook.places[n]];
  return count < 2;
}

/** Weighted sums of the fear and the number of those in sight of a place, to its rows of `fears` and `all`; within `range` [m]. */
function sumFear(
  world: World,
  crowd: CrowdView,
  place: number,
  range: number,
  fears: Float64Array,
  all: Float64Array,
): void {
  const { people, fear } = crowd;
  const outlook = outlookOf(crowd, place, range, DECAY);
  const weights = weightsNow(world, outlook);
  const { places } = outlook;
  let frightened = 0;
  let sum = 0;
  for (let n = 0; n < places.length; n++) {
    const weight = weights[n];
    frightened += (weight * fear[places[n]]) / 1000;
    sum += weight * people[places[n]];
  }
  fears[place] = frightened;
  all[place] = sum;
}

/** A word has come to somebody: it is company for a while, where the scenario says so. */
export function hearTalk(engine: Engine, person: number): void {
  const { talk } = engine.world.views.groups;
  const seconds = engine.minds.behaviour.inner?.talk ?? 0;
  if (talk !== undefined) talk.until[person] = engine.world.views.clock.tick[0] + Math.round(10 * seconds);
}

/** How far one sees the fear of others [m], and the decay of their weight [m]; as in contagion. */
export const FEAR_RANGE = 12;
const DECAY = 4;

/** Emits the state where a number is more than `step` from what was told. */
function tellState(engine: Engine, person: number, step: number): void {
  const { world } = engine;
  const { inner } = world.views.groups;
  const { shows } = engine.minds.crowd;
  if (inner === undefined) return;
  const fear = inner.fear[person];
  const distress = inner.distress[person];
  const fatigue = inner.fatigue[person];
  const trust = world.views.groups.trust?.trust[person] ?? 0;
  const before = inner.told[person];
  if (
    Math.abs(fear - (before & 255) / 200) <= step &&
    Math.abs(distress - ((before >> 8) & 255) / 200) <= step &&
    Math.abs(fatigue - ((before >> 16) & 255) / 200) <= step &&
    Math.abs(trust - ((before >> 24) & 255) / 200) <= step
  )
    return;
  const byteOf = (now: number) => Math.round(200 * now);
  inner.told[person] = byteOf(fear) | (byteOf(distress) << 8) | (byteOf(fatigue) << 16) | (byteOf(trust) << 24);
  engine.emit({
    t: timeNow(world),
    type: 'inner-state',
    person,
    fear: round(fear),
    distress: round(distress),
    fatigue: round(fatigue),
    trust: round(trust),
    ...(shows === undefined ? {} : { shown: round(shownOf(shows, person, fear)) }),
  });
}

const round = (value: number) => Math.round(1000 * value) / 1000;

/** What a person was told proved true or false: trust in strangers moves by the share `learning` towards 1 or 0. */
export function moveTrust(engine: Engine, person: number, proved: boolean): void {
  const { trust } = engine.world.views.groups;
  const share = engine.minds.behaviour.inner?.learning ?? 0;
  if (trust === undefined) return;
  trust.trust[person] += share * ((proved ? 1 : 0) - trust.trust[person]);
}
