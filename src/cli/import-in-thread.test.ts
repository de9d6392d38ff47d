import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { houseText } from '../importers/ifc-house.test-support.ts';
import { importers } from '../importers/index.ts';
import { importInThread, limitsFor } from './import-in-thread.ts';

const { ifc } = importers;
const BUILT = new URL('../../dist/cli/import-thread.js', import.meta.url);
const encode = (text: string) => new TextEncoder().encode(text);
/** So much that no loaded machine reaches it. */
const GENEROUS = { seconds: 100, heap: 2048 };

it.runIf(existsSync(BUILT))('a plan is read in a thread as it is without one', async () => {
  const bytes = houseText({ schema: 'IFC2X3', unit: 'mm' }).bytes();
  const inThread = await importInThread(ifc, bytes, { persons: 5 }, GENEROUS);
  expect(inThread).toEqual(await ifc.importFile(bytes, { persons: 5 }));
});

it.runIf(existsSync(BUILT))('a file on which the reader hangs is given up, and named as what it is', async () => {
  // web-ifc 0.0.78 never comes back from shapes that lack a value; all of them do, so that none stands out.
  const hanging = houseText().toString().replaceAll('IFCPRODUCTDEFINITIONSHAPE($,$,', 'IFCPRODUCTDEFINITIONSHAPE($,');
  const { issues, scenario } = await importInThread(ifc, encode(hanging), {}, { seconds: 4, heap: 1024 });
  expect(scenario).toBeUndefined();
  expect(issues.map(({ code }) => code)).toEqual(['import-too-slow']);
});

it('a small file has 5 s of processor time, a large one more', () => {
  expect(limitsFor(0).seconds).toBe(5);
  expect(limitsFor(100 * 2 ** 20).seconds).toBe(605);
});
