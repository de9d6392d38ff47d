import { errorIssue, type Issue, type Point } from '../scenario/index.ts';
import { findPieces, type Piece } from './plan-pieces.ts';
import { readWkt } from './read-wkt.ts';
import { findElements, scanXml, type XmlElement } from './scan-xml.ts';

/** The walkable area of a plan, for measuring on; no scenario. */
export interface Floor {
  readonly format: 'wkt' | 'jupedsim-xml' | 'crowdit-xml' | 'vadere';
  readonly pieces: readonly Piece[];
  /** What was assumed or left out, in sentences. */
  readonly notes: readonly string[];
}

export interface FloorResult {
  readonly floor?: Floor;
  readonly issues: readonly Issue[];
}

const POINTS_MAX = 1_000_000;
/** Coordinates beyond this are a mistake [m]. */
const COORDINATE_MAX = 1e7;

type Ring = [number, number][];

/**
 * Reads a walkable area [m], told by the content: well-known text (polygons are united), the geometry XML of JuPedSim and
 * JPSreport (rooms, obstacles, the gaps of crossings and transitions closed), crowd:it's XML (one wall is the outline,
 * several are holes in the box round them), Vadere's scenario (bounds less their border and the obstacles). Any text may
 * be given; none makes it throw.
 * @source PedPy 1.5 `load_walkable_area_from_*`
 */
export function readFloor(text: string): FloorResult {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (start.startsWith('<')) return readXml(start);
  if (start.startsWith('{')) return readVadere(start);
  const { polygons, issues, skipped } = readWkt(start);
  const errors = issues.filter((issue) => issue.severity === 'error');
  if (errors.length > 0) return { issues: errors };
  const outlines = polygons.map((polygon) => openRing(polygon.rings[0]?.points ?? []));
  const holes = polygons.flatMap((polygon) => polygon.rings.slice(1).map((ring) => openRing(ring.points)));
  const notes = [...skipped].map(([name, count]) => `${count} ${name} left out: only polygons are floor.`);
  return finish('wkt', outlines, holes, notes);
}

function openRing(points: readonly Point[]): Ring {
  const ring = points.map(([x, y]): [number, number] => [x, y]);
  const last = ring[ring.length - 1];
  if (ring.length > 1 && last !== undefined && last[0] === ring[0]![0] && last[1] === ring[0]![1]) ring.pop();
  return ring;
}

function refuse(code: string, path: string, message: string): FloorResult {
  return { issues: [errorIssue(code, path, message)] };
}

function finish(
  format: Floor['format'],
  outlines: readonly Ring[],
  holes: readonly Ring[],
  notes: readonly string[],
): FloorResult {
  const rings = [...outlines, ...holes];
  if (rings.some((ring) => ring.some((point) => !point.every((value) => Math.abs(value) <= COORDINATE_MAX)))) {
    return refuse('floor-not-numbers', 'geometry', `A coordinate is no number of at most ${COORDINATE_MAX} m.`);
  }
  if (rings.reduce((sum, ring) => sum + ring.length, 0) > POINTS_MAX) {
    return refuse('floor-too-large', 'geometry', `The walkable area has more than ${POINTS_MAX} corners.`);
  }
  const solid = outlines.filter((ring) => ring.length >= 3);
  const pieces =
    solid.length === 0
      ? []
      : findPieces(
          solid,
          holes.filter((ring) => ring.length >= 3),
        );
  if (pieces.length === 0) return refuse('floor-empty', 'geometry', 'The file holds no polygon of walkable area.');
  return { floor: { format, pieces, notes }, issues: [] };
}

function readXml(text: string): FloorResult {
  const { root, fault } = scanXml(text);
  if (root === undefined) return refuse('floor-not-xml', 'geometry', `The file is not XML that is read: ${fault}.`);
  if (root.name === 'geometry') return readJupedsimXml(root);
  if (findElements(root, 'wall').length > 0) return readCrowditXml(root);
  return refuse(
    'floor-not-known',
    'geometry',
    `<${root.name.slice(0, 40)}> is neither JuPedSim’s <geometry> nor crowd:it’s plan.`,
  );
}

function pointsOf(element: XmlElement, child: string, x: string, y: string): Ring {
  return element.children
    .filter((one) => one.name === child)
    .map((one): [number, number] => [toNumber(one.attributes[x]), toNumber(one.attributes[y])]);
}

const toNumber = (text: string | undefined): number =>
  text === undefined || text.trim() === '' ? Number.NaN : Number(text);

function readJupedsimXml(root: XmlElement): FloorResult {
  const unit = root.attributes.unit ?? 'm';
  if (unit !== 'm')
    return refuse('floor-unit', 'geometry', `The geometry's unit should be m, found "${unit.slice(0, 20)}".`);
  const outlines: Ring[] = [];
  const holes: Ring[] = [];
  for (const subroom of findElements(root, 'subroom')) {
    const walls = subroom.children
      .filter((one) => one.name === 'polygon')
      .map((one) => pointsOf(one, 'vertex', 'px', 'py'));
    outlines.push(chain(walls));
    for (const obstacle of subroom.children.filter((one) => one.name === 'obstacle')) {
      holes.push(openRing(chain(findElements(obstacle, 'polygon').map((one) => pointsOf(one, 'vertex', 'px', 'py')))));
    }
  }
  return finish('jupedsim-xml', outlines.map(openRing), holes, []);
}

/** Lines of walls end to end as one ring: from an end to the nearest free one, straight across the gap of a door. */
function chain(walls: readonly Ring[]): Ring {
  const left = walls.filter((line) => line.length > 0);
  const ring = [...(left.shift() ?? [])];
  const square = (a: readonly [number, number], b: readonly [number, number]): number =>
    (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;
  while (left.length > 0) {
    const end = ring[ring.length - 1]!;
    let best = 0;
    let least = Infinity;
    left.forEach((line, k) => {
      const near = Math.min(square(end, line[0]!), square(end, line[line.length - 1]!));
      if (near < least) [best, least] = [k, near];
    });
    const [line] = left.splice(best, 1);
    const turned = square(end, line![0]!) > square(end, line![line!.length - 1]!);
    ring.push(...(turned ? [...line!].reverse() : line!));
  }
  return ring;
}

function readCrowditXml(root: XmlElement): FloorResult {
  const layers = findElements(root, 'layer');
  const walls = (layers.length === 0 ? [root] : layers)
    .flatMap((layer) => layer.children.filter((one) => one.name === 'wall'))
    .map((wall) => openRing(pointsOf(wall, 'point', 'x', 'y')));
  if (walls.length === 1) return finish('crowdit-xml', walls, [], []);
  const all = walls.flat();
  if (all.length === 0) return refuse('floor-empty', 'geometry', 'The plan has no walls.');
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of all) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  const edge = 1e-3;
  const box = rectangle(x0 - edge, y0 - edge, x1 + edge, y1 + edge);
  return finish('crowdit-xml', [box], walls, ['Several walls: the floor is the box round them, less them.']);
}

const rectangle = (x0: number, y0: number, x1: number, y1: number): Ring => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

interface VadereShape {
  readonly type?: unknown;
  readonly x?: unknown;
  readonly y?: unknown;
  readonly width?: unknown;
  readonly height?: unknown;
  readonly points?: unknown;
}

function readVadere(text: string): FloorResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message.slice(0, 200) : String(error);
    return refuse('floor-not-json', 'geometry', `The file is not JSON: ${found}. It was cut off, or is another file.`);
  }
  const field = (from: unknown, key: string): unknown => (from as Record<string, unknown> | null | undefined)?.[key];
  const inner = field(value, 'scenario') ?? field(value, 'vadere');
  const topography = field(inner, 'topography');
  const attributes = field(topography, 'attributes');
  const bounds = field(attributes, 'bounds') as VadereShape | undefined;
  if (bounds === undefined) {
    return refuse(
      'floor-not-known',
      'geometry',
      'This JSON is no Vadere scenario: it has no scenario.topography.attributes.bounds.',
    );
  }
  const width = field(attributes, 'bounded') === false ? 0 : Number(field(attributes, 'boundingBoxWidth') ?? 0.5);
  const [x, y, w, h] = [bounds.x, bounds.y, bounds.width, bounds.height].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const outline = rectangle(x + width, y + width, x + w - width, y + h - width);
  const list = field(topography, 'obstacles');
  const holes: Ring[] = [];
  for (const obstacle of Array.isArray(list) ? list : []) {
    const ring = shapeRing((field(obstacle, 'shape') ?? {}) as VadereShape);
    if (ring === undefined)
      return refuse('floor-not-numbers', 'geometry', 'An obstacle is neither RECTANGLE nor POLYGON.');
    holes.push(ring);
  }
  return finish('vadere', [outline], holes, []);
}

function shapeRing(shape: VadereShape): Ring | undefined {
  if (shape.type === 'RECTANGLE') {
    const [x, y, w, h] = [shape.x, shape.y, shape.width, shape.height].map(Number) as [number, number, number, number];
    return rectangle(x, y, x + w, y + h);
  }
  if (shape.type === 'POLYGON' && Array.isArray(shape.points)) {
    return shape.points.map((point): [number, number] => [Number(point?.x), Number(point?.y)]);
  }
  return undefined;
}
