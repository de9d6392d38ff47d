import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../src/scenario/index.ts';
import { compileWorld } from '../src/world/index.ts';
import { ROOT } from './support/command.ts';

const SCENARIOS = join(ROOT, 'scenarios');
/** Files of a scene's folder that say what is expected of scenarios, and are none. */
const STUDIES = ['expectations.json', 'variants.json'];
const scenes = readdirSync(SCENARIOS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const files = scenes.flatMap((scene) =>
  readdirSync(join(SCENARIOS, scene))
    .filter((name) => name.endsWith('.json') && !STUDIES.includes(name))
    .map((name) => `${scene}/${name}`),
);

function load(file: string) {
  const { scenario, issues } = loadScenario(readFileSync(join(SCENARIOS, file)));
  expect(issues).toEqual([]);
  return scenario!;
}

test.each(scenes)('the scene %s has a scenario and a line in the gallery’s README', (scene) => {
  expect(existsSync(join(SCENARIOS, scene, 'scenario.json'))).toBe(true);
  expect(readFileSync(join(SCENARIOS, 'README.md'), 'utf8')).toContain(`| \`${scene}\``);
});

test.each(files)('%s compiles without an issue and places everybody', (file) => {
  const scenario = load(file);
  const { world, issues } = compileWorld(scenario, { seed: scenario.settings.seed });
  expect(issues).toEqual([]);
  const there = scenario.populations.filter(({ arrives }) => arrives === undefined);
  const persons = there.reduce((sum, one) => sum + (one.position ? 1 : (one.count ?? 0)), 0);
  const come = world?.views.groups.arrivals?.due.filter((tick) => tick >= 0).length ?? 0;
  expect((world?.personCount ?? 0) - come).toBe(persons);
});

test('every bottleneck has at least 115 persons per metre of its width', () => {
  const bottlenecks = files.filter((file) => file.startsWith('bottleneck/'));
  expect(bottlenecks.length).toBe(9);
  for (const file of bottlenecks) {
    const scenario = load(file);
    const [[x0, y0], [x1, y1]] = scenario.exits[0].line!;
    expect(scenario.populations[0].count! / Math.hypot(x1 - x0, y1 - y0)).toBeGreaterThanOrEqual(115);
  }
});

test('the factory holds 46 captives, and its variant differs in the fire door and the words only', () => {
  const chained = load('factory-breakout/scenario.json');
  const unchained = load('factory-breakout/unchained.json');
  expect(chained.populations.reduce((sum, { count }) => sum + count!, 0)).toBe(46);
  const fireDoor = (scenario: typeof chained) => scenario.doors.find((door) => door.id === 'fire door')!;
  expect(fireDoor(chained).state).toBe('chained');
  expect(fireDoor(unchained).state).toBe('closed');
  expect({
    ...unchained,
    name: chained.name,
    description: chained.description,
    doors: unchained.doors.map((door) => (door.id === 'fire door' ? fireDoor(chained) : door)),
  }).toEqual(chained);
});
