import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closestWord, countEdits } from './closest-word.ts';

test.each([
  ['thicknes', 'thickness', 1],
  ['thickenss', 'thickness', 1],
  ['dor', 'door', 1],
  ['uot', 'out', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['same', 'same', 0],
])('%s to %s takes %d changes', (from, to, edits) => {
  expect(countEdits(from, to)).toBe(edits);
});

test('the number of changes is the same both ways, at least the difference in length, and at most the longer length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const edits = countEdits(a, b);
      expect(countEdits(b, a)).toBe(edits);
      expect(edits).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(edits === 0).toBe(a === b);
    }),
  );
});

test('the nearest word is suggested, whatever its case, and none where all are far', () => {
  expect(closestWord('Stat', ['state', 'start', 'strength'])).toBe('state');
  expect(closestWord('DOOR', ['door'])).toBe('door');
  expect(closestWord('kitchen', ['hall', 'stage'])).toBeUndefined();
  expect(closestWord('ab', ['xy'])).toBeUndefined();
  expect(closestWord('x', [])).toBeUndefined();
});
