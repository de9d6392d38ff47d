import { exactCos, exactSin } from '../math/index.ts';
import { errorIssue } from '../scenario/index.ts';
import type { ImportNotes } from './import-notes.ts';
import type { Fields } from './loose-fields.ts';
import { growRing } from './plan-pieces.ts';

/** Sides of the polygon that stands for a circle, of the same area. */
const SIDES = 32;

/** A place of a topography: a polygon or a circle [m]. */
export type Shape =
  | { readonly ring: readonly [number, number][] }
  | { readonly center: readonly [number, number]; readonly radius: number };

/**
 * The `shape` of an element: RECTANGLE, POLYGON or CIRCLE, in any order of keys. `undefined` where it is missing or wrong (noted).
 * @param isObstacle it may cross itself, and may have no area, for it is united with others
 */
export function readShape(element: Fields, notes: ImportNotes, isObstacle = false): Shape | undefined {
  const shape = element.object('shape', 'shape');
  if (shape === undefined) {
    if (!element.has('shape')) {
      const message = 'the element has no shape; give it one';
      notes.issues.push(errorIssue('missing-field', element.pathOf('shape'), message, { expected: 'a shape' }));
    }
    return undefined;
  }
  const kind = shape.text('type') ?? (shape.has('points') ? 'POLYGON' : shape.has('radius') ? 'CIRCLE' : 'RECTANGLE');
  const read = readKind(shape, kind.toUpperCase(), notes, isObstacle);
  shape.finish();
  return read;
}

function readKind(shape: Fields, kind: string, notes: ImportNotes, isObstacle: boolean): Shape | undefined {
  const place = { min: -1e8, max: 1e8, unit: 'm' };
  switch (kind) {
    case 'RECTANGLE': {
      const [x, y] = [shape.number('x', place), shape.number('y', place)];
      const [width, height] = [shape.number('width', place), shape.number('height', place)];
      if (x === undefined || y === undefined || width === undefined || height === undefined) {
        for (const key of ['x', 'y', 'width', 'height']) {
          if (shape.has(key)) continue;
          const message = `a rectangle has x, y, width and height; "${key}" is missing`;
          notes.issues.push(errorIssue('missing-field', shape.pathOf(key), message));
        }
        return undefined;
      }
      // A line is a place, too: a thousandth makes it a region.
      const [right, top] = [x + Math.max(Math.abs(width), 1e-3), y + Math.max(Math.abs(height), 1e-3)];
      return {
        ring: [
          [x, y],
          [right, y],
          [right, top],
          [x, top],
        ],
      };
    }
    case 'POLYGON': {
      const ring = shape.ring('points', isObstacle);
      return ring === undefined ? undefined : { ring };
    }
    case 'CIRCLE': {
      const center = shape.point('center');
      const radius = shape.number('radius', { min: 0, max: 1e6, unit: 'm' });
      if (center !== undefined && radius !== undefined) return { center, radius: Math.max(radius, 1e-3) };
      if (!shape.has('center') || !shape.has('radius')) {
        const message = 'a circle has a center and a radius; add what is missing';
        notes.issues.push(errorIssue('missing-field', shape.pathOf(), message));
      }
      return undefined;
    }
    default: {
      shape.skip(...shape.unread());
      const message = `the shape ${JSON.stringify(kind.slice(0, 40))} is not known; draw it as POLYGON`;
      notes.issues.push(
        errorIssue('unknown-word', shape.pathOf('type'), message, { expected: 'RECTANGLE, POLYGON, CIRCLE' }),
      );
      return undefined;
    }
  }
}

/** The polygon of a shape, a circle as one of the same area. */
export function ringOf(shape: Shape): [number, number][] {
  if ('ring' in shape) return shape.ring.map(([x, y]) => [x, y]);
  const { center, radius } = shape;
  const step = (2 * Math.PI) / SIDES;
  const reach = radius * Math.sqrt(step / exactSin(step));
  return Array.from({ length: SIDES }, (_, i): [number, number] => [
    center[0] + reach * exactCos(i * step),
    center[1] + reach * exactSin(i * step),
  ]);
}

/** The polygon of all that lies in a shape or nearer to it than `distance` [m]. */
export function grownRing(shape: Shape, distance: number): [number, number][] {
  if ('center' in shape) return ringOf({ center: shape.center, radius: shape.radius + distance });
  if (distance <= 0) return ringOf(shape);
  const grown = growRing(shape.ring, distance);
  // One, but for rings that touch themselves; then the largest comes first by its number of corners, roughly.
  return grown.sort((a, b) => b.length - a.length)[0] ?? ringOf(shape);
}

/** Middle of the box around a shape. */
export function middleOf(shape: Shape): [number, number] {
  if ('center' in shape) return [shape.center[0], shape.center[1]];
  const xs = shape.ring.map(([x]) => x);
  const ys = shape.ring.map(([, y]) => y);
  const middle = (values: readonly number[]) =>
    (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
  return [middle(xs), middle(ys)];
}
