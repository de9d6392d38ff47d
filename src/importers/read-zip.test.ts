import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { isZip, readZip } from './read-zip.ts';

const all = () => true;
const codes = (bytes: Uint8Array, limits?: Parameters<typeof readZip>[2]) =>
  readZip(bytes, all, limits).issues.map((issue) => issue.code);
const GOOD = zipSync({
  'a.json': strToU8('{"a": 1}'),
  'b/plan.wkt': [strToU8('POLYGON ((0 0, 1 0, 1 1))'), { level: 0 }],
});

test('a zip’s wanted files come out as they went in, packed or stored; the others are named', () => {
  expect(isZip(GOOD)).toBe(true);
  const { files, skipped, issues } = readZip(GOOD, (name) => name.endsWith('.wkt'));
  expect(issues).toEqual([]);
  expect(files.map((file) => [file.name, new TextDecoder().decode(file.bytes)])).toEqual([
    ['b/plan.wkt', 'POLYGON ((0 0, 1 0, 1 1))'],
  ]);
  expect(skipped).toEqual(['a.json']);
});

test('names that lead out of the zip are left out with a warning', () => {
  const names = ['../up.json', '/etc/passwd', 'C:\\windows\\x.json', 'a/../../b.json', '..\\up.json'];
  const zip = zipSync(Object.fromEntries([...names, 'good.json'].map((name) => [name, strToU8('{}')])));
  const { files, issues } = readZip(zip, all);
  expect(files.map((file) => file.name)).toEqual(['good.json']);
  expect(issues.map((issue) => [issue.code, issue.severity])).toEqual(names.map(() => ['zip-entry-name', 'warning']));
});

test('a bomb is refused by what its directory says, and by what comes out where that lies', () => {
  const bomb = zipSync({ 'plan.json': new Uint8Array(20 * 1024 * 1024) }, { level: 9 });
  expect(bomb.byteLength).toBeLessThan(40_000);
  expect(codes(bomb)).toEqual(['zip-ratio']);
  // The directory says 100 bytes.
  const liar = bomb.slice();
  const view = new DataView(liar.buffer);
  const directory = view.getUint32(liar.byteLength - 22 + 16, true);
  view.setUint32(directory + 24, 100, true);
  expect(readZip(liar, all).issues[0].message).toContain('more than it says');
  expect(codes(bomb, { bytesMax: 1e6, entriesMax: 10, entryBytesMax: 1e6, totalBytesMax: 1e6, ratioMax: 1e9 })).toEqual(
    ['too-large'],
  );
});

test('many files that are large together are refused at the limit', () => {
  const zip = zipSync(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.json`, new Uint8Array(1000)])));
  const limits = { bytesMax: 1e6, entriesMax: 100, entryBytesMax: 1e4, totalBytesMax: 10_000, ratioMax: 1e9 };
  const { files, issues } = readZip(zip, all, limits);
  expect(files.length).toBe(10);
  expect(issues.map((issue) => issue.code)).toEqual(['too-large']);
  expect(codes(zip, { ...limits, entriesMax: 19 })).toEqual(['too-large']);
});

test('a zip cut off anywhere is told to be damaged', () => {
  for (let percent = 0; percent < 100; percent++) {
    const cut = GOOD.subarray(0, Math.floor((GOOD.byteLength * percent) / 100));
    expect(codes(cut)).toEqual(['zip-damaged']);
  }
});

test('a flipped byte is found by the checksum, or does no harm', () => {
  const original = readZip(GOOD, all).files;
  fc.assert(
    fc.property(fc.nat(GOOD.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const damaged = GOOD.slice();
      damaged[at] ^= flip;
      const { files, issues } = readZip(damaged, all);
      if (issues.length > 0) return;
      // Names, dates and attributes have no checksum; contents have.
      const contents = original.map((file) => new TextDecoder().decode(file.bytes));
      for (const file of files) expect(contents).toContain(new TextDecoder().decode(file.bytes));
    }),
    { numRuns: 2000 },
  );
});

test('any bytes that start like a zip give a result or issues', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
      const bytes = new Uint8Array([0x50, 0x4b, 3, 4, ...tail]);
      expect(readZip(bytes, all).files.length + codes(bytes).length).toBeGreaterThanOrEqual(1);
    }),
  );
});

test('an encrypted entry and one packed in another way are told', () => {
  const encrypted = GOOD.slice();
  const view = new DataView(encrypted.buffer);
  const directory = view.getUint32(encrypted.byteLength - 22 + 16, true);
  encrypted[directory + 8] |= 1;
  expect(codes(encrypted)).toEqual(['zip-kind']);
  const other = GOOD.slice();
  new DataView(other.buffer).setUint16(directory + 10, 14, true);
  expect(codes(other)).toEqual(['zip-kind']);
});
