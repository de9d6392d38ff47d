import { errorIssue, formatPlace, type Issue, lineAndColumn, type Point, warningIssue } from '../scenario/index.ts';

/** How large a text may be. */
export interface WktLimits {
  readonly bytesMax: number;
  /** Collections inside each other. */
  readonly depthMax: number;
  /** Points in the whole text. */
  readonly pointsMax: number;
}

export const DEFAULT_WKT_LIMITS: WktLimits = { bytesMax: 64 * 1024 * 1024, depthMax: 32, pointsMax: 1_000_000 };

/** A ring as written (its last point repeats the first, where it was so written), with its place in the text. */
export interface WktRing {
  readonly points: Point[];
  readonly offset: number;
}

export interface WktPolygon {
  /** Outline first, then holes. */
  readonly rings: WktRing[];
  readonly offset: number;
}

export interface WktContent {
  readonly polygons: WktPolygon[];
  readonly issues: Issue[];
  /** Geometries that are no polygons, and empty ones: name → how many. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Points of which a third or fourth coordinate was dropped. */
  readonly droppedCoordinates: number;
  readonly srid: number | undefined;
}

const SHAPES: Readonly<Record<string, number>> = {
  // Brackets around a point: 0 `POINT (x y)`, 1 `LINESTRING (x y, …)`, 2 `POLYGON ((x y, …), …)`, 3 `MULTIPOLYGON (((…)))`.
  POINT: 1,
  LINESTRING: 1,
  MULTIPOINT: 1,
  POLYGON: 2,
  MULTILINESTRING: 2,
  TRIANGLE: 2,
  MULTIPOLYGON: 3,
};

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const WORD = /[A-Za-z]+/y;

/** Thrown inside this file only, where nothing after a fault can be read. */
class Unreadable extends Error {}

/**
 * Reads well-known text: one geometry or several one after the other, in any case and spacing, with `SRID=…;` before
 * them and lines starting with `#` between them. Polygons are kept, other shapes counted. Ends at the first fault.
 * @source OGC 06-103r4, Simple feature access, part 1, chapter 7; `SRID=` as PostGIS writes it
 */
export function readWkt(text: string, limits: WktLimits = DEFAULT_WKT_LIMITS): WktContent {
  const polygons: WktPolygon[] = [];
  const issues: Issue[] = [];
  const skipped = new Map<string, number>();
  let at = 0;
  let points = 0;
  let droppedCoordinates = 0;
  let srid: number | undefined;

  const fail: (offset: number, message: string, code?: string) => never = (offset, message, code = 'wkt-syntax') => {
    const place = lineAndColumn(text, offset);
    const found = offset >= text.length ? 'end of text' : JSON.stringify(text.slice(offset, offset + 20));
    issues.push({ ...errorIssue(code, formatPlace(place), message, { found }), ...place });
    throw new Unreadable();
  };
  const skipSpace = (): void => {
    for (;;) {
      while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
      const isComment =
        text[at] === '#' && (at === 0 || /^[\t ]*$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at)));
      if (!isComment) return;
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end + 1;
    }
  };
  const take = (character: string, why: string): void => {
    skipSpace();
    if (text[at] !== character)
      fail(at, `"${character}" is expected here, ${why}; balance the brackets and separate points by commas`);
    at++;
  };
  const next = (character: string): boolean => {
    skipSpace();
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const readWord = (): string | undefined => {
    skipSpace();
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0];
    if (word === undefined) return undefined;
    at += word.length;
    return word.toUpperCase();
  };
  const readPoint = (): Point => {
    const offset = at;
    const numbers: number[] = [];
    for (;;) {
      skipSpace();
      NUMBER.lastIndex = at;
      const token = NUMBER.exec(text)?.[0];
      if (token === undefined) break;
      const value = Number(token);
      if (!Number.isFinite(value)) fail(at, `${token} is too large a number; mend it`);
      numbers.push(value);
      at += token.length;
      if (numbers.length > 4) fail(at, 'a point has at most four coordinates; put a comma between points');
      if (!/[\s,()]/.test(text[at] ?? ','))
        fail(at, 'a number ends strangely here; points are written as "1.5 2, 3 4"');
    }
    if (numbers.length === 0) fail(at, 'a coordinate is expected here; points are written as "1.5 2, 3 4"');
    if (numbers.length === 1)
      fail(at, 'a point needs two coordinates, x and y; add the second, with a space between them and no comma');
    if (numbers.length > 2) droppedCoordinates++;
    if (++points > limits.pointsMax)
      fail(offset, `the plan has more than ${limits.pointsMax} points; simplify it`, 'too-many-points');
    return [numbers[0], numbers[1]];
  };
  const readList = (read: () => void): void => {
    take('(', 'to start a list');
    do read();
    while (next(','));
    take(')', 'to end the list, or a comma to go on');
  };
  const readPoints = (): Point[] => {
    const list: Point[] = [];
    readList(() => {
      skipSpace();
      if (text[at] === '(') readList(() => list.push(readPoint()));
      else list.push(readPoint());
    });
    return list;
  };
  const readPolygon = (): WktPolygon => {
    skipSpace();
    const polygon: WktPolygon = { rings: [], offset: at };
    readList(() => {
      skipSpace();
      const offset = at;
      if (text[at] !== '(')
        fail(at, 'a ring starts with "("; a polygon has two brackets: POLYGON ((0 0, 1 0, 1 1, 0 0))');
      const points: Point[] = [];
      readList(() => points.push(readPoint()));
      polygon.rings.push({ points, offset });
    });
    return polygon;
  };
  const skip = (name: string): void => {
    skipped.set(name, (skipped.get(name) ?? 0) + 1);
  };
  const readGeometry = (depth: number): void => {
    skipSpace();
    const offset = at;
    const word = readWord();
    if (word === undefined)
      fail(at, 'the name of a shape is expected here, such as POLYGON; see the file at this place');
    const name = word in SHAPES || word === 'GEOMETRYCOLLECTION' ? word : word.replace(/(ZM|Z|M)$/, '');
    if (!(name in SHAPES) && name !== 'GEOMETRYCOLLECTION') {
      fail(offset, `${word} is no shape that can be read; POLYGON, MULTIPOLYGON and GEOMETRYCOLLECTION can`);
    }
    let flag = readWord();
    if (flag === 'Z' || flag === 'M' || flag === 'ZM') flag = readWord();
    if (flag === 'EMPTY') {
      skip(`${name} EMPTY`);
      return;
    }
    if (flag !== undefined) fail(at - flag.length, `${flag} cannot stand here; after ${name} comes "(" or EMPTY`);
    if (name === 'GEOMETRYCOLLECTION') {
      if (depth >= limits.depthMax)
        fail(offset, `collections lie more than ${limits.depthMax} deep in each other; take some out`, 'too-deep');
      readList(() => readGeometry(depth + 1));
      return;
    }
    if (name === 'POLYGON' || name === 'TRIANGLE') polygons.push(readPolygon());
    else if (name === 'MULTIPOLYGON') {
      readList(() => {
        if (isEmptyNext()) return;
        polygons.push(readPolygon());
      });
    } else {
      skip(name);
      if (SHAPES[name] === 2) readList(() => readPoints());
      else readPoints();
    }
  };
  const isEmptyNext = (): boolean => {
    const before = at;
    if (readWord() === 'EMPTY') return true;
    at = before;
    return false;
  };

  try {
    for (;;) {
      skipSpace();
      while (next(';')) skipSpace();
      if (at >= text.length) break;
      const before = at;
      if (readWord() === 'SRID' && next('=')) {
        skipSpace();
        NUMBER.lastIndex = at;
        const token = NUMBER.exec(text)?.[0] ?? fail(at, 'the number of a coordinate system is expected after SRID=');
        srid = Number(token);
        at += token.length;
        if (!next(';')) fail(at, 'a semicolon is expected after SRID=…');
      } else {
        at = before;
        readGeometry(0);
      }
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  if (droppedCoordinates > 0) {
    const message = `${droppedCoordinates} points have heights or measures; a plan is flat, they are dropped; give the level's elevation yourself`;
    issues.push(warningIssue('wkt-coordinates-dropped', '', message, { expected: 'x y', found: 'x y z' }));
  }
  return { polygons, issues, skipped, droppedCoordinates, srid };
}
