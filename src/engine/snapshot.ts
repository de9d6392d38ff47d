import { crc32 } from '../math/index.ts';
import type { World } from '../world/index.ts';
import type { SnapshotInfo } from './run-types.ts';

/*
 * A snapshot is a copy of the state region behind a line of text that says what it is:
 *   'CBSNAP02' · u32 length of the JSON · u32 crc of the JSON and the state · JSON (SnapshotInfo) · state bytes
 */

const MAGIC = 'CBSNAP02';
/** How snapshots of all versions begin. */
const FAMILY = 'CBSNAP';
const HEAD = 16;
const JSON_MAX = 65_536;

/** Bytes of the world's state and what it belongs to. */
export function encodeSnapshot(world: World, info: SnapshotInfo): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(info));
  const bytes = new Uint8Array(HEAD + text.length + world.stateBytes);
  bytes.set(new TextEncoder().encode(MAGIC));
  bytes.set(text, HEAD);
  bytes.set(world.views.u8.subarray(world.stateOffset, world.stateOffset + world.stateBytes), HEAD + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, text.length, true);
  view.setUint32(12, crc32(bytes.subarray(HEAD)), true);
  return bytes;
}

/** What a snapshot says of itself, or the reason why it cannot be used. */
export function readSnapshotInfo(bytes: Uint8Array): { readonly info?: SnapshotInfo; readonly problem?: string } {
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (bytes.length < HEAD || !magic.startsWith(FAMILY)) return { problem: 'the file is not a snapshot' };
  if (magic !== MAGIC) {
    return {
      problem: `it is of another version (${magic}, this one reads ${MAGIC}), in which a state is laid out otherwise: resume the run with the crashbar that made it`,
    };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(8, true);
  if (length > JSON_MAX || HEAD + length > bytes.length) return { problem: 'the snapshot is cut short' };
  if (crc32(bytes.subarray(HEAD)) !== view.getUint32(12, true)) return { problem: 'its checksum does not match' };
  return { info: JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD, HEAD + length))) as SnapshotInfo };
}

/**
 * Puts a snapshot's state back into a world compiled from the same scenario and seed.
 * @returns the snapshot's info, or the problem; then the world is unchanged.
 */
export function restoreSnapshot(
  world: World,
  bytes: Uint8Array,
  expected: Pick<SnapshotInfo, 'engine' | 'scenarioHash' | 'seed'>,
): { readonly info?: SnapshotInfo; readonly problem?: string } {
  const { info, problem } = readSnapshotInfo(bytes);
  if (info === undefined) return { problem };
  for (const key of ['engine', 'scenarioHash', 'seed'] as const) {
    if (info[key] !== expected[key]) {
      return { problem: `it belongs to another run: its ${key} is ${info[key]}, this run's is ${expected[key]}` };
    }
  }
  const start = bytes.length - world.stateBytes;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  if (start !== HEAD + length) return { problem: 'the size of its state does not fit the scenario' };
  world.views.u8.set(bytes.subarray(start), world.stateOffset);
  return { info };
}
