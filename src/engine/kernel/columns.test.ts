import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantiateKernel, type KernelFunctions } from './kernel.ts';
import { createReferenceKernel } from './reference/reference-kernel.ts';

const COLUMN = 65_536;

function kernels(): { bytes: Uint8Array; floats: Float32Array; kernel: KernelFunctions; twin: KernelFunctions } {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65_536 });
  return {
    bytes: new Uint8Array(memory.buffer, COLUMN, 256),
    floats: new Float32Array(memory.buffer, COLUMN, 64),
    kernel: instantiateKernel(memory),
    twin: createReferenceKernel(memory),
  };
}

test('the first byte that is 0, or is not, is found from any place on, by kernel and twin alike', () => {
  const { bytes, kernel, twin } = kernels();
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0, 0, 1, 255), { maxLength: 70 }),
      fc.nat(70),
      fc.boolean(),
      (values, start, marked) => {
        bytes.fill(7).set(values);
        const from = Math.min(start, values.length);
        const found = values.findIndex((value, i) => i >= from && (value !== 0) === marked);
        const expected = found < 0 ? values.length : found;
        expect(kernel.findByte(COLUMN, from, values.length, marked)).toBe(expected);
        expect(twin.findByte(COLUMN, from, values.length, marked)).toBe(expected);
      },
    ),
  );
});

test('a number above a limit is found wherever it lies', () => {
  const { floats, kernel, twin } = kernels();
  for (const count of [0, 1, 4, 7, 33]) {
    for (let at = -1; at < count; at++) {
      floats.fill(0).fill(4, 0, count);
      if (at >= 0) floats[at] = 4.5;
      expect(Boolean(kernel.anyAbove(COLUMN, count, 4))).toBe(at >= 0);
      expect(twin.anyAbove(COLUMN, count, 4)).toBe(at >= 0);
    }
  }
});

test('rows are counted as long as they equal the first', () => {
  const { bytes, kernel, twin } = kernels();
  for (const size of [1, 3, 16, 17]) {
    for (let same = 1; same <= 6; same++) {
      bytes.fill(5);
      if (same < 6) bytes[same * size + size - 1] = 4;
      expect(kernel.sameRows(COLUMN, size, 6)).toBe(same);
      expect(twin.sameRows(COLUMN, size, 6)).toBe(same);
    }
  }
});
