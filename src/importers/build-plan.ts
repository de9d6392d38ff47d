import { Clipper, FillRule } from 'clipper2-ts';
import {
  boxAround,
  errorIssue,
  type Issue,
  type Point,
  ringArea,
  type ScenarioInput,
  showNumber,
  showPoint,
  warningIssue,
} from '../scenario/index.ts';
import { findGaps, GAP_WIDTHS } from './find-gaps.ts';
import type { ImportOptions, ImportReport, ImportResult } from './importer.ts';
import { type Path, type Piece, piecesOfPaths, strokeLine, toPath } from './plan-pieces.ts';
import { repairLevels } from './repair-levels.ts';
import { type SuggestedExit, suggestExits } from './suggest-exits.ts';

type LevelInput = ScenarioInput['levels'][number];
type DoorInput = NonNullable<ScenarioInput['doors']>[number];
type ExitInput = ScenarioInput['exits'][number];
type PopulationInput = NonNullable<ScenarioInput['populations']>[number];

/** What a file of any format came to, before the options are worked in. */
export interface PlanDraft {
  readonly levels: readonly LevelInput[];
  readonly doors: readonly DoorInput[];
  readonly exits: readonly ExitInput[];
  readonly populations: readonly PopulationInput[];
  /** `well-known text`, for the description. */
  readonly source: string;
}

/** Lists that an importer writes its report in. */
export interface ReportLists {
  readonly read: string[];
  readonly guessed: string[];
  readonly ignored: string[];
  readonly repaired: string[];
}

export function makeReport(importer: string): ImportReport & ReportLists {
  return { importer, read: [], guessed: [], ignored: [], repaired: [] };
}

/** What is wrong with options that every plan takes. */
export function checkPlanOptions(options: ImportOptions): Issue[] {
  const issues: Issue[] = [];
  if (options.persons !== undefined && options.density !== undefined) {
    const message = 'both persons and density are given; keep one of them';
    issues.push(
      errorIssue('population-needs-one', 'options', message, { expected: 'one of persons, density', found: 'both' }),
    );
  }
  const [low, high] = options.gapWidths ?? GAP_WIDTHS;
  if (!(low >= 0.3 && high >= low && high <= 20)) {
    const message = 'the widths of gaps run from at least 0.3 m to at most 20 m, the smaller first';
    issues.push(
      errorIssue('option-range', 'gapWidths', message, { expected: '0.3 … 20', found: `${low}, ${high}`, unit: 'm' }),
    );
  }
  return issues;
}

/**
 * The draft as a scenario: mended where that is asked for, gaps made doors where that is asked for, exits from the
 * options or guessed, persons from the options. Pushes to `issues` and `report`.
 */
export function finishPlan(
  draft: PlanDraft,
  options: ImportOptions,
  issues: Issue[],
  report: ImportReport & ReportLists,
): ImportResult {
  const given = placeExits(options.exits ?? [], draft.levels, issues);
  issues.push(...checkPlanOptions(options));
  if (issues.some((issue) => issue.severity === 'error')) return { issues, report };

  const levels = options.repair === true ? mendLevels(draft.levels, options, report) : draft.levels;
  const bare = levels.map((level) => bareFloor(level));
  const doors = [...draft.doors];
  const exits: ExitInput[] = [...draft.exits, ...given];
  if (options.gaps === true || (options.gaps === 'auto' && doors.length === 0)) {
    levels.forEach((level, index) => {
      addGaps(level, bare[index], options, doors, exits, issues, report);
    });
  }
  let guessedExits = 0;
  if (exits.length === 0 && options.guessExits !== false) {
    const ground = groundLevel(levels);
    const suggested = suggestExits(bare[ground]);
    guessedExits = suggested.length;
    for (const exit of suggested.slice(0, 20)) report.guessed.push(`exit ${describeExit(exit)}: ${exit.why}`);
    if (suggested.length > 20)
      report.guessed.push(`${suggested.length - 20} exits more, one or more for each piece of floor`);
    if (suggested.length > 0) {
      const many = suggested.length === 1 ? 'one was guessed' : `${suggested.length} were guessed`;
      const where = `${suggested.slice(0, 5).map(describeExit).join('; ')}${suggested.length > 5 ? '; …' : ''}`;
      const message = `the plan has no exits; ${many} (${where}): check them, or give your own with --exit "x,y x,y"`;
      issues.push(warningIssue('exits-guessed', '', message, { expected: 'exits', found: 'none' }));
    }
    exits.push(...suggested.map((exit, i) => exitOf(exit, `guessed-exit-${i + 1}`, levels[ground].id)));
  }
  if (exits.length === 0) {
    const message =
      'the plan has no exits, nobody can leave; give one with --exit "x,y x,y", two points on the outline [m]';
    issues.push(errorIssue('no-exit', '', message, { expected: 'at least one exit', found: 'none' }));
    return { issues, report };
  }
  levels.forEach((level, index) => {
    tellPieces(level, bare[index], levels.length > 1, doors, issues);
  });
  const populations = [...draft.populations, ...spreadPersons(levels, bare, options)];
  if (options.persons !== undefined || options.density !== undefined)
    report.guessed.push('persons: adults anywhere on the floor, who know every exit and start at once');
  const scenario: ScenarioInput = {
    crashbar: 1,
    name: options.name ?? 'Imported plan',
    description: `Imported from ${draft.source}.${guessedExits > 0 ? ' The exits are guesses: check them.' : ''}`,
    levels: [...levels],
    ...(doors.length > 0 ? { doors } : {}),
    exits,
    populations,
    // Plans may be large: an hour, unless everybody is out or nobody moves on before.
    settings: { end: { time: 3600 } },
  };
  return { scenario, issues, report };
}

/**
 * What `repair` and `gaps` ask for, on a scenario of an importer that does not look at them itself (whose report has no `repaired`).
 * `auto` finds no gaps here: such formats say where one passes.
 */
export function mendImport(result: ImportResult, options: ImportOptions): ImportResult {
  const { scenario } = result;
  if (scenario === undefined || result.report.repaired !== undefined) return result;
  if (options.repair !== true && options.gaps !== true) return result;
  const issues = [...result.issues];
  const { importer, read, guessed, ignored, ...rest } = result.report;
  const report = { ...rest, importer, read: [...read], guessed: [...guessed], ignored: [...ignored], repaired: [] };
  const levels = options.repair === true ? mendLevels(scenario.levels, options, report) : scenario.levels;
  const doors = [...(scenario.doors ?? [])];
  if (options.gaps === true) {
    for (const level of levels) addGaps(level, bareFloor(level), options, doors, scenario.exits, issues, report);
  }
  return {
    ...result,
    scenario: { ...scenario, levels: [...levels], ...(doors.length > 0 ? { doors } : {}) },
    issues,
    report,
  };
}

function mendLevels(levels: readonly LevelInput[], options: ImportOptions, report: ReportLists): LevelInput[] {
  const mended = repairLevels(levels, options.tolerance);
  report.repaired.push(...mended.repairs);
  if (mended.repairs.length === 0) report.read.push('repair: nothing to mend');
  return mended.levels;
}

/** The level's floor less holes, furniture and walls, in connected pieces. */
export function bareFloor(level: LevelInput): Piece[] {
  const outlines = level.outlines as readonly (readonly Point[])[];
  const origin = outlines[0]?.[0] ?? [0, 0];
  const solid: Path[] = [];
  for (const ring of (level.holes ?? []) as readonly (readonly Point[])[]) solid.push(toPath(ring, origin, true));
  for (const item of level.furniture ?? []) solid.push(toPath(item.polygon as readonly Point[], origin, true));
  for (const wall of level.walls ?? []) {
    solid.push(...strokeLine(wall.path as readonly Point[], wall.thickness ?? 0.1, origin, wall.closed === true));
  }
  const floor = Clipper.union(
    outlines.map((ring) => toPath(ring, origin, true)),
    FillRule.NonZero,
  );
  // Walls are cut open and doors are not: that is the simulation's work; here a wall parts the floor.
  return piecesOfPaths(solid.length === 0 ? floor : Clipper.difference(floor, solid, FillRule.NonZero), origin);
}

/** Level on which exits are guessed: the one whose floor lies nearest to height 0. */
function groundLevel(levels: readonly LevelInput[]): number {
  let best = 0;
  levels.forEach((level, i) => {
    if (Math.abs(level.elevation ?? 0) < Math.abs(levels[best].elevation ?? 0)) best = i;
  });
  return best;
}

function addGaps(
  level: LevelInput,
  floor: readonly Piece[],
  options: ImportOptions,
  doors: DoorInput[],
  exits: readonly ExitInput[],
  issues: Issue[],
  report: ReportLists,
): void {
  const [low, high] = options.gapWidths ?? GAP_WIDTHS;
  const taken = [...doors, ...exits]
    .filter((one) => one.level === undefined || one.level === level.id)
    .flatMap((one) => (one.line === undefined ? [] : [one.line as readonly [Point, Point]]));
  const { gaps, unsearched } = findGaps(floor, { widthMin: low, widthMax: high, taken });
  if (unsearched !== undefined) issues.push(warningIssue('gaps-not-searched', '', unsearched));
  const told: string[] = [];
  for (const gap of gaps) {
    const number = doors.filter((door) => door.id.startsWith('gap ')).length + 1;
    const id = `gap ${number} (${gap.width.toFixed(2)} m)`;
    doors.push({ id, level: level.id, line: gap.line, leaf: 'none', state: 'open' });
    told.push(`${id} at ${showPoint(middleOf(gap.line))}`);
  }
  if (gaps.length === 0) return;
  const many = gaps.length === 1 ? 'an opening' : `${gaps.length} openings`;
  const more = gaps.length > 12 ? ` and ${gaps.length - 12} more` : '';
  report.guessed.push(
    `doors without a leaf in ${many} of ${showNumber(low)} to ${showNumber(high)} m between two spaces of level ${level.id}: ${told.slice(0, 12).join('; ')}${more}; --no-gaps leaves them out`,
  );
}

function middleOf([a, b]: readonly [Point, Point]): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** Tells of floor that nobody can walk to, counting doors as ways. */
function tellPieces(
  level: LevelInput,
  pieces: readonly Piece[],
  isNamed: boolean,
  doors: readonly DoorInput[],
  issues: Issue[],
): void {
  const isJoined = doors.some((door) => door.level === level.id && door.leaf !== 'none');
  if (pieces.length <= 1 || isJoined || (level.walls ?? []).length > 0) return;
  const sizes = pieces
    .map((piece) => `${showNumber(pieceArea(piece))} m²`)
    .slice(0, 5)
    .join(', ');
  const where = isNamed ? ` of level ${level.id}` : '';
  const message = `the floor${where} lies in ${pieces.length} pieces that do not touch (${sizes}); nobody can walk from one to another: join them if that is wrong, or try --repair with a --tolerance as wide as the gaps`;
  issues.push(warningIssue('floor-in-pieces', '', message, { expected: 'one piece', found: String(pieces.length) }));
}

function spreadPersons(
  levels: readonly LevelInput[],
  bare: readonly (readonly Piece[])[],
  options: ImportOptions,
): PopulationInput[] {
  const id = (level: LevelInput): string => (levels.length === 1 ? 'everyone' : `everyone on ${level.id}`);
  const one = (level: LevelInput, amount: { count: number } | { density: number }): PopulationInput => ({
    id: id(level),
    level: level.id,
    ...amount,
    profile: 'adult',
  });
  if (options.density !== undefined) return levels.map((level) => one(level, { density: options.density! }));
  if (options.persons === undefined) return [];
  // Shares by area, rounded so that the sum is right (largest remainders).
  const sizes = bare.map((pieces) => pieces.reduce((sum, piece) => sum + pieceArea(piece), 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shares = sizes.map((size) => (total > 0 ? (options.persons! * size) / total : options.persons! / sizes.length));
  const counts = shares.map(Math.floor);
  const order = shares.map((_, i) => i).sort((a, b) => shares[b] - counts[b] - (shares[a] - counts[a]) || a - b);
  let left = options.persons - counts.reduce((sum, count) => sum + count, 0);
  for (const i of order) if (left-- > 0) counts[i]++;
  return levels.flatMap((level, i) => (counts[i] > 0 ? [one(level, { count: counts[i] })] : []));
}

/** Exits of the options, for a plan of one level. */
export function readExits(given: NonNullable<ImportOptions['exits']>, issues: Issue[]): SuggestedExit[] {
  return placeExits(given, [{ id: '', outlines: [] }], issues).map(
    ({ line, polygon }): SuggestedExit =>
      line !== undefined
        ? { line: line as [[number, number], [number, number]], why: 'given' }
        : { polygon: polygon as [number, number][], why: 'given' },
  );
}

function placeExits(
  given: NonNullable<ImportOptions['exits']>,
  levels: readonly LevelInput[],
  issues: Issue[],
): ExitInput[] {
  return given.flatMap((exit, i): ExitInput[] => {
    const named = typeof exit === 'string' ? /^(.*):([^:]*)$/.exec(exit) : null;
    const points = typeof exit === 'string' ? parsePoints(named?.[2] ?? exit) : exit;
    const level = named === null ? levels[levels.length > 0 ? groundLevel(levels) : 0]?.id : named[1].trim();
    const isLevel = named === null || levels.some(({ id }) => id === level);
    if (points === undefined || points.length < 2 || !isLevel) {
      const message = isLevel
        ? `exit ${i + 1} is not understood; write two points for a line or more for a region: "30,4 30,6" [m]`
        : `exit ${i + 1} is on level ${JSON.stringify(level)}, which the plan does not have; it has ${levels.map(({ id }) => JSON.stringify(id)).join(', ')}`;
      const found = typeof exit === 'string' ? exit : JSON.stringify(exit);
      issues.push(
        errorIssue('exit-not-understood', 'options', message, {
          expected: 'x,y x,y',
          found: found.slice(0, 60),
          unit: 'm',
        }),
      );
      return [];
    }
    const list = points.map(([x, y]): [number, number] => [x, y]);
    const place =
      list.length === 2 ? { line: [list[0], list[1]] as [[number, number], [number, number]] } : { polygon: list };
    return [{ id: `exit-${i + 1}`, level, ...place }];
  });
}

function exitOf(exit: SuggestedExit, id: string, level: string): ExitInput {
  return { id, level, ...(exit.line !== undefined ? { line: exit.line } : { polygon: exit.polygon }) };
}

function parsePoints(text: string): [number, number][] | undefined {
  const pairs = text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part))));
  const isGood = pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return isGood ? pairs.map(([x, y]) => [x, y]) : undefined;
}

function describeExit(exit: SuggestedExit): string {
  if (exit.line !== undefined) return `line ${showPoint(exit.line[0])} – ${showPoint(exit.line[1])} m`;
  const [xMin, yMin, xMax, yMax] = boxAround(exit.polygon);
  return `region ${showPoint([xMin, yMin])} – ${showPoint([xMax, yMax])} m`;
}

/** Area of a piece without its holes [m²]. */
export function pieceArea(piece: Piece): number {
  return Math.abs(ringArea(piece.outline)) - piece.holes.reduce((sum, hole) => sum + Math.abs(ringArea(hole)), 0);
}

/** `1 door`, `2 doors`. */
export function countThings(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
