import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type ExportSource,
  exportArchiveHdf5,
  exportArchiveText,
  exportCsv,
  exportJupedsimSqlite,
  memorySource,
  readTracks,
  type TracksResult,
} from './index.ts';
import { makeHeader, makeWalk } from './made-up-run.ts';
import { joinPieces } from './row-stream.ts';
import { buildTrajectory } from './trajectory.ts';

const folder = mkdtempSync(join(tmpdir(), 'crashbar-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

const locateWasm = (file: string): string =>
  fileURLToPath(new URL(file, import.meta.resolve('sql.js/dist/sql-wasm.wasm')));

async function read(bytes: Uint8Array, options = {}): Promise<TracksResult> {
  const openHdf5 = async () => {
    const name = join(folder, 'file.h5');
    writeFileSync(name, bytes);
    return { library: await import('h5wasm/node'), name };
  };
  const result = await readTracks(memorySource(bytes), { locateWasm, openHdf5 }, options);
  // Tracks or errors, never both, never neither.
  const errors = result.issues.filter((issue) => issue.severity === 'error');
  expect(errors.length > 0).toBe(result.tracks === undefined);
  for (const issue of errors) expect(issue.message.length).toBeGreaterThan(10);
  if (result.tracks !== undefined) {
    const { trajectory, ids } = result.tracks;
    expect(trajectory.frameStart.at(-1)).toBe(trajectory.person.length);
    for (const column of [trajectory.x, trajectory.y]) expect(column.every(Number.isFinite)).toBe(true);
    expect(trajectory.person.every((person) => person >= 0 && person < ids.length)).toBe(true);
  }
  return result;
}

const source: ExportSource = { header: makeHeader(5), trajectory: buildTrajectory(10, [makeWalk(5, 30)]) };
const text = (lines: string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);

const walk = Array.from({ length: 40 }, (_, k) => ({
  id: 1 + (k % 2),
  t: Math.floor(k / 2) / 10,
  x: k / 10,
  y: 1 + (k % 2),
}));

/** A good file of every format that is read. */
const GOOD: readonly [string, Uint8Array, object?][] = [
  ['jupedsim-sqlite', joinPieces(exportJupedsimSqlite(source, { sheet: 0 }).pieces!)],
  ['archive-hdf5', joinPieces(exportArchiveHdf5(source, { sheet: 0 }).pieces!)],
  ['archive-text', joinPieces(exportArchiveText(source, { sheet: 0 }).pieces!)],
  ['csv', joinPieces(exportCsv(source))],
  [
    'vadere',
    text([
      '#metadata',
      'pedestrianId simTime endTime-PID1 startX-PID1 startY-PID1 endX-PID1 endY-PID1 targetId-PID2',
      ...walk.map(({ id, t, x, y }) => `${id} ${t} ${t + 0.1} ${x} ${y} ${x + 0.1} ${y} 1`),
    ]),
    { frameRate: 10 },
  ],
  [
    'viswalk',
    text([
      '$VISION',
      '* Viswalk pedestrian record',
      '$PEDESTRIAN:NO;SIMSEC;COORDCENTX;COORDCENTY;COORDCENTZ',
      ...walk.map(({ id, t, x, y }) => `${id};${t};${x};${y};0`),
    ]),
  ],
  [
    'pathfinder-csv',
    text([
      '"t","id","name","x","y","z"',
      's,,,m,m,m',
      ...walk.map(({ id, t, x, y }) => `${t},${id},P${id},${x},${y},0`),
    ]),
  ],
  [
    'pathfinder-json',
    text([
      JSON.stringify(
        Object.fromEntries(
          [1, 2].map((id) => [
            id,
            Object.fromEntries(
              walk
                .filter((row) => row.id === id)
                .map(({ t, x, y }) => [t.toFixed(1), { position: { x, y, z: 0 }, speed: 1 }]),
            ),
          ]),
        ),
      ),
    ]),
  ],
  [
    'crowdit',
    gzipSync(text(['time,pedID,posX,posY,floorID', ...walk.map(({ id, t, x, y }) => `${t},${id},${x},${y},0`)])),
  ],
];

describe.each(GOOD)('%s', (format, bytes, options = {}) => {
  test('is told by its content and read', async () => {
    const { tracks, issues } = await read(bytes, options);
    expect(issues).toEqual([]);
    expect(tracks!.format).toBe(format);
    expect(tracks!.trajectory.frameRate).toBe(10);
    if (bytes.length < 4000 && format !== 'archive-text') {
      expect([...tracks!.ids]).toEqual([1, 2]);
      expect(tracks!.trajectory.x[0]).toBe(0);
    }
  });

  test('cut off at every hundredth is a result or a clear refusal', async () => {
    for (let percent = 0; percent < 100; percent++) {
      await read(bytes.slice(0, Math.floor((bytes.length * percent) / 100)), options);
    }
  });

  test('with bytes changed, doubled or taken out anywhere is a result or a clear refusal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255), fc.constantFrom('set', 'insert', 'remove')), {
          minLength: 1,
          maxLength: 8,
        }),
        async (changes) => {
          const list = [...bytes];
          for (const [at, value, how] of changes) {
            if (how === 'set') list[at] = value;
            else list.splice(at, how === 'remove' ? 1 + (value % 16) : 0, ...(how === 'insert' ? [value] : []));
          }
          await read(
            Uint8Array.from(list, (value) => value ?? 0),
            options,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('any bytes and any lines are a result or a clear refusal', async () => {
  const head = fc.constantFrom(
    '# framerate: 25\n# id frame x/m y/m\n',
    'id,frame,x,y\n',
    't,id,x,y\n',
    '{',
    '$VISION\n$PEDESTRIAN:NO;SIMSEC;COORDCENTX;COORDCENTY\n',
    'pedestrianId simTime startX startY\n',
  );
  const cell = fc.oneof(
    fc.integer().map(String),
    fc.double().map(String),
    fc.constantFrom('', 'NaN', '1e400', '-0', '9007199254740993', '-1', '"', '0x10', '١'),
  );
  const rows = fc.array(fc.tuple(fc.array(cell, { maxLength: 6 }), fc.constantFrom(' ', ',', ';', '\t')), {
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(head, rows, fc.boolean(), async (start, lines, given) => {
      const body = lines.map(([cells, separator]) => cells.join(separator)).join('\n');
      await read(new TextEncoder().encode(start + body), given ? { frameRate: 16, unit: 'm' } : {});
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => void (await read(bytes))),
    { numRuns: 200 },
  );
});

test('impossible values are told one by one, with their lines', async () => {
  const head = '# framerate: 25\n# id frame x/m y/m\n';
  const { issues } = await read(
    new TextEncoder().encode(`${head}1 9007199254740992 0 0\n-3000000000 0 0 0\n1 0 NaN 0\n1 -1 0 0\n`),
  );
  expect(issues.map(({ path }) => path)).toEqual(['line 3', 'line 4', 'line 5', 'line 6']);
  const negative = await read(new TextEncoder().encode(`${head}-7 0 1 2\n-7 1 1 2\n`));
  expect([...negative.tracks!.ids]).toEqual([-7]);
});

test('a line without end is refused after its first 64 kB, and a bomb of gzip is unpacked no further than needed', async () => {
  let asked = 0;
  const line = {
    size: 2 ** 40,
    read: (_: number, length: number) => {
      asked += length;
      return new Uint8Array(length).fill(0x31);
    },
  };
  const { issues } = await readTracks(line, { openHdf5: async () => Promise.reject(new Error('not asked for')) });
  expect(issues[0]!.severity).toBe('error');
  const rows = {
    ...line,
    read: (offset: number, length: number) =>
      offset === 0
        ? new TextEncoder().encode(`# in m\n1 2 3 4\n${'1'.repeat(Math.max(0, length - 16))}`)
        : line.read(offset, length),
  };
  const second = await readTracks(rows, { openHdf5: async () => Promise.reject(new Error('not asked for')) });
  expect(second.issues[0]!.message).toContain('longer than 65536');
  expect(asked).toBeLessThan(1e8);
  const bomb = gzipSync(new TextEncoder().encode(`time,pedID,posX,posY\n${'0'.repeat(50_000_000)}`));
  expect((await read(bomb)).issues[0]!.message).toContain('longer than 65536');
});
