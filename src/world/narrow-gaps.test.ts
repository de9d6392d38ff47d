import { expect, test } from 'vitest';
import { scenarioSchema } from '../scenario/index.ts';
import { compileWorld, findFreeStep, sampleTravelField, shortestWalk, travelField, type World } from './index.ts';

/** A hall of 12 × 6 m cut by a wall at x = 6 with a gap `narrow` wide at y = 0 and one of 1 m at y = 5. */
function hallWithGaps(narrow: number): { world: World; codes: string[] } {
  const { world, issues } = compileWorld(
    scenarioSchema.parse({
      crashbar: 1,
      name: 'gaps',
      levels: [
        {
          id: 'hall',
          outlines: [
            [
              [0, 0],
              [12, 0],
              [12, 6],
              [0, 6],
            ],
          ],
          walls: [
            {
              path: [
                [6, narrow],
                [6, 5],
              ],
              thickness: 0.2,
            },
          ],
        },
      ],
      exits: [
        {
          id: 'out',
          level: 'hall',
          line: [
            [12, 0],
            [12, 1],
          ],
        },
      ],
      populations: [{ id: 'one', level: 'hall', position: [1, 0.5] }],
    }),
  );
  if (world === undefined) throw new Error(JSON.stringify(issues));
  return { world, codes: issues.map(({ code }) => code) };
}

const walkFrom = (world: World, x: number, y: number) =>
  shortestWalk(world, 0, x - world.origin[0], y - world.origin[1])?.distance ?? Number.NaN;

test('nobody plans a way through a gap of 0.3 m, and the user is told', () => {
  const { world, codes } = hallWithGaps(0.3);
  expect(codes).toEqual(['gap-too-narrow']);
  // round by the gap at y = 5: up, over, and down again
  expect(walkFrom(world, 1, 0.5)).toBeGreaterThan(12);
});

test('a gap of 0.6 m is a way, and no warning is given', () => {
  const { world, codes } = hallWithGaps(0.6);
  expect(codes).toEqual([]);
  expect(walkFrom(world, 1, 0.5)).toBeLessThan(11.2);
});

test('from a nook that holds a body, a free step leads nearer to the exit', () => {
  const { world } = hallWithGaps(0.3);
  const field = travelField(world, 0, 0);
  const out = new Float64Array(3);
  const sample = new Float64Array(3);
  const x = 5.7 - world.origin[0];
  const y = 0.19 - world.origin[1];
  sampleTravelField(world, field, x, y, sample);
  expect(findFreeStep(world, field, 0, x, y, 0.19, out)).toBe(true);
  expect(out[0]).toBeLessThan(sample[0] + 0.05);
  expect(Math.abs(out[1] * out[1] + out[2] * out[2] - 1)).toBeLessThan(1e-12);
});
