import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildCommand, crashbar, makeFolder, ROOT, startCrashbar, waitForEnd } from './support/command.ts';

const scratch = makeFolder();
let folder = '';
let made = 0;

beforeAll(buildCommand, 120_000);
afterAll(scratch.remove);
beforeEach(() => {
  folder = join(scratch.path, `${made++}`);
});

/** A room 8 × 5 m with an exit 1 m wide and persons in it. */
function makeRoom(changes: Record<string, unknown> = {}, persons = 20): string {
  return JSON.stringify({
    crashbar: 1,
    name: 'room',
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [0, 0],
            [8, 0],
            [8, 5],
            [0, 5],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'exit',
        level: 'ground',
        line: [
          [8, 2],
          [8, 3],
        ],
      },
    ],
    populations: [
      {
        id: 'crowd',
        level: 'ground',
        polygon: [
          [0, 0],
          [6, 0],
          [6, 5],
          [0, 5],
        ],
        count: persons,
      },
    ],
    ...changes,
  });
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(scratch.path, `${made++}-${name}`);
  writeFileSync(path, content);
  return path;
}

function stateHashOf(run: string): string {
  return JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')).stateHash;
}

/** Changes one bit in the middle of a file. */
function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] ^= 0x10;
  writeFileSync(path, bytes);
}

describe('the command line', () => {
  test('without a command shows the help and ends with 2', () => {
    const { exitCode, stderr } = crashbar([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('crashbar check plan.json');
  });

  test('--version prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(crashbar(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('every command has a help with an example', () => {
    for (const command of ['check', 'import', 'run', 'report', 'export', 'replay', 'inspect', 'schema']) {
      const { exitCode, stdout } = crashbar([command, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`$ crashbar ${command}`);
    }
  });

  test.each([
    [['chek', 'x.json'], 'check'],
    [['run', '--sed', '1'], '--seed'],
    [['run', 'x.json', '--seed', '1.5'], 'whole number'],
    [['run', 'x.json', '--time', '-3'], 'seconds above 0'],
    [['run', 'x.json', '--threads', 'two'], 'whole number from 1 to'],
    [['run', 'x.json', '--profile=5'], '--profile'],
    [['import', 'x.wkt', '-o', 'y', '--density', '-1'], 'per square metre'],
    [['replay', 'x', '--threads', '0'], 'whole number from 1 to'],
    [['export', 'run', '--format', 'xls', '-o', 'x'], 'sqlite'],
    [['import', 'x.wkt', '-o', 'y', '--unit', 'furlong'], 'cm'],
    [['report', 'run', '--csv', '--markdown'], 'csv'],
  ])('a slip in %j ends with 2 and says what is meant', (args, hint) => {
    const { exitCode, stdout, stderr } = crashbar(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('a slip under --json is a document with the place and what is meant', () => {
    const { exitCode, stdout } = crashbar(['run', 'x.json', '--time', 'ten', '--json']);
    expect(exitCode).toBe(2);
    const { ok, issues } = JSON.parse(stdout);
    expect(ok).toBe(false);
    expect(issues).toHaveLength(1);
    expect(issues[0].path).toContain('--time ten');
    expect(issues[0].message).toContain('seconds above 0');
  });

  test('an uncertain parameter with a slip in it is answered with the one that is meant', () => {
    const file = write('vary.json', makeRoom());
    const { exitCode, stderr } = crashbar(['run', file, '--vary', 'puhs=high', '-o', folder]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('push=high?');
    expect(existsSync(folder)).toBe(false);
  });

  test('schema prints the JSON Schema, the same as in dist/', () => {
    const { exitCode, stdout } = crashbar(['schema']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).properties).toHaveProperty('levels');
    expect(stdout).toBe(readFileSync(join(ROOT, 'dist', 'scenario.schema.json'), 'utf8'));
  });
});

describe('bad input', () => {
  const huge = join(scratch.path, 'huge.json');
  beforeAll(() => {
    const descriptor = openSync(huge, 'w');
    ftruncateSync(descriptor, 10_000_000_000);
    closeSync(descriptor);
  });

  const bad: [string, () => string, string][] = [
    ['a file that is not there', () => join(scratch.path, 'none.json'), 'cannot-read'],
    ['a folder without a scenario', () => scratch.path, 'no-scenario'],
    ['an empty file', () => write('empty.json', ''), 'error'],
    ['bytes that are not text', () => write('noise.json', new Uint8Array([0xff, 0xfe, 0, 1, 2, 0xc3])), 'error'],
    ['JSON that is cut off', () => write('cut.json', makeRoom().slice(0, -20)), 'line'],
    [
      'an exit that is not there',
      () => write('exit.json', makeRoom({ exits: [{ id: 'exit', door: 'dor' }] })),
      'exits[0]',
    ],
    ['ten gigabytes of zeros', () => huge, 'file-too-large'],
  ];

  test.each(bad)('%s is refused with 2 by check and run, and nothing is written', (_name, make, expected) => {
    const file = make();
    for (const args of [
      ['check', file],
      ['run', file, '-o', folder],
    ]) {
      const started = performance.now();
      const { exitCode, stdout, stderr } = crashbar(args);
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain(expected);
      expect(stderr).toContain('Nothing was written.');
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(performance.now() - started).toBeLessThan(10_000);
    }
    expect(existsSync(folder)).toBe(false);
  });

  test('every issue is told at once, and --json gives the same as one document', () => {
    const file = write(
      'three.json',
      makeRoom({
        exits: [{ id: 'exit', door: 'dor' }],
        populations: [{ id: 'crowd', level: 'grund', count: 3 }],
        events: [{ at: 1, do: 'open', door: 'gate' }],
      }),
    );
    const { exitCode, stdout, stderr } = crashbar(['check', file, '--json']);
    expect(exitCode).toBe(2);
    const document = JSON.parse(stdout);
    expect(document.ok).toBe(false);
    const paths = document.issues.map((issue: { path: string }) => issue.path).join(' ');
    expect(paths).toContain('exits[0]');
    expect(paths).toContain('populations[0]');
    expect(paths).toContain('events[0]');
    for (const issue of document.issues) expect(stderr).toContain(issue.message);
  });

  test('a folder with other things in it is not taken for a run', () => {
    const file = write('room.json', makeRoom());
    const mine = join(scratch.path, 'mine');
    crashbar(['run', file, '-o', mine, '--no-report', '--quiet', '--time', '1']);
    renameSync(join(mine, 'run.json'), join(mine, 'diary.txt'));
    const before = readdirSync(mine);
    const { exitCode, stderr } = crashbar(['run', file, '-o', mine, '--force']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('folder-taken');
    expect(readdirSync(mine)).toEqual(before);
  });

  test('a file in the place of a run’s folder is left as it is', () => {
    const file = write('in-the-way.json', makeRoom());
    const { exitCode, stderr } = crashbar(['run', file, '-o', file, '--force']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is a file of that name');
    expect(readFileSync(file, 'utf8')).toBe(makeRoom());
  });

  test.each(['report', 'replay', 'inspect'])('%s of a folder that is no run ends with 2', (command) => {
    const { exitCode, stderr } = crashbar([command, join(scratch.path, 'no-run')]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no-run');
  });
});

describe('a run', () => {
  const room = join(scratch.path, 'room.json');
  const run = join(scratch.path, 'room-run');
  let printed = { exitCode: null as number | null, stdout: '', stderr: '' };
  beforeAll(() => {
    writeFileSync(room, makeRoom());
    printed = crashbar(['run', room, '-o', run]);
  });

  test('ends with 0 and says who got out, the state hash and where the report is', () => {
    expect(printed.exitCode).toBe(0);
    expect(printed.stdout).toContain('20 of 20 out');
    expect(printed.stdout).toContain(stateHashOf(run));
    expect(printed.stdout).toContain(join(run, 'report.html'));
    expect(readdirSync(run).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('is not overwritten unless --force is given', () => {
    const before = readFileSync(join(run, 'run.json'), 'utf8');
    const refused = crashbar(['run', room, '-o', run]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('--force');
    expect(crashbar(['run', room, '-o', run, '--force', '--quiet']).exitCode).toBe(0);
    expect(readFileSync(join(run, 'run.json'), 'utf8')).toBe(before);
  });

  test('says where the time went if asked, and the answer changes no bit', () => {
    const { exitCode, stdout } = crashbar(['run', room, '-o', folder, '--force', '--profile', '--no-report', '--json']);
    const { profile, stateHash, wallTime } = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    const sum = profile.reduce((all: number, { seconds }: { seconds: number }) => all + seconds, 0);
    // The wall also counts what lies around the run: its files are put on disk, `run.json` is written.
    expect(sum).toBeLessThan(1.2 * wallTime + 0.1);
    expect(sum).toBeGreaterThan(0.5 * wallTime);
    for (const { seconds, calls } of profile) {
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(calls).toBeGreaterThan(0);
    }
    expect(profile.map(({ phase }: { phase: string }) => phase)).toEqual(
      expect.arrayContaining(['travel fields', 'sense', 'steer', 'move', 'harm', 'record']),
    );
    expect(stateHash).toBe(stateHashOf(run));
  });

  test('has another hash with another seed, and names the seed in its default folder', () => {
    const cwd = makeFolder();
    const { exitCode, stdout } = crashbar(['run', room, '--seed', '9', '--no-report', '--json'], cwd.path);
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ ok: true, run: join('runs', 'room-9'), seed: 9, out: 20 });
    expect(document.stateHash).not.toBe(stateHashOf(run));
    expect(existsSync(join(cwd.path, 'runs', 'room-9', 'report.html'))).toBe(false);
    cwd.remove();
  });

  test('replays to the same hashes', () => {
    const { exitCode, stdout } = crashbar(['replay', run]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('the same');
  });

  test('with one recorded hash changed replays to a difference at that second', () => {
    crashbar(['run', room, '-o', folder, '--quiet', '--no-report']);
    const events = join(folder, 'events.ndjson');
    const lines = readFileSync(events, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('"state-hash"') && line.includes('"t":3,'));
    lines[at] = lines[at].replace(/"hash":"./, (text) => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0'));
    writeFileSync(events, lines.join('\n'));
    const { exitCode, stderr } = crashbar(['replay', folder]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('differs first at 3 s');
  });

  test('is inspected with its chunks and nothing damaged', () => {
    const { exitCode, stdout } = crashbar(['inspect', run]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('chunk 0');
    expect(stdout).toContain('Nothing is damaged.');
  });

  test.each([
    ['frames.bin', 0.5, 'chunk'],
    ['events.ndjson', 0.5, 'events.ndjson'],
    ['run.json', 0.9, 'run.json'],
  ] as const)('with one bit of %s flipped is named damaged by inspect and not measured', (name, share, expected) => {
    crashbar(['run', room, '-o', folder, '--quiet', '--no-report']);
    const path = join(folder, name);
    flipByte(path, Math.floor(share * readFileSync(path).length));
    const inspected = crashbar(['inspect', folder]);
    expect(inspected.exitCode).toBe(1);
    expect(inspected.stderr).toContain(expected);
    const reported = crashbar(['report', folder]);
    expect(reported.exitCode).toBe(1);
    expect(existsSync(join(folder, 'report.html'))).toBe(false);
  });

  test.each([
    [[], 'x.html', 'x.html', '<!doctype html>'],
    [['--markdown'], 'x.md', 'x.md', '20 people'],
    [['--csv'], 'x', 'x-curve.csv', 'time_s,out,person,exit'],
    [['--csv'], 'x.csv', 'x-doors.csv', 'exit'],
  ])('is reported with %j', (flags, output, made, expected) => {
    const { exitCode } = crashbar(['report', run, ...flags, '-o', join(folder, output)]);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, made), 'utf8').toLowerCase()).toContain(expected);
  });

  test.each([
    ['sqlite', 'SQLite format 3'],
    ['txt', '# framerate:'],
    ['csv', 't,frame,id,x,y,z'],
    ['hdf5', 'HDF'],
    ['parquet', 'PAR1'],
    ['gltf', 'glTF'],
    ['geojson', '"FeatureCollection"'],
  ] as const)('is exported as %s, and replaced by force alone', (format, start) => {
    const file = join(folder, `run.${format}`);
    const { exitCode } = crashbar(['export', run, '--format', format, '-o', file]);
    expect(exitCode).toBe(0);
    const again = crashbar(['export', run, '--format', format, '-o', file]);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('output-exists');
    expect(crashbar(['export', run, '--format', format, '-o', file, '--force']).exitCode).toBe(0);
    const text = readFileSync(file).subarray(0, 4000).toString('latin1');
    expect(text).toContain(start);
  });

  test('is not written over a folder, which is left as it is', () => {
    const before = readdirSync(scratch.path);
    for (const args of [
      ['export', run, '--format', 'csv', '-o', scratch.path],
      ['report', run, '-o', scratch.path],
      ['import', join(ROOT, 'scenarios', 'double-bottleneck', 'plan.wkt'), '-o', scratch.path, '--force'],
    ]) {
      const { exitCode, stderr } = crashbar(args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('output-is-folder');
      expect(readdirSync(scratch.path)).toEqual(before);
    }
  });

  test('of a sheet that is not there is not exported', () => {
    const file = join(folder, 'run.txt');
    const { exitCode } = crashbar(['export', run, '--format', 'txt', '--sheet', 'attic', '-o', file]);
    expect(exitCode).toBe(2);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('an interrupted run', () => {
  const room = join(scratch.path, 'big-room.json');
  const whole = join(scratch.path, 'big-room-run');
  beforeAll(() => {
    // Large and narrow enough to take some seconds on the wall and several snapshots.
    writeFileSync(
      room,
      makeRoom({
        levels: [
          {
            id: 'ground',
            outlines: [
              [
                [0, 0],
                [40, 0],
                [40, 20],
                [0, 20],
              ],
            ],
          },
        ],
        exits: [
          {
            id: 'exit',
            level: 'ground',
            line: [
              [40, 9.5],
              [40, 10.5],
            ],
          },
        ],
        populations: [
          {
            id: 'crowd',
            level: 'ground',
            polygon: [
              [0, 0],
              [38, 0],
              [38, 20],
              [0, 20],
            ],
            count: 1200,
          },
        ],
      }),
    );
    crashbar(['run', room, '-o', whole, '--time', '60', '--quiet', '--no-report']);
  }, 120_000);

  /** Starts the run and returns once it has written a snapshot. */
  async function startAndAwaitSnapshot() {
    const child = startCrashbar(['run', room, '-o', folder, '--time', '60', '--quiet', '--no-report']);
    const ended = waitForEnd(child);
    const deadline = performance.now() + 60_000;
    while (!existsSync(join(folder, 'snapshot.bin'))) {
      if (performance.now() > deadline) throw new Error('no snapshot was written');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { child, ended };
  }

  test('killed with SIGKILL goes on with --resume to the same hashes and the same frames', async () => {
    const { child, ended } = await startAndAwaitSnapshot();
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')).outcome).toBe('running');
    expect(crashbar(['run', '--resume', folder, '--quiet', '--no-report']).exitCode).toBe(0);
    expect(stateHashOf(folder)).toBe(stateHashOf(whole));
    expect(readFileSync(join(folder, 'frames.bin')).equals(readFileSync(join(whole, 'frames.bin')))).toBe(true);
    expect(crashbar(['inspect', folder]).exitCode).toBe(0);
  });

  test.skipIf(process.platform === 'win32')(
    'stopped with SIGINT ends with 1, can be read and goes on with --resume',
    async () => {
      const { child, ended } = await startAndAwaitSnapshot();
      child.kill('SIGINT');
      expect(await ended).toEqual({ code: 1, signal: null });
      const header = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
      expect(header.outcome).toBe('interrupted');
      expect(crashbar(['inspect', folder]).exitCode).toBe(0);
      expect(crashbar(['replay', folder, '--quiet']).exitCode).toBe(0);
      expect(crashbar(['run', '--resume', folder, '--quiet', '--no-report']).exitCode).toBe(0);
      expect(stateHashOf(folder)).toBe(stateHashOf(whole));
      expect(crashbar(['inspect', folder]).exitCode).toBe(0);
    },
  );

  test('killed before its first snapshot starts again from the beginning', async () => {
    const child = startCrashbar(['run', room, '-o', folder, '--time', '60', '--quiet', '--no-report']);
    const ended = waitForEnd(child);
    while (!existsSync(join(folder, 'run.json'))) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGKILL');
    await ended;
    rmSync(join(folder, 'snapshot.bin'), { force: true });
    expect(crashbar(['run', '--resume', folder, '--quiet', '--no-report']).exitCode).toBe(0);
    expect(stateHashOf(folder)).toBe(stateHashOf(whole));
  });

  test('is not resumed from a snapshot with a flipped bit', async () => {
    const { child, ended } = await startAndAwaitSnapshot();
    child.kill('SIGKILL');
    await ended;
    flipByte(join(folder, 'snapshot.bin'), 5000);
    const { exitCode, stderr } = crashbar(['run', '--resume', folder, '--quiet']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('snapshot.bin');
    expect(stderr).toContain('checksum');
  });

  test('that has ended is not resumed', () => {
    const { exitCode, stderr } = crashbar(['run', '--resume', whole]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('run-has-ended');
  });
});

test.skipIf(!existsSync('/proc'))(
  'a folder that no file system makes is refused at once, not asked for again and again',
  () => {
    const file = join(scratch.path, 'nowhere.json');
    writeFileSync(file, makeRoom());
    const { exitCode, stderr } = crashbar(['run', file, '-o', '/proc/nowhere', '--quiet']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('/proc/nowhere: there is none of that name');
  },
  20_000,
);
