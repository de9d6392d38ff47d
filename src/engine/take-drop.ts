import { normalCumulative, RandomPurpose, randomUnit } from '../math/index.ts';
import { locateArea, PersonHarm, PersonPosture, PersonState, sampleWallDistance, type World } from '../world/index.ts';
import { DROPS, dropOutcome, freeFall } from './drop-injury.ts';
import { type Engine, timeNow } from './engine.ts';
import { RETHINK } from './set-door.ts';
import { knockDown } from './settle-falls.ts';
import { tellHarm } from './tell-harm.ts';

/** Landing spots along the line where a drop ends: how far apart, and how far beyond it [m]. */
const SPOT_STEP = 0.3;
const SPOT_BEYOND = [0.4, 0.8] as const;
const GRAVITY = 9.81;

const wall = new Float64Array(3);

interface Spot {
  readonly x: number;
  readonly y: number;
  /** Clear distance to the nearest body there [m]; negative where one would land on somebody. */
  readonly clear: number;
}

/** The landing spot that is clearest of bodies, of those on the floor; of two alike the one nearer to the start of the line. */
function chooseSpot(world: World, person: number, link: number): Spot | undefined {
  const { line, areas, width } = world.portals[world.links[link].lower];
  const { sheet } = world.areas[areas[0]];
  const { radius } = world.views.persons;
  const [a, b] = line;
  const ux = (b[0] - a[0]) / width;
  const uy = (b[1] - a[1]) / width;
  const margin = Math.min(0.5 * width, radius[person] + 0.05);
  let best: Spot | undefined;
  for (const beyond of SPOT_BEYOND) {
    const steps = Math.max(0, Math.floor((width - 2 * margin) / SPOT_STEP));
    for (let k = 0; k <= steps; k++) {
      const along = margin + (steps === 0 ? 0.5 * (width - 2 * margin) : (k * (width - 2 * margin)) / steps);
      const x = Math.fround(a[0] + along * ux - beyond * uy);
      const y = Math.fround(a[1] + along * uy + beyond * ux);
      if (locateArea(world, sheet, x, y) !== areas[0]) continue;
      if (sampleWallDistance(world, sheet, x, y, wall) && wall[0] < radius[person]) continue;
      const clear = clearanceAt(world, person, sheet, x, y);
      if (best === undefined || clear > best.clear) best = { x, y, clear };
    }
  }
  return best;
}

/** Distance from a place to the nearest body there, less both radii [m]. */
function clearanceAt(world: World, person: number, sheet: number, x: number, y: number): number {
  const { persons } = world.views;
  let clear = Infinity;
  for (let j = 0; j < world.personCount; j++) {
    if (j === person || persons.sheet[j] !== sheet || persons.state[j] === PersonState.out) continue;
    const dx = persons.x[j] - x;
    const dy = persons.y[j] - y;
    clear = Math.min(clear, Math.sqrt(dx * dx + dy * dy) - persons.radius[j] - persons.radius[person]);
  }
  return clear;
}

/** Time that somebody needs to climb the railing of a drop, let go and fall [s]. */
export function dropTime(engine: Engine, person: number, link: number): number {
  const { world, seed } = engine;
  const { source, rise } = { source: world.scenario.links[link], rise: world.links[link].rise };
  const fall = Math.sqrt((2 * freeFall(rise, source.hang === true)) / GRAVITY);
  if (source.rail === undefined) return DROPS.letGo + fall;
  const unit = randomUnit(seed, RandomPurpose.drop, person, 8 * link + 7);
  return DROPS.climbMin + (DROPS.climbMax - DROPS.climbMin) * unit + fall;
}

/**
 * Somebody goes down a drop, of their own accord or pushed (then without hanging first): onto the clearest landing spot, hurt as the height of the
 * fall says. Whoever is landed on takes the momentum.
 */
export function takeDrop(engine: Engine, person: number, link: number, pushed: boolean): void {
  const { world, seed } = engine;
  const { persons, clock } = world.views;
  const { lower, rise } = world.links[link];
  const spot = chooseSpot(world, person, link);
  if (spot === undefined) return;
  const hangs = world.scenario.links[link].hang === true && !pushed;
  const height = freeFall(rise, hangs);
  const area = world.portals[lower].areas[0];
  const { sheet } = world.areas[area];
  const below = spot.clear < 0 ? bodyAt(world, person, sheet, spot) : -1;
  persons.x[person] = spot.x;
  persons.y[person] = spot.y;
  persons.sheet[person] = sheet;
  persons.area[person] = area;
  persons.near[person] = -1;
  for (const column of [persons.vx, persons.vy, persons.settledVx, persons.settledVy, persons.leanX, persons.leanY]) {
    if (persons.posture[person] === PersonPosture.lying && (column === persons.leanX || column === persons.leanY))
      continue;
    column[person] = 0;
  }
  persons.crossedA[person] = 0;
  persons.crossedB[person] = 0;
  persons.portal[person] = -1;
  persons.bestPotential[person] = Number.POSITIVE_INFINITY;
  persons.rethink[person] = RETHINK.newArea;
  clock.lastProgressTick[0] = clock.tick[0];
  const draw = (k: number) => randomUnit(seed, RandomPurpose.drop, person, 8 * link + k);
  const outcome = dropOutcome(height, hangs, below >= 0, [draw(0), draw(1), draw(2)]);
  engine.emit({
    t: timeNow(world),
    type: 'drop-taken',
    person,
    link: world.links[link].id,
    height: Math.round(1000 * height) / 1000,
    outcome,
    onto: below,
  });
  if (below >= 0) landOn(engine, person, below, height, draw(3));
  if (outcome === 'unhurt') return;
  const harm =
    outcome === 'dead' ? PersonHarm.dead : outcome === 'unconscious' ? PersonHarm.unconscious : PersonHarm.injured;
  if (harm > persons.harm[person]) {
    persons.harm[person] = harm;
    tellHarm(engine, person);
  }
  if (harm >= PersonHarm.unconscious) {
    knockDown(engine, person, 0, 0);
    return;
  }
  const share = outcome === 'limping' ? DROPS.limpSpeed : DROPS.crawlSpeed;
  persons.freeSpeed[person] *= share;
  persons.levelSpeed[person] *= share;
}

/** The body nearest to a spot. */
function bodyAt(world: World, person: number, sheet: number, spot: Spot): number {
  const { persons } = world.views;
  let best = -1;
  let least = Infinity;
  for (let j = 0; j < world.personCount; j++) {
    if (j === person || persons.sheet[j] !== sheet || persons.state[j] === PersonState.out) continue;
    const dx = persons.x[j] - spot.x;
    const dy = persons.y[j] - spot.y;
    const gap = Math.sqrt(dx * dx + dy * dy) - persons.radius[j];
    if (gap >= least) continue;
    least = gap;
    best = j;
  }
  return best;
}

/** Somebody below is struck down by the momentum of who lands on them, and hurt where the force is more than their ribs bear. */
function landOn(engine: Engine, person: number, below: number, height: number, unit: number): void {
  const { dose: law } = engine;
  const { persons } = engine.world.views;
  const force = (persons.mass[person] * Math.sqrt(2 * GRAVITY * height)) / DROPS.impactTime;
  const stands = persons.susceptibility[below] * law.susceptibility;
  knockDown(engine, below, 0, 0);
  if (persons.harm[below] !== PersonHarm.none) return;
  if (unit >= normalCumulative((force / stands - law.fractureMean) / law.fractureSd)) return;
  persons.harm[below] = PersonHarm.injured;
  tellHarm(engine, below);
}

/** Whoever was pushed over the edge of a drop without a railing falls. Looked for only where a building has a drop. */
export function settleDrops(engine: Engine): void {
  const { world } = engine;
  for (const { index, kind, area } of world.links) {
    if (kind !== 'drop') continue;
    for (let i = 0; i < world.personCount; i++) {
      const { persons } = world.views;
      if (persons.area[i] === area && persons.state[i] !== PersonState.out) takeDrop(engine, i, index, true);
    }
  }
}
