import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import initSqlJs from 'sql.js';
import { expect, test } from 'vitest';
import {
  type ExportSource,
  exportArchiveText,
  exportCsv,
  exportJupedsimSqlite,
  findHeadings,
  streamRows,
} from './index.ts';
import { makeHeader, makeWalk } from './made-up-run.ts';
import { readArchiveText } from './read-archive-text.ts';
import { joinPieces } from './row-stream.ts';
import type { Trajectory } from './trace.ts';
import { buildTrajectory, trajectoryOfRows, trajectoryOfSheet } from './trajectory.ts';
import { walkableWkt } from './wkt.ts';

const locateWasm = (file: string): string =>
  fileURLToPath(new URL(file, import.meta.resolve('sql.js/dist/sql-wasm.wasm')));

type Source = ExportSource & { readonly trajectory: Trajectory };

function headingsOf(trajectory: Trajectory): { x: number[]; y: number[] } {
  const blocks = [...findHeadings(streamRows(trajectory), 1000)];
  return { x: blocks.flatMap(({ headX }) => [...headX]), y: blocks.flatMap(({ headY }) => [...headY]) };
}

function makeSource(): Source {
  return { header: makeHeader(12), trajectory: buildTrajectory(10, [makeWalk(12, 80)]) };
}

test('the exported text reads back as the trajectory of its sheet, to the four decimals written', () => {
  const source = makeSource();
  for (const sheet of [0, 1]) {
    const { pieces, issues } = exportArchiveText(source, { sheet });
    expect(issues).toEqual([]);
    const text = [...pieces!].join('');
    expect(text.split('\n').slice(1, 3)).toEqual(['# framerate: 10.00', '# id frame x/m y/m z/m']);
    const back = readArchiveText(text);
    expect(back.issues).toEqual([]);
    const own = trajectoryOfSheet(source.trajectory, sheet);
    expect([...back.trajectory!.person]).toEqual([...own.person]);
    const frames = back.trajectory!.frameCount;
    expect([...back.trajectory!.frameStart]).toEqual([...own.frameStart.slice(0, frames + 1)]);
    own.x.forEach((x, row) => void expect(Math.abs(x - back.trajectory!.x[row]!)).toBeLessThanOrEqual(0.5e-4 + 1e-12));
    own.y.forEach((y, row) => void expect(Math.abs(y - back.trajectory!.y[row]!)).toBeLessThanOrEqual(0.5e-4 + 1e-12));
    // z lies on the sheet's plane: 0 on the ground, 1 + x/2 on the stairs.
    const [, , x, , z] = text.split('\n')[3]!.split(' ').map(Number);
    expect(z).toBeCloseTo(sheet === 0 ? 0 : 1 + x! / 2, 3);
  }
});

test('a name that holds the words of the head does not mislead a reader', () => {
  const source = makeSource();
  const header = { ...source.header, name: 'framerate: 99 in cm\n1 2 3 4 x/cm' };
  const text = [...exportArchiveText({ ...source, header }, { sheet: 0 }).pieces!].join('');
  const { trajectory, issues } = readArchiveText(text);
  expect(issues).toEqual([]);
  expect(trajectory!.frameRate).toBe(10);
  expect(trajectory!.person.length).toBe(trajectoryOfSheet(source.trajectory, 0).person.length);
});

test('a file of one floor asks which sheet when people were on several, and names them', () => {
  const source = makeSource();
  for (const issues of [exportArchiveText(source).issues, exportJupedsimSqlite(source).issues]) {
    expect(issues.map((issue) => issue.code)).toEqual(['sheet-not-chosen']);
    expect(issues[0]!.message).toMatch(/0 "ground" \(\d+ rows\), 1 "stairs, north" \(\d+ rows\)/);
  }
  expect(exportArchiveText(source, { sheet: 'roof' }).issues[0]!.code).toBe('sheet-not-known');
  expect(exportArchiveText(source, { sheet: 2 }).issues[0]!.code).toBe('sheet-not-known');
  const byId = [...exportArchiveText(source, { sheet: 'stairs, north' }).pieces!].join('');
  expect([...exportArchiveText(source, { sheet: '1' }).pieces!].join('')).toBe(byId);
  expect(byId).toBe([...exportArchiveText(source, { sheet: 1 }).pieces!].join(''));
  const ground = { ...source, trajectory: trajectoryOfSheet(source.trajectory, 0) };
  expect(exportArchiveText(ground).issues).toEqual([]);
  expect(exportArchiveText(ground, { sheet: 1 }).issues[0]!.code).toBe('nobody-to-export');
  const empty = { ...source, trajectory: buildTrajectory(10, []) };
  expect(exportArchiveText(empty).issues[0]!.code).toBe('nobody-to-export');
});

test('the SQLite file holds version 2 of the tables, every row to the bit, and a line for every frame', async () => {
  const source = makeSource();
  const { pieces, issues } = exportJupedsimSqlite(source, { sheet: 0 });
  const bytes = joinPieces(pieces!);
  expect(issues).toEqual([]);
  const sql = await initSqlJs({ locateFile: locateWasm });
  const database = new sql.Database(bytes);
  expect(database.exec('PRAGMA integrity_check')[0]!.values).toEqual([['ok']]);
  const rowsOf = (query: string): unknown[][] => database.exec(query)[0]?.values ?? [];
  const own = trajectoryOfSheet(source.trajectory, 0);
  const heading = headingsOf(own);
  const expected: number[][] = [];
  for (let frame = 0; frame < own.frameCount; frame++) {
    for (let row = own.frameStart[frame]!; row < own.frameStart[frame + 1]!; row++) {
      expected.push([frame, own.person[row]!, own.x[row]!, own.y[row]!, heading.x[row]!, heading.y[row]!]);
    }
  }
  expect(rowsOf('SELECT * FROM trajectory_data ORDER BY frame, id')).toEqual(expected);
  expect(Object.fromEntries(rowsOf('SELECT * FROM metadata') as [string, string][])).toEqual({
    version: '2',
    fps: '10.0',
    xmin: '0',
    xmax: '20',
    ymin: '0',
    ymax: '10',
  });
  expect(rowsOf('SELECT wkt FROM geometry')).toEqual([
    ['POLYGON ((0 0, 20 0, 20 10, 0 10, 0 0), (4 4, 4 5, 5 5, 5 4, 4 4))'],
  ]);
  expect(rowsOf('SELECT frame FROM frame_data ORDER BY rowid').flat()).toEqual([...Array(80).keys()]);
  expect(rowsOf('SELECT count(*) FROM frame_data JOIN geometry ON geometry_hash = hash')).toEqual([[80]]);
  expect(
    rowsOf("SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%' ORDER BY name"),
  ).toEqual([['frame_id_idx'], ['geometry_hash']]);
  database.close();
  expect(joinPieces(exportJupedsimSqlite(source, { sheet: 0 }).pieces!)).toEqual(bytes);
});

test('headings are unit vectors along the way, kept while standing, and turn with the plan', () => {
  const x = [0, 1, 2, 2, 2, 2];
  const y = [0, 0, 0, 0, 0, 3];
  const rows = { frame: [0, 1, 2, 3, 4, 5], person: [0, 0, 0, 0, 0, 0], x, y };
  const heading = headingsOf(trajectoryOfRows(10, rows));
  expect([...heading.x]).toEqual([1, 1, 1, 1, 0, 0]);
  expect([...heading.y]).toEqual([0, 0, 0, 0, 1, 1]);
  const turned = headingsOf(trajectoryOfRows(10, { ...rows, x: y.map((v) => -v), y: x }));
  expect([...turned.x].map((v) => -v || 0)).toEqual([...heading.y]);
  expect([...turned.y]).toEqual([...heading.x]);
  const walk = headingsOf(buildTrajectory(10, [makeWalk(12, 80)]));
  walk.x.forEach((hx, row) => void expect(hx * hx + walk.y[row]! ** 2).toBeCloseTo(1, 12));
});

test('the well-known text of a floor in pieces is a collection, the largest first', () => {
  const square = (at: number, side: number): [number, number][] => [
    [at, 0],
    [at + side, 0],
    [at + side, side],
    [at, side],
  ];
  expect(walkableWkt({ polygons: [[square(0, 1)], [square(5, 2)]] })).toBe(
    'GEOMETRYCOLLECTION (POLYGON ((5 0, 7 0, 7 2, 5 2, 5 0)), POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0)))',
  );
  expect(walkableWkt({ polygons: [] })).toBe('GEOMETRYCOLLECTION EMPTY');
});

test('the CSV has every row of every sheet with its names', () => {
  const source = makeSource();
  const lines = [...exportCsv(source)].join('').split('\n');
  expect(lines[0]).toBe('t,frame,id,x,y,z,sheet,chest_load,state');
  expect(lines.length).toBe(source.trajectory.person.length + 2);
  const row = source.trajectory.sheet.indexOf(1);
  const cells = lines[row + 1]!.match(/("[^"]*"|[^,]+)/g)!;
  const frame = source.trajectory.frameStart.findIndex((start) => start > row) - 1;
  expect(cells.slice(0, 3)).toEqual([(frame / 10).toFixed(3), String(frame), String(source.trajectory.person[row])]);
  expect(cells.slice(3, 5).map(Number)).toEqual(
    [source.trajectory.x[row], source.trajectory.y[row]].map((v) => Number(v!.toFixed(4))),
  );
  expect(Number(cells[5])).toBeCloseTo(1 + source.trajectory.x[row]! / 2, 3);
  expect(cells[6]).toBe('"stairs, north"');
  expect(lines[1]!.endsWith('walking/injured')).toBe(true);
});

const PYTHON = '.venv/bin/python';

/**
 * A bottleneck 1 m wide at x = 10 through which person i walks along y = 5 and crosses at (0.55 + i) s, one a second, at
 * 1.25 m/s: flow 1 person/s, mean speed 1.25 m/s, in closed form.
 */
function makeBottleneck(): Source {
  const header = makeHeader(21, {
    sheets: [
      {
        id: 'ground',
        kind: 'level',
        plane: [0, 0, 0],
        polygons: [
          [
            [
              [-30, 0],
              [10, 0],
              [10, 4.5],
              [40, 4.5],
              [40, 5.5],
              [10, 5.5],
              [10, 10],
              [-30, 10],
            ],
          ],
        ],
      },
    ],
  });
  const rows = { frame: [] as number[], person: [] as number[], x: [] as number[], y: [] as number[] };
  for (let frame = 0; frame <= 250; frame++) {
    for (let person = 0; person < 21; person++) {
      const x = 10 + 1.25 * (frame / 10 - 0.55 - person);
      if (x > 16) continue;
      rows.frame.push(frame);
      rows.person.push(person);
      rows.x.push(x);
      rows.y.push(5);
    }
  }
  return { header, trajectory: trajectoryOfRows(10, rows) };
}

test.skipIf(!existsSync(PYTHON))('PedPy loads both files and finds the same rows, flow and speed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crashbar-'));
  try {
    const source = makeBottleneck();
    const files = ['run.sqlite', 'run.txt', 'measures.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(files[0], joinPieces(exportJupedsimSqlite(source).pieces!));
    writeFileSync(files[1], [...exportArchiveText(source).pieces!].join(''));
    const measures = {
      line: [
        [10, 4.5],
        [10, 5.5],
      ],
      area: [
        [2, 3],
        [9, 3],
        [9, 7],
        [2, 7],
      ],
      frameStep: 5,
      flow: { value: 1, firstRank: 3, lastRank: 19 },
      meanSpeed: 1.25,
      rows: source.trajectory.person.length,
      persons: 21,
      frameRate: 10,
    };
    writeFileSync(files[2], JSON.stringify(measures));
    const output = execFileSync(PYTHON, ['scripts/check-with-pedpy.py', ...files], { encoding: 'utf8' });
    expect(output).toContain('all within 1 %');
    // The check can fail: a flow 2 % off is found.
    writeFileSync(files[2], JSON.stringify({ ...measures, flow: { value: 1.02, firstRank: 3, lastRank: 19 } }));
    expect(() => execFileSync(PYTHON, ['scripts/check-with-pedpy.py', ...files], { stdio: 'pipe' })).toThrow();
    writeFileSync(files[2], JSON.stringify({ ...measures, rows: measures.rows - 1 }));
    expect(() => execFileSync(PYTHON, ['scripts/check-with-pedpy.py', ...files], { stdio: 'pipe' })).toThrow();
    expect(readFileSync(files[1], 'utf8').length).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([1, 61, 62, 63, 4000, 40_000])(
  'a database of %i rows is whole by SQLite’s own check, and every row is found by its index',
  async (rows) => {
    const persons = Math.min(rows, 200);
    const list = Array.from({ length: rows }, (_, k) => k);
    const trajectory = trajectoryOfRows(10, {
      frame: list.map((k) => Math.floor(k / persons)),
      person: list.map((k) => k % persons),
      x: list.map((k) => k / 7),
      y: list.map((k) => -k),
    });
    const ring = Array.from({ length: 3000 }, (_, k): [number, number] => [
      100 * Math.cos(k / 500),
      100 * Math.sin(k / 500),
    ]);
    const header = makeHeader(1, { sheets: [{ id: 'ground', kind: 'level', plane: [0, 0, 0], polygons: [[ring]] }] });
    const ids = Int32Array.from({ length: persons }, (_, k) => 70_000 * k - 5);
    const bytes = joinPieces(exportJupedsimSqlite({ header, trajectory, ids }).pieces!);
    const sql = await initSqlJs({ locateFile: locateWasm });
    const database = new sql.Database(bytes);
    expect(database.exec('PRAGMA integrity_check')[0]!.values).toEqual([['ok']]);
    const one = (query: string): unknown => database.exec(query)[0]!.values[0]![0];
    expect(one('SELECT count(*) FROM trajectory_data')).toBe(rows);
    expect(one('SELECT count(*) FROM trajectory_data INDEXED BY frame_id_idx WHERE frame >= 0')).toBe(rows);
    const last = rows - 1;
    const frame = Math.floor(last / persons);
    expect(one(`SELECT pos_y FROM trajectory_data WHERE frame = ${frame} AND id = ${ids[last % persons]}`)).toBe(-last);
    expect(one('SELECT wkt FROM geometry')).toBe(walkableWkt(header.sheets[0]!));
    // Written to as any database: SQLite can go on from here.
    database.run(
      'INSERT INTO trajectory_data VALUES (0, 999999999, 0, 0, 1, 0); DELETE FROM trajectory_data WHERE frame = 0;',
    );
    expect(database.exec('PRAGMA integrity_check')[0]!.values).toEqual([['ok']]);
    database.close();
  },
);
