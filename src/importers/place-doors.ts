import { polygonContains } from '../math/index.ts';
import { boxAround, type Issue, type Point, type ScenarioInput, warningIssue } from '../scenario/index.ts';
import { countThings, type ReportLists } from './build-plan.ts';
import type { DrawnDoor } from './find-doors.ts';
import type { Piece } from './plan-pieces.ts';
import { WALL_MAX } from './wall-floor.ts';

type DoorInput = NonNullable<ScenarioInput['doors']>[number];
type ExitInput = ScenarioInput['exits'][number];

/** Places to either side of a line: left, right. */
export function sidesOf([a, b]: readonly [Point, Point]): [Point[], Point[]] {
  const length = distance(a, b);
  const [nx, ny] = length > 0 ? [-(b[1] - a[1]) / length, (b[0] - a[0]) / length] : [0, 0];
  const [mx, my] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const at = (side: number): Point[] => [0.15, 0.35, WALL_MAX].map((d) => [mx + side * d * nx, my + side * d * ny]);
  return [at(1), at(-1)];
}

/** Whether any of some places is on a floor. */
export function floorTest(floor: readonly Piece[]): (places: readonly Point[]) => boolean {
  const boxes = floor.map(({ outline }) => boxAround(outline));
  return (places) =>
    places.some(([x, y]) =>
      floor.some(({ outline, holes }, i) => {
        const [x0, y0, x1, y1] = boxes[i];
        return x >= x0 && x <= x1 && y >= y0 && y <= y1 && polygonContains([outline, ...holes], x, y);
      }),
    );
}

/** A door with what a file may say of it. */
export interface KnownDoor extends Omit<DrawnDoor, 'layer' | 'block'> {
  readonly name?: string;
  readonly state?: DoorInput['state'];
}

/**
 * Doors of one level put into the scenario: those with floor on one side only are exits, those with none are left out and
 * told. `taken` has the ids of doors so far.
 */
export function placeDoors(
  known: readonly KnownDoor[],
  floor: readonly Piece[],
  level: string,
  taken: TakenNames,
  issues: Issue[],
  report: ReportLists,
): { doors: DoorInput[]; doorExits: ExitInput[] } {
  const doors: DoorInput[] = [];
  const doorExits: ExitInput[] = [];
  let lost = 0;
  let unseen = 0;
  let unsaid = 0;
  const isFloor = floorTest(floor);
  for (const door of known) {
    const [left, right] = sidesOf(door.line).map(isFloor);
    if (!left && !right) {
      lost++;
      continue;
    }
    const id = freeName(door.name ?? `door ${taken.size + 1}`, taken);
    const line = door.line.map(([x, y]): [number, number] => [Math.round(x * 1e4) / 1e4, Math.round(y * 1e4) / 1e4]);
    if (door.swing === undefined && door.leaf !== 'none') unseen++;
    if (door.state === undefined && door.leaf !== 'none') unsaid++;
    doors.push({
      id,
      level,
      line: [line[0], line[1]],
      leaf: door.leaf,
      ...(door.leaf === 'single' && door.swing !== undefined ? { hinge: 'first' as const } : {}),
      ...(door.swing !== undefined ? { swing: door.swing } : {}),
      ...(door.state !== undefined ? { state: door.state } : {}),
    });
    if (left !== right) doorExits.push({ id: `exit by ${id}`, door: id });
  }
  if (doors.length > 0) {
    const doubles = doors.filter(({ leaf }) => leaf === 'double').length;
    report.read.push(
      `doors: ${doors.length}${doubles > 0 ? `, ${doubles} of them double` : ''}, ${doorExits.length} of them to the outside`,
    );
  }
  if (unsaid > 0)
    report.guessed.push(
      'doors stand open, whatever is drawn; those that are closed, locked or chained are to be told by their "state"',
    );
  if (unseen > 0)
    report.guessed.push(`hinge and swing of ${countThings(unseen, 'door')}, which the file does not show`);
  if (lost > 0) {
    report.ignored.push(`${countThings(lost, 'door')} with no floor on either side`);
    const message = `${countThings(lost, 'door')} lie beside the floor and are left out`;
    issues.push(warningIssue('door-off-floor', '', message, { found: String(lost) }));
  }
  return { doors, doorExits };
}

/** Names that are taken, each with the number to try next where it is wanted again. */
export type TakenNames = Map<string, number>;

/** The name, or with a number behind it where it is taken; then it is taken. At most 100 characters. */
export function freeName(name: string, taken: TakenNames): string {
  const short = [...name].slice(0, 100).join('');
  let free = short;
  let number = taken.get(short) ?? 2;
  while (taken.has(free)) free = `${short} (${number++})`;
  taken.set(short, number);
  if (free !== short) taken.set(free, 2);
  return free;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
