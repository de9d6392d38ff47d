import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { createRun } from '../src/engine/run.ts';
import { compileWorld } from '../src/world/index.ts';
import { buildCommand, ROOT } from './support/command.ts';
import { loadScene } from './support/run-scene.ts';

const BROWSER = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
const SCENE = 'bottleneck/scenario.json';
const TICKS = 100;

/** Where bare imports lie; a studio's bundler finds them by itself. */
const PACKAGES: Record<string, string> = {
  crashbar: '/dist/engine/index.js',
  'clipper2-ts': '/node_modules/clipper2-ts/dist/index.js',
  fflate: '/node_modules/fflate/esm/browser.js',
  'hyparquet-writer': '/node_modules/hyparquet-writer/src/index.js',
  hyparquet: '/node_modules/hyparquet/src/index.js',
  zod: '/node_modules/zod/index.js',
};

/** The worker that steps the world, as a studio would write it. */
const STEPPER = `
  import { loadScenario } from '/dist/scenario/index.js';
  import { compileWorld, isShared } from '/dist/world/index.js';
  import { canRunKernel, createRun } from '/dist/engine/index.js';
  import { CREW_WORDS } from '/dist/engine/kernel/table.js';
  import { startHelperThreads } from '/web/src/helper-threads.ts';
  const { scenario } = loadScenario(await (await fetch('/scenarios/${SCENE}')).text());
  const results = [];
  for (const threads of [1, 3]) {
    const { world } = compileWorld(scenario);
    const helpers = startHelperThreads(threads);
    const run = createRun(world, { sink: { append() {} }, helpers }, { crew: { chunkMin: 16, wakeItems: 0 } });
    const words = new Int32Array(world.memory.buffer);
    const deadline = performance.now() + 20000;
    while (helpers.length > 0 && words[CREW_WORDS.sleepers] < helpers.length && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const asleep = words[CREW_WORDS.sleepers];
    for (let tick = 0; tick < ${TICKS}; tick++) {
      run.advance(1);
      await new Promise((resolve) => setTimeout(resolve));
    }
    results.push({ simd: canRunKernel('simd'), helpers: asleep, shared: isShared(world.memory), hash: run.finish().result.stateHash });
    for (const helper of helpers) helper.terminate();
  }
  postMessage(results);`;

function serve(isolated: boolean): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const headers: Record<string, string> = isolated
      ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
      : {};
    const file = join(ROOT, path);
    if (path === '/') response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end('<!doctype html>');
    else if (path !== '/stepper.js' && !existsSync(file)) response.writeHead(404).end();
    else if (path.endsWith('.json')) response.writeHead(200, headers).end(readFileSync(file));
    else {
      let text = path === '/stepper.js' ? STEPPER : readFileSync(file, 'utf8');
      if (path.endsWith('.ts')) {
        const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
        text = ts.transpileModule(text, { compilerOptions }).outputText;
      }
      text = text.replace(/(from\s*['"])([^'"./][^'"]*)(['"])/g, (_, before, name, after) => {
        // a file of a package is named by its path
        const place = PACKAGES[name] ?? (name.endsWith('.js') ? `/node_modules/${name}` : name);
        return `${before}${place}${after}`;
      });
      response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(text);
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(buildCommand, 120_000);

test.skipIf(BROWSER === undefined)(
  'a browser has the same state as Node with one thread and with three, one thread where it shares no memory, and without SIMD',
  async () => {
    const { world } = compileWorld(loadScene(SCENE));
    const run = createRun(world!, { sink: { append: () => undefined } });
    run.advance(TICKS);
    const hash = run.finish().result.stateHash;
    // V8 has no SIMD in WebAssembly on an x64 processor that lacks SSE 4.1, and can be told that it does
    for (const simd of process.arch === 'x64' ? [true, false] : [true]) {
      const flags = simd ? [] : ['--js-flags=--no-enable-sse4-1'];
      const browser = await chromium.launch({
        executablePath: BROWSER!,
        args: ['--no-sandbox', '--disable-gpu', '--headless=new', '--disable-background-networking', ...flags],
      });
      try {
        for (const isolated of simd ? [true, false] : [true]) {
          const server = await serve(isolated);
          const page = await browser.newPage();
          const complaints: string[] = [];
          page.on('console', (message) => complaints.push(message.text()));
          await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
          const results = await page.evaluate(
            () =>
              new Promise((resolve, reject) => {
                const worker = new Worker('/stepper.js', { type: 'module' });
                worker.onmessage = ({ data }) => resolve(data);
                worker.onerror = ({ message }) => reject(new Error(`the stepping worker: ${message}`));
              }),
          );
          expect(results, complaints.join('\n')).toEqual([
            { simd, helpers: 0, shared: isolated, hash },
            { simd, helpers: isolated ? 2 : 0, shared: isolated, hash },
          ]);
          await page.close();
          server.closeAllConnections();
          server.close();
        }
      } finally {
        await browser.close();
      }
    }
  },
  90_000,
);
