import { errorIssue, type Issue, warningIssue } from '../scenario/index.ts';

/** How large a drawing may be. */
export interface DxfLimits {
  readonly bytesMax: number;
  /** Entities as written, before blocks are expanded. */
  readonly entitiesMax: number;
  /** Points in the whole file, and again after blocks are expanded and curves flattened. */
  readonly pointsMax: number;
  /** Copies of blocks, counting every place of an array. */
  readonly insertsMax: number;
  /** Blocks inside each other. */
  readonly depthMax: number;
}

export const DEFAULT_DXF_LIMITS: DxfLimits = {
  bytesMax: 64 * 1024 * 1024,
  entitiesMax: 500_000,
  pointsMax: 1_000_000,
  insertsMax: 100_000,
  depthMax: 32,
};

type Place = readonly [number, number];

/** One curve as drawn, in the entity's own coordinates. Angles in radians. */
export type DxfCurve =
  | {
      readonly kind: 'polyline';
      readonly points: readonly Place[];
      /** One a point: tan of a quarter of the angle of the arc to the next; empty where all are straight. */
      readonly bulges: readonly number[];
      readonly closed: boolean;
    }
  | {
      readonly kind: 'arc';
      readonly centre: Place;
      readonly major: Place;
      readonly minor: Place;
      readonly start: number;
      readonly sweep: number;
    }
  | {
      readonly kind: 'spline';
      readonly degree: number;
      readonly knots: readonly number[];
      readonly controls: readonly Place[];
      readonly weights: readonly number[];
      readonly fit: readonly Place[];
      readonly closed: boolean;
    };

export interface DxfInsert {
  readonly block: string;
  readonly at: Place;
  readonly scale: Place;
  /** [rad] */
  readonly rotation: number;
  readonly columns: number;
  readonly rows: number;
  readonly columnSpacing: number;
  readonly rowSpacing: number;
}

export interface DxfEntity {
  /** `LINE`, `LWPOLYLINE`, … */
  readonly type: string;
  readonly layer: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Direction of the plane it is drawn in; undefined where its coordinates are the drawing's own. */
  readonly normal: readonly [number, number, number] | undefined;
  readonly z: number;
  readonly curves: readonly DxfCurve[];
  /** Whether the curves bound a filled region (hatch, solid, face). */
  readonly filled: boolean;
  /** Drawn width of a polyline [units]. */
  readonly width: number;
  readonly insert?: DxfInsert;
  readonly text?: { readonly words: string; readonly at: Place; readonly height: number };
  /** Why it cannot be taken over, where it cannot. */
  readonly unread?: string;
}

export interface DxfBlock {
  readonly base: Place;
  readonly isExternal: boolean;
  readonly entities: DxfEntity[];
}

export interface DxfFile {
  /** `AC1009` (R12) … `AC1032` (2018). */
  readonly version: string | undefined;
  /** Code of $INSUNITS, 0 where it is not given. */
  readonly insertUnits: number;
  readonly isMetric: boolean | undefined;
  /** By name in capitals. */
  readonly layers: ReadonlyMap<string, { readonly name: string; readonly isHidden: boolean }>;
  readonly blocks: ReadonlyMap<string, DxfBlock>;
  readonly entities: readonly DxfEntity[];
  /** Entities in paper space or set invisible. */
  readonly offModel: number;
  readonly issues: Issue[];
}

const BINARY_MARK = 'AutoCAD Binary DXF';
/** Code pages that writers before 2007 name, as `TextDecoder` names them. */
const CODE_PAGES: Readonly<Record<string, string>> = {
  ANSI_874: 'windows-874',
  ANSI_932: 'shift_jis',
  ANSI_936: 'gbk',
  ANSI_949: 'euc-kr',
  ANSI_950: 'big5',
  ANSI_1250: 'windows-1250',
  ANSI_1251: 'windows-1251',
  ANSI_1252: 'windows-1252',
  ANSI_1253: 'windows-1253',
  ANSI_1254: 'windows-1254',
  ANSI_1255: 'windows-1255',
  ANSI_1256: 'windows-1256',
  ANSI_1257: 'windows-1257',
  ANSI_1258: 'windows-1258',
};
const FAULTS_MAX = 20;

/** Whether a file starts like a drawing: text DXF, binary DXF or DWG (the last two to be told that they cannot be read). */
export function recogniseDxf(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  if (start.startsWith(BINARY_MARK) || /^AC10\d\d/.test(start)) return true;
  return /^\s*(?:999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\s*\r?\n/.test(start);
}

/** Thrown inside this file only, where nothing after a fault can be read. */
class Unreadable extends Error {}

/**
 * Reads an ASCII drawing of R12 … 2018: units, layers, blocks and entities, as written. Everything it meets is in the
 * result or in `issues`; entities of kinds it does not know are there too, with `unread`. A file that ends before its
 * last section does is an error, since parts of the building would be missing.
 * @source Autodesk, DXF reference, 2012 and 2018; R12 by its own reference
 */
export function readDxf(bytes: Uint8Array, limits: DxfLimits = DEFAULT_DXF_LIMITS): DxfFile {
  const issues: Issue[] = [];
  const layers = new Map<string, { name: string; isHidden: boolean }>();
  const blocks = new Map<string, DxfBlock>();
  const entities: DxfEntity[] = [];
  const header = {
    version: undefined as string | undefined,
    insertUnits: 0,
    isMetric: undefined as boolean | undefined,
  };
  let offModel = 0;
  const result = (): DxfFile => ({ ...header, layers, blocks, entities, offModel, issues });

  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 65_536));
  if (start.startsWith(BINARY_MARK)) {
    const message = 'this is a binary DXF file; save it as ASCII (text) DXF and import that';
    issues.push(errorIssue('dxf-binary', '', message, { expected: 'ASCII DXF', found: 'binary DXF' }));
    return result();
  }
  if (/^AC10\d\d/.test(start)) {
    const message = 'this is a DWG file, whose format is not public; save it as ASCII DXF and import that';
    issues.push(errorIssue('dwg-file', '', message, { expected: 'ASCII DXF', found: 'DWG' }));
    return result();
  }
  const text = decode(bytes, start);

  // The reader: `code` and `value` are the group that `advance` came to.
  let at = 0;
  let line = 0;
  let code = 0;
  let value = '';
  const nextLine = (): string => {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const content = text.slice(at, end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
    at = end + 1;
    line++;
    return content;
  };
  const fail: (errorCode: string, message: string, found?: string) => never = (errorCode, message, found) => {
    issues.push({ ...errorIssue(errorCode, `line ${line}`, message, found === undefined ? {} : { found }), line });
    throw new Unreadable();
  };
  const advance = (): boolean => {
    for (;;) {
      if (at >= text.length) return false;
      const first = nextLine();
      if (first.trim() === '' && text.slice(at, at + 1000).trim() === '' && at + 1000 >= text.length) return false;
      if (!/^\s*-?\d{1,4}\s*$/.test(first))
        fail(
          'dxf-syntax',
          'a group code, a whole number, is expected here; the file is damaged or no DXF',
          first.slice(0, 20),
        );
      code = Number(first);
      if (at >= text.length && text.charCodeAt(text.length - 1) !== 10) return false;
      value = nextLine();
      if (code !== 999) return true;
    }
  };

  let badNumbers = 0;
  let points = 0;
  const number = (): number => {
    const parsed = Number(value);
    if (Number.isFinite(parsed) && value.trim() !== '') return parsed;
    badNumbers++;
    if (badNumbers <= FAULTS_MAX) {
      const message = `${JSON.stringify(value.trim().slice(0, 30))} is no finite number (group code ${code}); mend it`;
      issues.push({ ...errorIssue('dxf-number', `line ${line}`, message, { found: value.trim().slice(0, 30) }), line });
    }
    return 0;
  };
  const countPoint = (): void => {
    if (++points > limits.pointsMax)
      fail(
        'too-many-points',
        `the drawing has more than ${limits.pointsMax} points; simplify it, or export the one storey`,
      );
  };

  /** Reads one entity, whose type is the present value, up to the next group 0, which is then the present group. */
  const readEntity = (): DxfEntity | undefined => {
    const type = value.trim().toUpperCase();
    const begin = line;
    const groups = makeGroups();
    let more = true;
    for (;;) {
      more = advance();
      if (!more || code === 0) break;
      takeGroup(groups, type, code, value, number, countPoint);
    }
    if (!more) throw new Unreadable();
    const inPaper = groups.integers.get(67) === 1;
    const isHidden = groups.integers.get(60) === 1;
    if (type === 'POLYLINE') {
      const vertices = readVertices();
      if (inPaper || isHidden) {
        offModel++;
        return undefined;
      }
      return makePolyline(groups, vertices, begin);
    }
    if (inPaper || isHidden) {
      offModel++;
      return undefined;
    }
    return makeEntity(type, groups, begin);
  };
  /** The vertices that follow a POLYLINE; the group after its SEQEND is then the present one. */
  const readVertices = (): Groups[] => {
    const vertices: Groups[] = [];
    while (code === 0 && value.trim().toUpperCase() === 'VERTEX') {
      const groups = makeGroups();
      for (;;) {
        if (!advance()) throw new Unreadable();
        if (code === 0) break;
        takeGroup(groups, 'VERTEX', code, value, number, countPoint);
      }
      vertices.push(groups);
    }
    if (code === 0 && value.trim().toUpperCase() === 'SEQEND') {
      do {
        if (!advance()) throw new Unreadable();
      } while (code !== 0);
    }
    return vertices;
  };
  const keep = (list: DxfEntity[], entity: DxfEntity | undefined): void => {
    if (entity === undefined) return;
    if (list.push(entity) > limits.entitiesMax)
      fail('too-many-entities', `the drawing has more than ${limits.entitiesMax} entities; simplify it`);
  };

  const readHeader = (): void => {
    let name = '';
    while (advance() && !(code === 0 && value.trim() === 'ENDSEC')) {
      if (code === 9) name = value.trim();
      else if (name === '$ACADVER' && code === 1) header.version = value.trim();
      else if (name === '$INSUNITS' && code === 70) header.insertUnits = Math.trunc(number());
      else if (name === '$MEASUREMENT' && code === 70) header.isMetric = number() === 1;
      else if (name === '' && code === 0) return;
    }
  };
  const readTables = (): void => {
    let layer: { name: string; isHidden: boolean } | undefined;
    while (advance()) {
      if (code === 0) {
        if (layer !== undefined && layer.name !== '') layers.set(layer.name.toUpperCase(), layer);
        layer = value.trim() === 'LAYER' ? { name: '', isHidden: false } : undefined;
        if (value.trim() === 'ENDSEC') return;
      } else if (layer !== undefined) {
        if (code === 2) layer.name = decodeEscapes(value.trim());
        else if (code === 70 && (number() & 1) === 1) layer.isHidden = true;
        else if (code === 62 && number() < 0) layer.isHidden = true;
      }
    }
    throw new Unreadable();
  };
  const readBlocks = (): void => {
    if (!advance()) throw new Unreadable();
    for (;;) {
      const word = value.trim().toUpperCase();
      if (code === 0 && word === 'ENDSEC') return;
      if (code !== 0 || word !== 'BLOCK') {
        if (!advance()) throw new Unreadable();
        continue;
      }
      let name = '';
      let isExternal = false;
      const base: [number, number] = [0, 0];
      for (;;) {
        if (!advance()) throw new Unreadable();
        if (code === 0) break;
        if (code === 2) name = decodeEscapes(value.trim());
        else if (code === 10) base[0] = number();
        else if (code === 20) base[1] = number();
        else if (code === 70) isExternal = (number() & (4 | 8)) !== 0;
      }
      const block: DxfBlock = { base, isExternal, entities: [] };
      while (!(code === 0 && ['ENDBLK', 'BLOCK', 'ENDSEC'].includes(value.trim().toUpperCase())))
        keep(block.entities, readEntity());
      blocks.set(name.toUpperCase(), block);
    }
  };
  const readEntities = (): void => {
    if (!advance()) throw new Unreadable();
    while (!(code === 0 && value.trim().toUpperCase() === 'ENDSEC')) keep(entities, readEntity());
  };

  let sections = 0;
  let isEnded = false;
  try {
    for (;;) {
      if (!advance()) break;
      if (code !== 0) continue;
      const word = value.trim().toUpperCase();
      if (word === 'EOF') {
        isEnded = true;
        break;
      }
      if (word !== 'SECTION') continue;
      if (!advance()) throw new Unreadable();
      sections++;
      const name = value.trim().toUpperCase();
      if (name === 'HEADER') readHeader();
      else if (name === 'TABLES') readTables();
      else if (name === 'BLOCKS') readBlocks();
      else if (name === 'ENTITIES') readEntities();
      else while (!(code === 0 && value.trim().toUpperCase() === 'ENDSEC')) if (!advance()) throw new Unreadable();
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  if (badNumbers > FAULTS_MAX)
    issues.push(
      errorIssue(
        'dxf-number',
        '',
        `${badNumbers - FAULTS_MAX} more numbers are not finite; mend the writer of the file`,
      ),
    );
  const hasError = issues.some((issue) => issue.severity === 'error');
  if (sections === 0 && !hasError) {
    const message = 'the file has no section of a drawing; save it as ASCII DXF';
    issues.push(
      errorIssue('dxf-syntax', '', message, { expected: '0 SECTION', found: text.slice(0, 20) || 'nothing' }),
    );
  } else if (!isEnded && !hasError) {
    const message =
      'the file ends before the drawing does (no EOF); parts of the building would be missing: save or copy it again';
    issues.push({ ...errorIssue('dxf-truncated', `line ${line}`, message, { expected: 'EOF' }), line });
  }
  if (header.version !== undefined && /^AC(100[0-8]|[12]\.)/.test(header.version)) {
    const message = `the drawing is of a version before R12 (${header.version}); check what was read, or save it again as R12 or later`;
    issues.push(warningIssue('dxf-version', '', message, { expected: 'AC1009 or later', found: header.version }));
  }
  return result();
}

function decode(bytes: Uint8Array, start: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const page = /\$DWGCODEPAGE\s*\r?\n\s*3\s*\r?\n\s*(\S+)/.exec(start)?.[1]?.toUpperCase() ?? 'ANSI_1252';
    return new TextDecoder(CODE_PAGES[page] ?? 'windows-1252').decode(bytes);
  }
}

/** `\U+00FC` as the letter, as names and texts have it in files before 2007. */
function decodeEscapes(text: string): string {
  return text.replace(/\\U\+([0-9A-Fa-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The groups of one entity, as far as any kind needs them. */
interface Groups {
  layer: string;
  name: string;
  text: string;
  readonly points: [number, number, number][];
  /** Second to fourth corner or direction: codes 11, 12, 13. */
  readonly others: Map<number, [number, number, number]>;
  readonly bulges: Map<number, number>;
  readonly reals: Map<number, number>;
  readonly integers: Map<number, number>;
  readonly normal: [number, number, number];
  readonly knots: number[];
  readonly weights: number[];
  readonly fit: [number, number][];
  /** Whole list of a hatch's or a multi-line's groups. */
  readonly list: [number, number][];
}

function makeGroups(): Groups {
  return {
    layer: '0',
    name: '',
    text: '',
    points: [],
    others: new Map(),
    bulges: new Map(),
    reals: new Map(),
    integers: new Map(),
    normal: [0, 0, 1],
    knots: [],
    weights: [],
    fit: [],
    list: [],
  };
}

const LISTED = new Set(['HATCH', 'MLINE']);
const KNOWN = new Set([
  'LINE',
  'LWPOLYLINE',
  'POLYLINE',
  'VERTEX',
  'CIRCLE',
  'ARC',
  'ELLIPSE',
  'SPLINE',
  'HATCH',
  'SOLID',
  'TRACE',
  '3DFACE',
  'INSERT',
  'TEXT',
  'MTEXT',
  'ATTRIB',
  'MLINE',
]);

function takeGroup(
  groups: Groups,
  type: string,
  code: number,
  value: string,
  number: () => number,
  countPoint: () => void,
): void {
  if (code === 8) groups.layer = decodeEscapes(value.trim());
  else if (code === 67 || code === 60) groups.integers.set(code, Number.parseInt(value, 10));
  else if (!KNOWN.has(type)) return;
  else if (code === 210 || code === 220 || code === 230) groups.normal[(code - 210) / 10] = number();
  else if (LISTED.has(type)) {
    if ((code >= 10 && code <= 59) || (code >= 70 && code <= 99)) {
      if (code === 10 || code === 11) countPoint();
      groups.list.push([code, number()]);
    }
  } else if (code === 1 || code === 3) groups.text += value;
  else if (code === 2) groups.name = decodeEscapes(value.trim());
  else if (type === 'SPLINE' && code === 40) groups.knots.push(number());
  else if (type === 'SPLINE' && code === 41) groups.weights.push(number());
  else if (type === 'SPLINE' && code === 11) {
    countPoint();
    groups.fit.push([number(), 0]);
  } else if (type === 'SPLINE' && code === 21) {
    if (groups.fit.length > 0) groups.fit[groups.fit.length - 1][1] = number();
  } else if (code === 10) {
    countPoint();
    groups.points.push([number(), 0, 0]);
  } else if (code === 20 || code === 30) {
    if (groups.points.length > 0) groups.points[groups.points.length - 1][code / 10 - 1] = number();
  } else if (code >= 11 && code <= 13) groups.others.set(code, [number(), 0, 0]);
  else if ((code >= 21 && code <= 23) || (code >= 31 && code <= 33)) {
    const axis = Math.floor(code / 10) - 1;
    const other = groups.others.get((code % 10) + 10);
    if (other !== undefined) other[axis] = number();
  } else if (type === 'LWPOLYLINE' && code === 42) groups.bulges.set(groups.points.length - 1, number());
  else if (code >= 38 && code <= 59) groups.reals.set(code, number());
  else if (code >= 70 && code <= 79) groups.integers.set(code, Math.trunc(number()));
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

function makeEntity(type: string, groups: Groups, line: number): DxfEntity | undefined {
  const { points, others, reals, integers } = groups;
  const inOwnPlane = !['LINE', '3DFACE', 'SPLINE', 'MTEXT', 'ELLIPSE', 'MLINE'].includes(type);
  const isTilted = groups.normal[0] !== 0 || groups.normal[1] !== 0 || groups.normal[2] <= 0;
  const base = {
    type,
    layer: groups.layer,
    line,
    normal: inOwnPlane && isTilted ? groups.normal : undefined,
    z: type === 'LWPOLYLINE' ? (reals.get(38) ?? 0) : (points[0]?.[2] ?? 0),
    curves: [] as DxfCurve[],
    filled: false,
    width: 0,
  };
  const flat = (p: readonly number[]): Place => [p[0], p[1]];
  const first = points[0];
  const unread = (why: string): DxfEntity => ({ ...base, unread: why });
  const path = (places: readonly Place[], closed: boolean): DxfCurve => ({
    kind: 'polyline',
    points: places,
    bulges: [],
    closed,
  });
  switch (type) {
    case 'SEQEND':
    case 'VERTEX':
    case 'ENDBLK':
      return undefined;
    case 'LINE': {
      const end = others.get(11);
      if (first === undefined || end === undefined) return unread('without both ends');
      return { ...base, curves: [path([flat(first), flat(end)], false)] };
    }
    case 'LWPOLYLINE': {
      const bulges = points.map((_, i) => groups.bulges.get(i) ?? 0);
      const curve: DxfCurve = {
        kind: 'polyline',
        points: points.map(flat),
        bulges: groups.bulges.size > 0 ? bulges : [],
        closed: ((integers.get(70) ?? 0) & 1) === 1,
      };
      return { ...base, width: Math.max(0, reals.get(43) ?? 0), curves: [curve] };
    }
    case 'CIRCLE':
    case 'ARC': {
      const r = reals.get(40) ?? 0;
      if (first === undefined || !(r > 0)) return unread('without centre or radius');
      const start = type === 'ARC' ? radians(reals.get(50) ?? 0) : 0;
      let sweep = type === 'ARC' ? radians(reals.get(51) ?? 360) - start : 2 * Math.PI;
      sweep -= Math.floor(sweep / (2 * Math.PI)) * 2 * Math.PI;
      if (sweep < 1e-9) sweep = 2 * Math.PI;
      return { ...base, curves: [{ kind: 'arc', centre: flat(first), major: [r, 0], minor: [0, r], start, sweep }] };
    }
    case 'ELLIPSE': {
      const major = others.get(11);
      const ratio = reals.get(40) ?? 1;
      if (first === undefined || major === undefined) return unread('without centre or axis');
      // The minor axis is normal × major: turned the other way where one looks at the plane from behind.
      const side = groups.normal[2] < 0 ? -1 : 1;
      const minor: Place = [-major[1] * ratio * side, major[0] * ratio * side];
      const start = reals.get(41) ?? 0;
      let sweep = (reals.get(42) ?? 2 * Math.PI) - start;
      if (sweep <= 1e-9) sweep += 2 * Math.PI;
      return { ...base, curves: [{ kind: 'arc', centre: flat(first), major: flat(major), minor, start, sweep }] };
    }
    case 'SPLINE': {
      const flag = integers.get(70) ?? 0;
      return {
        ...base,
        curves: [
          {
            kind: 'spline',
            degree: integers.get(71) ?? 3,
            knots: groups.knots,
            controls: points.map(flat),
            weights: groups.weights,
            fit: groups.fit,
            closed: (flag & 1) === 1,
          },
        ],
      };
    }
    case '3DFACE':
    case 'SOLID':
    case 'TRACE': {
      const corners = [first, others.get(11), others.get(12), others.get(13)].filter((p) => p !== undefined).map(flat);
      if (corners.length < 3) return unread('with fewer than three corners');
      // Solids list their corners in the order of a Z.
      if (type !== '3DFACE' && corners.length === 4) [corners[2], corners[3]] = [corners[3], corners[2]];
      return { ...base, filled: true, curves: [path(corners, true)] };
    }
    case 'HATCH':
      return { ...base, filled: true, ...readHatch(groups.list) };
    case 'MLINE':
      return { ...base, ...readMultiLine(groups.list) };
    case 'INSERT':
      return {
        ...base,
        insert: {
          block: groups.name.toUpperCase(),
          at: first === undefined ? [0, 0] : flat(first),
          scale: [reals.get(41) ?? 1, reals.get(42) ?? 1],
          rotation: radians(reals.get(50) ?? 0),
          columns: Math.max(1, integers.get(70) ?? 1),
          rows: Math.max(1, integers.get(71) ?? 1),
          columnSpacing: reals.get(44) ?? 0,
          rowSpacing: reals.get(45) ?? 0,
        },
      };
    case 'TEXT':
    case 'ATTRIB':
    case 'MTEXT': {
      const isAligned =
        type !== 'MTEXT' && ((integers.get(72) ?? 0) !== 0 || (integers.get(73) ?? integers.get(74) ?? 0) !== 0);
      const place = (isAligned ? others.get(11) : undefined) ?? first;
      if (place === undefined) return unread('without a place');
      const words = cleanText(groups.text, type === 'MTEXT');
      if (words === '') return undefined;
      return { ...base, text: { words, at: flat(place), height: reals.get(40) ?? 0 } };
    }
    default:
      return unread('of a kind that is not read');
  }
}

function makePolyline(groups: Groups, vertices: readonly Groups[], line: number): DxfEntity {
  const flags = groups.integers.get(70) ?? 0;
  const isTilted = groups.normal[0] !== 0 || groups.normal[1] !== 0 || groups.normal[2] <= 0;
  const base = {
    type: 'POLYLINE',
    layer: groups.layer,
    line,
    normal: (flags & 8) === 0 && isTilted ? groups.normal : undefined,
    z: groups.points[0]?.[2] ?? 0,
    filled: false,
    width: Math.max(0, groups.reals.get(40) ?? 0),
    curves: [] as DxfCurve[],
  };
  if ((flags & (16 | 64)) !== 0)
    return { ...base, unread: (flags & 64) !== 0 ? 'that is a body of faces' : 'that is a mesh' };
  // Frame points of a curve that was fitted are not on it.
  const kept = vertices.filter((vertex) => ((vertex.integers.get(70) ?? 0) & 16) === 0 && vertex.points.length > 0);
  const bulges = kept.map((vertex) => vertex.reals.get(42) ?? 0);
  const curve: DxfCurve = {
    kind: 'polyline',
    points: kept.map((vertex): Place => [vertex.points[0][0], vertex.points[0][1]]),
    bulges: bulges.some((bulge) => bulge !== 0) ? bulges : [],
    closed: (flags & 1) === 1,
  };
  return { ...base, curves: [curve] };
}

/** Boundary paths of a hatch: polylines, or edges one after the other. */
function readHatch(list: readonly (readonly [number, number])[]): { curves: DxfCurve[]; unread?: string } {
  const curves: DxfCurve[] = [];
  let at = 0;
  const peek = (): number => list[at]?.[0] ?? -1;
  const take = (code: number, fallback = 0): number => (peek() === code ? list[at++][1] : fallback);
  while (at < list.length && peek() !== 91) at++;
  const paths = take(91);
  for (let p = 0; p < paths && at < list.length; p++) {
    while (at < list.length && peek() !== 92) at++;
    const flags = take(92);
    if ((flags & 2) !== 0) {
      const hasBulge = take(72) !== 0;
      take(73);
      const count = take(93);
      const points: Place[] = [];
      const bulges: number[] = [];
      for (let i = 0; i < count && peek() === 10; i++) {
        points.push([take(10), take(20)]);
        bulges.push(take(42));
      }
      curves.push({ kind: 'polyline', points, bulges: hasBulge ? bulges : [], closed: true });
      continue;
    }
    const edges = take(93);
    for (let e = 0; e < edges && peek() === 72; e++) {
      const kind = take(72);
      if (kind === 1) {
        const a: Place = [take(10), take(20)];
        curves.push({ kind: 'polyline', points: [a, [take(11), take(21)]], bulges: [], closed: false });
      } else if (kind === 2) {
        const centre: Place = [take(10), take(20)];
        const r = take(40);
        const [from, to] = [radians(take(50)), radians(take(51))];
        const isLeft = take(73, 1) !== 0;
        curves.push({
          kind: 'arc',
          centre,
          major: [r, 0],
          minor: [0, isLeft ? r : -r],
          start: from,
          sweep: turnOf(from, to),
        });
      } else if (kind === 3) {
        const centre: Place = [take(10), take(20)];
        const major: Place = [take(11), take(21)];
        const ratio = take(40);
        const [from, to] = [radians(take(50)), radians(take(51))];
        const side = take(73, 1) !== 0 ? 1 : -1;
        const minor: Place = [-major[1] * ratio * side, major[0] * ratio * side];
        curves.push({ kind: 'arc', centre, major, minor, start: from, sweep: turnOf(from, to) });
      } else if (kind === 4) {
        const degree = take(94, 3);
        take(73);
        take(74);
        const knotCount = take(95);
        const controlCount = take(96);
        const knots: number[] = [];
        for (let i = 0; i < knotCount && peek() === 40; i++) knots.push(take(40));
        const controls: Place[] = [];
        const weights: number[] = [];
        for (let i = 0; i < controlCount && peek() === 10; i++) {
          controls.push([take(10), take(20)]);
          if (peek() === 42) weights.push(take(42));
        }
        const fit: Place[] = [];
        const fitCount = peek() === 97 && list[at + 1]?.[0] === 11 ? take(97) : 0;
        for (let i = 0; i < fitCount && peek() === 11; i++) fit.push([take(11), take(21)]);
        curves.push({ kind: 'spline', degree, knots, controls, weights, fit, closed: false });
      } else return { curves, unread: 'with an edge of an unknown kind' };
    }
  }
  return curves.length === 0 ? { curves, unread: 'without a boundary' } : { curves };
}

/** Counter-clockwise from one angle to the other, a full turn where they are the same [rad]. */
function turnOf(from: number, to: number): number {
  const turn = (to - from) % (2 * Math.PI);
  return turn <= 1e-9 ? turn + 2 * Math.PI : turn;
}

/** The path of a multi-line, with its scale as the width (the standard style is one unit wide). */
function readMultiLine(list: readonly (readonly [number, number])[]): {
  curves: DxfCurve[];
  width: number;
  unread?: string;
} {
  const points: [number, number][] = [];
  let scale = 0;
  let flags = 0;
  for (const [code, value] of list) {
    if (code === 40 && scale === 0) scale = value;
    else if (code === 71) flags = value;
    else if (code === 11) points.push([value, 0]);
    else if (code === 21 && points.length > 0) points[points.length - 1][1] = value;
  }
  if (points.length < 2) return { curves: [], width: 0, unread: 'without a path' };
  return { curves: [{ kind: 'polyline', points, bulges: [], closed: (flags & 2) !== 0 }], width: Math.abs(scale) };
}

/** The words of a text without its formatting; lines are joined by a line feed. */
export function cleanText(raw: string, isFormatted: boolean): string {
  let text = decodeEscapes(raw)
    .replace(/%%[cC]/g, 'Ø')
    .replace(/%%[dD]/g, '°')
    .replace(/%%[pP]/g, '±')
    .replace(/%%[uUoOkK]/g, '');
  if (isFormatted) {
    text = text
      .replace(/\\P/g, '\n')
      .replace(/\\~/g, ' ')
      .replace(/\\S([^;]{0,100});/g, '$1')
      .replace(/\\[ACFHQTWfpx][^;\\{}]{0,200};/g, '')
      .replace(/\\[LlOoKkNX]/g, '')
      .replace(/(?<!\\)[{}]/g, '')
      .replace(/\\([\\{}])/g, '$1');
  }
  // Control characters have no business in a name.
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/(?!\n)\p{Cc}/gu, '')
    .trim()
    .slice(0, 2000);
}
