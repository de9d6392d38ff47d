import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The file of a study that the user means: the path itself, `fileName` in a folder, or that of the scene of the gallery (beside `src` and `dist`
 * alike) whose file has this name in it. The path where there is none.
 */
export function findStudyFile(path: string, fileName: string): string {
  if (existsSync(path)) return statSync(path).isDirectory() ? join(path, fileName) : path;
  const gallery = fileURLToPath(new URL('../../scenarios', import.meta.url));
  if (!existsSync(gallery)) return path;
  const files = readdirSync(gallery).map((scene) => join(gallery, scene, fileName));
  return files.find((file) => existsSync(file) && nameIn(file) === path) ?? path;
}

function nameIn(file: string): unknown {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
