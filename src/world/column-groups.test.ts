import { expect, test } from 'vitest';
import { scenarioSchema } from '../scenario/index.ts';
import { type ColumnGroup, listColumnGroups, perDoor, perPerson } from './column-groups.ts';
import { type LayoutCounts, makeLayout, makeViews, stateSize } from './layout.ts';
import { box } from './scenes.test-support.ts';

const GROUPS = {
  mood: { isUsed: () => true, rows: perPerson, columns: { calm: 'f32', seen: 'i32' } },
  unused: { isUsed: () => false, rows: perPerson, columns: { never: 'f32' } },
  keys: { isUsed: ({ name }) => name === 'with keys', rows: perDoor, columns: { holder: 'i32' } },
  pairs: { isUsed: () => true, rows: ({ persons, doors }) => persons * doors, columns: { knows: 'u8', since: 'u16' } },
} as const satisfies Record<string, ColumnGroup>;

const COUNTS: LayoutCounts = { persons: 33, doors: 3, portals: 5, segments: 7, wallCells: 11, wallItems: 2 };
const ROWS = { ...COUNTS, areas: 4 };

function scenarioNamed(name: string) {
  return scenarioSchema.parse({
    crashbar: 1,
    name,
    levels: [{ id: 'g', outlines: [box(0, 0, 4, 4)] }],
    exits: [
      {
        id: 'e',
        line: [
          [0, 1],
          [0, 2],
        ],
      },
    ],
  });
}

test('a group that the scenario does not use takes no byte and moves none', () => {
  const plain = makeLayout(COUNTS);
  const { layout } = makeLayout(COUNTS, listColumnGroups(scenarioNamed('with keys'), ROWS, GROUPS));
  expect(listColumnGroups(scenarioNamed('without'), ROWS, GROUPS).map(({ name }) => name)).toEqual(['mood', 'pairs']);
  expect(layout.offsets['unused.never']).toBeUndefined();
  for (const [name, offset] of Object.entries(plain.layout.offsets)) {
    if (!['segments', 'wallCellStart', 'wallCellItems'].includes(name)) expect(layout.offsets[name]).toBe(offset);
  }
  expect(layout.stateBytes).toBeGreaterThan(plain.layout.stateBytes);
});

test('the size that is told beforehand is the size that is laid out', () => {
  for (const name of ['with keys', 'without']) {
    const groups = listColumnGroups(scenarioNamed(name), ROWS, GROUPS);
    expect(makeLayout(COUNTS, groups).layout.stateBytes).toBe(stateSize(COUNTS, groups));
  }
});

test('no two columns of groups share a byte, all lie within the state', () => {
  const groups = listColumnGroups(scenarioNamed('with keys'), ROWS, GROUPS);
  const { memory, layout } = makeLayout(COUNTS, groups);
  const views = makeViews(memory, layout);
  const columns = Object.values(views.groups as Record<string, Record<string, Uint8Array>>).flatMap((group) =>
    Object.values(group),
  );
  expect(columns).toHaveLength(5);
  columns.forEach((column, k) => {
    expect(column.byteOffset % 16).toBe(0);
    expect(column.byteOffset).toBeGreaterThanOrEqual(layout.stateOffset);
    expect(column.byteOffset + column.byteLength).toBeLessThanOrEqual(layout.stateOffset + layout.stateBytes);
    column.fill(k + 1);
  });
  columns.forEach((column, k) => {
    expect(column.every((value) => value === k + 1)).toBe(true);
  });
  expect(columns.map(({ length }) => length)).toEqual([33, 33, 3, 99, 99]);
});
