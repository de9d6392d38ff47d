import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Issue, ScenarioInput } from '../scenario/index.ts';
import { scenarioSchema } from '../scenario/index.ts';
import { compileWorld } from './compile-world.ts';
import { sampleTravelField, travelField } from './travel-field.ts';
import type { World } from './world.ts';

export type Corner = [number, number];
export type SceneInput = Omit<ScenarioInput, 'crashbar' | 'name'>;

/** Rectangle from (x0, y0) to (x1, y1), counter-clockwise. */
export function box(x0: number, y0: number, x1: number, y1: number): Corner[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

export function compileScene(input: SceneInput, seed?: number): { world: World | undefined; issues: readonly Issue[] } {
  return compileWorld(
    scenarioSchema.parse({ crashbar: 1, name: 'test', ...input }),
    seed === undefined ? {} : { seed },
  );
}

/** The world of a scene that must compile without errors. */
export function worldOf(input: SceneInput, seed?: number): World {
  const { world, issues } = compileScene(input, seed);
  if (world === undefined)
    throw new Error(issues.map(({ code, path, message }) => `${code} ${path} ${message}`).join('\n'));
  return world;
}

/** Distance and direction to a portal from a place given in plan coordinates. */
export function sampleAt(world: World, portal: number, side: number, x: number, y: number): [number, number, number] {
  const out = new Float64Array(3);
  sampleTravelField(world, travelField(world, portal, side), x - world.origin[0], y - world.origin[1], out);
  return [out[0], out[1], out[2]];
}

const geometry = new URL('../../../shared/data/geometry/', import.meta.url);

export function hasPlan(name: string): boolean {
  return existsSync(fileURLToPath(new URL(`${name}.wkt`, geometry)));
}

/** Rings of the polygons of a WKT file, outline first; enough for the plans of the tests. */
export function readPlan(name: string): Corner[][][] {
  const text = readFileSync(fileURLToPath(new URL(`${name}.wkt`, geometry)), 'utf8');
  return [...text.matchAll(/POLYGON\s*\(((?:\([^()]*\)[,\s]*)+)\)/g)].map(([, body]) =>
    [...body.matchAll(/\(([^()]*)\)/g)].map(([, ring]) => {
      const corners = ring.split(',').map((pair) => pair.trim().split(/\s+/).map(Number) as Corner);
      return corners.slice(0, -1);
    }),
  );
}

/** mulberry32: a few repeatable numbers for tests. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
