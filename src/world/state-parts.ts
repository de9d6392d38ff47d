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

/** The pieces in order; entries are multiples of 4. */
export function stateParts(world: World): StatePart[] {
  const { offsets, counts } = world.layout;
  const room = roomOfColumn(counts.persons);
  const parts: StatePart[] = [];
  let from = world.stateOffset;
  let to = offsets[`persons.${Object.keys(PERSON_COLUMNS)[0]}`];
  const close = (next: number): void => {
    if (to > from) parts.push({ kind: 'bytes', from, to });
    from = next;
    to = next;
  };
  for (const [name, kind] of Object.entries(PERSON_COLUMNS) as [string, ColumnKind][]) {
    const offset = offsets[`persons.${name}`];
    const bytes = personColumnBytes(name, counts);
    if (bytes === 4 * room) {
      if (offset !== to) close(offset);
      to = offset + bytes;
    } else {
      close(offset);
      if (bytes === 0) parts.push({ kind: 'zeros', entries: room });
      else {
        assert(kind !== 'f32' && kind !== 'i32', 'columns of 32 bits are whole or not there');
        parts.push({ kind, from: offset, entries: room });
      }
    }
    if (name === BEFORE_STAIRS) {
      close(to);
      parts.push({ kind: 'stairs', side: 0, entries: room }, { kind: 'stairs', side: 1, entries: room });
    }
  }
  close(offsets.beliefs);
  to = world.stateOffset + world.stateBytes;
  close(to);
  return parts;
}

/** Bytes of all pieces together. */
export function lengthOfParts(parts: readonly StatePart[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === 'bytes' ? part.to - part.from : 4 * part.entries), 0);
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
