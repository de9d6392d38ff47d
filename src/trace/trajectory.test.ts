import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeWalk } from './made-up-run.ts';
import { readArchiveText } from './read-archive-text.ts';
import { NOT_PRESENT } from './trace.ts';
import { buildTrajectory, trajectoryOfRows, trajectoryOfSheet } from './trajectory.ts';

test('rows in any order make the same trajectory, sorted by frame, then person', () => {
  const rows = { frame: [4, 2, 2, 4], person: [9, 7, 3, 1], x: [1, 2, 3, 4], y: [5, 6, 7, 8] };
  const trajectory = trajectoryOfRows(25, rows);
  expect(trajectory.frameCount).toBe(5);
  expect([...trajectory.frameStart]).toEqual([0, 0, 0, 2, 2, 4]);
  expect([...trajectory.person]).toEqual([3, 7, 1, 9]);
  expect([...trajectory.x]).toEqual([3, 2, 4, 1]);
  expect([...trajectory.y]).toEqual([7, 6, 8, 5]);
  const turned = Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, list.toReversed()]));
  expect(trajectoryOfRows(25, turned as unknown as typeof rows)).toEqual(trajectory);
});

test('blocks with a gap between them make frames without rows', () => {
  const block = makeWalk(4, 6);
  const later = { ...block, firstFrame: 9 };
  const trajectory = buildTrajectory(10, [block, later]);
  expect(trajectory.frameCount).toBe(15);
  const rows = block.sheet.reduce((sum, sheet) => sum + (sheet === NOT_PRESENT ? 0 : 1), 0);
  expect(trajectory.person.length).toBe(2 * rows);
  for (const frame of [6, 7, 8]) expect(trajectory.frameStart[frame + 1]).toBe(rows);
  expect(trajectory.frameStart[15]).toBe(2 * rows);
});

test('the sheets of a trajectory part its rows: every row is on one of them and unchanged', () => {
  const whole = buildTrajectory(10, [makeWalk(12, 80)]);
  const parts = [0, 1].map((sheet) => trajectoryOfSheet(whole, sheet));
  expect(parts[0]!.person.length + parts[1]!.person.length).toBe(whole.person.length);
  expect(parts[0]!.person.length).toBeGreaterThan(0);
  expect(parts[1]!.person.length).toBeGreaterThan(0);
  for (let frame = 0; frame < whole.frameCount; frame++) {
    const at = parts.map((part) => part.frameStart[frame]!);
    for (let row = whole.frameStart[frame]!; row < whole.frameStart[frame + 1]!; row++) {
      const sheet = whole.sheet[row]!;
      const part = parts[sheet]!;
      const to = at[sheet]!++;
      expect([part.person[to], part.x[to], part.y[to], part.chestLoad![to], part.state![to], part.sheet[to]]).toEqual([
        whole.person[row],
        whole.x[row],
        whole.y[row],
        whole.chestLoad![row],
        whole.state![row],
        sheet,
      ]);
    }
    expect(parts.map((part) => part.frameStart[frame + 1])).toEqual(at);
  }
});

test('archive text is read with its frame rate and unit, tabs or blanks, whatever follows the fourth column', () => {
  const text =
    '# made by hand\n#framerate: 25 fps\n# id frame x/cm y/cm z/cm\n7\t3 150 -20.5 1.7 9\n\n 2 4\t0 1e2\n# later\n2 3 1 1';
  const { trajectory, issues } = readArchiveText(text);
  expect(issues).toEqual([]);
  expect(trajectory!.frameRate).toBe(25);
  expect([...trajectory!.person]).toEqual([2, 7, 2]);
  expect([...trajectory!.x]).toEqual([0.01, 1.5, 0]);
  expect([...trajectory!.y]).toEqual([0.01, -0.205, 1]);
  expect([...trajectory!.frameStart]).toEqual([0, 0, 0, 0, 2, 3]);
  expect(readArchiveText('# framerate: 16\n# in m\n1 0 2 3').trajectory!.x[0]).toBe(2);
});

test('a silent head is an issue unless the caller knows better; two that disagree are one too', () => {
  expect(readArchiveText('1 0 2 3').issues.map((issue) => issue.code)).toEqual([
    'trajectory-frame-rate',
    'trajectory-unit',
  ]);
  expect(readArchiveText('1 0 2 3', { frameRate: 16, unit: 'cm' }).trajectory!.y[0]).toBe(0.03);
  const head = '# framerate: 25\n# id frame x/m y/m\n1 0 2 3';
  expect(readArchiveText(head, { frameRate: 16 }).issues[0]!.message).toContain('says frame rate 25');
  expect(readArchiveText(head, { unit: 'cm' }).issues[0]!.message).toContain('says unit m');
  // As in the readers of the field, a number glued to its colon is none.
  expect(readArchiveText('# framerate:25\n# x/m\n1 0 2 3').issues[0]!.code).toBe('trajectory-frame-rate');
  expect(readArchiveText('# framerate: 0\n# x/m\n1 0 2 3').issues[0]!.code).toBe('trajectory-frame-rate');
});

test('wrong lines are all told with their numbers, twenty of them, then counted', () => {
  const head = '# framerate: 25\n# id frame x/m y/m\n';
  const { trajectory, issues } = readArchiveText(`${head}1 0 2\n1.5 0 1 1\n1 -2 1 1\n1 3 a 1\n1 1e9 0 0\n1 0 NaN 0\n`);
  expect(trajectory).toBe(undefined);
  expect(issues.map((issue) => issue.path)).toEqual(['line 3', 'line 4', 'line 5', 'line 6', 'line 7', 'line 8']);
  expect(readArchiveText(`${head}${'x\n'.repeat(100)}`).issues.length).toBe(21);
  expect(readArchiveText(`${head}1 0 1 1\n2 0 1 1\n1 0 3 3\n`).issues[0]!.message).toContain(
    'person 1 comes twice in frame 0',
  );
  expect(readArchiveText(head).issues[0]!.code).toBe('trajectory-empty');
  expect(readArchiveText('').trajectory).toBe(undefined);
});

const CROWD_QUEUE = '../shared/data/bottleneck-crowdqueue2018/040_c_56_h-.txt';
test.skipIf(!existsSync(CROWD_QUEUE))('a measured crowd of the archive is read: 75 persons, 25 frames a second', () => {
  const text = readFileSync(CROWD_QUEUE, 'utf8');
  const { trajectory, issues } = readArchiveText(text);
  expect(issues).toEqual([]);
  expect(trajectory!.frameRate).toBe(25);
  expect(new Set(trajectory!.person).size).toBe(75);
  expect(trajectory!.person.length).toBe(text.split('\n').filter((line) => /^\d/.test(line)).length);
});

const HERMES = '../shared/data/bidirectional-hermes2009/bo-360-050-050.txt';
test.skipIf(!existsSync(HERMES))('a headless file in centimetres is read with the rate and unit given', () => {
  const { trajectory, issues } = readArchiveText(readFileSync(HERMES, 'utf8'), { frameRate: 16, unit: 'cm' });
  expect(issues).toEqual([]);
  // A corridor 3.6 m wide and 8 m long.
  expect(Math.max(...trajectory!.x)).toBeLessThan(5);
  expect(Math.max(...trajectory!.y)).toBeLessThan(12);
});
