import type { Importer, ImportOptions, NamedImport, SourceFile } from './importer.ts';

/**
 * The importer for a file: the one that claims the ending of its name; where several or none do, the first of them that
 * recognises its bytes. `undefined` where none fits.
 */
export function detectImporter(
  importers: readonly Importer[],
  fileName: string,
  bytes: Uint8Array,
): Importer | undefined {
  const name = fileName.toLowerCase();
  const claiming = importers.filter((importer) => importer.extensions.some((extension) => name.endsWith(extension)));
  if (claiming.length === 1) return claiming[0];
  return (claiming.length > 0 ? claiming : importers).find((importer) => importer.recognise(bytes));
}

/** What can be made of the files of a folder or zip. */
export interface FilesImport {
  readonly importer: Importer;
  readonly run: (options?: ImportOptions) => Promise<readonly NamedImport[]>;
}

/**
 * How to read the files of a folder or zip: by the first importer that recognises them together, or, where a single one
 * of them can be imported, by its importer. `undefined` where neither is so.
 */
export function detectFilesImporter(
  importers: readonly Importer[],
  files: readonly SourceFile[],
): FilesImport | undefined {
  for (const importer of importers) {
    const { recogniseFiles, importFiles } = importer;
    if (importFiles !== undefined && recogniseFiles?.(files))
      return { importer, run: async (options) => importFiles(files, options) };
  }
  const single = files.flatMap((file) => {
    const importer = detectImporter(importers, file.name, file.bytes);
    return importer === undefined ? [] : [{ file, importer }];
  });
  if (single.length !== 1) return undefined;
  const [{ file, importer }] = single;
  return {
    importer,
    run: async (options) => [{ name: baseName(file.name), ...(await importer.importFile(file.bytes, options)) }],
  };
}

/** The last part of a name, without its ending. */
export function baseName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const dot = last.lastIndexOf('.');
  return dot > 0 ? last.slice(0, dot) : last;
}
