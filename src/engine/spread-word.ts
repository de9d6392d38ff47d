import { exactExp, exactPow, RandomPurpose, randomUnit } from '../math/index.ts';
import { Belief, isInSight, PersonHarm, PersonState } from '../world/index.ts';
import { bondWith } from './bonds.ts';
import { type Engine, timeNow } from './engine.ts';
import { BELIEF_WORDS, learn } from './learn.ts';

/** Everybody may be spoken to this often, all by what is known before [decisions]. */
const TALK_EVERY = 10;
/** The same [s]. */
const TALK_TIME = TALK_EVERY / 10;
/** Squares in which people are listed to find who is near [m]; at least the greatest reach of a voice in a conversation. */
const SQUARE = 2;

/**
 * How readily a person believes another, 0 … 1: by what they think of that one, where they do; else by uniform, by being of one population, else their own trust in strangers.
 * @source strangers 0.5, group 0.8, uniform 0.95: design values, after the persuasion of staff in evacuation experiments
 */
export function trustIn(engine: Engine, hearer: number, speaker: number): number {
  const { world, minds } = engine;
  const { persons, groups } = world.views;
  const law = minds.behaviour.word;
  const bond = bondWith(world, hearer, speaker);
  if (bond !== undefined) return bond;
  const own = groups.trust?.trust[hearer] ?? 0.5;
  const uniform = world.scenario.populations[persons.population[speaker]].uniform === true;
  if (uniform) return Math.max(own, law?.uniform ?? 0.95);
  if (persons.population[speaker] === persons.population[hearer]) return Math.max(own, law?.own ?? 0.8);
  return own;
}

/**
 * Somebody is told what another holds true of a portal, and believes it or not, by `trust` (default `trustIn`); drawn anew for every second,
 * portal and speaker. @returns whether it was believed.
 */
export function tell(
  engine: Engine,
  hearer: number,
  speaker: number,
  portal: number,
  belief: number,
  trust: number = trustIn(engine, hearer, speaker),
): boolean {
  const { world } = engine;
  const draw = (Math.imul(world.views.clock.tick[0], 1_000_003) ^ Math.imul(portal + 1, 7919) ^ speaker) >>> 0;
  const believed = randomUnit(engine.seed, RandomPurpose.believe, hearer, draw) < trust;
  engine.emit({
    t: timeNow(world),
    type: 'person-told',
    person: hearer,
    from: speaker,
    portal: world.portals[portal].id,
    belief: BELIEF_WORDS[belief],
    believed,
  });
  if (believed) learn(engine, hearer, portal, belief, 'word', speaker);
  return believed;
}

/**
 * People talk. Once a second each is spoken to with the probability 1 − exp(−rate) by one of those within reach and in sight,
 * drawn evenly; reach is `range`, or the distance at which a voice of `loudness` falls to the noise of the area, if less. What they
 * are told is all that the other knows better of doors and exits: learnt later than what they hold true themselves, or an exit they do not know.
 * O(persons near) for those spoken to.
 * @source rate 0.3 /s within 2 m: our choice
 */
export function spreadWord(engine: Engine): void {
  const { world, minds } = engine;
  const law = minds.behaviour.word;
  const { word, hearing } = world.views.groups;
  if (law === undefined || word === undefined) return;
  const { persons, clock } = world.views;
  const tick = clock.tick[0];
  const chance = 1 - exactExp(-law.rate * TALK_TIME);
  const listens = (i: number): boolean =>
    persons.state[i] !== PersonState.out &&
    persons.state[i] !== PersonState.leaving &&
    persons.harm[i] < PersonHarm.unconscious &&
    hearing?.asleep[i] !== 1;
  let squares: Squares | undefined;
  // of a voice in the noise that the last one had round them
  let noise = Number.NaN;
  let reach = 0;
  if (tick % TALK_EVERY !== 0) return;
  const told: [hearer: number, speaker: number, portal: number, belief: number][] = [];
  for (let i = 0; i < world.personCount; i++) {
    if (!listens(i)) continue;
    if (randomUnit(engine.seed, RandomPurpose.talk, i, 2 * tick) >= chance) continue;
    squares ??= listBySquare(engine, listens);
    const quiet = hearing === undefined ? 0 : minds.sounds.ambient[persons.area[i]];
    if (quiet !== noise) {
      noise = quiet;
      reach = Math.min(law.range, exactPow(10, (law.loudness - quiet) / 20));
    }
    const speaker = pickSpeaker(engine, squares, i, reach, tick);
    if (speaker < 0) continue;
    const portalCount = world.portals.length;
    const before = told.length;
    for (const portal of minds.topics) {
      const said = world.views.beliefs[speaker * portalCount + portal];
      const held = world.views.beliefs[i * portalCount + portal];
      if (said === held || said === Belief.unknown) continue;
      const newer = word.learnt[speaker * portalCount + portal] > word.learnt[i * portalCount + portal];
      if (!newer && held !== Belief.unknown) continue;
      told.push([i, speaker, portal, said]);
    }
    // most have nothing to say, so whether they are seen is asked last
    if (told.length > before && !isSeen(engine, i, speaker)) told.length = before;
  }
  for (const [hearer, speaker, portal, said] of told) tell(engine, hearer, speaker, portal, said);
}

/** Who listens, by square; in each in order of person. */
interface Squares {
  readonly column0: number;
  readonly row0: number;
  readonly columns: number;
  readonly rows: number;
  /** Start of each square's list in `items`, sheet by sheet, `+1` at the end. */
  readonly start: Int32Array;
  readonly items: Int32Array;
  /** Where those in `items` are. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Scratch: who is within reach. */
  readonly near: Int32Array;
}

function listBySquare({ world }: Engine, listens: (i: number) => boolean): Squares {
  const { x, y, sheet } = world.views.persons;
  const [x0, y0, x1, y1] = world.bounds;
  const column0 = Math.floor(x0 / SQUARE) - 1;
  const row0 = Math.floor(y0 / SQUARE) - 1;
  const columns = Math.floor(x1 / SQUARE) + 2 - column0;
  const rows = Math.floor(y1 / SQUARE) + 2 - row0;
  const start = new Int32Array(world.sheets.length * columns * rows + 1);
  const squareOf = new Int32Array(world.personCount).fill(-1);
  let count = 0;
  for (let i = 0; i < world.personCount; i++) {
    if (!listens(i)) continue;
    const column = clamp(Math.floor(x[i] / SQUARE) - column0, columns);
    const row = clamp(Math.floor(y[i] / SQUARE) - row0, rows);
    squareOf[i] = (sheet[i] * rows + row) * columns + column;
    start[squareOf[i] + 1]++;
    count++;
  }
  for (let k = 1; k < start.length; k++) start[k] += start[k - 1];
  const items = new Int32Array(count);
  const itemX = new Float32Array(count);
  const itemY = new Float32Array(count);
  const next = start.slice();
  for (let i = 0; i < world.personCount; i++) {
    if (squareOf[i] < 0) continue;
    const k = next[squareOf[i]]++;
    items[k] = i;
    itemX[k] = x[i];
    itemY[k] = y[i];
  }
  return { column0, row0, columns, rows, start, items, x: itemX, y: itemY, near: new Int32Array(count + 1) };
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** One of those within reach, drawn evenly, or −1. */
function pickSpeaker(engine: Engine, squares: Squares, person: number, reach: number, tick: number): number {
  const { persons } = engine.world.views;
  const x = persons.x[person];
  const y = persons.y[person];
  const sheet = persons.sheet[person];
  const { columns, rows, start, items, x: xs, y: ys, near } = squares;
  const column = Math.floor(x / SQUARE) - squares.column0;
  const row = Math.floor(y / SQUARE) - squares.row0;
  const steps = Math.ceil(reach / SQUARE);
  const to = Math.min(columns - 1, column + steps);
  let count = 0;
  for (let r = Math.max(0, row - steps); r <= Math.min(rows - 1, row + steps); r++) {
    const first = (sheet * rows + r) * columns;
    const end = start[first + to + 1];
    for (let k = start[first + Math.max(0, column - steps)]; k < end; k++) {
      const ex = xs[k] - x;
      const ey = ys[k] - y;
      // without a branch: which way it would go is a toss-up
      near[count] = items[k];
      count += +(ex * ex + ey * ey <= reach * reach) & +(items[k] !== person);
    }
  }
  if (count === 0) return -1;
  return near[Math.floor(randomUnit(engine.seed, RandomPurpose.talk, person, 2 * tick + 1) * count)];
}

function isSeen({ world, minds }: Engine, person: number, other: number): boolean {
  const { x, y, sheet } = world.views.persons;
  return isInSight(world, minds.opaque, sheet[person], x[person], y[person], x[other], y[other]);
}
