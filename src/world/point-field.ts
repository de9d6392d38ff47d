import { buildField } from './build-field.ts';
import { TILE_CELLS } from './cell-tables.ts';
import { allocate } from './layout.ts';
import { segmentCuts } from './locate.ts';
import { SEGMENT_FLOATS, SegmentKind, type TravelField, type World } from './world.ts';

/** Half the side of the square that stands for a place [m]. */
const HALF = 0.1;
/** Fields to places kept in each area; beyond them the oldest is made anew for another place. */
const KEPT = 12;

/**
 * Travel field to a place over the cells of its area: walking distances round walls and furniture, as to a portal
 * (`sampleField`). The last twelve of an area are kept; which are kept changes no value, so none of it is state. Making one costs what
 * a portal's field does (`castField`) and may grow the memory.
 */
export function pointField(world: World, area: number, x: number, y: number): TravelField {
  world.pointFields[area] ??= { fields: [], next: 0 };
  const kept = world.pointFields[area];
  for (const field of kept.fields) {
    const [place] = field.target!.line;
    if (place[0] === x && place[1] === y) return field;
  }
  const size = TILE_CELLS * (world.areaTiles[area]?.count ?? 0);
  const reused = kept.fields.length < KEPT ? undefined : kept.fields[kept.next];
  const offset = reused === undefined ? allocate(world, 4 * size) : reused.offset;
  const values = world.views.f32.subarray(offset / 4, offset / 4 + size);
  values.fill(0);
  const target = {
    index: -1,
    id: '',
    areas: [area, -1] as const,
    line: [
      [x, y],
      [x, y],
    ] as const,
    width: 2 * HALF,
    region: [
      [x - HALF, y - HALF],
      [x + HALF, y - HALF],
      [x + HALF, y + HALF],
      [x - HALF, y + HALF],
    ] as const,
    door: -1,
    exit: -1,
    link: -1,
    onlyFrom: -1,
  };
  const cells = buildField(world, target, 0, values);
  const field: TravelField = { portal: -1, side: 0, area, offset, cells, target };
  if (reused === undefined) kept.fields.push(field);
  else {
    kept.fields[kept.next] = field;
    kept.next = (kept.next + 1) % KEPT;
  }
  return field;
}

/**
 * Whether nothing stands between two places of a sheet that one would have to walk round: no wall, no furniture, no shut leaf; bodies are not
 * looked at. What one sees over or through stands in the way all the same: `isInSight` is for eyes.
 * O(length / cell of the walls × walls there). Allocates nothing.
 */
export function hasStraightWay(world: World, sheet: number, x: number, y: number, toX: number, toY: number): boolean {
  const { grid } = world.sheets[sheet];
  const { segments, wallCellStart, wallCellItems } = world.views;
  const dx = toX - x;
  const dy = toY - y;
  const steps = Math.max(1, Math.ceil(Math.sqrt(dx * dx + dy * dy) / (0.5 * grid.wallCell)));
  let before = -1;
  for (let k = 0; k <= steps; k++) {
    const column = Math.floor((x + (dx * k) / steps - grid.x0) / grid.wallCell);
    const row = Math.floor((y + (dy * k) / steps - grid.y0) / grid.wallCell);
    if (!(column >= 0 && row >= 0 && column < grid.wallColumns && row < grid.wallRows)) return false;
    const cell = grid.wallCellBase + row * grid.wallColumns + column;
    if (cell === before) continue;
    before = cell;
    for (let item = wallCellStart[cell]; item < wallCellStart[cell + 1]; item++) {
      const s = wallCellItems[item] * SEGMENT_FLOATS;
      const kind = segments[s + 7];
      const stops = kind === SegmentKind.wall || (kind === SegmentKind.leaf && segments[s + 9] !== 0);
      if (stops && segmentCuts(segments, s, x, y, toX, toY)) return false;
    }
  }
  return true;
}
