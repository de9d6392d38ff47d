import { assert } from '../math/index.ts';
import type { ColumnKind } from './column-groups.ts';
import { personColumnBytes, roomOfColumn, viewOf } from './layout.ts';
import { PERSON_COLUMNS, type World } from './world.ts';

/*
 * What the hash of a state is taken of: the state as if every number of the person table had 32 bits, in the order of `PERSON_COLUMNS`. So a
 * column may become narrower, or be left out where nothing uses it, and runs keep their hashes.
 */

/** A piece of it: bytes as they lie in the memory, or numbers that lie there in fewer bits, or that do not lie there at all. */
export type StatePart =
  | { readonly kind: 'bytes'; readonly from: number; readonly to: number }
  | { readonly kind: 'u8' | 'u16' | 'i16'; readonly from: number; readonly entries: number }
  | { readonly kind: 'zeros'; readonly entries: number }
  | { readonly kind: 'stairs'; readonly side: 0 | 1; readonly entries: number };

/** Numbers that people of one profile have in common come behind this column. */
const BEFORE_STAIRS: keyof typeof PERSON_COLUMNS = 'freeSpeed';

/** The pieces in order: what comes before the person table, each of its columns, what comes behind it. Entries are multiples of 4. */
export function stateParts(world: World): StatePart[] {
  const { offsets, counts } = world.layout;
  const room = roomOfColumn(counts.persons);
  const table = Object.entries(PERSON_COLUMNS) as [string, ColumnKind][];
  const parts: StatePart[] = [];
  const addBytes = (from: number, to: number): void => {
    if (to > from) parts.push({ kind: 'bytes', from, to });
  };
  addBytes(world.stateOffset, offsets[`persons.${table[0][0]}`]);
  for (const [name, kind] of table) {
    const from = offsets[`persons.${name}`];
    const bytes = personColumnBytes(name, counts);
    if (bytes === 4 * room) addBytes(from, from + bytes);
    else if (bytes === 0) parts.push({ kind: 'zeros', entries: room });
    else {
      assert(kind !== 'f32' && kind !== 'i32', 'columns of 32 bits are whole or not there');
      parts.push({ kind, from, entries: room });
    }
    if (name === BEFORE_STAIRS) {
      parts.push({ kind: 'stairs', side: 0, entries: room }, { kind: 'stairs', side: 1, entries: room });
    }
  }
  addBytes(offsets.beliefs, world.stateOffset + world.stateBytes);
  return parts;
}

/** Numbers of 32 bits that a block of the state has at most. */
export const BLOCK_WORDS = 4096;

/** Where a block begins: in which part, at which of its numbers; and how many of them, a multiple of 4. */
export interface StateBlock {
  readonly part: StatePart;
  readonly first: number;
  readonly words: number;
}

/**
 * The parts cut into blocks, the last of each shorter. A state's hash is that of the lanes of its blocks (`blockLanes`), one after the other, with the
 * length of all parts: so that threads share them out, and none waits for what another has summed up.
 */
export function stateBlocks(parts: readonly StatePart[]): StateBlock[] {
  return parts.flatMap((part) => {
    const all = wordsOf(part);
    assert(all % 4 === 0, 'parts are whole stripes');
    return Array.from({ length: Math.ceil(all / BLOCK_WORDS) }, (_, k) => {
      const first = k * BLOCK_WORDS;
      return { part, first, words: Math.min(BLOCK_WORDS, all - first) };
    });
  });
}

function wordsOf(part: StatePart): number {
  return part.kind === 'bytes' ? (part.to - part.from) / 4 : part.entries;
}

/** Bytes of all pieces together. */
export function lengthOfParts(parts: readonly StatePart[]): number {
  return parts.reduce((sum, part) => sum + 4 * wordsOf(part), 0);
}

/** Writes the numbers of a piece from entry `first` on into `words`; returns how many. */
export function writeWords(
  world: World,
  part: Exclude<StatePart, { kind: 'bytes' }>,
  first: number,
  words: Int32Array,
): number {
  const count = Math.min(words.length, part.entries - first);
  if (part.kind === 'zeros') words.fill(0, 0, count);
  else if (part.kind === 'stairs') {
    const { profile } = world.views.persons;
    const floats = new Float32Array(words.buffer, words.byteOffset, count);
    for (let k = 0; k < count; k++) {
      floats[k] = first + k < world.personCount ? world.stairFactors[2 * profile[first + k] + part.side] : 0;
    }
  } else {
    const column = viewOf(world.memory.buffer, part.kind, part.from, part.entries) as Uint8Array;
    words.set(column.subarray(first, first + count));
  }
  return count;
}
