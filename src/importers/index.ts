import * as detect from './detect-importer.ts';
import { importDxf } from './import-dxf.ts';
import { importGeojson, recogniseGeojson } from './import-geojson.ts';
import { importIfc, recogniseIfc } from './import-ifc.ts';
import { importJupedsim, importJupedsimFiles, recogniseJupedsim, recogniseJupedsimFiles } from './import-jupedsim.ts';
import { importVadere, recogniseVadere, recogniseVadereFiles, splitVadereFiles } from './import-vadere.ts';
import { importWkt, recogniseWkt } from './import-wkt.ts';
import type { Importer, SourceFile } from './importer.ts';
import { recogniseDxf } from './read-dxf.ts';

export { mendImport } from './build-plan.ts';
export { baseName, type FilesImport, type ImportOne } from './detect-importer.ts';
export { findGaps, GAP_WIDTHS, type Gap } from './find-gaps.ts';
export { importDxf } from './import-dxf.ts';
export { importGeojson } from './import-geojson.ts';
export { importIfc } from './import-ifc.ts';
export { importJupedsim } from './import-jupedsim.ts';
export { importVadere } from './import-vadere.ts';
export { importWkt } from './import-wkt.ts';
export * from './importer.ts';
export { findPieces, type Piece } from './plan-pieces.ts';
export { isZip, readZip } from './read-zip.ts';
export * from './suggest-exits.ts';

/** Every source of plans, by name. */
export const importers: Readonly<Record<string, Importer>> = {
  ifc: { name: 'ifc', extensions: ['.ifc'], recognise: recogniseIfc, importFile: importIfc, mayHang: true },
  dxf: { name: 'dxf', extensions: ['.dxf', '.dwg'], recognise: recogniseDxf, importFile: importDxf, mayHang: true },
  jupedsim: {
    name: 'jupedsim',
    extensions: ['.json'],
    recognise: recogniseJupedsim,
    importFile: importJupedsim,
    recogniseFiles: recogniseJupedsimFiles,
    importFiles: importJupedsimFiles,
  },
  vadere: {
    name: 'vadere',
    extensions: ['.scenario'],
    markers: ['vadere.project'],
    recognise: recogniseVadere,
    importFile: importVadere,
    recogniseFiles: recogniseVadereFiles,
    splitFiles: splitVadereFiles,
    mayHang: true,
  },
  geojson: {
    name: 'geojson',
    extensions: ['.geojson', '.json'],
    recognise: recogniseGeojson,
    importFile: importGeojson,
  },
  wkt: { name: 'wkt', extensions: ['.wkt'], recognise: recogniseWkt, importFile: importWkt },
};

/** The importer for a file, see `detect-importer.ts`; `undefined` where none fits. */
export function detectImporter(fileName: string, bytes: Uint8Array): Importer | undefined {
  return detect.detectImporter(Object.values(importers), fileName, bytes);
}

/** How to read the files of a folder or zip together; `undefined` where no importer can. */
export function detectFilesImporter(files: readonly SourceFile[]): detect.FilesImport | undefined {
  return detect.detectFilesImporter(Object.values(importers), files);
}

/** Whether a file of a folder or zip, by its name, can belong to a source: the others are not even read. */
export function isSourceFile(name: string): boolean {
  const small = name.toLowerCase();
  const last = small.slice(small.lastIndexOf('/') + 1);
  return Object.values(importers).some(
    ({ extensions, markers }) => extensions.some((extension) => small.endsWith(extension)) || markers?.includes(last),
  );
}
export { type Floor, type FloorResult, readFloor } from './read-floor.ts';
