import { type ExportSource, type FilePiece, streamRows } from './row-stream.ts';

/** Rows that are turned from frames into tracks at once; more are read in several passes. */
const ROWS_PER_PASS = 2_000_000;
/** Corners of the prism that stands for a person, its radius and height [m]. */
const SIDES = 10;
const RADIUS = 0.22;
const HEIGHT = 1.75;

const COMPONENT_U16 = 5123;
const COMPONENT_F32 = 5126;

interface Track {
  readonly person: number;
  first: number;
  last: number;
  rows: number;
}

/**
 * The motion as binary glTF 2.0, which any viewer of 3-D scenes plays: every person a prism whose place is animated, hidden
 * before they come and after they are gone, and the outlines of all floors as lines. y is up: (x, y, height) of the plan
 * become (x, height, −y) [m]. All sheets, at their heights. Single precision; where a person is missing for some frames they wait.
 * `every`: keep each `every`-th frame. Streams person by person in passes over the source, 2 million rows at a time; 12 bytes a row.
 */
export function* exportGltf(
  source: ExportSource,
  options: { readonly every?: number } = {},
): Generator<FilePiece, void, undefined> {
  const every = options.every ?? 1;
  const stream = streamRows(source.trajectory);
  const { sheets, name } = source.header;
  const tracks: (Track | undefined)[] = [];
  for (const { firstFrame, frameCount, frameStart, person } of stream.blocks()) {
    for (let f = 0; f < frameCount; f++) {
      const frame = firstFrame + f;
      if (frame % every !== 0) continue;
      for (let row = frameStart[f]!; row < frameStart[f + 1]!; row++) {
        const track = tracks[person[row]!];
        if (track === undefined)
          tracks[person[row]!] = { person: person[row]!, first: frame / every, last: frame / every, rows: 1 };
        else {
          // Somebody on a stair's two sheets at once is one person.
          if (track.last !== frame / every) track.rows++;
          track.last = frame / every;
        }
      }
    }
  }
  const walkers = tracks.filter((track) => track !== undefined);
  const frames = walkers.reduce((most, { last }) => Math.max(most, last), 0) + 1;
  const rate = stream.frameRate / every;

  const { mesh, corners, indices } = makePrism();
  const walls = wallPoints(sheets);
  const times = Float32Array.from({ length: frames }, (_, k) => k / rate);
  // Shown and hidden: a key at the start, one when they come, one when they are gone.
  const keys = walkers.map(({ first, last }) => {
    const list: [number, number][] =
      first > 0
        ? [
            [0, 0],
            [first / rate, 1],
          ]
        : [[0, 1]];
    list.push([(last + 1) / rate, 0]);
    return list;
  });
  const keyCount = keys.reduce((sum, list) => sum + list.length, 0);
  const pathCount = walkers.reduce((sum, { first, last }) => sum + last - first + 1, 0);

  const views: { length: number; target?: number }[] = [
    { length: mesh.byteLength, target: 34962 },
    { length: indices.byteLength, target: 34963 },
    { length: walls.byteLength, target: 34962 },
    { length: times.byteLength },
    { length: 4 * keyCount },
    { length: 12 * keyCount },
    { length: 12 * pathCount },
  ];
  const accessors: Record<string, unknown>[] = [
    { bufferView: 0, componentType: COMPONENT_F32, count: corners, type: 'VEC3', ...bounds(mesh) },
    { bufferView: 1, componentType: COMPONENT_U16, count: indices.length, type: 'SCALAR' },
  ];
  const wallAccessor = walls.length === 0 ? undefined : accessors.length;
  if (wallAccessor !== undefined) {
    accessors.push({
      bufferView: 2,
      componentType: COMPONENT_F32,
      count: walls.length / 3,
      type: 'VEC3',
      ...bounds(walls),
    });
  }
  const samplers: Record<string, unknown>[] = [];
  const channels: Record<string, unknown>[] = [];
  const nodes: Record<string, unknown>[] = [];
  let key = 0;
  let place = 0;
  const round = Math.fround;
  walkers.forEach(({ person, first, last }, k) => {
    const id = source.ids === undefined ? person : source.ids[person]!;
    nodes.push({ mesh: 0, name: `person ${id}` });
    const count = last - first + 1;
    const time =
      accessors.push({
        bufferView: 3,
        byteOffset: 4 * first,
        componentType: COMPONENT_F32,
        count,
        type: 'SCALAR',
        min: [round(first / rate)],
        max: [round(last / rate)],
      }) - 1;
    const path =
      accessors.push({ bufferView: 6, byteOffset: 12 * place, componentType: COMPONENT_F32, count, type: 'VEC3' }) - 1;
    const list = keys[k]!;
    const keyTime =
      accessors.push({
        bufferView: 4,
        byteOffset: 4 * key,
        componentType: COMPONENT_F32,
        count: list.length,
        type: 'SCALAR',
        min: [round(list[0]![0])],
        max: [round(list[list.length - 1]![0])],
      }) - 1;
    const keyScale =
      accessors.push({
        bufferView: 5,
        byteOffset: 12 * key,
        componentType: COMPONENT_F32,
        count: list.length,
        type: 'VEC3',
      }) - 1;
    key += list.length;
    place += count;
    channels.push({
      sampler: samplers.push({ input: time, output: path, interpolation: 'LINEAR' }) - 1,
      target: { node: k, path: 'translation' },
    });
    channels.push({
      sampler: samplers.push({ input: keyTime, output: keyScale, interpolation: 'STEP' }) - 1,
      target: { node: k, path: 'scale' },
    });
  });
  const meshes: Record<string, unknown>[] = [
    { name: 'person', primitives: [{ attributes: { POSITION: 0 }, indices: 1, material: 0 }] },
  ];
  if (wallAccessor !== undefined) {
    meshes.push({ name: 'walls', primitives: [{ attributes: { POSITION: wallAccessor }, mode: 1, material: 1 }] });
    nodes.push({ mesh: 1, name: 'walls' });
  }
  let offset = 0;
  const bufferViews = views.flatMap(({ length, target }) => {
    const view = { buffer: 0, byteOffset: offset, byteLength: length, ...(target === undefined ? {} : { target }) };
    offset += length + ((4 - (length % 4)) % 4);
    return [view];
  });
  // A view without bytes is not allowed; nothing points to one.
  const kept = bufferViews.map((view) => (view.byteLength === 0 ? { ...view, byteOffset: 0, byteLength: 4 } : view));
  const json = JSON.stringify({
    asset: { version: '2.0', generator: 'Crashbar' },
    scene: 0,
    scenes: [{ name, nodes: nodes.map((_, k) => k) }],
    nodes,
    meshes,
    materials: [
      {
        name: 'people',
        pbrMetallicRoughness: { baseColorFactor: [0.9, 0.45, 0.1, 1], metallicFactor: 0, roughnessFactor: 1 },
      },
      { name: 'walls', pbrMetallicRoughness: { baseColorFactor: [0.15, 0.15, 0.15, 1], metallicFactor: 0 } },
    ],
    ...(channels.length === 0 ? {} : { animations: [{ name: 'motion', samplers, channels }] }),
    accessors,
    bufferViews: kept,
    buffers: [{ byteLength: Math.max(4, offset) }],
  });
  const text = new TextEncoder().encode(json);
  const textPadded = text.length + ((4 - (text.length % 4)) % 4);
  const head = new DataView(new ArrayBuffer(20 + textPadded + 8));
  new Uint8Array(head.buffer).fill(0x20, 20, 20 + textPadded);
  new Uint8Array(head.buffer).set(text, 20);
  const size = Math.max(4, offset);
  [0x46546c67, 2, 28 + textPadded + size, textPadded, 0x4e4f534a].forEach(
    (value, k) => void head.setUint32(4 * k, value, true),
  );
  head.setUint32(20 + textPadded, size, true);
  head.setUint32(24 + textPadded, 0x004e4942, true);
  yield new Uint8Array(head.buffer);
  const bytesOf = (array: Float32Array | Uint16Array): Uint8Array => {
    const bytes = new Uint8Array(array.byteLength + ((4 - (array.byteLength % 4)) % 4));
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return bytes;
  };
  yield bytesOf(mesh);
  yield bytesOf(indices);
  yield bytesOf(walls);
  yield bytesOf(times);
  yield bytesOf(Float32Array.from(keys.flat(), ([time]) => time));
  yield bytesOf(Float32Array.from(keys.flatMap((list) => list.flatMap(([, scale]) => [scale, scale, scale]))));

  // Tracks of as many persons as fit, pass by pass.
  for (let begin = 0; begin < walkers.length; ) {
    let end = begin;
    let rows = 0;
    const starts = new Map<number, number>();
    do {
      const { person, first, last } = walkers[end]!;
      starts.set(person, rows - first);
      rows += last - first + 1;
      end++;
    } while (end < walkers.length && rows + walkers[end]!.last - walkers[end]!.first < ROWS_PER_PASS);
    const path = new Float32Array(3 * rows).fill(Number.NaN);
    for (const { firstFrame, frameCount, frameStart, person, x, y, sheet } of stream.blocks()) {
      for (let f = 0; f < frameCount; f++) {
        const frame = firstFrame + f;
        if (frame % every !== 0) continue;
        for (let row = frameStart[f]!; row < frameStart[f + 1]!; row++) {
          const start = starts.get(person[row]!);
          if (start === undefined) continue;
          const at = 3 * (start + frame / every);
          const [z0, zx, zy] = sheets[sheet[row]!]?.plane ?? [0, 0, 0];
          path[at] = x[row]!;
          path[at + 1] = z0 + zx * x[row]! + zy * y[row]!;
          path[at + 2] = -y[row]!;
        }
      }
    }
    // Who is missing for a while stays where they were.
    for (let at = 3; at < path.length; at += 3) {
      if (!Number.isNaN(path[at]!)) continue;
      path[at] = path[at - 3]!;
      path[at + 1] = path[at - 2]!;
      path[at + 2] = path[at - 1]!;
    }
    yield bytesOf(path);
    begin = end;
  }
}

function makePrism(): { mesh: Float32Array; corners: number; indices: Uint16Array } {
  const points: number[] = [];
  const faces: number[] = [];
  for (let k = 0; k < SIDES; k++) {
    const angle = (2 * Math.PI * k) / SIDES;
    const x = RADIUS * Math.cos(angle);
    const z = RADIUS * Math.sin(angle);
    points.push(x, 0, z, x, HEIGHT, z);
    const [a, b, c, d] = [2 * k, 2 * k + 1, 2 * ((k + 1) % SIDES), 2 * ((k + 1) % SIDES) + 1] as const;
    faces.push(a, b, c, b, d, c);
    if (k >= 2) faces.push(1, b, 2 * (k - 1) + 1);
  }
  return { mesh: Float32Array.from(points), corners: points.length / 3, indices: Uint16Array.from(faces) };
}

/** Both ends of every edge of every floor. */
function wallPoints(sheets: ExportSource['header']['sheets']): Float32Array {
  const points: number[] = [];
  for (const {
    plane: [z0, zx, zy],
    polygons,
  } of sheets) {
    for (const ring of polygons.flat()) {
      ring.forEach((from, k) => {
        for (const [x, y] of [from, ring[(k + 1) % ring.length]!]) points.push(x, z0 + zx * x + zy * y, -y);
      });
    }
  }
  return Float32Array.from(points);
}

function bounds(points: Float32Array): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  points.forEach((value, k) => {
    min[k % 3] = Math.min(min[k % 3]!, value);
    max[k % 3] = Math.max(max[k % 3]!, value);
  });
  return { min, max };
}
