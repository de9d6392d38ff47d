// Builds dist/: the AssemblyScript kernel to Wasm, TypeScript to JavaScript, and the JSON Schema of scenarios.
// Every stage is stamped with a hash of what went into it and is skipped while that hash stands.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'dist');
// Inside the package, so that what is built here finds the package's dependencies and module type.
const CACHE = join(ROOT, '.build');
const KERNEL_SOURCE = join(ROOT, 'src', 'engine', 'kernel', 'assembly');
const KERNEL_BINARY = join(ROOT, 'src', 'engine', 'kernel', 'kernel-binary.ts');

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Hash of names and contents; equal hashes mean that nothing that goes into a stage has changed. */
function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${relative(ROOT, file).split(sep).join('/')} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

function run(what, script, args) {
  const done = spawnSync(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (done.status === 0) return;
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  process.stderr.write(`crashbar: ${what} failed, see above.\n`);
  process.exit(1);
}

/**
 * Compiles the kernel, once as it is and once with its SIMD taken out, and keeps the bytes as text in a module, so that Node, browsers
 * and bundlers load it alike.
 */
function buildKernel() {
  const entry = join(KERNEL_SOURCE, 'index.ts');
  if (!existsSync(entry)) return false;
  const tools = ['package-lock.json', 'scripts/build.mjs', 'scripts/lower-simd.mjs'].map((file) => join(ROOT, file));
  const sourceHash = hashFiles([...filesUnder(KERNEL_SOURCE), ...tools]);
  const mark = `// source ${sourceHash}\n`;
  if (existsSync(KERNEL_BINARY) && readFileSync(KERNEL_BINARY, 'utf8').startsWith(mark)) return false;
  process.stderr.write('Building the kernel …\n');
  mkdirSync(CACHE, { recursive: true });
  const wasm = join(CACHE, `kernel-${process.pid}.wasm`);
  const config = join(KERNEL_SOURCE, 'asconfig.json');
  const flags = existsSync(config) ? ['--config', config] : ['--optimize'];
  run('compiling the kernel', 'node_modules/assemblyscript/bin/asc.js', [entry, ...flags, '--outFile', wasm]);
  const scalar = join(CACHE, `kernel-scalar-${process.pid}.wasm`);
  run('taking the SIMD out of the kernel', 'scripts/lower-simd.mjs', [wasm, scalar]);
  const [simdText, scalarText] = [wasm, scalar].map((file) =>
    deflateRawSync(readFileSync(file), { level: 9 }).toString('base64'),
  );
  for (const file of [wasm, scalar]) rmSync(file);
  const text = `${mark}// Made by scripts/build.mjs from src/engine/kernel/assembly; do not edit, do not commit.
/** The kernel's WebAssembly modules, deflated and in base64: with SIMD, and the same without. */
export const KERNEL_BINARIES = {
  simd: '${simdText}',
  scalar: '${scalarText}',
};
`;
  const next = join(CACHE, `kernel-binary-${process.pid}.ts`);
  writeFileSync(next, text);
  renameSync(next, KERNEL_BINARY);
  return true;
}

function distHash() {
  const sources = filesUnder(join(ROOT, 'src')).filter((file) => !/\.(test|bench|fuzz)\.ts$/.test(file));
  const rest = ['scripts/build.mjs', 'tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];
  return hashFiles([...sources, ...rest.map((file) => join(ROOT, file))]);
}

/** The JSON Schema comes from the built code, so that it cannot differ from what the command checks. */
function writeSchema(folder) {
  const program = `
    const { scenarioJsonSchema } = await import(${JSON.stringify(pathToFileURL(join(folder, 'scenario', 'index.js')).href)});
    process.stdout.write(JSON.stringify(scenarioJsonSchema(), null, 2) + '\\n');`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0) {
    process.stderr.write(`${done.stderr}crashbar: writing the JSON Schema failed, see above.\n`);
    process.exit(1);
  }
  writeFileSync(join(folder, 'scenario.schema.json'), done.stdout);
}

/** Builds what is out of date and returns whether anything was. The old dist/ stays whole until the new one is. */
export function buildIfNeeded({ kernelOnly = false } = {}) {
  const kernelBuilt = buildKernel();
  if (kernelOnly) return kernelBuilt;
  const wanted = distHash();
  const stamp = join(DIST, '.built-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return kernelBuilt;
  process.stderr.write('Building …\n');
  mkdirSync(CACHE, { recursive: true });
  const next = join(CACHE, `dist-${process.pid}`);
  rmSync(next, { recursive: true, force: true });
  run('compiling TypeScript', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', next]);
  writeSchema(next);
  writeFileSync(join(next, '.built-from'), wanted);
  const old = join(CACHE, `old-${process.pid}`);
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(next, DIST);
  rmSync(old, { recursive: true, force: true });
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const built = buildIfNeeded({ kernelOnly: process.argv.includes('--kernel') });
  process.stderr.write(built ? 'Built.\n' : 'Nothing to build: up to date.\n');
}
