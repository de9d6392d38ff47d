import { importWkt, recogniseWkt } from './import-wkt.ts';
import type { Importer } from './importer.ts';

export { importWkt } from './import-wkt.ts';
export * from './importer.ts';
export { findPieces, type Piece } from './plan-pieces.ts';
export * from './suggest-exits.ts';

/** Every source of plans, by name. */
export const importers: Readonly<Record<string, Importer>> = {
  wkt: { name: 'wkt', extensions: ['.wkt'], recognise: recogniseWkt, importFile: importWkt },
};

/**
 * The importer for a file: by the ending of its name, or, where no importer claims that, by its first bytes.
 * `undefined` where none fits.
 */
export function detectImporter(fileName: string, bytes: Uint8Array): Importer | undefined {
  const name = fileName.toLowerCase();
  const all = Object.values(importers);
  return (
    all.find((importer) => importer.extensions.some((extension) => name.endsWith(extension))) ??
    all.find((importer) => importer.recognise(bytes))
  );
}
