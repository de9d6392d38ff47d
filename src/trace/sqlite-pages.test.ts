import { expect, test } from 'vitest';
import { createPageWriter, encodeRecord, putVarint, SQLITE_PAGE_BYTES } from './sqlite-pages.ts';

test('the page that holds byte 2³⁰ stays free, whatever is written before and after it', () => {
  let count = 1;
  const page = new Uint8Array(SQLITE_PAGE_BYTES);
  const pages = createPageWriter(() => void count++);
  const lock = 2 ** 30 / SQLITE_PAGE_BYTES + 1;
  for (let number = 2; number < lock; number++) pages.write(page);
  expect(pages.count()).toBe(lock - 1);
  expect(pages.next()).toBe(lock + 1);
  expect(pages.write(page)).toBe(lock + 1);
  expect(count).toBe(lock + 1);
});

test('varints and records are as the format’s specification writes them', () => {
  const bytes = new Uint8Array(9);
  expect([...bytes.subarray(0, putVarint(bytes, 0, 127))]).toEqual([127]);
  expect([...bytes.subarray(0, putVarint(bytes, 0, 128))]).toEqual([0x81, 0]);
  expect([...bytes.subarray(0, putVarint(bytes, 0, 16_384))]).toEqual([0x81, 0x80, 0]);
  expect([...encodeRecord([1, 'ab', null, -2, 300])]).toEqual([6, 1, 17, 0, 1, 2, 1, 97, 98, 0xfe, 1, 0x2c]);
  expect([...encodeRecord([-(2 ** 40)])]).toEqual([2, 5, 0xff, 0, 0, 0, 0, 0]);
});
