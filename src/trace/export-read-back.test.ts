import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, expect, test } from 'vitest';
import { lookup3 } from './export-archive-hdf5.ts';
import {
  type ExportSource,
  exportArchiveHdf5,
  exportArchiveText,
  exportCsv,
  exportGeojson,
  exportGltf,
  exportJupedsimSqlite,
  exportParquet,
  memorySource,
  readTracks,
  streamRun,
  type TrackFormat,
  type TrackLibraries,
  walkableWkt,
} from './index.ts';
import { frameOf, makeHeader, makeWalk, memorySink } from './made-up-run.ts';
import { type FilePiece, joinPieces } from './row-stream.ts';
import { encodeRunHeader } from './run-header.ts';
import type { Trajectory } from './trace.ts';
import { buildTrajectory, trajectoryOfSheet } from './trajectory.ts';
import { createTraceWriter } from './write-trace.ts';

const folder = mkdtempSync(join(tmpdir(), 'crashbar-tracks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const locateWasm = (file: string): string =>
  fileURLToPath(new URL(file, import.meta.resolve('sql.js/dist/sql-wasm.wasm')));

function librariesFor(bytes: Uint8Array): TrackLibraries {
  return {
    locateWasm,
    openHdf5: async () => {
      const name = join(folder, 'file.h5');
      writeFileSync(name, bytes);
      return { library: await import('h5wasm/node'), name };
    },
  };
}

const whole = buildTrajectory(10, [makeWalk(12, 80)]);
const source: ExportSource & { readonly trajectory: Trajectory } = { header: makeHeader(12), trajectory: whole };

const FORMATS: readonly [TrackFormat, (from: ExportSource) => Iterable<FilePiece>, number][] = [
  ['archive-hdf5', (from) => exportArchiveHdf5(from, { sheet: 0 }).pieces!, 0],
  ['jupedsim-sqlite', (from) => exportJupedsimSqlite(from, { sheet: 0 }).pieces!, 0],
  ['archive-text', (from) => exportArchiveText(from, { sheet: 0 }).pieces!, 0.5e-4],
  ['csv', (from) => exportCsv(from), 0.5e-4],
];

test.each(FORMATS)(
  'what is written as %s reads back: the same persons, frames, places and ids',
  async (format, write, slack) => {
    const ids = Int32Array.from({ length: 12 }, (_, k) => 1000 * k - 3);
    const bytes = joinPieces(write({ ...source, ids }));
    const { tracks, issues } = await readTracks(memorySource(bytes), librariesFor(bytes));
    expect(issues).toEqual([]);
    expect(tracks!.format).toBe(format);
    const own = format === 'csv' ? whole : trajectoryOfSheet(whole, 0);
    const back = tracks!.trajectory;
    expect(back.frameRate).toBe(10);
    expect([...back.person].map((person) => tracks!.ids[person])).toEqual([...own.person].map((person) => ids[person]));
    expect([...back.frameStart]).toEqual([...own.frameStart.slice(0, back.frameCount + 1)]);
    back.x.forEach((x, row) => void expect(Math.abs(x - own.x[row]!)).toBeLessThanOrEqual(slack + 1e-12));
    back.y.forEach((y, row) => void expect(Math.abs(y - own.y[row]!)).toBeLessThanOrEqual(slack + 1e-12));
    if (format === 'csv') {
      expect(tracks!.sheets).toEqual(['ground', 'stairs, north']);
      expect([...back.sheet]).toEqual([...own.sheet]);
    }
    if (format === 'archive-hdf5' || format === 'jupedsim-sqlite') {
      expect(tracks!.wkt).toBe(walkableWkt(source.header.sheets[0]!));
    }
  },
);

test('a run streamed from its chunks exports the same bytes as one read whole', () => {
  const header = makeHeader(12);
  const sink = memorySink();
  const writer = createTraceWriter(sink, header);
  const block = makeWalk(12, 250);
  for (let frame = 0; frame < 250; frame++) writer.frame(frameOf(block, frame));
  writer.flush();
  const files = { run: encodeRunHeader(header), frames: sink.frames(), events: sink.events() };
  const { run, issues } = streamRun(files);
  expect(issues).toEqual([]);
  const list = [...run!.trajectory.blocks()];
  expect(list.length).toBeGreaterThan(1);
  const trajectory = buildTrajectory(
    10,
    [...list].map((one) => ({ ...asBlock(one, 12) })),
  );
  for (const [, write] of FORMATS) {
    expect(joinPieces(write({ header, trajectory: run!.trajectory }))).toEqual(
      joinPieces(write({ header, trajectory })),
    );
  }
  const gltf = (from: ExportSource['trajectory']) => joinPieces(exportGltf({ header, trajectory: from }));
  expect(gltf(run!.trajectory)).toEqual(gltf(trajectory));
});

/** Rows of present persons back into a rectangle. */
function asBlock(
  block: ReturnType<NonNullable<ReturnType<typeof streamRun>['run']>['trajectory']['blocks']> extends Iterable<infer B>
    ? B
    : never,
  persons: number,
) {
  const rows = block.frameCount * persons;
  const full = {
    firstFrame: block.firstFrame,
    frameCount: block.frameCount,
    personCount: persons,
    x: new Float64Array(rows),
    y: new Float64Array(rows),
    sheet: new Uint16Array(rows).fill(65_535),
    chestLoad: new Float32Array(rows),
    state: new Uint8Array(rows),
  };
  for (let f = 0; f < block.frameCount; f++) {
    for (let row = block.frameStart[f]!; row < block.frameStart[f + 1]!; row++) {
      const to = f * persons + block.person[row]!;
      full.x[to] = block.x[row]!;
      full.y[to] = block.y[row]!;
      full.sheet[to] = block.sheet[row]!;
      full.chestLoad[to] = block.chestLoad![row]!;
      full.state[to] = block.state![row]!;
    }
  }
  return full;
}

test('the checksum is lookup3: its published examples', () => {
  expect(lookup3(new Uint8Array(0))).toBe(0xdeadbeef);
  expect(lookup3(new TextEncoder().encode('Four score and seven years ago'))).toBe(0x17770551);
});

test('Parquet reads back with another program’s reader, every column of every row', async () => {
  const bytes = joinPieces(exportParquet(source));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const rows = await parquetReadObjects({ file });
  expect(rows.length).toBe(whole.person.length);
  for (const row of [0, 17, rows.length - 1]) {
    expect(rows[row]).toMatchObject({
      id: whole.person[row],
      x: whole.x[row],
      y: whole.y[row],
      sheet: source.header.sheets[whole.sheet[row]!]!.id,
      chest_load: whole.chestLoad![row],
    });
  }
  expect(rows.map((row) => row.id)).toEqual([...whole.person]);
  const metadata = await parquetMetadataAsync(file);
  expect(metadata.key_value_metadata).toContainEqual({ key: 'frame_rate', value: '10' });
  const bare = { header: source.header, trajectory: { ...whole, chestLoad: undefined, state: undefined } };
  const none = joinPieces(exportParquet(bare as unknown as ExportSource));
  const [first] = await parquetReadObjects({ file: none.slice().buffer as ArrayBuffer });
  expect(first).toMatchObject({ chest_load: null, state: null });
});

test('glTF holds every person’s way, y up, and says where each accessor lies', () => {
  const bytes = joinPieces(exportGltf(source));
  const view = new DataView(bytes.buffer);
  expect([view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)]).toEqual([
    0x46546c67,
    2,
    bytes.length,
  ]);
  const jsonBytes = view.getUint32(12, true);
  const scene = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonBytes)));
  const start = 20 + jsonBytes + 8;
  expect(view.getUint32(20 + jsonBytes, true)).toBe(scene.buffers[0].byteLength);
  expect(start + scene.buffers[0].byteLength).toBe(bytes.length);
  const width = { SCALAR: 1, VEC3: 3 } as Record<string, number>;
  const read = (index: number): number[] => {
    const accessor = scene.accessors[index];
    const { byteOffset, byteLength } = scene.bufferViews[accessor.bufferView];
    const count = accessor.count * width[accessor.type]!;
    const at = (accessor.byteOffset ?? 0) as number;
    expect(at + 4 * count).toBeLessThanOrEqual(byteLength + (accessor.componentType === 5123 ? 4 * count : 0));
    return Array.from({ length: count }, (_, k) => view.getFloat32(start + byteOffset + at + 4 * k, true));
  };
  expect(scene.nodes.length).toBe(13);
  const { channels, samplers } = scene.animations[0];
  for (const person of [0, 5, 11]) {
    const moves = channels.filter((channel: { target: { node: number } }) => channel.target.node === person);
    expect(moves.map((channel: { target: { path: string } }) => channel.target.path)).toEqual(['translation', 'scale']);
    const times = read(samplers[moves[0].sampler].input);
    const places = read(samplers[moves[0].sampler].output);
    const rows = [...whole.person.keys()].filter((row) => whole.person[row] === person);
    expect(times.length).toBe(rows.length);
    const row = rows[rows.length - 1]!;
    const plane = source.header.sheets[whole.sheet[row]!]!.plane;
    const height = plane[0] + plane[1] * whole.x[row]! + plane[2] * whole.y[row]!;
    expect(places.slice(-3).map((value) => value.toFixed(4))).toEqual(
      [whole.x[row]!, height, -whole.y[row]!].map((value) => Math.fround(value).toFixed(4)),
    );
    const scales = read(samplers[moves[1].sampler].output);
    expect(scales.at(-1)).toBe(0);
  }
});

test('GeoJSON is the plan: floors closed, walls open where the exit is, the exit with its width', () => {
  const plan = JSON.parse(exportGeojson(makeHeader(1), { epsg: 25832 }));
  expect(plan.crs.properties.name).toBe('urn:ogc:def:crs:EPSG::25832');
  const kinds = plan.features.map((feature: { properties: { kind: string } }) => feature.properties.kind);
  expect(kinds).toEqual(['level', 'wall', 'link', 'wall', 'exit']);
  const [level, wall, , , exit] = plan.features;
  for (const ring of level.geometry.coordinates) expect(ring[0]).toEqual(ring.at(-1));
  // The outline of 60 m less the exit's 2 m, and a column of 4 m round.
  const length = wall.geometry.coordinates
    .flatMap((line: [number, number][]) =>
      line.slice(1).map(([x, y], k) => Math.hypot(x - line[k]![0], y - line[k]![1])),
    )
    .reduce((sum: number, one: number) => sum + one, 0);
  expect(length).toBeCloseTo(60 - 2 + 4, 9);
  expect(exit.properties).toMatchObject({ id: 'way-out', width: 2, sheet: 'ground' });
});
