import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import binaryen from 'binaryen';
import { beforeAll, expect, test } from 'vitest';
import { ROOT } from './support/command.ts';

/*
 * Every SIMD instruction, and programs of many at random, run as they are and with the SIMD taken out, on the same bytes. Only where an
 * operation makes a NaN, which one is WebAssembly's to leave open, and any will do.
 */
let lowerSimd: (binary: Uint8Array) => Uint8Array<ArrayBuffer>;
let instructions: readonly string[];

beforeAll(async () => {
  const module = await import(pathToFileURL(join(ROOT, 'scripts', 'lower-simd.mjs')).href);
  lowerSimd = module.lowerSimd;
  instructions = module.loweredInstructions();
});

/** Numbers without pattern, the same every time (xorshift). */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function assemble(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  expect(module.validate(), text).toBe(1);
  const bytes = Uint8Array.from(module.emitBinary());
  module.dispose();
  return bytes;
}

interface Instance {
  readonly call: (name: string) => void;
  readonly bytes: Uint8Array;
}

/** Functions without parameters on a memory of one page. */
function instantiate(binary: Uint8Array<ArrayBuffer>): Instance {
  const { memory, ...functions } = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports;
  return {
    call: (name) => (functions[name] as () => void)(),
    bytes: new Uint8Array((memory as WebAssembly.Memory).buffer),
  };
}

/** Where tests put operands and look for results. */
const INPUTS = [64, 96, 128];
const OUTPUT = 256;
/** Bytes that are compared. */
const COMPARED = 512;

const EDGES_32 = [
  ...[0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7f812345], // ±0, ±1, ±∞, NaN
  ...[0x00000001, 0x807fffff, 0x7f7fffff, 0x3f000000, 0x3fc00000, 0x40200000, 0xbf000000, 0x4effffff, 0x4f000000], // halves, 2³¹
  ...[0xcf000000, 0xcf000001, 0x4f7fffff, 0x4f800000, 0x7fffffff, 0xffffffff, 0x00008000, 0x7fff8000, 0x80007fff], // 2³², limits
];
const EDGES_64 = [
  ...[0n, 1n << 63n, 0x3ff0000000000000n, 0x7ff0000000000000n, 0xfff0000000000000n, 0x7ff8000000000000n, ~0n],
  ...[0x7ff0000000000001n, 1n, 0x41dfffffffc00000n, 0x41e0000000000000n, 0xc1e0000000200000n, 0x41efffffffe00000n],
  ...[0x3fe0000000000000n, 0x4004000000000000n, 0x47efffffe0000000n, 0x47efffffefffffffn, 0x7fffffffffffffffn],
];
const EDGES_8 = [0, 1, 0x7f, 0x80, 0xff, 15, 16];

/** Places of whole words and of what is nearly one, for swizzles. */
const PLACES = [0, 4, 8, 12, 16, 1, 0xf0].map((place) => 0x03020100 + place * 0x01010101);

/** Sixteen bytes: edges of 64, 32 or 8 bits, or any. */
function throwBytes(dice: (below: number) => number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const kind = dice(6);
  for (let at = 0; at < 16; at++) {
    if (kind === 0) bytes[at] = EDGES_8[dice(EDGES_8.length)];
    else if (kind === 1 && at % 8 === 0)
      view.setBigUint64(at, BigInt.asUintN(64, EDGES_64[dice(EDGES_64.length)]), true);
    else if (kind === 2 && at % 4 === 0) view.setUint32(at, EDGES_32[dice(EDGES_32.length)], true);
    else if (kind === 5 && at % 4 === 0) view.setUint32(at, PLACES[dice(dice(2) === 0 ? 4 : PLACES.length)], true);
    else if (kind === 3) bytes[at] = dice(256);
    // numbers of a size at which sums and quotients matter
    else if (kind === 4 && at % 4 === 0) view.setFloat32(at, (dice(2001) - 1000) / (1 + dice(64)), true);
  }
  return bytes;
}

const TYPES: Record<string, string> = {
  i8x16: 'i32',
  i16x8: 'i32',
  i32x4: 'i32',
  i64x2: 'i64',
  f32x4: 'f32',
  f64x2: 'f64',
};
const LANES: Record<string, number> = { i8x16: 16, i16x8: 8, i32x4: 4, i64x2: 2, f32x4: 4, f64x2: 2 };
const UNARY =
  /\.(not|abs|neg|sqrt|ceil|floor|trunc|nearest|popcnt|extend_|extadd_|convert_|trunc_sat_|demote_|promote_)/;
/** Instructions whose NaNs are theirs to choose, by the bits of a lane of the result. */
const MAKES_NAN =
  /^(f32x4|f64x2)\.(add|sub|mul|div|min|max|sqrt|ceil|floor|trunc|nearest|demote_f64x2_zero|promote_low_f32x4)$/;

const load = (k: number) => `(v128.load (i32.const ${INPUTS[k]}))`;
const store = (value: string) => `(v128.store (i32.const ${OUTPUT}) ${value})`;
const times = <T>(count: number, make: (k: number) => T) => Array.from({ length: count }, (_, k) => make(k));

/** Bodies of functions that hold an instruction in all its forms: of the lanes it names, of places in memory. */
function formsOf(name: string, dice: (below: number) => number): string[] {
  const [shape, op] = name.split('.');
  const type = TYPES[shape];
  const pointers = [`(i32.const ${INPUTS[0]})`, `offset=3 align=1 (i32.const ${INPUTS[0]})`];
  if (name === 'v128.load') return pointers.map((pointer) => store(`(v128.load ${pointer})`));
  if (name === 'v128.store') {
    return [store(load(0)), `(v128.store offset=5 align=2 (i32.const ${OUTPUT}) ${load(0)})`];
  }
  const lanes = /^(load|store)(8|16|32|64)_lane$/.exec(op);
  if (lanes !== null) {
    return times(128 / Number(lanes[2]), (k) => {
      if (lanes[1] === 'load') return store(`(${name} offset=8 align=1 ${k} (i32.const ${INPUTS[0]}) ${load(1)})`);
      return `(${name} offset=2 ${k} (i32.const ${OUTPUT}) ${load(0)})`;
    });
  }
  if (shape === 'v128' && op.startsWith('load')) return pointers.map((pointer) => store(`(${name} ${pointer})`));
  if (op === 'splat') return [store(`(${name} (${type}.load (i32.const ${INPUTS[0]})))`)];
  if (op.startsWith('extract_lane')) {
    return times(LANES[shape], (k) => `(${type}.store (i32.const ${OUTPUT}) (${name} ${k} ${load(0)}))`);
  }
  if (op === 'replace_lane') {
    return times(LANES[shape], (k) => store(`(${name} ${k} ${load(0)} (${type}.load (i32.const ${INPUTS[1]})))`));
  }
  if (['any_true', 'all_true', 'bitmask'].includes(op))
    return [`(i32.store (i32.const ${OUTPUT}) (${name} ${load(0)}))`];
  if (/^sh[lr]/.test(op)) {
    const by = (amount: string) => store(`(${name} ${load(0)} ${amount})`);
    return [by(`(i32.load (i32.const ${INPUTS[1]}))`), ...[0, 3, 31, 77].map((some) => by(`(i32.const ${some})`))];
  }
  if (op === 'bitselect') {
    const masks = [load(2), ...Object.keys(LANES).map((one) => `(${one}.ne ${load(2)} ${load(0)})`)];
    return masks.map((mask) => store(`(${name} ${load(0)} ${load(1)} ${mask})`));
  }
  if (op === 'shuffle') {
    const places = [1, 2, 4, 8, 8, 1].map((size) => {
      return times(16 / size, () => dice(32 / size)).flatMap((lane) => times(size, (k) => lane * size + k));
    });
    return places.map((some) => store(`(${name} ${some.join(' ')} ${load(0)} ${load(1)})`));
  }
  if (UNARY.test(name)) return [store(`(${name} ${load(0)})`)];
  const own = `(v128.const i32x4 ${times(4, () => EDGES_32[dice(EDGES_32.length)]).join(' ')})`;
  return [
    store(`(${name} ${load(0)} ${load(1)})`),
    store(`(${name} ${load(0)} ${own})`),
    store(`(${name} ${load(0)} ${load(0)})`),
  ];
}

/** Takes every NaN of the lanes of a result for the same. */
function levelNaN(bytes: Uint8Array, name: string): void {
  if (!MAKES_NAN.test(name)) return;
  const wide = name.startsWith('f64x2');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = OUTPUT; at < OUTPUT + 16; at += wide ? 8 : 4) {
    if (wide && Number.isNaN(view.getFloat64(at, true))) view.setFloat64(at, Number.NaN, true);
    if (!wide && Number.isNaN(view.getFloat32(at, true))) view.setFloat32(at, Number.NaN, true);
  }
}

function hasSimd(binary: Uint8Array): boolean {
  const module = binaryen.readBinaryWithFeatures(binary, binaryen.Features.All);
  const text = module.emitText();
  module.dispose();
  return /v128|[if]\d+x\d+/.test(text);
}

test('all 236 instructions of the SIMD proposal can be taken out: constants, and the 235 of the table', () => {
  expect(instructions).toHaveLength(235);
  expect(new Set(instructions).size).toBe(235);
});

test('every SIMD instruction gives the same bytes without SIMD, edges of all types and any bytes', () => {
  const dice = createDice(7);
  const cases = instructions.flatMap((name) => formsOf(name, dice).map((body) => ({ name, body })));
  const functions = cases.map(({ body }, k) => `(func (export "${k}") ${body})`);
  const binary = assemble(`(module (memory (export "memory") 1) ${functions.join('\n')})`);
  expect(hasSimd(binary)).toBe(true);
  const lowered = lowerSimd(binary);
  expect(hasSimd(lowered)).toBe(false);
  const [real, scalar] = [instantiate(binary), instantiate(lowered)];
  cases.forEach(({ name, body }, k) => {
    for (let round = 0; round < 120; round++) {
      real.bytes.fill(0xa5, 0, COMPARED);
      for (const at of INPUTS) {
        real.bytes.set(throwBytes(dice), at);
        real.bytes.set(throwBytes(dice), at + 16);
      }
      scalar.bytes.set(real.bytes.subarray(0, COMPARED));
      const before = real.bytes.slice(0, COMPARED);
      for (const { call, bytes } of [real, scalar]) {
        call(`${k}`);
        levelNaN(bytes, name);
      }
      const [expected, found] = [real, scalar].map(({ bytes }) => Buffer.from(bytes.subarray(0, COMPARED)));
      if (!expected.equals(found)) {
        const show = (bytes: Uint8Array, at: number) => Buffer.from(bytes.subarray(at, at + 16)).toString('hex');
        const operands = INPUTS.map((at) => show(before, at)).join(', ');
        expect(show(found, OUTPUT), `${body} of ${operands}`).toBe(show(expected, OUTPUT));
        expect(found, body).toEqual(expected);
      }
    }
  });
});

test('a store that ends beyond the memory writes nothing, and a load traps', () => {
  const text = `(module (memory (export "memory") 1)
    (func (export "store") (v128.store (i32.const 65528) (v128.const i32x4 1 2 3 4)))
    (func (export "load") (v128.store (i32.const 0) (v128.load offset=65521 (i32.const 0)))))`;
  const binary = assemble(text);
  for (const one of [binary, lowerSimd(binary)]) {
    const { call, bytes } = instantiate(one);
    expect(() => call('store')).toThrow(WebAssembly.RuntimeError);
    expect(() => call('load')).toThrow(WebAssembly.RuntimeError);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  }
});

/** Instructions of a vector and as many vectors and nothing else, by the number of operands. */
function vectorInstructions(count: number): string[] {
  return instructions.filter((name) => {
    const [shape, op] = name.split('.');
    if (/splat|lane|any_true|all_true|bitmask|load|store|shuffle|^sh[lr]/.test(op)) return false;
    return count === (op === 'bitselect' ? 3 : UNARY.test(name) ? 1 : 2) && shape !== '';
  });
}

/**
 * A function of many instructions on eight vectors: operations of all types on each other's results, shuffles, masks, choices, memory,
 * calls, globals, branches and a loop. A NaN that an operation makes is made the same at once.
 */
function throwProgram(dice: (below: number) => number, name: string): string {
  const words = () => times(4, () => (dice(2) === 0 ? [0, -1][dice(2)] : EDGES_32[dice(EDGES_32.length)])).join(' ');
  const one = () => (dice(8) === 0 ? `(v128.const i32x4 ${words()})` : `(local.get $v${dice(8)})`);
  const pick = (names: readonly string[]) => names[dice(names.length)];
  const [unary, binary] = [1, 2].map(vectorInstructions);
  const comparisons = binary.filter((op) => /\.(eq|ne|lt|gt|le|ge)(_|$)/.test(op));
  const level = (op: string, value: string) => {
    if (!MAKES_NAN.test(op)) return value;
    const equal = `${op.slice(0, 5)}.eq`;
    return `(v128.bitselect (local.tee $n ${value}) (v128.const i32x4 0 0x7ff80000 0 0x7ff80000) (${equal} (local.get $n) (local.get $n)))`;
  };
  const value = (): string => {
    const kind = dice(12);
    if (kind < 2) {
      const op = pick(unary);
      return level(op, `(${op} ${one()})`);
    }
    if (kind < 5) {
      const op = pick(binary);
      return level(op, `(${op} ${one()} ${one()})`);
    }
    if (kind === 5) return `(v128.bitselect ${one()} ${one()} (${pick(comparisons)} ${one()} ${one()}))`;
    if (kind === 6) {
      const size = pick(['1', '4', '4', '8']);
      const lanes = times(16 / Number(size), () => dice(32 / Number(size)));
      const places = lanes.flatMap((lane) => times(Number(size), (k) => lane * Number(size) + k));
      return `(i8x16.shuffle ${places.join(' ')} ${one()} ${one()})`;
    }
    if (kind === 7) {
      const bits = [pick(comparisons), pick(comparisons)].map((op) => `(${op} ${one()} ${one()})`);
      return `(v128.${pick(['and', 'or', 'xor', 'andnot'])} ${bits[0]} ${pick([bits[1], one()])})`;
    }
    if (kind === 8) return `(select ${one()} ${one()} (v128.any_true ${one()}))`;
    if (kind === 9) return `(v128.load32_lane ${dice(4)} (i32.const ${INPUTS[0] + dice(32)}) ${one()})`;
    if (kind === 10) return `(call $mix ${one()} (i32x4.bitmask ${one()}) ${one()})`;
    return `(v128.xor (global.get $g) (f32x4.splat (f32x4.extract_lane ${dice(4)} ${one()})))`;
  };
  const set = () => `(local.set $v${dice(8)} ${value()})`;
  const statements = times(40, () => {
    const kind = dice(8);
    if (kind === 0) return `(if (v128.any_true ${one()}) (then ${set()} ${set()}) (else ${set()}))`;
    if (kind === 1) return `(global.set $g ${one()})`;
    if (kind === 2) return `(v128.store offset=${dice(64)} (i32.const ${OUTPUT}) ${one()})`;
    return set();
  });
  return `(func (export "${name}") (local $n v128) (local $k i32) ${times(8, (k) => `(local $v${k} v128)`).join(' ')}
    ${times(6, (k) => `(local.set $v${k} (v128.load (i32.const ${INPUTS[0] + 16 * k})))`).join('\n')}
    (loop $again ${statements.join('\n')}
      (br_if $again (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 3))))
    ${times(8, (k) => `(v128.store (i32.const ${OUTPUT + 80 + 16 * k}) (local.get $v${k}))`).join('\n')})`;
}

test('programs of many instructions with loops, calls, globals and masks give the same bytes without SIMD', () => {
  const dice = createDice(41);
  const count = 24;
  const binary = assemble(`(module (memory (export "memory") 1)
    (global $g (mut v128) (v128.const i32x4 1 2 0x40490fdb 0xffffffff))
    (func $mix (param $a v128) (param $bits i32) (param $b v128) (result v128)
      (if (i32.and (local.get $bits) (i32.const 1)) (then (return (i32x4.add (local.get $a) (local.get $b)))))
      (v128.xor (local.get $a) (i16x8.shl (local.get $b) (local.get $bits))))
    ${times(count, (k) => throwProgram(dice, `${k}`)).join('\n')})`);
  const lowered = lowerSimd(binary);
  expect(hasSimd(lowered)).toBe(false);
  const [real, scalar] = [instantiate(binary), instantiate(lowered)];
  const results = new Set<string>();
  for (let round = 0; round < 60; round++) {
    for (let k = 0; k < count; k++) {
      real.bytes.fill(0, 0, COMPARED);
      for (let at = INPUTS[0]; at < INPUTS[0] + 96; at += 16) real.bytes.set(throwBytes(dice), at);
      scalar.bytes.set(real.bytes.subarray(0, COMPARED));
      for (const { call } of [real, scalar]) call(`${k}`);
      const [expected, found] = [real, scalar].map(({ bytes }) =>
        Buffer.from(bytes.subarray(0, COMPARED)).toString('hex'),
      );
      expect(found, `program ${k}`).toBe(expected);
      results.add(expected);
    }
  }
  // programs that forget what they were given would show nothing
  expect(results.size).toBeGreaterThan(0.9 * 60 * count);
});

test('calls through a table, functions of vectors in it, and shared memory stay as they are', () => {
  const binary =
    assemble(`(module (memory (export "memory") 1 1 shared) (table 2 funcref) (elem (i32.const 0) $negate $halve)
    (type $map (func (param v128) (result v128)))
    (func $negate (type $map) (f32x4.neg (local.get 0)))
    (func $halve (type $map) (f32x4.mul (local.get 0) (v128.const f32x4 0.5 0.5 0.5 0.5)))
    (func (export "both") (drop (i32.atomic.rmw.add (i32.const ${OUTPUT + 16}) (i32.const 3)))
      ${store(`(call_indirect (type $map) (call_indirect (type $map) ${load(0)} (i32.const 0)) (i32.const 1))`)}))`);
  for (const one of [binary, lowerSimd(binary)]) {
    const { call, bytes } = instantiate(one);
    new Float32Array(bytes.buffer, INPUTS[0], 4).set([1, -2, 0, 1e30]);
    call('both');
    expect([...new Float32Array(bytes.buffer, OUTPUT, 4)]).toEqual([-0.5, 1, -0, Math.fround(-5e29)]);
    expect(bytes[OUTPUT + 16]).toBe(3);
    expect(bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
});

test('an instruction that is not known ends the build by its name, and so does a v128 that others would see', () => {
  const module = (body: string) => assemble(`(module (memory 1) ${body})`);
  const relaxed = module(`(func (export "f") ${store(`(f32x4.relaxed_madd ${load(0)} ${load(1)} ${load(2)})`)})`);
  expect(() => lowerSimd(relaxed)).toThrow('f32x4.relaxed_madd');
  const parameter = module('(func (export "f") (param v128))');
  expect(() => lowerSimd(parameter)).toThrow('v128');
  const global = module('(global (export "g") v128 (v128.const i32x4 0 0 0 0))');
  expect(() => lowerSimd(global)).toThrow('v128');
  const imported = assemble('(module (import "env" "f" (func (param v128))))');
  expect(() => lowerSimd(imported)).toThrow('v128');
});
