import { errorIssue, type Issue, type Point } from '../scenario/index.ts';
import { arcOfBulge, flattenArc, flattenCircleArc, flattenSpline, isSpline } from './flatten-curves.ts';
import { DEFAULT_DXF_LIMITS, type DxfCurve, type DxfEntity, type DxfFile, type DxfLimits } from './read-dxf.ts';

/** An arc that a shape consists of, for whoever looks for the swing of a door [m]. */
export interface ShapeArc {
  readonly centre: Point;
  readonly radius: number;
  readonly from: Point;
  readonly to: Point;
  /** [rad], without sign. */
  readonly sweep: number;
}

/** A line, outline or filled region of a drawing, where it lies in the plan [m]. */
export interface Shape {
  readonly type: string;
  readonly layer: string;
  /** Line of the file that it comes from. */
  readonly line: number;
  /** Names of the blocks it lies in, the outermost first. */
  readonly blocks: readonly string[];
  /** The placings of those blocks, each with a number of its own. */
  readonly inserts: readonly number[];
  /** Curves one after the other: one for all but hatches. */
  readonly paths: readonly { readonly points: [number, number][]; readonly closed: boolean }[];
  readonly filled: boolean;
  readonly width: number;
  readonly z: number;
  readonly arcs: readonly ShapeArc[];
}

export interface Label {
  readonly layer: string;
  readonly words: string;
  readonly at: Point;
  readonly height: number;
  readonly blocks: readonly string[];
}

export interface ExpandedDxf {
  readonly shapes: readonly Shape[];
  readonly labels: readonly Label[];
  /** What cannot be taken over: `TYPE on layer NAME: why` → how often. */
  readonly unread: ReadonlyMap<string, number>;
  /** Curves that were replaced by chords. */
  readonly flattened: number;
  /** Copies of blocks that were placed. */
  readonly inserts: number;
  readonly issues: readonly Issue[];
}

/** x' = a·x + c·y + e, y' = b·x + d·y + f. */
type Affine = readonly [number, number, number, number, number, number];
const IDENTITY: Affine = [1, 0, 0, 1, 0, 0];

/** Entities with those of placed blocks, each time they are placed. */
const PLACED_MAX = 2_000_000;

class TooMuch extends Error {}

/**
 * The drawing with every block placed (arrays place by place) and every curve turned into chords, in metres.
 * What lies on layer 0 in a block is on the layer of its placing. Blocks that contain themselves are cut short and told.
 * @param unit length of the drawing's unit [m]; `sagitta` in metres.
 */
export function expandDxf(
  file: DxfFile,
  unit: number,
  sagitta: number,
  limits: DxfLimits = DEFAULT_DXF_LIMITS,
): ExpandedDxf {
  const shapes: Shape[] = [];
  const labels: Label[] = [];
  const unread = new Map<string, number>();
  const issues: Issue[] = [];
  let flattened = 0;
  let points = 0;
  let inserts = 0;
  let placed = 0;
  const skip = (entity: DxfEntity, layer: string, why: string): void => {
    const key = `${entity.type} on layer ${layer}: ${why}`;
    unread.set(key, (unread.get(key) ?? 0) + 1);
  };
  const tooMuch: (code: string, message: string) => never = (code, message) => {
    issues.push(errorIssue(code, '', message));
    throw new TooMuch();
  };

  const place = (
    entity: DxfEntity,
    at: Affine,
    layer: string,
    blocks: readonly string[],
    placings: readonly number[],
  ): void => {
    if (++placed > PLACED_MAX)
      tooMuch(
        'too-many-entities',
        `the drawing has more than ${PLACED_MAX} entities with its blocks placed; simplify it`,
      );
    if (entity.unread !== undefined) {
      skip(entity, layer, entity.unread);
      return;
    }
    const plane = entity.normal === undefined ? at : multiply(at, planeOf(entity.normal, entity.z));
    const scale = Math.max(stretch(plane, 1, 0), stretch(plane, 0, 1));
    if (entity.text !== undefined) {
      const [x, y] = apply(plane, entity.text.at);
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        skip(entity, layer, 'off the plan');
        return;
      }
      labels.push({ layer, words: entity.text.words, at: [x, y], height: entity.text.height * scale, blocks });
      return;
    }
    if (entity.insert !== undefined) {
      placeBlock(entity, plane, layer, blocks, placings);
      return;
    }
    const own = scale > 0 ? sagitta / scale : sagitta;
    const paths: { points: [number, number][]; closed: boolean }[] = [];
    const arcs: ShapeArc[] = [];
    for (const curve of entity.curves) {
      const flat = flatten(curve, own, (arc) => {
        const centre = apply(plane, arc.centre);
        const [from, to] = [apply(plane, arc.from), apply(plane, arc.to)];
        arcs.push({ centre, from, to, radius: distance(centre, from), sweep: Math.abs(arc.sweep) });
      });
      if (flat === undefined) {
        skip(entity, layer, 'a spline whose knots and points do not belong together');
        continue;
      }
      if (flat.isCurved) flattened++;
      points += flat.points.length;
      if (points > limits.pointsMax)
        tooMuch(
          'too-many-points',
          `the drawing has more than ${limits.pointsMax} points with its blocks placed; simplify it, or give a greater --sagitta`,
        );
      const moved = flat.points.map((p) => apply(plane, p));
      if (moved.some(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y))) {
        skip(entity, layer, 'off the plan');
        continue;
      }
      if (moved.length > 0) paths.push({ points: moved, closed: flat.closed });
    }
    if (paths.length === 0) return;
    shapes.push({
      type: entity.type,
      layer,
      line: entity.line,
      blocks,
      inserts: placings,
      paths,
      filled: entity.filled,
      width: entity.width * scale,
      z: entity.z * unit,
      arcs,
    });
  };

  const placeBlock = (
    entity: DxfEntity,
    at: Affine,
    layer: string,
    blocks: readonly string[],
    placings: readonly number[],
  ): void => {
    const {
      block: name,
      at: [x, y],
      scale,
      rotation,
      columns,
      rows,
      columnSpacing,
      rowSpacing,
    } = entity.insert!;
    const block = file.blocks.get(name);
    const obstacle =
      block === undefined
        ? `of block ${name}, which the file does not have`
        : block.isExternal
          ? `of ${name}, which is another file`
          : blocks.includes(name)
            ? `of block ${name} inside itself`
            : blocks.length >= limits.depthMax
              ? `more than ${limits.depthMax} blocks deep`
              : undefined;
    if (block === undefined || obstacle !== undefined) {
      skip(entity, layer, obstacle ?? '');
      return;
    }
    if (block.entities.length === 0) return;
    const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
    const turned: Affine = [scale[0] * cos, scale[0] * sin, -scale[1] * sin, scale[1] * cos, 0, 0];
    const [baseX, baseY] = apply(turned, block.base);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (++inserts > limits.insertsMax)
          tooMuch(
            'too-many-inserts',
            `more than ${limits.insertsMax} blocks are placed (arrays counted place by place); simplify the drawing`,
          );
        // The array is turned with the block, but not scaled.
        const along = column * columnSpacing;
        const up = row * rowSpacing;
        const here: Affine = [
          turned[0],
          turned[1],
          turned[2],
          turned[3],
          x - baseX + cos * along - sin * up,
          y - baseY + sin * along + cos * up,
        ];
        const inner = multiply(at, here);
        const own = [...placings, inserts];
        for (const one of block.entities)
          place(one, inner, one.layer === '0' ? layer : one.layer, [...blocks, name], own);
      }
    }
  };

  try {
    const whole: Affine = [unit, 0, 0, unit, 0, 0];
    for (const entity of file.entities) place(entity, whole, entity.layer, [], []);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
  }
  return { shapes, labels, unread, flattened, inserts, issues };
}

interface FlatCurve {
  points: [number, number][];
  closed: boolean;
  isCurved: boolean;
}

function flatten(
  curve: DxfCurve,
  sagitta: number,
  tellArc: (arc: { centre: Point; from: Point; to: Point; sweep: number }) => void,
): FlatCurve | undefined {
  if (curve.kind === 'arc') {
    const points = flattenArc(curve.centre, curve.major, curve.minor, curve.start, curve.sweep, sagitta);
    const isWhole = Math.abs(curve.sweep) >= 2 * Math.PI - 1e-6;
    const round = Math.abs(curve.major[0] ** 2 + curve.major[1] ** 2 - curve.minor[0] ** 2 - curve.minor[1] ** 2);
    if (!isWhole && round <= 1e-6 * (curve.major[0] ** 2 + curve.major[1] ** 2))
      tellArc({ centre: curve.centre, from: points[0], to: points[points.length - 1], sweep: curve.sweep });
    if (isWhole) points.pop();
    return { points, closed: isWhole, isCurved: true };
  }
  if (curve.kind === 'spline') {
    if (curve.controls.length === 0 && curve.fit.length > 1)
      return { points: curve.fit.map(([x, y]) => [x, y]), closed: curve.closed, isCurved: true };
    if (!isSpline(curve)) return undefined;
    return { points: flattenSpline(curve, sagitta), closed: curve.closed, isCurved: true };
  }
  if (curve.bulges.length === 0)
    return { points: curve.points.map(([x, y]) => [x, y]), closed: curve.closed, isCurved: false };
  const points: [number, number][] = [];
  let isCurved = false;
  const count = curve.points.length;
  for (let i = 0; i < count; i++) {
    const a = curve.points[i];
    points.push([a[0], a[1]]);
    if (i === count - 1 && !curve.closed) break;
    const b = curve.points[(i + 1) % count];
    const arc = arcOfBulge(a, b, curve.bulges[i] ?? 0);
    if (arc === undefined) continue;
    isCurved = true;
    tellArc({ centre: arc.centre, from: a, to: b, sweep: arc.sweep });
    points.push(...flattenCircleArc(arc.centre, arc.radius, arc.start, arc.sweep, sagitta).slice(1, -1));
  }
  return { points, closed: curve.closed, isCurved };
}

/**
 * The plane of an entity that is not drawn in the plan's: its axes by the arbitrary axis algorithm, seen from above.
 * @source Autodesk, DXF reference, “Object coordinate systems”
 */
function planeOf(normal: readonly [number, number, number], z: number): Affine {
  const length = Math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2);
  if (!(length > 0)) return IDENTITY;
  const [nx, ny, nz] = normal.map((part) => part / length);
  const near = Math.abs(nx) < 1 / 64 && Math.abs(ny) < 1 / 64;
  // y × n or z × n.
  let ax = near ? [nz, 0, -nx] : [-ny, nx, 0];
  const size = Math.sqrt(ax[0] ** 2 + ax[1] ** 2 + ax[2] ** 2);
  ax = ax.map((part) => part / size);
  const ay = [ny * ax[2] - nz * ax[1], nz * ax[0] - nx * ax[2]];
  return [ax[0], ax[1], ay[0], ay[1], z * nx, z * ny];
}

function multiply(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  return [
    a * inner[0] + c * inner[1],
    b * inner[0] + d * inner[1],
    a * inner[2] + c * inner[3],
    b * inner[2] + d * inner[3],
    a * inner[4] + c * inner[5] + e,
    b * inner[4] + d * inner[5] + f,
  ];
}

/** The place moved, to the micrometre: what lies below is noise of the arithmetic. */
function apply([a, b, c, d, e, f]: Affine, [x, y]: Point): [number, number] {
  return [Math.round((a * x + c * y + e) * 1e6) / 1e6, Math.round((b * x + d * y + f) * 1e6) / 1e6];
}

function stretch([a, b, c, d]: Affine, x: number, y: number): number {
  return Math.sqrt((a * x + c * y) ** 2 + (b * x + d * y) ** 2);
}

function distance(a: Point, b: Point): number {
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2);
}
