// Takes the SIMD out of a WebAssembly module: the same functions on the same memory, and every 128-bit value in scalars. Each bit is as
// before, but those of a NaN that an operation makes, which WebAssembly leaves open with SIMD and without.
// How: binaryen makes the code flat, so that operands are locals or constants; what is SIMD in its text is written anew lane by lane by
// the table below; binaryen optimises what comes of it. An instruction that the table lacks ends the build by name.
// `node scripts/lower-simd.mjs IN OUT` does it with files.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import binaryen from 'binaryen';

const { Features } = binaryen;
/** What hosts without SIMD have, as AssemblyScript assumes it, and threads, which a module asks for by what it uses of them. */
const PLAIN =
  Features.Atomics |
  Features.MutableGlobals |
  Features.SignExt |
  Features.NontrappingFPToInt |
  Features.BulkMemory |
  Features.BulkMemoryOpt;

const SIMD_NAME = /^(v128|i8x16|i16x8|i32x4|i64x2|f32x4|f64x2)(\.|$)/;
/** Globals through which a function hands back what was a 128-bit result. */
const RESULTS = [0, 1, 2, 3].map((k) => `$simd|result|${k}`);

/**
 * How the 128 bits of a local are held: as four or two numbers of a type, or as what is known to be all ones or all zeros, by lanes of 32
 * (b32) or 64 bits (b64), as four or two 0 or 1.
 */
const FORMS = {
  i32: { count: 4, type: 'i32' },
  f32: { count: 4, type: 'f32' },
  i64: { count: 2, type: 'i64' },
  f64: { count: 2, type: 'f64' },
  b32: { count: 4, type: 'i32' },
  b64: { count: 2, type: 'i32' },
};
/** Lanes as an instruction names them: how many there are, the type to work with, and the form that suits it. */
const SHAPES = {
  i8x16: { count: 16, bits: 8, type: 'i32', form: 'i32' },
  i16x8: { count: 8, bits: 16, type: 'i32', form: 'i32' },
  i32x4: { count: 4, bits: 32, type: 'i32', form: 'i32' },
  i64x2: { count: 2, bits: 64, type: 'i64', form: 'i64' },
  f32x4: { count: 4, bits: 32, type: 'f32', form: 'f32' },
  f64x2: { count: 2, bits: 64, type: 'f64', form: 'f64' },
};
const INTEGER_SHAPES = ['i8x16', 'i16x8', 'i32x4', 'i64x2'];

/** A module in which no SIMD is left. Throws where it cannot be made, and names the instruction. */
export function lowerSimd(binary) {
  const before = binaryen.readBinaryWithFeatures(binary, Features.All);
  if (!before.validate()) throw new Error('the module is not valid');
  before.runPasses(['ssa-nomerge', 'flatten']);
  const after = binaryen.parseText(lowerModule(parse(before.emitText())));
  before.dispose();
  after.setFeatures(PLAIN);
  if (!after.validate()) throw new Error('the module without SIMD is not valid');
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  after.optimize();
  const optimised = chooseByIntegers(parse(after.emitText()));
  after.dispose();
  refuseSimd(optimised);
  const last = binaryen.parseText(print(optimised));
  last.setFeatures(PLAIN);
  if (!last.validate()) throw new Error('the module without SIMD is not valid once it is optimised');
  const lowered = last.emitBinary();
  last.dispose();
  return lowered;
}

/** Names of the instructions that can be taken out. */
export function loweredInstructions() {
  return [...TABLE.keys()].sort();
}

// Text

/** The text format as nested arrays of words. */
function parse(text) {
  const stack = [[]];
  const words = /\(;[\s\S]*?;\)|;;[^\n]*|\s+|([()])|("(?:[^"\\]|\\.)*"|[^\s()";]+)/gy;
  for (let match = words.exec(text); match !== null; match = words.exec(text)) {
    if (match[2] !== undefined) stack[stack.length - 1].push(match[2]);
    else if (match[1] === '(') {
      const list = [];
      stack[stack.length - 1].push(list);
      stack.push(list);
    } else if (match[1] === ')') stack.pop();
    if (words.lastIndex === text.length) break;
  }
  if (stack.length !== 1 || stack[0].length !== 1) throw new Error('the text of the module cannot be read');
  return stack[0][0];
}

function print(tree) {
  return typeof tree === 'string' ? tree : `(${tree.map(print).join(' ')})`;
}

/** Throws where a SIMD word is left anywhere. */
function refuseSimd(tree) {
  if (typeof tree !== 'string') tree.forEach(refuseSimd);
  else if (SIMD_NAME.test(tree)) throw new Error(`the instruction or type ${tree} was not taken out`);
}

const fail = (expression, why) => {
  throw new Error(`SIMD cannot be taken out of ${print(expression).slice(0, 200)}: ${why}`);
};

/** Splits [name, immediates…, operands…]. */
function split(expression) {
  const [name, ...rest] = expression;
  const immediates = rest.filter((part) => typeof part === 'string');
  const operands = rest.filter((part) => typeof part !== 'string');
  return { name, immediates, operands };
}

// Reading lanes. A vector is { form, lanes }, or { words } of a constant; lanes are texts that may be repeated.

const number = (type, value) => `(${type}.const ${value})`;
const zero = (type) => number(type, 0);

const READ = {
  i32(v, k) {
    if (v.words !== undefined) return number('i32', v.words[k] | 0);
    const half = k % 2;
    switch (v.form) {
      case 'i32':
        return v.lanes[k];
      case 'f32':
        return `(i32.reinterpret_f32 ${v.lanes[k]})`;
      case 'b32':
        return `(i32.sub (i32.const 0) ${v.lanes[k]})`;
      case 'b64':
        return `(i32.sub (i32.const 0) ${v.lanes[k >> 1]})`;
      default: {
        const wide = READ.i64(v, k >> 1);
        return half === 0 ? `(i32.wrap_i64 ${wide})` : `(i32.wrap_i64 (i64.shr_u ${wide} (i64.const 32)))`;
      }
    }
  },
  f32(v, k) {
    return v.form === 'f32' ? v.lanes[k] : `(f32.reinterpret_i32 ${READ.i32(v, k)})`;
  },
  i64(v, k) {
    if (v.form === 'i64') return v.lanes[k];
    if (v.form === 'f64') return `(i64.reinterpret_f64 ${v.lanes[k]})`;
    if (v.form === 'b64') return `(i64.extend_i32_s (i32.sub (i32.const 0) ${v.lanes[k]}))`;
    const [low, high] = [READ.i32(v, 2 * k), READ.i32(v, 2 * k + 1)];
    return `(i64.or (i64.extend_i32_u ${low}) (i64.shl (i64.extend_i32_u ${high}) (i64.const 32)))`;
  },
  f64(v, k) {
    return v.form === 'f64' ? v.lanes[k] : `(f64.reinterpret_i64 ${READ.i64(v, k)})`;
  },
  /** Only of what is known to be all ones or zeros. */
  b32(v, k) {
    if (v.form === 'b32') return v.lanes[k];
    if (v.form === 'b64') return v.lanes[k >> 1];
    return `(i32.and ${READ.i32(v, k)} (i32.const 1))`;
  },
  b64(v, k) {
    return v.form === 'b64' ? v.lanes[k] : READ.b32(v, 2 * k);
  },
};

/** Lane `k` of a shape, as a number of the shape's type; those of 8 and 16 bits with or without sign. */
function readLane(shape, v, k, signed) {
  const { bits, form } = SHAPES[shape];
  if (bits >= 32) return READ[form](v, k);
  const word = READ.i32(v, Math.floor((k * bits) / 32));
  const at = (k * bits) % 32;
  if (signed) {
    const up = 32 - bits - at;
    const top = up === 0 ? word : `(i32.shl ${word} (i32.const ${up}))`;
    return `(i32.shr_s ${top} (i32.const ${32 - bits}))`;
  }
  const low = at === 0 ? word : `(i32.shr_u ${word} (i32.const ${at}))`;
  return at === 32 - bits ? low : `(i32.and ${low} (i32.const ${2 ** bits - 1}))`;
}

/** A vector of numbers, one a lane; of 8 and 16 bits only the low bits of each count. */
function pack(shape, numbers) {
  const { bits, form } = SHAPES[shape];
  if (bits >= 32) return { form, lanes: numbers };
  const each = 32 / bits;
  const lanes = [0, 1, 2, 3].map((word) =>
    numbers
      .slice(word * each, (word + 1) * each)
      .map((value, k) => {
        const at = k * bits;
        const low = k === each - 1 ? value : `(i32.and ${value} (i32.const ${2 ** bits - 1}))`;
        return at === 0 ? low : `(i32.shl ${low} (i32.const ${at}))`;
      })
      .reduce((sum, value) => `(i32.or ${sum} ${value})`),
  );
  return { form, lanes };
}

const each = (shape, make) => Array.from({ length: SHAPES[shape].count }, (_, k) => make(k));

// The table: name → { forms: what suits each vector operand (undefined: any), out: a form, 'scalar', 'nothing', or undefined where any
// will do, mask: what is known of the result, make(context) }. `make` returns a vector, or a text for scalars.
// context: vectors and scalars (operands), immediates, want (the form that the result is best given in), keep(type, text) (a local that
// holds the value from here on), push(text) (an instruction to be done first).

const TABLE = new Map();
const define = (name, entry) => TABLE.set(name, { forms: [], mask: () => 0, ...entry });

/** Lane by lane, from operands of the shape `from` to lanes of the shape `to`. */
function defineLanes(name, from, to, count, lane, signed = false) {
  define(name, {
    forms: Array(count).fill(SHAPES[from].form),
    out: SHAPES[to].form,
    make: ({ vectors, keep }) =>
      pack(
        to,
        each(to, (k) =>
          lane(
            vectors.map((v) => readLane(from, v, k, signed)),
            keep,
          ),
        ),
      ),
  });
}

/** Comparisons: all ones where `lane` is 1. */
function defineComparison(name, shape, lane, signed) {
  const { bits, form } = SHAPES[shape];
  const known = bits === 32 ? 'b32' : 'b64';
  define(name, {
    forms: [form, form],
    out: bits < 32 ? 'i32' : known,
    mask: () => ({ 8: 0, 16: 0, 32: 1, 64: 2 })[bits],
    make: ({ vectors }) => {
      const bit = each(shape, (k) => lane(vectors.map((v) => readLane(shape, v, k, signed))));
      if (bits >= 32) return { form: known, lanes: bit };
      return pack(
        shape,
        bit.map((one) => `(i32.sub (i32.const 0) ${one})`),
      );
    },
  });
}

const call = (name) => (operands) => `(${name} ${operands.join(' ')})`;
const clamp = (keep, value, low, high) => {
  const x = keep('i32', value);
  const atMost = keep('i32', `(select ${x} ${number('i32', high)} (i32.lt_s ${x} ${number('i32', high)}))`);
  return `(select ${atMost} ${number('i32', low)} (i32.gt_s ${atMost} ${number('i32', low)}))`;
};
const limits = (bits, signed) => (signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]);

for (const shape of ['f32x4', 'f64x2']) {
  const { type } = SHAPES[shape];
  for (const op of ['add', 'sub', 'mul', 'div', 'min', 'max']) {
    defineLanes(`${shape}.${op}`, shape, shape, 2, call(`${type}.${op}`));
  }
  defineLanes(`${shape}.pmin`, shape, shape, 2, ([a, b]) => `(select ${b} ${a} (${type}.lt ${b} ${a}))`);
  defineLanes(`${shape}.pmax`, shape, shape, 2, ([a, b]) => `(select ${b} ${a} (${type}.lt ${a} ${b}))`);
  for (const op of ['abs', 'neg', 'sqrt', 'ceil', 'floor', 'trunc', 'nearest']) {
    defineLanes(`${shape}.${op}`, shape, shape, 1, call(`${type}.${op}`));
  }
  for (const op of ['eq', 'ne', 'lt', 'gt', 'le', 'ge']) {
    defineComparison(`${shape}.${op}`, shape, call(`${type}.${op}`), false);
  }
}

for (const shape of INTEGER_SHAPES) {
  const { type, bits, count, form } = SHAPES[shape];
  for (const op of bits === 8 ? ['add', 'sub'] : ['add', 'sub', 'mul']) {
    defineLanes(`${shape}.${op}`, shape, shape, 2, call(`${type}.${op}`));
  }
  for (const op of ['eq', 'ne']) defineComparison(`${shape}.${op}`, shape, call(`${type}.${op}`), false);
  for (const sign of bits === 64 ? ['s'] : ['s', 'u']) {
    for (const op of ['lt', 'gt', 'le', 'ge']) {
      defineComparison(`${shape}.${op}_${sign}`, shape, call(`${type}.${op}_${sign}`), sign === 's');
    }
    if (bits === 64) continue;
    for (const [op, first] of [
      ['min', 'lt'],
      ['max', 'gt'],
    ]) {
      const choose = ([a, b]) => `(select ${a} ${b} (i32.${first}_${sign} ${a} ${b}))`;
      defineLanes(`${shape}.${op}_${sign}`, shape, shape, 2, choose, sign === 's');
    }
    if (bits === 32) continue;
    const [low, high] = limits(bits, sign === 's');
    for (const op of ['add', 'sub']) {
      const saturate = ([a, b], keep) => clamp(keep, `(i32.${op} ${a} ${b})`, low, high);
      defineLanes(`${shape}.${op}_sat_${sign}`, shape, shape, 2, saturate, sign === 's');
    }
  }
  defineLanes(`${shape}.neg`, shape, shape, 1, ([a]) => `(${type}.sub ${zero(type)} ${a})`);
  const absolute = ([a]) => `(select (${type}.sub ${zero(type)} ${a}) ${a} (${type}.lt_s ${a} ${zero(type)}))`;
  defineLanes(`${shape}.abs`, shape, shape, 1, absolute, true);
  for (const op of ['shl', 'shr_s', 'shr_u']) {
    define(`${shape}.${op}`, {
      forms: [form],
      out: form,
      make: ({ vectors: [v], scalars: [by], keep }) => {
        // a shift counts modulo the bits of a lane
        const some = keep('i32', `(i32.and ${by} ${number('i32', bits - 1)})`);
        const shift = bits === 64 ? `(i64.extend_i32_u ${some})` : some;
        return pack(
          shape,
          each(shape, (k) => `(${type}.${op} ${readLane(shape, v, k, op === 'shr_s')} ${shift})`),
        );
      },
    });
  }
  define(`${shape}.all_true`, {
    forms: [form],
    out: 'scalar',
    make: ({ vectors: [v] }) => {
      const known = bits === 32 ? 'b32' : 'b64';
      const isKnown = bits >= 32 && (v.form === known || v.form === 'b64');
      const lane = (k) => (isKnown ? READ[known](v, k) : `(${type}.ne ${readLane(shape, v, k, false)} ${zero(type)})`);
      return each(shape, lane).reduce((sum, one) => `(i32.and ${sum} ${one})`);
    },
  });
  define(`${shape}.bitmask`, {
    forms: [form],
    out: 'scalar',
    make: ({ vectors: [v] }) => {
      const known = bits === 32 ? 'b32' : 'b64';
      const lane = (k) => {
        if (bits >= 32 && (v.form === known || v.form === 'b64')) return READ[known](v, k);
        const value = readLane(shape, v, k, false);
        if (bits === 64) return `(i32.wrap_i64 (i64.shr_u ${value} (i64.const 63)))`;
        return `(i32.shr_u ${value} ${number('i32', bits - 1)})`;
      };
      return each(shape, lane)
        .map((one, k) => `(i32.shl ${one} ${number('i32', k)})`)
        .reduce((sum, one) => `(i32.or ${sum} ${one})`);
    },
  });
  const narrower = { i16x8: 'i8x16', i32x4: 'i16x8', i64x2: 'i32x4' }[shape];
  if (narrower === undefined) continue;
  const wide = (value, sign) => (bits === 64 ? `(i64.extend_i32_${sign} ${value})` : value);
  const defineHalf = (name, half, sign, operands, lane) =>
    define(name, {
      forms: Array(operands).fill(SHAPES[narrower].form),
      out: form,
      make: ({ vectors }) => {
        const from = half === 'low' ? 0 : count;
        const read = (v, k) => wide(readLane(narrower, v, from + k, sign === 's'), sign);
        return pack(
          shape,
          each(shape, (k) => lane(vectors.map((v) => read(v, k)))),
        );
      },
    });
  for (const sign of ['s', 'u']) {
    for (const half of ['low', 'high']) {
      defineHalf(`${shape}.extend_${half}_${narrower}_${sign}`, half, sign, 1, ([a]) => a);
      defineHalf(`${shape}.extmul_${half}_${narrower}_${sign}`, half, sign, 2, call(`${type}.mul`));
    }
    if (bits === 64) continue;
    define(`${shape}.extadd_pairwise_${narrower}_${sign}`, {
      forms: ['i32'],
      out: 'i32',
      make: ({ vectors: [v] }) => {
        const read = (k) => readLane(narrower, v, k, sign === 's');
        return pack(
          shape,
          each(shape, (k) => `(i32.add ${read(2 * k)} ${read(2 * k + 1)})`),
        );
      },
    });
    define(`${narrower}.narrow_${shape}_${sign}`, {
      forms: ['i32', 'i32'],
      out: 'i32',
      make: ({ vectors, keep }) => {
        const [low, high] = limits(SHAPES[narrower].bits, sign === 's');
        const read = (k) => readLane(shape, vectors[Math.floor(k / count)], k % count, true);
        return pack(
          narrower,
          each(narrower, (k) => clamp(keep, read(k), low, high)),
        );
      },
    });
  }
}

for (const shape of ['i8x16', 'i16x8']) {
  const average = ([a, b]) => `(i32.shr_u (i32.add (i32.add ${a} ${b}) (i32.const 1)) (i32.const 1))`;
  defineLanes(`${shape}.avgr_u`, shape, shape, 2, average);
}
defineLanes('i8x16.popcnt', 'i8x16', 'i8x16', 1, call('i32.popcnt'));
{
  const product = ([a, b], keep) =>
    clamp(keep, `(i32.shr_s (i32.add (i32.mul ${a} ${b}) (i32.const 16384)) (i32.const 15))`, -32768, 32767);
  defineLanes('i16x8.q15mulr_sat_s', 'i16x8', 'i16x8', 2, product, true);
}
define('i32x4.dot_i16x8_s', {
  forms: ['i32', 'i32'],
  out: 'i32',
  make: ({ vectors }) => {
    const product = (k) => `(i32.mul ${vectors.map((v) => readLane('i16x8', v, k, true)).join(' ')})`;
    return pack(
      'i32x4',
      each('i32x4', (k) => `(i32.add ${product(2 * k)} ${product(2 * k + 1)})`),
    );
  },
});

for (const sign of ['s', 'u']) {
  defineLanes(`f32x4.convert_i32x4_${sign}`, 'i32x4', 'f32x4', 1, call(`f32.convert_i32_${sign}`));
  defineLanes(`f64x2.convert_low_i32x4_${sign}`, 'i32x4', 'f64x2', 1, call(`f64.convert_i32_${sign}`));
  defineLanes(`i32x4.trunc_sat_f32x4_${sign}`, 'f32x4', 'i32x4', 1, call(`i32.trunc_sat_f32_${sign}`));
  defineZeroAbove(`i32x4.trunc_sat_f64x2_${sign}_zero`, 'i32x4', `i32.trunc_sat_f64_${sign}`);
}
defineLanes('f64x2.promote_low_f32x4', 'f32x4', 'f64x2', 1, call('f64.promote_f32'));
defineZeroAbove('f32x4.demote_f64x2_zero', 'f32x4', 'f32.demote_f64');

/** Two lanes from two of 64 bits, and zeros above. */
function defineZeroAbove(name, shape, instruction) {
  const { form, type } = SHAPES[shape];
  define(name, {
    forms: ['f64'],
    out: form,
    make: ({ vectors: [v] }) => {
      return { form, lanes: each(shape, (k) => (k < 2 ? `(${instruction} ${READ.f64(v, k)})` : zero(type))) };
    },
  });
}

for (const [shape, { bits, type, form }] of Object.entries(SHAPES)) {
  define(`${shape}.splat`, {
    out: form,
    make: ({ scalars: [value], keep }) => {
      const one = keep(type, value);
      return pack(
        shape,
        each(shape, () => one),
      );
    },
  });
  for (const sign of bits < 32 ? ['_s', '_u'] : ['']) {
    define(`${shape}.extract_lane${sign}`, {
      forms: [form],
      out: 'scalar',
      make: ({ vectors: [v], immediates: [lane] }) => readLane(shape, v, Number(lane), sign === '_s'),
    });
  }
  define(`${shape}.replace_lane`, {
    forms: [form],
    out: form,
    make: ({ vectors: [v], scalars: [value], immediates: [lane] }) => replaceLane(shape, v, Number(lane), value),
  });
}

function replaceLane(shape, v, lane, value) {
  return pack(
    shape,
    each(shape, (k) => (k === lane ? value : readLane(shape, v, k, false))),
  );
}

// Bytes of the two operands by constant places. By whole words it does not matter what they hold.
define('i8x16.shuffle', {
  forms: [undefined, undefined],
  mask: (known, immediates) => {
    if (wholeLanes(immediates, 8) !== undefined) return Math.min(...known);
    return wholeLanes(immediates, 4) === undefined ? 0 : Math.min(1, ...known);
  },
  make: ({ vectors, immediates, want }) => {
    const { count } = FORMS[want];
    const places = wholeLanes(immediates, 16 / count);
    if (places !== undefined) {
      const lanes = places.map((place) => READ[want](vectors[Math.floor(place / count)], place % count));
      return { form: want, lanes };
    }
    const words = wholeLanes(immediates, 4);
    if (words !== undefined) return { form: 'i32', lanes: words.map((w) => READ.i32(vectors[w >> 2], w & 3)) };
    const bytes = immediates.map(Number).map((place) => readLane('i8x16', vectors[place >> 4], place & 15, false));
    return pack('i8x16', bytes);
  },
});

/** Which lanes of `size` bytes a shuffle takes, where it takes whole ones. */
function wholeLanes(immediates, size) {
  const places = immediates.map(Number);
  const lanes = [];
  for (let at = 0; at < 16; at += size) {
    if (places[at] % size !== 0) return undefined;
    for (let k = 1; k < size; k++) if (places[at + k] !== places[at] + k) return undefined;
    lanes.push(places[at] / size);
  }
  return lanes;
}

// Bytes by places that are known only when it runs; 16 and above are nothing. Mostly whole words are moved, which is quick.
define('i8x16.swizzle', {
  forms: ['i32', 'i32'],
  out: 'i32',
  make: ({ vectors: [v, places], keep, push }) => {
    const words = [0, 1, 2, 3].map((k) => keep('i32', READ.i32(v, k)));
    const moves = [0, 1, 2, 3].map((k) => keep('i32', `(i32.sub ${READ.i32(places, k)} (i32.const 0x03020100))`));
    // of whole words the places are p, p + 1, p + 2, p + 3 with p one of 0, 4, 8, 12: four times the same byte remains
    const isWhole = moves
      .map((move) => `(i32.eq ${move} (i32.mul (i32.and ${move} (i32.const 12)) (i32.const 0x01010101)))`)
      .reduce((sum, one) => `(i32.and ${sum} ${one})`);
    const results = [0, 1, 2, 3].map(() => keep('i32', '(i32.const 0)'));
    const set = (k, value) => results[k].replace('local.get', 'local.set').replace(/\)$/, ` ${value})`);
    const chosen = moves.map((move, k) => {
      const pair = ([a, b]) => `(select ${b} ${a} (i32.and ${move} (i32.const 4)))`;
      return set(k, `(select ${pair(words.slice(2))} ${pair(words.slice(0, 2))} (i32.and ${move} (i32.const 8)))`);
    });
    const lines = [];
    const bytes = each('i8x16', (k) => {
      const place = readLane('i8x16', places, k, false);
      const pair = ([a, b]) => `(select ${b} ${a} (i32.and ${place} (i32.const 4)))`;
      const word = `(select ${pair(words.slice(2))} ${pair(words.slice(0, 2))} (i32.and ${place} (i32.const 8)))`;
      // a shift counts modulo 32
      const byte = `(i32.shr_u ${word} (i32.shl ${place} (i32.const 3)))`;
      return `(select ${byte} (i32.const 0) (i32.lt_u ${place} (i32.const 16)))`;
    });
    pack('i8x16', bytes).lanes.forEach((word, k) => {
      lines.push(set(k, word));
    });
    push(`(if ${isWhole} (then ${chosen.join(' ')}) (else ${lines.join(' ')}))`);
    return { form: 'i32', lanes: results };
  },
});

const INTEGER_FORM = { i32: 'i32', f32: 'i32', i64: 'i64', f64: 'i64' };
const isKnown = (v) => v.form === 'b32' || v.form === 'b64';

/** Bit by bit. On what is known to be all ones or zeros, bit for lane. */
function defineBits(name, bits, known) {
  define(name, {
    forms: Array(name === 'v128.not' ? 1 : 2).fill(undefined),
    mask: (all) => Math.min(...all),
    make: ({ vectors, want }) => {
      const { count } = FORMS[want];
      const form = INTEGER_FORM[want] ?? want;
      const [make, type] = form === want && form.startsWith('b') ? [known, 'i32'] : [bits, form];
      const lanes = Array.from({ length: count }, (_, k) =>
        make(
          type,
          vectors.map((v) => READ[form](v, k)),
        ),
      );
      return { form, lanes };
    },
  });
}
const flip = (type, a) => `(${type}.xor ${a} ${number(type, -1)})`;
defineBits(
  'v128.and',
  (type, [a, b]) => `(${type}.and ${a} ${b})`,
  (_, [a, b]) => `(i32.and ${a} ${b})`,
);
defineBits(
  'v128.or',
  (type, [a, b]) => `(${type}.or ${a} ${b})`,
  (_, [a, b]) => `(i32.or ${a} ${b})`,
);
defineBits(
  'v128.xor',
  (type, [a, b]) => `(${type}.xor ${a} ${b})`,
  (_, [a, b]) => `(i32.xor ${a} ${b})`,
);
defineBits(
  'v128.not',
  (type, [a]) => flip(type, a),
  (_, [a]) => `(i32.eqz ${a})`,
);
defineBits(
  'v128.andnot',
  (type, [a, b]) => `(${type}.and ${a} ${flip(type, b)})`,
  (_, [a, b]) => `(i32.and ${a} (i32.eqz ${b}))`,
);

define('v128.bitselect', {
  forms: [undefined, undefined, 'i32'],
  mask: (all) => Math.min(...all),
  make: ({ vectors: [a, b, mask], want }) => {
    const { count } = FORMS[want];
    if (isKnown(mask) && (count === 4 || mask.form === 'b64')) {
      const bit = count === 4 ? 'b32' : 'b64';
      const lane = (k) => `(select ${READ[want](a, k)} ${READ[want](b, k)} ${READ[bit](mask, k)})`;
      return { form: want, lanes: Array.from({ length: count }, (_, k) => lane(k)) };
    }
    const form = INTEGER_FORM[want] ?? 'i32';
    const lanes = Array.from({ length: FORMS[form].count }, (_, k) => {
      const [x, y, z] = [a, b, mask].map((v) => READ[form](v, k));
      return `(${form}.xor (${form}.and (${form}.xor ${x} ${y}) ${z}) ${y})`;
    });
    return { form, lanes };
  },
});

define('v128.any_true', {
  forms: [undefined],
  out: 'scalar',
  make: ({ vectors: [v] }) => {
    const any = (type, lanes) => lanes.reduce((sum, one) => `(${type}.or ${sum} ${one})`);
    if (isKnown(v)) return any('i32', v.lanes);
    if (v.form === 'i64' || v.form === 'f64')
      return `(i64.ne ${any('i64', [READ.i64(v, 0), READ.i64(v, 1)])} (i64.const 0))`;
    return `(i32.ne ${any(
      'i32',
      [0, 1, 2, 3].map((k) => READ.i32(v, k)),
    )} (i32.const 0))`;
  },
});

// Memory

/** A scalar load or store of `bytes` at the place of an instruction that has `immediates`, and `more` bytes behind it. */
function access(name, bytes, natural, immediates, more, operands) {
  let offset = 0;
  let align = natural;
  const rest = [];
  for (const immediate of immediates) {
    if (immediate.startsWith('offset=')) offset = Number(immediate.slice(7));
    else if (immediate.startsWith('align=')) align = Number(immediate.slice(6));
    else if (immediate.startsWith('$')) rest.push(immediate);
    else if (!/^\d+$/.test(immediate)) throw new Error(`SIMD cannot be taken out of ${name}: what is ${immediate}?`);
  }
  if (offset + more > 0xffffffff) throw new Error(`SIMD cannot be taken out of ${name}: its offset is ${offset}`);
  const place = offset + more === 0 ? '' : ` offset=${offset + more}`;
  return `(${name}${rest.map((memory) => ` ${memory}`).join('')}${place} align=${Math.min(align, bytes)} ${operands.join(' ')})`;
}

/** Forms that lie in memory as they are held. */
const LOADED = { i32: 'i32', f32: 'f32', i64: 'i64', f64: 'f64' };

define('v128.load', {
  make: ({ scalars: [pointer], immediates, want }) => {
    const form = LOADED[want] ?? 'i32';
    const { count } = FORMS[form];
    const bytes = 16 / count;
    const load = (k) => access(`${form}.load`, bytes, 16, immediates, k * bytes, [pointer]);
    return { form, lanes: Array.from({ length: count }, (_, k) => load(k)) };
  },
});
define('v128.store', {
  forms: [undefined],
  out: 'nothing',
  make: ({ vectors: [v], scalars: [pointer], immediates, push }) => {
    const form = LOADED[v.form] ?? 'i32';
    const { count } = FORMS[form];
    const bytes = 16 / count;
    // the last lane first: a store that ends beyond the memory writes nothing
    for (let k = count - 1; k >= 0; k--) {
      push(access(`${form}.store`, bytes, 16, immediates, k * bytes, [pointer, READ[form](v, k)]));
    }
  },
});
for (const shape of INTEGER_SHAPES) {
  const { bits, type, form } = SHAPES[shape];
  const bytes = bits / 8;
  const narrow = bits < 32 ? `${bits}` : '';
  const load = bits < 32 ? `i32.load${bits}_u` : `${type}.load`;
  /** The form of the same width in which a lane need not change its register, where the vector has one. */
  const suited = (other) => (bits >= 32 && FORMS[other]?.count === 128 / bits && other in LOADED ? other : form);
  define(`v128.load${bits}_splat`, {
    make: ({ scalars: [pointer], immediates, want, keep }) => {
      const own = suited(want);
      const name = own === form ? load : `${own}.load`;
      const one = keep(FORMS[own].type, access(name, bytes, bytes, immediates, 0, [pointer]));
      if (bits >= 32) return { form: own, lanes: Array(FORMS[own].count).fill(one) };
      return pack(
        shape,
        each(shape, () => one),
      );
    },
  });
  if (bits >= 32) {
    define(`v128.load${bits}_zero`, {
      make: ({ scalars: [pointer], immediates, want }) => {
        const own = suited(want);
        const first = access(`${own}.load`, bytes, bytes, immediates, 0, [pointer]);
        return { form: own, lanes: [first, ...Array(FORMS[own].count - 1).fill(zero(own))] };
      },
    });
  }
  const isLane = (immediate) => /^\d+$/.test(immediate);
  define(`v128.load${bits}_lane`, {
    forms: [undefined],
    make: ({ vectors: [v], scalars: [pointer], immediates, want }) => {
      const lane = Number(immediates.find(isLane));
      const own = suited(want);
      const value = access(own === form ? load : `${own}.load`, bytes, bytes, immediates, 0, [pointer]);
      if (bits < 32) return replaceLane(shape, v, lane, value);
      const lanes = Array.from({ length: FORMS[own].count }, (_, k) => (k === lane ? value : READ[own](v, k)));
      return { form: own, lanes };
    },
  });
  define(`v128.store${bits}_lane`, {
    forms: [undefined],
    out: 'nothing',
    make: ({ vectors: [v], scalars: [pointer], immediates, push }) => {
      const lane = Number(immediates.find(isLane));
      const own = suited(v.form);
      const value = bits < 32 ? readLane(shape, v, lane, false) : READ[own](v, lane);
      push(access(`${own}.store${narrow}`, bytes, bytes, immediates, 0, [pointer, value]));
    },
  });
  const wider = { i8x16: ['i16x8', '8x8'], i16x8: ['i32x4', '16x4'], i32x4: ['i64x2', '32x2'] }[shape];
  if (wider === undefined) continue;
  const [to, lanes] = wider;
  for (const sign of ['s', 'u']) {
    define(`v128.load${lanes}_${sign}`, {
      out: SHAPES[to].form,
      make: ({ scalars: [pointer], immediates }) => {
        const name = `${SHAPES[to].type}.load${bits}_${sign}`;
        return pack(
          to,
          each(to, (k) => access(name, bytes, 8, immediates, k * bytes, [pointer])),
        );
      },
    });
  }
}

/**
 * Lets floats be chosen as integers: of floats some hosts make a jump, and what is chosen by lanes goes either way (steering took 1.5 to 2
 * times as long). Done last, because binaryen would turn it back.
 */
function chooseByIntegers(tree) {
  const globals = new Map();
  for (const part of tree) if (part[0] === 'global') globals.set(part[1], [part[2]].flat().at(-1));
  return tree.map((part) => {
    if (part[0] !== 'func') return part;
    const locals = new Map(
      part.filter(([kind]) => kind === 'local' || kind === 'param').map(([, name, type]) => [name, type]),
    );
    /** Type of an expression, or nothing where it does not say. */
    const typeOf = ([name, ...rest]) => {
      if (/^f(32|64)\.(eq|ne|lt|gt|le|ge)$/.test(name)) return 'i32';
      if (/^[if](32|64)\./.test(name)) return name.slice(0, 3);
      if (name === 'local.get' || name === 'local.tee') return locals.get(rest[0]);
      if (name === 'global.get') return globals.get(rest[0]);
      return rest.find(([kind]) => kind === 'result')?.[1];
    };
    const visit = (expression) => {
      if (typeof expression === 'string') return expression;
      const now = expression.map(visit);
      if (now[0] !== 'select' || now.length !== 4) return now;
      const type = typeOf(now[1]) ?? typeOf(now[2]);
      if (type !== 'f32' && type !== 'f64') return now;
      const integer = `i${type.slice(1)}`;
      const bits = (value) => {
        return value[0] === `${type}.reinterpret_${integer}` ? value[1] : [`${integer}.reinterpret_${type}`, value];
      };
      return [`${type}.reinterpret_${integer}`, ['select', bits(now[1]), bits(now[2]), now[3]]];
    };
    return part.map(visit);
  });
}

// Modules and functions

/** How many times more an instruction counts for each loop around it, when the forms of locals are chosen. */
const LOOP_WEIGHT = 8;

/** The text of the module without SIMD. */
function lowerModule(tree) {
  const world = { globals: new Set(), signatures: new Map(), types: new Map() };
  readTypes(tree, world.types);
  for (const part of tree) {
    if (part[0] === 'global' && isVectorGlobal(part)) world.globals.add(part[1]);
    if (part[0] === 'func') world.signatures.set(part[1], signatureOf(part));
  }
  for (const part of tree) {
    if (part[0] === 'import') refuseSimdOutside(part);
    if (part[0] === 'export') {
      const [kind, name] = part[2];
      const { params = [], results = [] } = (kind === 'func' && world.signatures.get(name)) || {};
      if ([...params, ...results].includes('v128') || world.globals.has(name)) fail(part, 'it has a v128');
    }
  }
  const parts = tree.flatMap((part) => {
    if (typeof part === 'string') return [part];
    if (part[0] === 'type' || part[0] === 'rec') return [print(lowerType(part))];
    if (part[0] === 'global') return lowerGlobal(part, world.globals);
    if (part[0] === 'func') return [lowerFunction(part, world)];
    return [print(part)];
  });
  // behind the imports, which come first
  const at = parts.findIndex((part) => part.startsWith('(func'));
  parts.splice(at < 0 ? parts.length : at, 0, ...RESULTS.map((name) => `(global ${name} (mut i32) (i32.const 0))`));
  return `(${parts.join('\n')})`;
}

function refuseSimdOutside(tree) {
  if (tree === 'v128') throw new Error('SIMD cannot be taken out of an import with a v128');
  if (typeof tree !== 'string') tree.forEach(refuseSimdOutside);
}

function readTypes(tree, types) {
  if (tree[0] === 'type') types.set(tree[1], signatureOf(tree.at(-1)));
  else for (const part of tree) if (part[0] === 'type' || part[0] === 'rec') readTypes(part, types);
}

/** Types of a function's parameters and results. */
function signatureOf(list) {
  const typesOf = (what) =>
    list.filter((part) => part[0] === what).flatMap((part) => part.slice(1).filter((word) => !word.startsWith('$')));
  return { params: typesOf('param'), results: typesOf('result') };
}

function lowerType(tree) {
  if (typeof tree === 'string') return tree;
  if (tree[0] === 'param') return tree.flatMap((type) => (type === 'v128' ? ['i32', 'i32', 'i32', 'i32'] : [type]));
  if (tree[0] === 'result' && tree.includes('v128')) {
    if (tree.length > 2) fail(tree, 'it has several results');
    return ['result'];
  }
  return tree.map(lowerType);
}

function isVectorGlobal([, , type]) {
  return type === 'v128' || (Array.isArray(type) && type.includes('v128'));
}

function lowerGlobal(part, globals) {
  if (!globals.has(part[1])) return [print(part)];
  const [, name, type, value] = part;
  if (value?.[0] !== 'v128.const') fail(part, 'it does not start with a constant');
  const { words } = readConstant(value);
  const lane = Array.isArray(type) ? '(mut i32)' : 'i32';
  return words.map((word, k) => `(global ${name}|${k} ${lane} ${number('i32', word | 0)})`);
}

function readConstant(expression) {
  const [, format, ...words] = expression;
  if (format !== 'i32x4' || words.length !== 4) fail(expression, 'it is not written as i32x4');
  return { words: words.map((word) => Number(word) | 0) };
}

/** 2 where a constant is all ones or zeros by 64 bits, 1 by 32 bits, else 0. */
function maskOfConstant({ words }) {
  if (!words.every((word) => word === 0 || word === -1)) return 0;
  return words[0] === words[1] && words[2] === words[3] ? 2 : 1;
}

function lowerFunction(part, world) {
  const { params, results } = signatureOf(part);
  const head = [];
  const locals = [];
  const body = [];
  for (const piece of part.slice(2)) {
    const kind = typeof piece === 'string' ? piece : piece[0];
    if (kind === 'local') locals.push(piece);
    else if (body.length === 0 && ['type', 'param', 'result', 'export', 'import'].includes(kind)) head.push(piece);
    else body.push(piece);
  }
  const vectors = new Map();
  for (const piece of [...head, ...locals]) {
    if (piece[0] !== 'param' && piece[0] !== 'local') continue;
    if (piece.length !== 3 || !piece[1].startsWith('$')) fail(piece, 'it does not name one local');
    if (piece[2] === 'v128') vectors.set(piece[1], { form: undefined, isParameter: piece[0] === 'param' });
  }
  if (results.includes('v128') && results.length > 1) fail(part.slice(0, 2), 'it has several results');
  const scope = { world, vectors, returns: results[0] === 'v128', temporaries: [], text: [] };
  chooseForms(body, scope);
  for (const [k, statement] of body.entries()) lowerStatement(statement, scope, k === body.length - 1);

  const typed = head
    .filter((piece) => piece[0] !== 'type')
    .flatMap((piece) => {
      if (piece[0] === 'result') return scope.returns ? [] : [print(piece)];
      if (piece[0] !== 'param' || piece[2] !== 'v128') return [print(piece)];
      return [0, 1, 2, 3].map((k) => `(param ${piece[1]}|${k} i32)`);
    });
  // a type by name would have to be the one of the new parameters
  const named = head.filter((piece) => piece[0] === 'type').map(print);
  const isPlain = ![...params, ...results].includes('v128');
  const own = locals.flatMap((piece) => {
    const vector = vectors.get(piece[1]);
    if (vector === undefined) return [print(piece)];
    const { count, type } = FORMS[vector.form];
    return Array.from({ length: count }, (_, k) => `(local ${piece[1]}|${k} ${type})`);
  });
  const lines = [...(isPlain ? named : []), ...typed, ...own, ...scope.temporaries, ...scope.text];
  return `(func ${part[1]} ${lines.join('\n')})`;
}

// Instructions

/**
 * What an instruction does with vectors, or nothing where it is a plain one: `vectors` and `scalars` (operands), and the entry of the
 * table, or one made for instructions that take any type.
 */
function describe(expression, scope) {
  const { name, immediates, operands } = split(expression);
  const isVector = (operand) =>
    operand[0] === 'v128.const' ||
    (operand[0] === 'local.get' && scope.vectors.has(operand[1])) ||
    (operand[0] === 'global.get' && scope.world.globals.has(operand[1]));
  const entry = TABLE.get(name);
  const inputs = operands.filter((operand) => !['type', 'param', 'result'].includes(operand[0]));
  const vectors = inputs.filter(isVector);
  const scalars = inputs.filter((operand) => !isVector(operand));
  const plain = (more) => ({ forms: [], mask: () => 0, immediates, vectors, scalars, ...more });
  if (name === 'v128.const')
    return plain({ vectors: [expression], forms: [undefined], mask: ([one]) => one, make: copy });
  if (name === 'local.get' && scope.vectors.has(immediates[0])) {
    return plain({ vectors: [expression], forms: [undefined], mask: ([one]) => one, make: copy });
  }
  if (name === 'global.get' && scope.world.globals.has(immediates[0])) {
    return plain({ vectors: [expression], forms: [undefined], out: 'i32', make: copy });
  }
  if (entry !== undefined) {
    const wanted = entry.forms.length;
    if (vectors.length !== wanted)
      fail(expression, `it has ${vectors.length} plain operands of 128 bits, not ${wanted}`);
    return plain(entry);
  }
  if (SIMD_NAME.test(name)) fail(expression, `the instruction ${name} is not known`);
  if (name === 'select' && vectors.length > 0) {
    return plain({
      forms: [undefined, undefined],
      mask: (all) => Math.min(...all),
      make: ({ vectors: [a, b], scalars: [condition], want, keep }) => {
        const { count } = FORMS[want];
        const bit = keep('i32', condition);
        const lane = (k) => `(select ${READ[want](a, k)} ${READ[want](b, k)} ${bit})`;
        return { form: want, lanes: Array.from({ length: count }, (_, k) => lane(k)) };
      },
    });
  }
  if (name === 'call' || name === 'call_indirect') {
    const type = operands.find((operand) => operand[0] === 'type');
    const signature =
      name === 'call'
        ? (scope.world.signatures.get(immediates[0]) ?? { results: [] })
        : scope.world.types.get(type?.[1]);
    const returns = signature.results.includes('v128');
    if (vectors.length === 0 && !returns) return undefined;
    const head = [name, ...immediates, ...(type === undefined ? [] : [print(type)])].join(' ');
    return plain({
      forms: vectors.map(() => undefined),
      out: returns ? 'i32' : signature.results.length === 0 ? 'nothing' : 'scalar',
      make: ({ vectors: given, push }) => {
        let next = 0;
        const each = inputs.flatMap((operand) => {
          if (!isVector(operand)) return [print(operand)];
          const v = given[next++];
          return [0, 1, 2, 3].map((k) => READ.i32(v, k));
        });
        const done = `(${head} ${each.join(' ')})`;
        if (returns || signature.results.length === 0) push(done);
        else return done;
        return returns ? { form: 'i32', lanes: RESULTS.map((global) => `(global.get ${global})`) } : undefined;
      },
    });
  }
  if (vectors.length === 0) return undefined;
  if (name === 'global.set') {
    return plain({
      forms: [undefined],
      out: 'nothing',
      make: ({ vectors: [v], push }) => {
        for (let k = 0; k < 4; k++) push(`(global.set ${immediates[0]}|${k} ${READ.i32(v, k)})`);
      },
    });
  }
  if (name === 'drop') return plain({ forms: [undefined], out: 'nothing', make: () => undefined });
  if (name === 'return') {
    return plain({
      forms: [undefined],
      out: 'nothing',
      make: ({ vectors: [v], push }) => {
        RESULTS.forEach((global, k) => {
          push(`(global.set ${global} ${READ.i32(v, k)})`);
        });
        push('(return)');
      },
    });
  }
  return fail(expression, `the instruction ${name} is not known with operands of 128 bits`);
}

const copy = ({ vectors: [v], want }) => ({
  form: want,
  lanes: Array.from({ length: FORMS[want].count }, (_, k) => READ[want](v, k)),
});

const BLOCKS = ['block', 'loop', 'if', 'then', 'else'];

/** Gives every local of 128 bits the form in which most of what is done with it, inner loops first, needs no conversion. */
function chooseForms(body, scope) {
  const uses = [];
  const visit = (statement, weight) => {
    if (typeof statement === 'string') return;
    const [name] = statement;
    if (BLOCKS.includes(name)) {
      for (const part of statement.slice(1)) visit(part, name === 'loop' ? weight * LOOP_WEIGHT : weight);
      return;
    }
    if (name === 'result' || name === 'type') return;
    const target = name === 'local.set' && scope.vectors.has(statement[1]) ? statement[1] : undefined;
    const action = describe(name === 'local.set' ? statement[2] : statement, scope);
    if (target !== undefined && action === undefined) fail(statement, 'it is not known how the value is made');
    if (action !== undefined) uses.push({ target, action, weight });
  };
  for (const statement of body) visit(statement, 1);

  // What is known to be all ones or zeros, until nothing changes: whatever is set from something unknown is unknown.
  const known = new Map([...scope.vectors].map(([name, { isParameter }]) => [name, isParameter ? 0 : 2]));
  const maskOf = (operand) => {
    if (operand[0] === 'v128.const') return maskOfConstant(readConstant(operand));
    return operand[0] === 'local.get' ? known.get(operand[1]) : 0;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const { target, action } of uses) {
      if (target === undefined) continue;
      const now = Math.min(known.get(target), action.mask(action.vectors.map(maskOf), action.immediates));
      if (now === known.get(target)) continue;
      known.set(target, now);
      changed = true;
    }
  }
  for (const [name, vector] of scope.vectors) {
    if (known.get(name) > 0) vector.form = known.get(name) === 2 ? 'b64' : 'b32';
    else if (vector.isParameter) vector.form = 'i32';
  }
  const open = new Set([...scope.vectors].filter(([, { form }]) => form === undefined).map(([name]) => name));
  const numeric = (form) => (form in LOADED ? form : undefined);
  for (let round = 0; round < 8; round++) {
    const votes = new Map();
    const vote = (name, form, weight) => {
      if (!open.has(name) || numeric(form) === undefined) return;
      const ballot = votes.get(name) ?? {};
      ballot[form] = (ballot[form] ?? 0) + weight;
      votes.set(name, ballot);
    };
    for (const { target, action, weight } of uses) {
      const names = action.vectors.map((operand) => (operand[0] === 'local.get' ? operand[1] : undefined));
      const formOf = (name) => scope.vectors.get(name)?.form;
      if (target !== undefined) {
        if (action.out !== undefined) vote(target, action.out, weight);
        else for (const name of names) vote(target, formOf(name), weight);
      }
      names.forEach((name, k) => {
        vote(name, action.forms[k] ?? formOf(target), weight);
        if (action.forms[k] !== undefined || action.out !== undefined) return;
        for (const other of names) if (other !== name) vote(name, formOf(other), weight);
      });
    }
    for (const [name, ballot] of votes) {
      const [best] = Object.entries(ballot).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      scope.vectors.get(name).form = best[0];
    }
  }
  for (const name of open) scope.vectors.get(name).form ??= 'i32';
}

/** Writes a statement to `scope.text`. */
function lowerStatement(statement, scope, isLast) {
  const [name] = statement;
  if (BLOCKS.includes(name)) {
    if (statement.some((part) => part[0] === 'result' && part.includes('v128')))
      fail(statement, 'the code is not flat');
    const outer = scope.text;
    scope.text = [];
    for (const part of statement.slice(1)) {
      if (typeof part === 'string' || part[0] === 'result' || part[0] === 'type') scope.text.push(print(part));
      else lowerStatement(part, scope, false);
    }
    outer.push(`(${name} ${scope.text.join('\n')})`);
    scope.text = outer;
    return;
  }
  const isSet = name === 'local.set';
  const action = describe(isSet ? statement[2] : statement, scope);
  if (action === undefined) {
    refuseSimd(statement);
    scope.text.push(print(statement));
    return;
  }
  const target = isSet ? scope.vectors.get(statement[1]) : undefined;
  const push = (text) => scope.text.push(text);
  const keep = (type, value) => {
    const local = `$simd|${scope.temporaries.length}`;
    scope.temporaries.push(`(local ${local} ${type})`);
    push(`(local.set ${local} ${value})`);
    return `(local.get ${local})`;
  };
  action.scalars.forEach(refuseSimd);
  const value = action.make({
    vectors: action.vectors.map((operand) => readOperand(operand, scope)),
    scalars: action.scalars.map(print),
    immediates: action.immediates,
    want: target?.form ?? 'i32',
    keep,
    push,
  });
  if (action.out === 'nothing') return;
  if (action.out === 'scalar') {
    if (target !== undefined || !isSet) fail(statement, 'the code is not flat');
    push(`(local.set ${statement[1]} ${value})`);
    return;
  }
  if (target === undefined) {
    // what a function ends with is what it returns
    if (!isLast || !scope.returns) fail(statement, 'the code is not flat');
    RESULTS.forEach((global, k) => {
      push(`(global.set ${global} ${READ.i32(value, k)})`);
    });
    return;
  }
  // lanes are set one by one
  const reads = action.vectors.some((operand) => operand[0] === 'local.get' && operand[1] === statement[1]);
  if (reads && statement[2][0] !== 'local.get') fail(statement, 'the code is not flat');
  const isWidthOther = FORMS[value.form].count !== FORMS[target.form].count;
  const lanes = isWidthOther ? value.lanes.map((lane) => keep(FORMS[value.form].type, lane)) : value.lanes;
  for (let k = 0; k < FORMS[target.form].count; k++) {
    push(`(local.set ${statement[1]}|${k} ${READ[target.form]({ form: value.form, lanes }, k)})`);
  }
}

function readOperand(operand, scope) {
  if (operand[0] === 'v128.const') return readConstant(operand);
  if (operand[0] === 'global.get') {
    return { form: 'i32', lanes: [0, 1, 2, 3].map((k) => `(global.get ${operand[1]}|${k})`) };
  }
  const { form } = scope.vectors.get(operand[1]);
  const lanes = Array.from({ length: FORMS[form].count }, (_, k) => `(local.get ${operand[1]}|${k})`);
  return { form, lanes };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [from, to] = process.argv.slice(2);
  writeFileSync(to, lowerSimd(readFileSync(from)));
}
