import { exactCos, exactSin, RandomPurpose, randomUint32, randomUnit } from '../math/index.ts';
import { BUILT_IN_PROFILES, DEFAULT_PROFILE_ID, findProfile, type Issue, type Profile } from '../scenario/index.ts';
import { type ArrivalRegion, drawArrivals, makeArrivalRegion } from './arrivals.ts';
import { isClearOfWalls, makeCrowd, putPerson } from './crowd.ts';
import { preparePerson } from './draw-person.ts';
import { findAreasWithWayOut } from './graph.ts';
import { error, warning } from './issues.ts';
import { findHomeCell, locateArea, locateNearPortal } from './locate.ts';
import { fillRegion, moveOffWalls, type Region } from './place-persons.ts';
import {
  intersectPaths,
  type Paths64,
  type Place,
  sizeOfPaths,
  toPath,
  toPositivePath,
  toRing,
  unitePaths,
} from './plan-geometry.ts';
import { type PERSON_COLUMNS, PersonState, type World } from './world.ts';

/** Persons drawn and placed, before they are written into the world's columns. */
export interface PersonRows {
  readonly count: number;
  readonly profileIds: readonly string[];
  readonly stairFactors: Float32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly radius: Float64Array;
  readonly sheet: Int32Array;
  readonly area: Int32Array;
  readonly population: Int32Array;
  /** Tick at which each comes, −1 for those who are there from the start. */
  readonly due: Int32Array;
  readonly arrivals: ArrivalRegion[];
  /** All other columns that have a start value, by name. */
  readonly columns: Partial<Record<keyof typeof PERSON_COLUMNS, Float64Array>>;
}

/** A body placed by hand may be moved off a wall by this without a word [m]. */
const NUDGE = 0.05;
/** Bodies placed by hand may overlap by this share of their radii: shoulders turn, measured heads lean. */
const OVERLAP_MAX = 0.3;

/**
 * Draws and places the persons of all populations: those with a position first (exactly there, moved off a wall they
 * touch), then the others in the order of the scenario. Ids follow the scenario. What does not fit is an issue.
 */
export function placePopulations(world: World, seed: number, issues: Issue[]): PersonRows {
  const { scenario } = world;
  const profiles = [
    ...scenario.profiles,
    ...BUILT_IN_PROFILES.filter(({ id }) => !scenario.profiles.some((own) => own.id === id)),
  ];
  const wayOut = findAreasWithWayOut(world);
  const regions = scenario.populations.map((_, p) => findRegion(world, p, wayOut, issues));
  const ticks = scenario.populations.map((_, p) => drawArrivals(scenario, p, seed, issues));
  const counts = scenario.populations.map(({ position, count, density }, p) => {
    const come = ticks[p];
    if (come !== undefined) return come.length;
    if (position !== undefined) return 1;
    return count ?? Math.round((density ?? 0) * (regions[p]?.size ?? 0));
  });
  const total = counts.reduce((sum, n) => sum + n, 0);
  const crowd = makeCrowd(world, total);
  const rows: PersonRows = {
    count: total,
    profileIds: profiles.map(({ id }) => id),
    stairFactors: Float32Array.from(profiles.flatMap(({ stairFactor }) => [stairFactor.up, stairFactor.down])),
    x: crowd.x,
    y: crowd.y,
    radius: crowd.radius,
    sheet: crowd.sheet,
    area: new Int32Array(total).fill(-1),
    population: new Int32Array(total),
    due: new Int32Array(total).fill(-1),
    arrivals: [],
    columns: {},
  };
  drawTraits(world, rows, profiles, counts, seed, issues);

  const firsts: number[] = [];
  let first = 0;
  for (const n of counts) {
    firsts.push(first);
    first += n;
  }
  const byHand: number[] = [];
  scenario.populations.forEach((population, p) => {
    const region = regions[p];
    if (population.position === undefined || region === undefined || ticks[p] !== undefined) return;
    const person = firsts[p];
    const x = Math.fround(population.position[0] - world.origin[0]);
    const y = Math.fround(population.position[1] - world.origin[1]);
    if (placeByHand(world, rows, p, person, region.sheet, x, y, issues)) {
      putPerson(world, crowd, person, region.sheet, crowd.x[person], crowd.y[person]);
      byHand.push(person);
    }
  });
  findOverlaps(world, rows, byHand, issues);
  scenario.populations.forEach((population, p) => {
    const region = regions[p];
    if (region === undefined || counts[p] === 0) return;
    const come = ticks[p];
    if (come !== undefined) {
      bringLater(world, rows, region, p, firsts[p], come, issues);
      return;
    }
    if (population.position !== undefined) return;
    const kept = fillRegion(world, crowd, region, firsts[p], counts[p], seed);
    if (kept < counts[p]) {
      issues.push(
        error(
          'population-does-not-fit',
          `populations[${p}]`,
          `Population '${population.id}' does not fit: ${kept} of ${counts[p]} persons have room on ${region.size.toFixed(1)} m². Lower the number or enlarge the region.`,
          { expected: `≤ ${kept}`, found: String(counts[p]) },
        ),
      );
    }
  });
  for (let i = 0; i < total; i++) {
    if (crowd.placed[i] === 1) rows.area[i] = locateArea(world, crowd.sheet[i], crowd.x[i], crowd.y[i]);
  }
  scenario.populations.forEach((_, p) => {
    if (ticks[p] === undefined) numberByPlace(rows, firsts[p], counts[p]);
  });
  return rows;
}

/** Persons who come later have no body yet; they are kept at a place where they may come in, in order of their arrival. */
function bringLater(
  world: World,
  rows: PersonRows,
  { sheet, rings }: Region,
  population: number,
  first: number,
  ticks: Int32Array,
  issues: Issue[],
): void {
  const radius = rows.radius.subarray(first, first + ticks.length).reduce((a, b) => Math.max(a, b), 0);
  const arrival = makeArrivalRegion(world, { population, sheet, rings, radius }, issues);
  rows.arrivals.push(arrival);
  const [x, y] = arrival.lattice;
  const area = Math.max(0, locateArea(world, sheet, x, y));
  for (let k = 0; k < ticks.length; k++) {
    rows.x[first + k] = x;
    rows.y[first + k] = y;
    rows.sheet[first + k] = sheet;
    rows.area[first + k] = area;
    rows.due[first + k] = ticks[k];
  }
}

/** Height of the strips by which persons are numbered [m]. */
const STRIP = 0.5;

/**
 * Numbers the persons `first` … `first + count − 1` anew, along strips of the plan: who stand together lie together in memory, which
 * the step reads by place.
 */
function numberByPlace(rows: PersonRows, first: number, count: number): void {
  if (count === 0) return;
  const { x, y, sheet } = rows;
  const strips = Int32Array.from({ length: count }, (_, k) => Math.floor(y[first + k] / STRIP));
  const low = strips.reduce((a, b) => Math.min(a, b), Infinity);
  const high = strips.reduce((a, b) => Math.max(a, b), -Infinity);
  const sheetLow = sheet.subarray(first, first + count).reduce((a, b) => Math.min(a, b), Infinity);
  const sheetHigh = sheet.subarray(first, first + count).reduce((a, b) => Math.max(a, b), -Infinity);
  // into strips by counting, then along each strip
  const stripOf = (k: number) => (sheet[first + k] - sheetLow) * (high - low + 1) + strips[k] - low;
  const starts = new Int32Array((sheetHigh - sheetLow + 1) * (high - low + 1) + 1);
  for (let k = 0; k < count; k++) starts[stripOf(k) + 1]++;
  for (let s = 1; s < starts.length; s++) starts[s] += starts[s - 1];
  const order = new Int32Array(count);
  const next = starts.slice();
  for (let k = 0; k < count; k++) order[next[stripOf(k)]++] = first + k;
  for (let s = 0; s + 1 < starts.length; s++) {
    if (starts[s + 1] - starts[s] > 1) {
      order.subarray(starts[s], starts[s + 1]).sort((i, j) => x[i] - x[j] || y[i] - y[j] || i - j);
    }
  }
  const moved = new Float64Array(count);
  for (const column of [rows.x, rows.y, rows.radius, rows.sheet, rows.area, ...Object.values(rows.columns)]) {
    for (let k = 0; k < count; k++) moved[k] = column[order[k]];
    column.set(moved, first);
  }
}

/** Where the persons of a population may stand; undefined (and an issue) where there is no such place. */
function findRegion(world: World, p: number, wayOut: Uint8Array, issues: Issue[]): Region | undefined {
  const { scenario, origin } = world;
  const population = scenario.populations[p];
  const sheet = world.sheets.find(({ kind, id }) => kind === 'level' && id === population.level);
  if (sheet === undefined) {
    issues.push(
      error('unknown-level', `populations[${p}].level`, `There is no level '${population.level}'.`, {
        found: population.level,
      }),
    );
    return undefined;
  }
  const floorOf = (polygons: readonly (readonly (readonly Place[])[])[]): Paths64 =>
    polygons.flatMap((rings) => rings.map(toPath));
  if (population.position !== undefined) return { sheet: sheet.index, rings: [], size: 0 };
  const rooms = world.areas.filter((area) => area.sheet === sheet.index && area.kind === 'room');
  let paths: Paths64;
  if (population.polygon !== undefined) {
    const shape = population.polygon.map(([x, y]) => [x - origin[0], y - origin[1]] as const);
    paths = intersectPaths(floorOf(sheet.polygons), [toPositivePath(shape)]);
  } else if (population.area !== undefined) {
    const named = scenario.levels[sheet.source].areas.find(({ id }) => id === population.area);
    if (named !== undefined) {
      const shape = named.polygon.map(([x, y]) => [x - origin[0], y - origin[1]] as const);
      paths = intersectPaths(floorOf(sheet.polygons), [toPositivePath(shape)]);
    } else {
      const own = rooms.filter(({ id }) => id === population.area);
      if (own.length === 0) {
        issues.push(
          error(
            'unknown-area',
            `populations[${p}].area`,
            `Level '${population.level}' has no area '${population.area}'.`,
            {
              found: population.area,
            },
          ),
        );
        return undefined;
      }
      paths = floorOf(own.flatMap(({ polygons }) => polygons));
    }
  } else {
    // Shafts and voids drawn as floor have no way out: nobody is put there unless asked for by name.
    const usable = rooms.filter(({ index }) => wayOut[index] === 1);
    const shut = rooms.filter(({ index, size }) => wayOut[index] === 0 && size >= 0.5);
    if (usable.length > 0 && shut.length > 0) {
      const size = shut.reduce((sum, area) => sum + area.size, 0);
      issues.push(
        warning(
          'area-without-way-out',
          `populations[${p}]`,
          `${shut.length} areas of level '${population.level}' (${size.toFixed(1)} m², first '${shut[0].id}') have no way out even with all doors open; nobody of '${population.id}' is placed there. Add doors, or name the area to fill it.`,
        ),
      );
    }
    paths = floorOf((usable.length > 0 ? usable : rooms).flatMap(({ polygons }) => polygons));
  }
  const united = unitePaths(paths);
  const size = sizeOfPaths(united);
  if (size < 0.01) {
    issues.push(
      error(
        'population-off-floor',
        `populations[${p}]`,
        `The region of population '${population.id}' lies beside the floor.`,
      ),
    );
    return undefined;
  }
  return { sheet: sheet.index, rings: united.map(toRing), size };
}

function drawTraits(
  world: World,
  rows: PersonRows,
  profiles: readonly Profile[],
  counts: readonly number[],
  seed: number,
  issues: Issue[],
): void {
  const names = [
    'mass',
    'freeSpeed',
    'susceptibility',
    'patience',
    'preMovement',
    'motivation',
    'startTime',
    'headX',
    'headY',
    'profile',
  ] as const;
  for (const name of names) rows.columns[name] = new Float64Array(rows.count);
  const draws = profiles.map(preparePerson);
  const columns = rows.columns as Record<(typeof names)[number], Float64Array>;
  let first = 0;
  world.scenario.populations.forEach((population, p) => {
    const shares = population.profiles ?? [{ profile: population.profile ?? DEFAULT_PROFILE_ID, share: 1 }];
    const indices = shares.map(({ profile: id }, k) => {
      const found = findProfile(world.scenario, id);
      if (found === undefined) {
        const path = population.profiles === undefined ? 'profile' : `profiles[${k}].profile`;
        issues.push(error('unknown-profile', `populations[${p}].${path}`, `There is no profile '${id}'.`));
        return profiles.findIndex((profile) => profile.id === DEFAULT_PROFILE_ID);
      }
      return profiles.indexOf(found);
    });
    const mix = mixProfiles(
      indices,
      shares.map(({ share }) => share),
      counts[p],
      seed,
      p,
    );
    for (let k = 0; k < counts[p]; k++) {
      const i = first + k;
      const traits = draws[mix[k]](seed, i);
      rows.radius[i] = Math.fround(traits.radius);
      columns.mass[i] = traits.mass;
      columns.freeSpeed[i] = traits.freeSpeed;
      columns.susceptibility[i] = traits.susceptibility;
      columns.patience[i] = traits.patience;
      columns.preMovement[i] = traits.preMovement;
      columns.motivation[i] = traits.motivation;
      const alerted = population.alertedBy === undefined && !population.waits && !population.asleep;
      columns.startTime[i] = alerted ? traits.preMovement : Infinity;
      const angle = 6.283185307179586 * randomUnit(seed, RandomPurpose.steering, i, 0);
      columns.headX[i] = exactCos(angle);
      columns.headY[i] = exactSin(angle);
      columns.profile[i] = mix[k];
      rows.population[i] = p;
    }
    first += counts[p];
  });
}

/** `count` profile indices in the exact shares (largest remainder, ties to the first), shuffled by (seed, population). */
export function mixProfiles(
  profiles: readonly number[],
  shares: readonly number[],
  count: number,
  seed: number,
  population: number,
  purpose: number = RandomPurpose.profileMix,
): Int32Array {
  const mix = new Int32Array(count);
  const sum = shares.reduce((a, b) => a + b, 0);
  const exact = shares.map((share) => (share / sum) * count);
  const whole = exact.map(Math.floor);
  let missing = count - whole.reduce((a, b) => a + b, 0);
  const order = exact.map((_, k) => k).sort((a, b) => exact[b] - whole[b] - (exact[a] - whole[a]) || a - b);
  for (let k = 0; missing > 0; k = (k + 1) % order.length, missing--) whole[order[k]]++;
  let at = 0;
  whole.forEach((n, k) => {
    mix.fill(profiles[k], at, at + n);
    at += n;
  });
  if (profiles.length > 1) {
    for (let i = count - 1; i > 0; i--) {
      const j = randomUint32(seed, purpose, population, i) % (i + 1);
      [mix[i], mix[j]] = [mix[j], mix[i]];
    }
  }
  return mix;
}

const moved = new Float64Array(2);

/** Checks one person's given place, moves it off a wall; true where it can stay. */
function placeByHand(
  world: World,
  rows: PersonRows,
  p: number,
  person: number,
  sheet: number,
  x: number,
  y: number,
  issues: Issue[],
): boolean {
  const { id } = world.scenario.populations[p];
  const radius = rows.radius[person];
  rows.x[person] = x;
  rows.y[person] = y;
  const path = `populations[${p}].position`;
  const home = findHomeCell(world, sheet, x, y, -1, undefined);
  if (home < 0) {
    issues.push(
      error('person-in-wall', path, `'${id}' stands beside the floor or in a wall; move the position onto the floor.`),
    );
    return false;
  }
  if (isClearOfWalls(world, sheet, x, y, radius)) return true;
  if (!moveOffWalls(world, sheet, x, y, radius, radius + NUDGE, moved)) {
    issues.push(
      error('person-in-wall', path, `'${id}' has no room there; move the position away from the wall.`, {
        expected: `≥ ${radius.toFixed(2)} to the wall`,
        unit: 'm',
      }),
    );
    return false;
  }
  const away = Math.sqrt((moved[0] - x) * (moved[0] - x) + (moved[1] - y) * (moved[1] - y));
  rows.x[person] = moved[0];
  rows.y[person] = moved[1];
  if (away > NUDGE) {
    issues.push(
      warning('person-moved', path, `'${id}' overlapped a wall and was moved off it by ${away.toFixed(2)} m.`, {
        expected: `≤ ${NUDGE}`,
        found: away.toFixed(3),
        unit: 'm',
      }),
    );
  }
  return true;
}

/** Reports pairs placed by hand that overlap: an error where deeper than shoulders can turn, else one warning. */
function findOverlaps(world: World, rows: PersonRows, persons: readonly number[], issues: Issue[]): void {
  const bins = new Map<string, number[]>();
  let slight = 0;
  let firstSlight = '';
  for (const i of persons) {
    const column = Math.floor(rows.x[i]);
    const row = Math.floor(rows.y[i]);
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        for (const j of bins.get(`${rows.sheet[i]}:${column + dx}:${row + dy}`) ?? []) {
          const sum = rows.radius[i] + rows.radius[j];
          const ex = rows.x[i] - rows.x[j];
          const ey = rows.y[i] - rows.y[j];
          const d = Math.sqrt(ex * ex + ey * ey);
          if (d >= sum) continue;
          const path = `populations[${rows.population[i]}].position`;
          const other = world.scenario.populations[rows.population[j]].id;
          const own = world.scenario.populations[rows.population[i]].id;
          if (d < (1 - OVERLAP_MAX) * sum) {
            issues.push(
              error('persons-overlap', path, `'${own}' stands in '${other}'; move one of them.`, {
                expected: `≥ ${sum.toFixed(2)}`,
                found: d.toFixed(3),
                unit: 'm',
              }),
            );
          } else {
            if (slight === 0) firstSlight = path;
            slight++;
          }
        }
      }
    }
    const key = `${rows.sheet[i]}:${column}:${row}`;
    const list = bins.get(key);
    if (list === undefined) bins.set(key, [i]);
    else list.push(i);
  }
  if (slight > 0) {
    issues.push(
      warning(
        'persons-overlap',
        firstSlight,
        `${slight} pairs of persons placed by hand touch or overlap slightly; contact forces will part them.`,
        { found: String(slight) },
      ),
    );
  }
}

/** Writes drawn and placed persons into the columns of a world that was laid out for them. */
export function writePersons(world: World, rows: PersonRows): void {
  const { persons } = world.views;
  persons.x.set(rows.x);
  persons.y.set(rows.y);
  persons.radius.set(rows.radius);
  persons.sheet.set(rows.sheet);
  persons.area.set(rows.area);
  persons.population.set(rows.population);
  for (const [name, values] of Object.entries(rows.columns)) {
    persons[name as keyof typeof persons].set(values as Float64Array);
  }
  persons.portal.fill(-1);
  persons.exit.fill(-1);
  persons.state.fill(PersonState.waiting);
  persons.bestPotential.fill(Infinity);
  const { arrivals } = world.views.groups;
  if (arrivals !== undefined) {
    arrivals.due.set(rows.due);
    for (let i = 0; i < rows.count; i++) if (rows.due[i] >= 0) persons.state[i] = PersonState.out;
  }
  for (let i = 0; i < rows.count; i++) {
    const portal = locateNearPortal(world, rows.sheet[i], rows.x[i], rows.y[i]);
    persons.near[i] = -1;
    if (portal < 0) continue;
    const { areas, door } = world.portals[portal];
    if (door >= 0 && world.views.doors.state[door] !== 0) continue;
    persons.near[i] = areas[0] === rows.area[i] ? areas[1] : areas[1] === rows.area[i] ? areas[0] : -1;
  }
}
