import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const COMMAND = join(ROOT, 'bin', 'crashbar.mjs');

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds dist/ if it is out of date, so that the command under test is the code that lies there. */
export function buildCommand(): void {
  const done = spawnSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { cwd: ROOT, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the build failed:\n${done.stderr}`);
}

/** Runs `crashbar …` to its end. */
export function crashbar(args: readonly string[], cwd = ROOT): CommandResult {
  const done = spawnSync(process.execPath, [COMMAND, ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { exitCode: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** Starts `crashbar …` and leaves it running. */
export function startCrashbar(args: readonly string[], cwd = ROOT): ChildProcess {
  return spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: 'ignore' });
}

/** The exit code and signal with which a started command ends. */
export function waitForEnd(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}

/** An empty folder of this test's own; `remove` takes it away. */
export function makeFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'crashbar-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
