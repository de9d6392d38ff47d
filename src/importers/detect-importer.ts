import type { Importer, ImportOptions, ImportResult, NamedImport, SourceFile } from './importer.ts';

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

/** How one file is imported: as its importer does it, or where that can be stopped. */
export type ImportOne = (
  importer: Importer,
  bytes: Uint8Array,
  options: ImportOptions,
) => ImportResult | Promise<ImportResult>;

/** What can be made of the files of a folder or zip. */
export interface FilesImport {
  readonly importer: Importer;
  /** One result a scenario, at least one. `options.name` names a single one; several keep their own names. */
  readonly run: (options?: ImportOptions, importOne?: ImportOne) => Promise<readonly NamedImport[]>;
}

const importHere: ImportOne = (importer, bytes, options) => importer.importFile(bytes, options);

/**
 * How to read the files of a folder or zip: by the first importer that recognises them together, or, where a single one
 * of them can be imported, by its importer. `undefined` where neither is so.
 */
export function detectFilesImporter(
  importers: readonly Importer[],
  files: readonly SourceFile[],
): FilesImport | undefined {
  const together = importers.find((importer) => importer.recogniseFiles?.(files));
  if (together?.importFiles !== undefined) {
    const { importFiles } = together;
    return { importer: together, run: async (options) => [importFiles(files, options)] };
  }
  if (together?.splitFiles !== undefined) return importEach(together, together.splitFiles(files));
  const single = files.flatMap((file) => {
    const importer = detectImporter(importers, file.name, file.bytes);
    return importer === undefined ? [] : [{ file, importer }];
  });
  return single.length === 1 ? importEach(single[0].importer, [single[0].file]) : undefined;
}

function importEach(importer: Importer, files: readonly SourceFile[]): FilesImport {
  return {
    importer,
    run: async (options = {}, importOne = importHere) => {
      const results: NamedImport[] = [];
      for (const file of files) {
        const name = baseName(file.name);
        const own = files.length > 1 ? { ...options, name } : options;
        results.push({ name, ...(await importOne(importer, file.bytes, own)) });
      }
      return results;
    },
  };
}

/** The last part of a name, without its ending. */
export function baseName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const dot = last.lastIndexOf('.');
  return dot > 0 ? last.slice(0, dot) : last;
}
