import { hashText, separatePieces } from '../math/index.ts';
import { canonicalScenarioText, type Issue, type Scenario } from '../scenario/index.ts';
import { findAreaTiles, makeGrid, tabulateCells } from './cell-tables.ts';
import { checkCounts } from './check-counts.ts';
import { checkWorld } from './check-world.ts';
import { listColumnGroups } from './column-groups.ts';
import { buildEdgeIndex } from './edge-index.ts';
import { fillGroups } from './fill-groups.ts';
import { type FloorPiece, findAreas, findPiece, type OpenBorder } from './find-areas.ts';
import { findDeadEnds } from './graph.ts';
import { error, warning } from './issues.ts';
import { makeLayout, makeViews, stateSize } from './layout.ts';
import { buildLevelFloor, type Gate, type LevelFloor } from './level-geometry.ts';
import { tabulatePortals } from './locate.ts';
import { findNarrowGaps, GAP_MIN } from './narrow-gaps.ts';
import {
  between,
  boxOf,
  distance,
  innerPoint,
  intersectPaths,
  joinLines,
  type Path64,
  type Paths64,
  PLAN_SCALE,
  type Place,
  type Rings,
  sizeOfPaths,
  subtractPaths,
  tidyPaths,
  toPositivePath,
  toRing,
  unit,
  unitePaths,
} from './plan-geometry.ts';
import { placePopulations, writePersons } from './populations.ts';
import { shareTiles } from './share-tiles.ts';
import { compileStages } from './stages.ts';
import { listEnds, listWallCells, type SegmentRow, traceWalls, writeSegments } from './wall-segments.ts';
import {
  type Area,
  type AreaTiles,
  Belief,
  DOOR_STATES,
  type Portal,
  SegmentKind,
  type Sheet,
  type World,
  type WorldDoor,
  type WorldExit,
  type WorldLink,
} from './world.ts';

/** Extents beyond this are a drawing in the wrong unit [m]. */
const EXTENT_MAX = 20_000;
/** Walkable cells beyond this do not fit. */
const CELLS_MAX = 60_000_000;
/** Tiles of one sheet's directory beyond this do not fit. */
const TILES_MAX = 40_000_000;
/** State beyond this does not fit into the memory with its scratch [bytes]. */
const STATE_MAX = 1_500_000_000;
/** Apron behind an exit line: how deep, and how much wider at each side at its end [m]. */
const APRON_DEPTH = 1;
const APRON_FLARE = 0.5;
/** Default strength of a lock and of a chain [N]. */
const STRENGTH = { open: 4500, closed: 4500, locked: 4500, chained: 9000 } as const;

/** Default of what a door's lock or chain bears. */
export function strengthOfDoor(door: Scenario['doors'][number]): number {
  return door.strength ?? STRENGTH[door.state];
}

interface Draft {
  readonly scenario: Scenario;
  readonly origin: Place;
  readonly issues: Issue[];
  readonly sheets: Omit<Sheet, 'grid'>[];
  /** Everything walkable of each sheet, aprons too, for its grid. */
  readonly boxes: [number, number, number, number][];
  readonly areas: (Omit<Area, 'portals'> & { portals: number[] })[];
  readonly portals: Portal[];
  readonly rows: SegmentRow[];
  readonly links: WorldLink[];
}

/**
 * Compiles a validated scenario: floors with walls, doors and links cut in; areas and portals; walls; cells; persons; all
 * laid out in one memory. Every problem found is in `issues`; with an error among them `world` is undefined.
 * `seed` (instead of `settings.seed`) draws the persons. Same scenario and seed, same bytes.
 */
export function compileWorld(
  scenario: Scenario,
  options: { readonly seed?: number } = {},
): { readonly world: World | undefined; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const origin = findOrigin(scenario, issues);
  if (origin === undefined) return { world: undefined, issues };
  const draft: Draft = {
    scenario,
    origin,
    issues,
    sheets: [],
    boxes: [],
    areas: [],
    portals: [],
    rows: [],
    links: [],
  };
  const gatesOfLevel = drawGates(draft);
  const doorPortal = new Int32Array(scenario.doors.length).fill(-1);
  const exitPortals: number[][] = scenario.exits.map(() => []);
  const linkEnds: LinkEnd[] = [];
  scenario.levels.forEach((level, levelIndex) => {
    const floor = buildLevelFloor(scenario, levelIndex, origin, gatesOfLevel[levelIndex], issues);
    if (floor.floor.length === 0) {
      issues.push(error('level-without-floor', `levels[${levelIndex}]`, `Level '${level.id}' has no walkable floor.`));
    }
    addLevel(draft, floor, doorPortal, exitPortals, linkEnds);
  });
  scenario.links.forEach((_, i) => {
    addLink(draft, i, linkEnds);
  });
  checkCounts(
    {
      areas: draft.areas.length,
      portals: draft.portals.length,
      goals: scenario.exits.length + (scenario.waypoints?.length ?? 0),
      populations: scenario.populations.length,
    },
    issues,
  );
  if (issues.some(({ severity }) => severity === 'error')) return { world: undefined, issues };

  for (const portal of draft.portals) {
    if (portal.areas[0] === portal.areas[1]) continue;
    for (const area of portal.areas) if (area >= 0) draft.areas[area].portals.push(portal.index);
  }
  const sheets = makeSheets(draft);
  if (sheets === undefined) return { world: undefined, issues };
  const { start, items } = listWallCells(
    draft.rows,
    sheets.map(({ grid }) => grid),
  );
  const bareTiles = sheets.map((sheet) =>
    tabulateCells(
      sheet.grid,
      draft.areas.filter((area) => area.sheet === sheet.index),
      draft.rows.filter(({ kind, sheets: [first], areas: [left, right] }) => {
        if (first !== sheet.index) return false;
        const stops = kind === SegmentKind.wall || kind === SegmentKind.bridge;
        return stops || (kind === SegmentKind.leaf && left === right);
      }),
      draft.areas.length,
    ),
  );
  const cellCount = bareTiles.reduce((sum, { cellArea }) => sum + cellArea.length, 0);
  if (cellCount > CELLS_MAX) {
    issues.push(
      error('too-many-cells', 'settings.cell', 'The plan has too many cells; make settings.cell larger.', {
        expected: `≤ ${CELLS_MAX}`,
        found: String(cellCount),
      }),
    );
    return { world: undefined, issues };
  }
  const tiles = tabulatePortals({ areas: draft.areas, portals: draft.portals, sheets, tiles: bareTiles }).map(
    shareTiles,
  );
  const areaTiles: (AreaTiles | undefined)[] = new Array(draft.areas.length).fill(undefined);
  for (const sheetTiles of tiles) findAreaTiles(sheetTiles, draft.areas.length, areaTiles);

  const doors = scenario.doors.map((door, index): WorldDoor => {
    const portal = draft.portals[doorPortal[index]];
    return {
      index,
      id: door.id,
      portal: doorPortal[index],
      width: portal.width,
      openingTime: door.openingTime,
      releaseTime: door.releaseTime,
    };
  });
  const exits = scenario.exits.map(
    ({ id }, index): WorldExit => ({ index, id, portal: exitPortals[index][0], portals: exitPortals[index] }),
  );
  const segments = writeSegments(draft.rows);
  const counts = {
    persons: 0,
    doors: doors.length,
    portals: draft.portals.length,
    segments: draft.rows.length,
    wallCells: start.length - 1,
    wallItems: items.length,
  };
  // A world without persons first: placing them asks where the walls are.
  const empty = makeLayout(counts, listColumnGroups(scenario, { ...counts, areas: draft.areas.length }));
  const shell: World = {
    scenario,
    scenarioHash: hashText(canonicalScenarioText({ ...scenario, settings: { ...scenario.settings, seed: 0 } })),
    origin,
    sheets,
    areas: draft.areas,
    portals: draft.portals,
    doors,
    exits,
    links: draft.links,
    personCount: 0,
    profileIds: [],
    stairFactors: new Float32Array(0),
    memory: empty.memory,
    stateOffset: empty.layout.stateOffset,
    stateBytes: empty.layout.stateBytes,
    views: makeViews(empty.memory, empty.layout),
    segmentCount: draft.rows.length,
    radiusMax: 0,
    bounds: unionOfBoxes(draft.boxes),
    layout: empty.layout,
    tiles,
    areaTiles,
    deadEnds: findDeadEnds({ areas: draft.areas, portals: draft.portals }),
    segmentEnds: listEnds(draft.rows),
    sights: new Array(draft.areas.length).fill(undefined),
    fields: [],
    fieldOf: new Int32Array(2 * draft.portals.length).fill(-1),
    distances: new Array(draft.areas.length).fill(undefined),
    pointFields: [],
    ceilings: heightsOf(draft),
    stages: undefined,
    arrivals: [],
  };
  const fill = (world: World): void => {
    world.views.segments.set(segments);
    world.views.wallCellStart.set(start);
    world.views.wallCellItems.set(items);
    scenario.doors.forEach((door, i) => {
      world.views.doors.state[i] = DOOR_STATES.indexOf(door.state);
      world.views.doors.openAt[i] = Infinity;
      world.views.doors.strength[i] = strengthOfDoor(door);
    });
    world.views.clock.substeps[0] = scenario.settings.rates.move / scenario.settings.rates.decide;
  };
  fill(shell);
  const stages = compileStages(shell, issues);
  const persons = placePopulations(shell, options.seed ?? scenario.settings.seed, issues);
  checkWorld(shell, persons, issues);
  if (issues.some(({ severity }) => severity === 'error')) return { world: undefined, issues };

  const full = { ...counts, persons: persons.count };
  const groups = listColumnGroups(scenario, { ...full, areas: draft.areas.length });
  const bytes = stateSize(full, groups);
  if (bytes > STATE_MAX) {
    issues.push(
      error('too-large', 'populations', 'Persons × portals need more memory than a run has; split the scenario.', {
        expected: `≤ ${STATE_MAX}`,
        found: String(bytes),
        unit: 'byte',
      }),
    );
    return { world: undefined, issues };
  }
  const { memory, layout } = makeLayout(full, groups);
  let radiusMax = 0;
  for (let i = 0; i < persons.count; i++) radiusMax = Math.max(radiusMax, persons.radius[i]);
  const world: World = {
    ...shell,
    personCount: persons.count,
    profileIds: persons.profileIds,
    stairFactors: persons.stairFactors,
    memory,
    layout,
    stateOffset: layout.stateOffset,
    stateBytes: layout.stateBytes,
    views: makeViews(memory, layout),
    radiusMax: Math.fround(radiusMax),
    sights: new Array(draft.areas.length).fill(undefined),
    fields: [],
    fieldOf: new Int32Array(2 * draft.portals.length).fill(-1),
    distances: new Array(draft.areas.length).fill(undefined),
    pointFields: [],
    stages,
    arrivals: persons.arrivals,
  };
  fill(world);
  writePersons(world, persons);
  fillBeliefs(world);
  fillGroups(world, options.seed ?? scenario.settings.seed);
  return { world, issues };
}

/** Height of each area; Infinity where the scenario gives none. */
function heightsOf({ scenario, areas, sheets }: Draft): Float64Array {
  return Float64Array.from(areas, ({ id, sheet }) => {
    const { kind, source } = sheets[sheet];
    const named = kind === 'level' ? scenario.levels[source].areas.find((area) => area.id === id) : undefined;
    return named?.ceiling ?? Infinity;
  });
}

/** What persons hold true at the start: every way is open, of the exits only those they know. */
function fillBeliefs(world: World): void {
  const portalCount = world.portals.length;
  const rows = world.scenario.populations.map(({ knows }) => {
    const row = new Uint8Array(portalCount).fill(Belief.open);
    if (knows === 'all') return row;
    for (const portal of world.portals) {
      if (portal.exit >= 0 && !knows.includes(world.exits[portal.exit].id)) row[portal.index] = Belief.unknown;
    }
    return row;
  });
  const { beliefs, persons } = world.views;
  for (let i = 0; i < world.personCount; i++) beliefs.set(rows[persons.population[i]], i * portalCount);
}

/** Middle of the levels' outlines, on the 10 µm grid; undefined (and an issue) where they are too far apart. */
function findOrigin(scenario: Scenario, issues: Issue[]): Place | undefined {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { outlines } of scenario.levels) {
    for (const outline of outlines) {
      for (const [x, y] of outline) {
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
    }
  }
  const extent = Math.max(box[2] - box[0], box[3] - box[1]);
  if (!(extent <= EXTENT_MAX)) {
    issues.push(
      error('too-large', 'levels', 'The levels extend too far; coordinates are metres (a drawing in millimetres?).', {
        expected: `≤ ${EXTENT_MAX}`,
        found: extent.toFixed(0),
        unit: 'm',
      }),
    );
    return undefined;
  }
  const round = (value: number): number => Math.round(value * PLAN_SCALE) / PLAN_SCALE;
  return [round((box[0] + box[2]) / 2), round((box[1] + box[3]) / 2)];
}

/** The lines across each level's floor: doors, exits, ends of links, in the order of the scenario. */
function drawGates(draft: Draft): Gate[][] {
  const { scenario, origin, issues } = draft;
  const gates: Gate[][] = scenario.levels.map(() => []);
  const levelOf = (id: string | undefined): number => scenario.levels.findIndex((level) => level.id === id);
  const local = (line: readonly [Place, Place]): [Place, Place] => [
    [line[0][0] - origin[0], line[0][1] - origin[1]],
    [line[1][0] - origin[0], line[1][1] - origin[1]],
  ];
  const unknown = (path: string, what: string, id: string | undefined): void => {
    issues.push(error(`unknown-${what}`, path, `There is no ${what} '${id}'.`));
  };
  const push = (level: number, gate: Gate): void => {
    const [a, b] = gate.line;
    if (distance(a, b) < 0.3) {
      issues.push(
        error(`${gate.kind}-too-narrow`, gate.path, `The line of '${gate.id}' is too short for a person to pass.`, {
          expected: '≥ 0.3',
          found: distance(a, b).toFixed(3),
          unit: 'm',
        }),
      );
      return;
    }
    gates[level].push(gate);
  };
  const exitOfDoor = new Map<string, number>();
  scenario.exits.forEach((exit, i) => {
    if (exit.door === undefined) return;
    if (!scenario.doors.some(({ id }) => id === exit.door)) unknown(`exits[${i}].door`, 'door', exit.door);
    exitOfDoor.set(exit.door, i);
  });
  scenario.doors.forEach((door, i) => {
    const level = levelOf(door.level);
    if (level < 0) {
      unknown(`doors[${i}].level`, 'level', door.level);
      return;
    }
    const exit = exitOfDoor.get(door.id) ?? -1;
    push(level, {
      kind: exit >= 0 ? 'exit' : 'door',
      source: exit >= 0 ? exit : i,
      door: i,
      exit,
      path: `doors[${i}].line`,
      id: exit >= 0 ? scenario.exits[exit].id : door.id,
      line: local(door.line),
      floorSide: 0,
      usable: true,
    });
  });
  scenario.exits.forEach((exit, i) => {
    if (exit.line === undefined) return;
    const level = levelOf(exit.level);
    if (level < 0) {
      unknown(`exits[${i}].level`, 'level', exit.level);
      return;
    }
    push(level, {
      kind: 'exit',
      source: i,
      door: -1,
      exit: i,
      path: `exits[${i}].line`,
      id: exit.id,
      line: local(exit.line),
      floorSide: 0,
      usable: true,
    });
  });
  scenario.links.forEach((link, i) => {
    const from = local(link.from.line);
    const to = local(link.to.line);
    const middleFrom = between(from[0], from[1], 0.5);
    const middleTo = between(to[0], to[1], 0.5);
    if (distance(middleFrom, middleTo) < 0.2) {
      issues.push(
        error('link-too-short', `links[${i}]`, `The ends of link '${link.id}' lie on each other in the plan.`, {
          expected: '≥ 0.2',
          found: distance(middleFrom, middleTo).toFixed(3),
          unit: 'm',
        }),
      );
      return;
    }
    for (const end of ['from', 'to'] as const) {
      const level = levelOf(link[end].level);
      if (level < 0) {
        unknown(`links[${i}].${end}.level`, 'level', link[end].level);
        continue;
      }
      const line = end === 'from' ? from : to;
      const [px, py] = end === 'from' ? middleTo : middleFrom;
      const [a, b] = line;
      const otherIsLeft = (b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0]) > 0;
      push(level, {
        kind: 'link',
        source: i,
        door: -1,
        exit: -1,
        path: `links[${i}].${end}.line`,
        id: link.id,
        line,
        floorSide: otherIsLeft ? -1 : 1,
        usable: true,
      });
    }
  });
  return gates;
}

/** One end of a link where it meets a level's floor. */
interface LinkEnd {
  readonly link: number;
  readonly level: number;
  readonly area: number;
  readonly sheet: number;
  /** The level's floor to the left. */
  readonly line: readonly [Place, Place];
}

function unionOfBoxes(boxes: readonly (readonly number[])[]): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x0, y0, x1, y1] of boxes) {
    box[0] = Math.min(box[0], x0);
    box[1] = Math.min(box[1], y0);
    box[2] = Math.max(box[2], x1);
    box[3] = Math.max(box[3], y1);
  }
  return box;
}

/** The line with the floor to its left. */
function floorToLeft(gate: Gate): readonly [Place, Place] {
  return gate.floorSide === -1 ? [gate.line[1], gate.line[0]] : gate.line;
}

/** The piece beside a line, `side` 1 left or −1 right: looked for at a few places, a little off the line. */
function pieceBeside(pieces: readonly FloorPiece[], line: readonly [Place, Place], side: number): number {
  const [ux, uy] = unit(line[0], line[1]);
  for (const away of [0.005, 0.02, 0.1]) {
    for (const t of [0.5, 0.25, 0.75, 0.1, 0.9]) {
      const [x, y] = between(line[0], line[1], t);
      const found = findPiece(pieces, x - uy * away * side, y + ux * away * side);
      if (found >= 0) return found;
    }
  }
  return -1;
}

function addLevel(
  draft: Draft,
  floor: LevelFloor,
  doorPortal: Int32Array,
  exitPortals: number[][],
  linkEnds: LinkEnd[],
): void {
  const { scenario, issues } = draft;
  const { level } = floor;
  const sheet = draft.sheets.length;
  const { pieces, borders } = findAreas(floor, draft.origin);
  const firstArea = draft.areas.length;
  for (const piece of pieces) {
    draft.areas.push({
      index: draft.areas.length,
      id: piece.id,
      kind: 'room',
      sheet,
      polygons: [piece.rings],
      size: piece.size,
      portals: [],
      link: -1,
    });
  }
  const gaps: (readonly [Place, Place])[] = [];
  const aprons: Paths64 = [];
  const leaves: SegmentRow[] = [];
  for (const gate of floor.gates) {
    if (!gate.usable) continue;
    const line = floorToLeft(gate);
    const left = pieceBeside(pieces, line, 1);
    if (left < 0) {
      issues.push(error(`${gate.kind}-off-floor`, gate.path, `There is no floor beside '${gate.id}'.`));
      continue;
    }
    if (gate.kind === 'link') {
      gaps.push(line);
      linkEnds.push({ link: gate.source, level: floor.levelIndex, area: firstArea + left, sheet, line });
      continue;
    }
    const index = draft.portals.length;
    let areas: [number, number];
    if (gate.kind === 'exit') {
      const apron = makeApron(line, floor.floor);
      aprons.push(...apron.paths, apron.seam);
      gaps.push(apron.far);
      areas = [firstArea + left, draft.areas.length];
      draft.areas.push({
        index: draft.areas.length,
        id: `${gate.id}/outside`,
        kind: 'outside',
        sheet,
        polygons: [apron.paths.map(toRing)],
        size: sizeOfPaths(apron.paths),
        portals: [],
        link: -1,
      });
      exitPortals[gate.exit].push(index);
    } else {
      const right = pieceBeside(pieces, line, -1);
      areas = [firstArea + left, firstArea + right];
      if (right < 0) {
        issues.push(error('door-off-floor', gate.path, `There is no floor on the right of door '${gate.id}'.`));
        continue;
      }
      if (left === right) {
        issues.push(
          warning(
            'door-separates-nothing',
            gate.path,
            `Door '${gate.id}' has the same room on both sides; nobody will plan a way through it. Close the wall it stands in.`,
          ),
        );
      }
    }
    if (gate.door >= 0) doorPortal[gate.door] = index;
    draft.portals.push({
      index,
      id: gate.id,
      areas,
      line,
      width: distance(line[0], line[1]),
      region: undefined,
      door: gate.door,
      exit: gate.exit,
      link: -1,
      onlyFrom: -1,
    });
    if (gate.door >= 0) {
      const solid = scenario.doors[gate.door].state === 'open' ? 0 : 1;
      leaves.push(lineRow(line, SegmentKind.leaf, gate.door, solid, [sheet, sheet], areas));
    }
    leaves.push(lineRow(line, SegmentKind.portal, index, 0, [sheet, sheet], areas));
  }
  addBorders(draft, borders, firstArea, sheet, leaves);
  addRegions(draft, floor, firstArea, pieces, sheet, exitPortals);

  // Walls of floor and aprons together, so that the jambs of an exit are ordinary corners.
  const walkable = aprons.length === 0 ? floor.floor : unitePaths([...floor.floor, ...aprons]);
  const rings = tidyPaths(walkable, 0.0002, 1e-6).map(toRing);
  const walls = traceWalls(rings, gaps, sheet);
  const index = draft.areas.slice(firstArea).flatMap((area) => area.polygons.map((p) => ({ area, p })));
  const boxes = index.map(({ p }) => boxOf(p));
  const asPieces: FloorPiece[] = index.map(({ p }, i) => ({ id: '', rings: p, size: 0, box: boxes[i] }));
  for (const row of walls) {
    const [x, y] = between(row.a, row.b, 0.5);
    const side = distance(row.a, row.b) === 0 ? -1 : 1;
    const found = findPiece(asPieces, x - row.along[1] * 0.005 * side, y + row.along[0] * 0.005 * side);
    row.areas = [found < 0 ? -1 : index[found].area.index, -1];
  }
  const ways = leaves.filter(({ kind }) => kind === SegmentKind.portal).map(({ a, b }) => [a, b] as const);
  const bridges = findNarrowGaps(walls, buildEdgeIndex(rings), [...ways, ...gaps], sheet);
  const doubtful = bridges.filter(({ a, b }) => distance(a, b) >= GAP_TOLD);
  if (doubtful.length > 0) issues.push(tellNarrowGaps(doubtful, level.id, floor.levelIndex, draft.origin));
  draft.rows.push(...walls, ...bridges, ...leaves);
  draft.boxes.push(boxOf(rings.length > 0 ? rings : [[[0, 0]]]));
  draft.sheets.push({
    index: sheet,
    kind: 'level',
    id: level.id,
    source: floor.levelIndex,
    plane: [level.elevation, 0, 0],
    polygons: separatePieces(floor.floor).map((piece): Rings => piece.map(toRing)),
  });
}

function lineRow(
  line: readonly [Place, Place],
  kind: number,
  subject: number,
  solid: number,
  sheets: readonly [number, number],
  areas: readonly [number, number],
): SegmentRow {
  const [a, b] = line;
  return { a, b, along: unit(a, b), before: [0, 0], kind, subject, solid, sheets, areas };
}

/** The trapezoid outside an exit line (floor to the line's left), less the floor; the piece at the line. */
function makeApron(
  line: readonly [Place, Place],
  floor: Paths64,
): { readonly paths: Paths64; readonly seam: Path64; readonly far: readonly [Place, Place] } {
  const [a, b] = line;
  const [ux, uy] = unit(a, b);
  const out: Place = [uy, -ux];
  const at = (p: Place, depth: number, along: number): Place => [
    p[0] + out[0] * depth + ux * along,
    p[1] + out[1] * depth + uy * along,
  ];
  const far: [Place, Place] = [at(a, APRON_DEPTH, -APRON_FLARE), at(b, APRON_DEPTH, APRON_FLARE)];
  // Laid over the line, so that floor and apron unite though their edges differ by a rounding.
  const seam = toPositivePath([at(a, -0.01, 1e-4), at(a, 0.01, 1e-4), at(b, 0.01, -1e-4), at(b, -0.01, -1e-4)]);
  const outside = subtractPaths([toPositivePath([a, far[0], far[1], b])], floor);
  const middle = at(between(a, b, 0.5), 0.01, 0);
  const pieces = separatePieces(tidyPaths(outside, 0, 1e-6));
  const piece = pieces.find((paths) => {
    const rings = paths.map(toRing);
    return findPiece([{ id: '', rings, size: 0, box: boxOf(rings) }], middle[0], middle[1]) >= 0;
  });
  return { paths: piece ?? pieces.flat(), seam, far };
}

/** A gap this wide might pass for a way through, sideways; narrower ones are nooks that nobody need be told of [m]. */
const GAP_TOLD = 0.25;

/** One warning for all gaps of a level that nobody walks through, naming the first. */
function tellNarrowGaps(bridges: readonly SegmentRow[], id: string, levelIndex: number, origin: Place): Issue {
  const [x, y] = between(bridges[0].a, bridges[0].b, 0.5);
  const width = Math.min(...bridges.map(({ a, b }) => distance(a, b)));
  return warning(
    'gap-too-narrow',
    `levels[${levelIndex}]`,
    `Level '${id}' has gaps narrower than a person, the first near (${(x + origin[0]).toFixed(2)}, ${(y + origin[1]).toFixed(2)}) m; nobody plans a way through them. Widen them, or close them if they are drawing faults.`,
    { expected: `≥ ${GAP_MIN}`, found: width.toFixed(2), unit: 'm' },
  );
}

/** Portals without a door where named areas border on each other. */
function addBorders(
  draft: Draft,
  borders: readonly OpenBorder[],
  firstArea: number,
  sheet: number,
  leaves: SegmentRow[],
): void {
  const counts = new Map<string, number>();
  for (const border of borders) {
    const areas: [number, number] = [firstArea + border.left, firstArea + border.right];
    const name = `${draft.areas[areas[0]].id}|${draft.areas[areas[1]].id}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const index = draft.portals.length;
    draft.portals.push({
      index,
      id: count === 1 ? name : `${name}#${count}`,
      areas,
      line: border.line,
      width: distance(border.line[0], border.line[1]),
      region: undefined,
      door: -1,
      exit: -1,
      link: -1,
      onlyFrom: -1,
    });
    leaves.push(lineRow(border.line, SegmentKind.portal, index, 0, [sheet, sheet], areas));
  }
}

/** Exits that are regions: a portal for every area they overlap. */
function addRegions(
  draft: Draft,
  floor: LevelFloor,
  firstArea: number,
  pieces: readonly FloorPiece[],
  _sheet: number,
  exitPortals: number[][],
): void {
  const { scenario, origin, issues } = draft;
  scenario.exits.forEach((exit, i) => {
    if (exit.polygon === undefined) return;
    const level = scenario.levels.findIndex(({ id }) => id === exit.level);
    if (level < 0 && floor.levelIndex === 0) {
      issues.push(error('unknown-level', `exits[${i}].level`, `There is no level '${exit.level}'.`));
    }
    if (level !== floor.levelIndex) return;
    const ring: Place[] = exit.polygon.map(([x, y]) => [x - origin[0], y - origin[1]]);
    const path = [toPositivePath(ring)];
    const box = boxOf([ring]);
    pieces.forEach((piece, k) => {
      if (piece.box[0] > box[2] || piece.box[2] < box[0] || piece.box[1] > box[3] || piece.box[3] < box[1]) return;
      const common = intersectPaths(
        piece.rings.map((r) => r.map(([x, y]) => ({ x: Math.round(x * PLAN_SCALE), y: Math.round(y * PLAN_SCALE) }))),
        path,
      );
      const parts = separatePieces(common);
      let largest = -1;
      let size = 0;
      parts.forEach((part, p) => {
        const partSize = sizeOfPaths(part);
        if (partSize > size) {
          size = partSize;
          largest = p;
        }
      });
      if (size < 0.01) return;
      const centre = innerPoint(parts[largest].map(toRing));
      const index = draft.portals.length;
      draft.portals.push({
        index,
        id: exitPortals[i].length === 0 ? exit.id : `${exit.id}#${exitPortals[i].length + 1}`,
        areas: [firstArea + k, -1],
        line: [centre, centre],
        width: 2 * Math.sqrt(size / Math.PI),
        region: ring,
        door: -1,
        exit: i,
        link: -1,
        onlyFrom: -1,
      });
      exitPortals[i].push(index);
    });
    if (exitPortals[i].length === 0) {
      issues.push(
        error('exit-off-floor', `exits[${i}].polygon`, `The region of exit '${exit.id}' lies beside the floor.`),
      );
    }
  });
}

function addLink(draft: Draft, source: number, ends: readonly LinkEnd[]): void {
  const { scenario, origin, issues } = draft;
  const link = scenario.links[source];
  const from = ends.find((end) => end.link === source && scenario.levels[end.level].id === link.from.level);
  const to = ends.find((end) => end.link === source && scenario.levels[end.level].id === link.to.level && end !== from);
  if (from === undefined || to === undefined) return;
  const local = ([x, y]: Place): Place => [x - origin[0], y - origin[1]];
  const fromLine = link.from.line.map(local);
  const toLine = link.to.line.map(local);
  const middleFrom = between(fromLine[0], fromLine[1], 0.5);
  const middleTo = between(toLine[0], toLine[1], 0.5);
  const zFrom = scenario.levels[from.level].elevation;
  const zTo = scenario.levels[to.level].elevation;
  const run = distance(middleFrom, middleTo);
  const rise = Math.abs(zTo - zFrom);
  const slope = (zTo - zFrom) / (run * run);
  const gx = slope * (middleTo[0] - middleFrom[0]);
  const gy = slope * (middleTo[1] - middleFrom[1]);
  const sheet = draft.sheets.length;
  const path = toPositivePath(joinLines(fromLine[0], fromLine[1], toLine[0], toLine[1]));
  const ring = toRing(path);
  const area = draft.areas.length;
  const size = sizeOfPaths([path]);
  if (size < 0.05) {
    issues.push(error('link-too-short', `links[${source}]`, `Link '${link.id}' covers no floor in the plan.`));
    return;
  }
  draft.areas.push({
    index: area,
    id: link.id,
    kind: 'link',
    sheet,
    polygons: [[ring]],
    size,
    portals: [],
    link: source,
  });
  draft.sheets.push({
    index: sheet,
    kind: 'link',
    id: link.id,
    source,
    plane: [zFrom - gx * middleFrom[0] - gy * middleFrom[1], gx, gy],
    polygons: [[ring]],
  });
  draft.boxes.push(boxOf([ring]));
  const fromIsLower = zFrom <= zTo;
  const open = link.kind === 'drop' ? (fromIsLower ? 'up' : 'down') : link.open;
  const addEnd = (end: LinkEnd, isLower: boolean): number => {
    const index = draft.portals.length;
    const inwards = isLower ? 'up' : 'down';
    draft.portals.push({
      index,
      id: `${link.id}:${isLower ? 'lower' : 'upper'}`,
      areas: [end.area, area],
      line: end.line,
      width: distance(end.line[0], end.line[1]),
      region: undefined,
      door: -1,
      exit: -1,
      link: source,
      onlyFrom: open === 'both' ? -1 : open === inwards ? 0 : 1,
    });
    return index;
  };
  const lower = addEnd(fromIsLower ? from : to, true);
  const upper = addEnd(fromIsLower ? to : from, false);
  const walls = traceWalls([ring], [from.line, to.line], sheet);
  for (const row of walls) row.areas = [area, -1];
  draft.rows.push(...walls);
  for (const [end, index] of [
    [fromIsLower ? from : to, lower],
    [fromIsLower ? to : from, upper],
  ] as const) {
    draft.rows.push(lineRow(end.line, SegmentKind.portal, index, 0, [end.sheet, sheet], [end.area, area]));
  }
  if (link.kind === 'drop') {
    // a leaf of no door holds bodies: nobody walks into a drop from below, and a railing is climbed
    const bottom = fromIsLower ? from : to;
    const top = fromIsLower ? to : from;
    for (const end of link.rail === undefined ? [bottom] : [bottom, top]) {
      draft.rows.push(lineRow(end.line, SegmentKind.leaf, -1, 1, [end.sheet, sheet], [end.area, area]));
    }
  }
  draft.links.push({
    index: source,
    id: link.id,
    kind: link.kind,
    sheet,
    area,
    lower,
    upper,
    length: link.length ?? Math.sqrt(run * run + rise * rise),
    run,
    rise,
    speedUp: link.speed?.up ?? 0,
    speedDown: link.speed?.down ?? 0,
  });
}

function makeSheets(draft: Draft): Sheet[] | undefined {
  const { cell } = draft.scenario.settings;
  let wallCellBase = 0;
  const sheets: Sheet[] = [];
  for (const sheet of draft.sheets) {
    const grid = makeGrid(draft.boxes[sheet.index], cell, wallCellBase);
    if ((grid.columns / 8) * (grid.rows / 8) > TILES_MAX) {
      draft.issues.push(
        error(
          'too-many-cells',
          sheet.kind === 'level' ? `levels[${sheet.source}]` : `links[${sheet.source}]`,
          'The level is too large for this size of cells; make settings.cell larger or split the level.',
          { expected: `≤ ${TILES_MAX} tiles`, found: String((grid.columns / 8) * (grid.rows / 8)) },
        ),
      );
      return undefined;
    }
    wallCellBase += grid.wallColumns * grid.wallRows;
    sheets.push({ ...sheet, grid });
  }
  return sheets;
}
