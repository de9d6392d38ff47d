import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRun } from '../engine/index.ts';
import { loadScenario, type ScenarioInput } from '../scenario/index.ts';
import { memorySink } from '../trace/made-up-run.ts';
import { compileWorld } from '../world/index.ts';
import { leavesOf } from './ifc-doors.ts';
import { houseText } from './ifc-house.test-support.ts';
import { type IfcSchema, IfcText, rectangle } from './ifc-text.test-support.ts';
import { importIfc } from './import-ifc.ts';
import type { ImportResult } from './importer.ts';

const SAMPLE = '../shared/data/geometry/ISO-Test-1-IFC2x3.ifc';

/** Every issue of the file, of the scenario and of the compiled building; errors first. */
function problemsOf(result: ImportResult): string[] {
  const own = result.issues.map(({ severity, code }) => `${severity} ${code}`);
  if (result.scenario === undefined) return own;
  const { scenario, issues } = loadScenario(new TextEncoder().encode(JSON.stringify(result.scenario)));
  const more = scenario === undefined ? [] : compileWorld(scenario, { seed: 1 }).issues;
  return [...own, ...[...issues, ...more].map(({ severity, code, message }) => `${severity} ${code} ${message}`)];
}

function lengthOf(line: readonly (readonly number[])[]): number {
  return Math.hypot(line[1][0] - line[0][0], line[1][1] - line[0][1]);
}

/** Size of a level's floor: its outlines less its holes [m²]. */
function sizeOfLevel(level: ScenarioInput['levels'][number]): number {
  const size = (ring: readonly (readonly number[])[]): number =>
    Math.abs(
      ring.reduce((sum, [x, y], i) => {
        const [u, v] = ring[(i + 1) % ring.length];
        return sum + (x * v - u * y) / 2;
      }, 0),
    );
  const all = (rings: readonly (readonly (readonly number[])[])[]): number =>
    rings.reduce((sum, ring) => sum + size(ring), 0);
  return all(level.outlines) - all(level.holes ?? []);
}

describe('importIfc', () => {
  const cases: [IfcSchema, 'm' | 'mm' | 'ft'][] = [
    ['IFC2X3', 'mm'],
    ['IFC4', 'm'],
    ['IFC4X3_ADD2', 'ft'],
  ];
  it.each(cases)(
    'reads a house of two storeys written as %s in %s, and it is without problems',
    async (schema, unit) => {
      const result = await importIfc(houseText({ schema, unit }).bytes(), { persons: 40 });
      expect(problemsOf(result)).toEqual([]);
      const scenario = result.scenario!;
      expect(scenario.levels.map(({ id, elevation }) => [id, elevation])).toEqual([
        ['Ground', 0],
        ['Stairs landing', 1.6],
        ['Upper', 3.2],
      ]);
      const ground = scenario.levels[0];
      expect(ground.areas?.map(({ id }) => id)).toEqual(['0.1 Hall', '0.2 Office']);
      expect(ground.furniture?.map(({ id, height }) => [id, height])).toEqual([
        ['Table', 0.75],
        ['Railing', 1],
      ]);
      expect(scenario.doors).toHaveLength(2);
      const [main, office] = scenario.doors!;
      expect(main).toMatchObject({ level: 'Ground', leaf: 'double', swing: 'left' });
      expect(lengthOf(main.line)).toBeCloseTo(1.6, 3);
      expect(main.line[0][1]).toBeCloseTo(0.1, 3);
      // Its hinge is at y = 2; it opens into the hall, to the left of the way from y = 2 to y = 2.9.
      expect(office).toMatchObject({ leaf: 'single', hinge: 'first', swing: 'left' });
      expect(office.line.flat().map((v) => Math.round(v * 1000) / 1000)).toEqual([8, 2, 8, 2.9]);
      expect(scenario.exits.map((exit) => exit.door)).toEqual(['Main door']);
      expect(scenario.links!.map(({ from, to }) => [from.level, to.level])).toEqual([
        ['Ground', 'Stairs landing'],
        ['Stairs landing', 'Upper'],
      ]);
      const [first, second] = scenario.links!;
      const rounded = (line: readonly (readonly number[])[]) => line.flat().map((v) => Math.round(v * 100) / 100);
      expect(rounded(first.from.line)).toEqual([1.2, 5.4, 1.2, 6.5]);
      expect(rounded(first.to.line)).toEqual([3.72, 5.4, 3.72, 6.5]);
      expect(rounded(second.from.line)).toEqual([3.72, 7.7, 3.72, 6.6]);
      expect(rounded(second.to.line)).toEqual([1.2, 7.7, 1.2, 6.6]);
      // 9 treads of 0.28 m and 10 risers of 0.16 m.
      expect(first.length).toBeCloseTo(Math.hypot(9 * 0.28, 1.6), 1);
      const persons = scenario.populations!.reduce((sum, group) => sum + (group.count ?? 0), 0);
      expect(persons).toBe(40);
      expect(scenario.populations!.map(({ level }) => level)).toEqual(['Ground', 'Upper']);
    },
  );

  it('makes floor of slabs less walls where there are no spaces, and the same doors', async () => {
    const result = await importIfc(houseText({ spaces: false }).bytes(), { persons: 10 });
    expect(problemsOf(result)).toEqual([]);
    const scenario = result.scenario!;
    expect(scenario.levels.map(({ id }) => id)).toEqual(['Ground', 'Stairs landing', 'Upper']);
    expect(scenario.doors!.map(({ id }) => id)).toEqual(['Main door', 'Office door']);
    expect(scenario.exits.map((exit) => exit.door)).toEqual(['Main door']);
    expect(scenario.links).toHaveLength(2);
  });

  it.each(['m', 'mm', 'ft'] as const)('gives the floor its size whatever the unit: %s', async (unit) => {
    const f = new IfcText({ unit });
    const storey = f.storey('EG', 0);
    const wall = f.wall('South', storey, rectangle(0, 0, 10, 0.3));
    f.wall('North', storey, rectangle(0, 6.3, 10, 6.6));
    f.wall('West', storey, rectangle(0, 0.3, 0.3, 6.3));
    f.wall('East', storey, rectangle(9.7, 0.3, 10, 6.3));
    f.slab('Slab', storey, rectangle(0, 0, 10, 6.6));
    const opening = f.opening(wall, storey, rectangle(4, 0, 5, 0.3));
    f.door('Door', storey, [4, 0.15, 0], [1, 0, 0], 1, 'SINGLE_SWING_RIGHT', opening);
    const { scenario } = await importIfc(f.bytes());
    // 9.4 m × 6 m, and half of the reveal.
    expect(sizeOfLevel(scenario!.levels[0])).toBeCloseTo(9.4 * 6 + 0.15, 3);
    expect(scenario!.doors![0]).toMatchObject({ hinge: 'second', swing: 'left' });
  });

  it('brings a site far off and turned to a place near (0, 0) and says so', async () => {
    const result = await importIfc(houseText({ site: [500_123, 5_432_100, 312.5], turn: 30 }).bytes(), { persons: 10 });
    expect(problemsOf(result)).toEqual([]);
    const scenario = result.scenario!;
    expect(scenario.levels.map(({ elevation }) => elevation)).toEqual([312.5, 314.1, 315.7]);
    expect(Math.max(...scenario.levels.flatMap(({ outlines }) => outlines.flat(2)).map(Math.abs))).toBeLessThan(300);
    expect(result.report.guessed.join()).toContain('is (0, 0) here');
    const near = await importIfc(houseText().bytes());
    expect(sizeOfLevel(scenario.levels[0])).toBeCloseTo(sizeOfLevel(near.scenario!.levels[0]), 2);
    expect(lengthOf(scenario.doors![0].line)).toBeCloseTo(1.6, 3);
  });

  it.runIf(existsSync(SAMPLE))(
    'reads the sample: one room of 8 m × 5 m, its door where it is, opening outwards',
    async () => {
      const result = await importIfc(readFileSync(SAMPLE), { persons: 20 });
      expect(problemsOf(result)).toEqual([]);
      const { levels, doors, exits } = result.scenario!;
      expect(levels.map(({ id, elevation }) => [id, elevation])).toEqual([['Level 1', 0]]);
      // The room, and half of the reveal of 0.2 m × 1 m.
      expect(sizeOfLevel(levels[0])).toBeCloseTo(40.1, 2);
      expect(doors).toHaveLength(1);
      expect(doors![0]).toMatchObject({ leaf: 'single', hinge: 'second', swing: 'left' });
      expect(doors![0].line.flat().map((v) => Math.round(v * 1000) / 1000)).toEqual([3.045, 1.811, 3.045, 0.811]);
      expect(exits.map(({ door }) => door)).toEqual([doors![0].id]);
    },
  );

  it('takes openings for passages and ways out, a niche for wall, and paving around the house for outdoors', async () => {
    const f = new IfcText({ schema: 'IFC2X3', unit: 'mm' });
    const storey = f.storey('G', 0);
    f.slab('Paving and floor', storey, rectangle(-3, -3, 15, 11));
    const south = f.wall('South', storey, rectangle(0, 0, 12, 0.3));
    f.wall('North', storey, rectangle(0, 7.7, 12, 8));
    f.wall('West', storey, rectangle(0, 0.3, 0.3, 7.7));
    const middle = f.wall('Middle', storey, rectangle(6, 0.3, 6.2, 7.7));
    f.opening(middle, storey, rectangle(5.9, 1, 6.3, 2.2), 2.2);
    f.opening(south, storey, rectangle(1, 0.2, 2, 0.3), 2.2);
    f.opening(south, storey, rectangle(3, -0.1, 4.5, 0.4), 2.3);
    // A wall of glass whose door has no opening.
    const panes = [
      [0.3, 2],
      [3.1, 7.7],
    ].map(([from, to], i) =>
      f.product('IFCPLATE', `Pane ${i}`, storey, f.shape({ ring: rectangle(11.8, from, 11.85, to), height: 3 })),
    );
    const door = f.door('Glass door', storey, [11.82, 2, 0], [0, 1, 0], 1.1, 'SINGLE_SWING_RIGHT');
    f.aggregate('IFCCURTAINWALL', 'Glass', storey, [...panes, door]);
    const result = await importIfc(f.bytes(), { persons: 20 });
    expect(problemsOf(result)).toEqual([]);
    const { levels, doors, exits } = result.scenario!;
    // Two rooms, the passage of 1.2 m × 0.2 m, the niche, and the reveals of the opening (to the middle of the wall) and of the door.
    expect(sizeOfLevel(levels[0])).toBeCloseTo(5.7 * 7.4 + 5.6 * 7.4 + 0.24 + 0.1 + 1.5 * 0.15 + 1.1 * 0.02, 2);
    expect(doors!.map(({ id, hinge }) => [id, hinge])).toEqual([['Glass door', 'second']]);
    expect(exits).toEqual([
      { id: 'exit Glass door', door: 'Glass door' },
      {
        id: 'Opening in South',
        level: 'G',
        line: [
          [3, 0.15],
          [4.5, 0.15],
        ],
      },
    ]);
    expect(result.report.guessed.join()).toContain('taken for outdoors');
  });

  it('takes the linings of a door off its width where the file gives them', async () => {
    const f = new IfcText({ schema: 'IFC2X3', unit: 'mm' });
    const storey = f.storey('G', 0);
    const wall = f.wall('South', storey, rectangle(0, 0, 6, 0.2));
    f.space('1', 'Room', storey, rectangle(0, 0.2, 6, 5));
    f.door(
      'Door',
      storey,
      [2, 0.1, 0],
      [1, 0, 0],
      1,
      'SINGLE_SWING_LEFT',
      f.opening(wall, storey, rectangle(2, 0, 3, 0.2)),
    );
    const lining = f.add(`IFCDOORLININGPROPERTIES('${f.guid()}',$,$,$,200.,50.,$,$,$,$,$,$,$,$,$)`);
    const text = f.toString().replace(/(IFCDOORSTYLE\('[^']*',\$,'[^']*',\$,\$,)\$/, `$1(#${lining})`);
    const { scenario } = await importIfc(new TextEncoder().encode(text));
    expect(scenario!.doors![0].line.flat().map((v) => Math.round(v * 1000) / 1000)).toEqual([2.05, 0.1, 2.95, 0.1]);
  });

  it('lets everybody out of the house by its stairs and its door', async () => {
    const { scenario: made } = await importIfc(houseText({ unit: 'mm' }).bytes(), { persons: 50 });
    const { scenario } = loadScenario(new TextEncoder().encode(JSON.stringify(made)));
    const { world } = compileWorld(scenario!, { seed: 1 });
    const run = createRun(world!, { sink: memorySink() });
    while (!run.advance(10));
    expect(run.finish().result.out).toBe(50);
  });
});

describe('leavesOf', () => {
  it('follows the definitions of the types of operation', () => {
    expect(leavesOf('SINGLE_SWING_LEFT')).toEqual({ leaf: 'single', hinge: 'first', swing: 'left', isKnown: true });
    expect(leavesOf('SINGLE_SWING_RIGHT')).toMatchObject({ leaf: 'single', hinge: 'second', swing: 'left' });
    expect(leavesOf('DOUBLE_SWING_RIGHT')).toMatchObject({ leaf: 'single', hinge: 'second', swing: 'both' });
    expect(leavesOf('DOUBLE_DOOR_SINGLE_SWING')).toMatchObject({ leaf: 'double', swing: 'left' });
    expect(leavesOf('DOUBLE_PANEL_DOUBLE_SWING')).toMatchObject({ leaf: 'double', swing: 'both' });
    expect(leavesOf('DOUBLE_DOOR_SINGLE_SWING_OPPOSITE_LEFT')).toMatchObject({ leaf: 'double', swing: 'both' });
    expect(leavesOf('SLIDING_TO_LEFT')).toMatchObject({ leaf: 'single', swing: 'both', isKnown: true });
    expect(leavesOf('NOTDEFINED')).toMatchObject({ leaf: 'single', isKnown: false });
  });
});
