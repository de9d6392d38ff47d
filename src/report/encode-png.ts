import { zlibSync } from 'fflate';
import { assert, crc32 } from '../math/index.ts';

/**
 * Encodes an image of palette indices as PNG (8 bit, indexed; row 0 at the top) and returns the file's bytes.
 * `palette` holds up to 256 colours [red, green, blue, alpha] 0 … 255. O(pixels).
 * @source PNG specification, third edition, W3C 2025
 */
export function encodeIndexedPng(
  width: number,
  height: number,
  indices: Uint8Array,
  palette: readonly (readonly [number, number, number, number])[],
): Uint8Array {
  assert(width > 0 && height > 0 && indices.length === width * height, 'indices must hold width × height pixels');
  assert(palette.length > 0 && palette.length <= 256, 'a palette holds 1 to 256 colours');
  const raw = new Uint8Array((width + 1) * height);
  for (let row = 0; row < height; row += 1) {
    raw.set(indices.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  header[9] = 3;
  const chunks = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    makeChunk('IHDR', header),
    makeChunk('PLTE', Uint8Array.from(palette.flatMap((color) => [color[0], color[1], color[2]]))),
    makeChunk(
      'tRNS',
      Uint8Array.from(palette, (color) => color[3]),
    ),
    makeChunk('IDAT', zlibSync(raw, { level: 9 })),
    makeChunk('IEND', new Uint8Array(0)),
  ];
  const file = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    file.set(chunk, offset);
    offset += chunk.length;
  }
  return file;
}

function makeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  for (let k = 0; k < 4; k += 1) chunk[4 + k] = type.charCodeAt(k);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

/** Bytes as a `data:` address of the given type. O(n). */
export function encodeDataUri(bytes: Uint8Array, type: string): string {
  let text = '';
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return `data:${type};base64,${btoa(text)}`;
}
