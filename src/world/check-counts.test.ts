import { expect, test } from 'vitest';
import type { Issue } from '../scenario/index.ts';
import { checkCounts } from './check-counts.ts';
import { box, compileScene } from './scenes.test-support.ts';

const MOST = { areas: 32_766, portals: 32_766, goals: 32_766, populations: 65_535 };

test('as many areas, portals, goals and populations as 16 bits tell apart are fine, one more of any is not', () => {
  const found = (counts: typeof MOST): Issue[] => {
    const issues: Issue[] = [];
    checkCounts(counts, issues);
    return issues;
  };
  expect(found(MOST)).toEqual([]);
  for (const name of Object.keys(MOST) as (keyof typeof MOST)[]) {
    const [issue, ...others] = found({ ...MOST, [name]: MOST[name] + 1 });
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ code: 'too-many-parts', severity: 'error', found: String(MOST[name] + 1) });
  }
});

test('a scenario with too many populations is refused before anybody is placed', () => {
  const populations = Array.from({ length: 65_536 }, (_, i) => ({ id: `p${i}`, level: 'g', count: 1 }));
  const { world, issues } = compileScene({
    levels: [{ id: 'g', outlines: [box(0, 0, 4, 4)] }],
    exits: [
      {
        id: 'e',
        level: 'g',
        line: [
          [4, 1],
          [4, 2],
        ],
      },
    ],
    populations,
  });
  expect(world).toBeUndefined();
  expect(issues.map(({ code }) => code)).toEqual(['too-many-parts']);
});
