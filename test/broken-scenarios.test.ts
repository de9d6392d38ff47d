import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readInput } from '../src/cli/files.ts';
import { checkFileSize, type Issue, loadScenario, readScenario } from '../src/scenario/index.ts';
import { compileWorld } from '../src/world/index.ts';

const FOLDER = join(import.meta.dirname, 'broken-scenarios');
const read = (name: string) => new Uint8Array(readFileSync(join(FOLDER, `${name}.json`)));
const verdict = (issues: readonly Issue[]) => issues.map((issue) => `${issue.code} ${issue.path}`.trim());

/** Found by reading and validating. Every issue, in its order. */
const BROKEN: Record<string, string[]> = {
  'missing-field': ['missing-field levels[0].outlines'],
  'unknown-field-typo': ['unknown-field levels[0].walls[0].thicknes'],
  nan: ['not-json line 18, column 24'],
  infinity: ['not-json line 43, column 17'],
  'number-too-large': ['not-finite profiles[0].freeSpeed.mean'],
  'newer-version': ['unknown-version crashbar'],
  'no-version': ['missing-field crashbar'],
  'self-crossing-outline': ['polygon-self-crossing levels[0].outlines[0]'],
  'zero-area-outline': ['polygon-no-area levels[0].outlines[0]'],
  'closed-outline': ['duplicate-corner levels[0].outlines[0][4]'],
  'overlapping-areas': ['areas-overlap levels[0].areas[1].polygon'],
  'unknown-exit': ['unknown-exit populations[0].knows[0]'],
  'unknown-door': ['unknown-door exits[0].door'],
  'unknown-level': ['unknown-level doors[0].level'],
  'unknown-profile': ['unknown-profile populations[0].profile'],
  'unknown-event': ['unknown-event populations[0].alertedBy'],
  'unknown-area': ['unknown-area populations[0].area'],
  'unknown-word': ['unknown-word doors[0].state'],
  'exit-with-line-and-polygon': ['exit-needs-one exits[0]'],
  'negative-thickness': ['out-of-range levels[0].walls[0].thickness'],
  'count-and-density': ['population-needs-one populations[0]'],
  'motivation-3': ['impossible-value profiles[0].motivation'],
  'min-above-max': ['min-above-max profiles[0].freeSpeed'],
  'duplicate-ids': ['duplicate-id doors[1].id'],
  'duplicate-keys': ['duplicate-key line 29, column 7'],
  truncated: ['not-json line 33, column 5'],
  'utf-16': ['not-utf8'],
  'latin-1': ['not-utf8 line 3, column 15'],
  empty: ['empty-file'],
  'list-instead-of-object': ['wrong-type'],
  'trailing-comma': ['not-json line 29, column 24'],
  comment: ['not-json line 23, column 3'],
  'single-quotes': ['not-json line 3, column 11'],
  'text-for-number': ['wrong-type doors[0].line[1][0]'],
  'corner-of-one-number': ['wrong-length levels[0].outlines[0][2]'],
  'narrow-door': ['door-width doors[0].line'],
  'link-to-its-own-level': ['link-same-level links[0].to.level'],
  'itinerary-errors': [
    'waypoint-needs-one waypoints[0]',
    'waypoint-needs-one waypoints[1]',
    'waypoint-radius waypoints[1].radius',
    'unknown-name itineraries[0].stops[0]',
    'branch-needs-one itineraries[0].stops[1].any[0]',
    'unknown-name itineraries[0].end[0]',
    'unknown-name populations[0].itineraries[0].itinerary',
    'itinerary-or-role populations[0]',
  ],
  'itinerary-in-a-circle': ['itinerary-circle itineraries[0].stops[1].any[0].itinerary'],
  'itinerary-shares': [
    'out-of-range itineraries[0].stops[0].any[0].share',
    'out-of-range itineraries[0].stops[0].any[1].share',
  ],
  'zone-of-speed-0': ['out-of-range zones[0].speed'],
  'arrival-errors': [
    'arrivals-need-one populations[0].arrives',
    'arrivals-count populations[0].density',
    'min-above-max populations[0].arrives',
    'arrivals-endless populations[1].arrives.every',
    'arrivals-with-role populations[2].arrives',
    'arrivals-field populations[2].arrives.batch',
    'min-above-max populations[2].arrives.schedule[0]',
  ],
  'several-errors': [
    'out-of-range levels[0].walls[0].thickness',
    'unknown-word doors[0].state',
    'unknown-field exits[0].dor',
    'out-of-range populations[0].count',
    'wrong-type events[0].at',
    'unknown-profile populations[0].profile',
    'polygon-self-crossing levels[0].outlines[0]',
    'impossible-value profiles[0].motivation',
  ],
};

/** Found when the world is compiled: these pass `loadScenario`. Errors, in their order. */
const BROKEN_IN_THE_WORLD: Record<string, string[]> = {
  'door-not-on-wall': ['door-not-on-wall doors[1].line'],
  'waypoint-off-the-floor': ['waypoint-off-floor waypoints[0].position', 'waypoint-off-floor waypoints[0].places[1]'],
  'arrivals-without-room': ['arrivals-no-room populations[0]'],
  'person-in-wall': ['person-in-wall populations[0].position'],
  'person-beside-the-floor': ['person-in-wall populations[0].position'],
  'overlapping-persons': ['persons-overlap populations[1].position'],
  'population-does-not-fit': ['population-does-not-fit populations[0]'],
  'no-way-out': ['no-way-out populations[0]'],
  'exit-off-the-outline': ['exit-not-on-outline exits[1].line'],
  'link-off-its-level': ['link-off-level links[0].to.line'],
};

test.each(Object.entries(BROKEN))('%s is told with its exact place', (name, expected) => {
  const { scenario, issues } = loadScenario(read(name));
  expect(verdict(issues)).toEqual(expected);
  expect(scenario).toBeUndefined();
});

test.each(Object.entries(BROKEN_IN_THE_WORLD))('%s is told when the world is compiled', (name, expected) => {
  const loaded = loadScenario(read(name));
  expect(verdict(loaded.issues)).toEqual([]);
  const { issues } = compileWorld(loaded.scenario!);
  expect(verdict(issues.filter((issue) => issue.severity === 'error'))).toEqual(expected);
});

test('an exit that nobody can come to, and a plan in millimetres, are warnings', () => {
  const unreachable = loadScenario(read('unreachable-exit'));
  expect(verdict(unreachable.issues)).toEqual([]);
  const { world, issues } = compileWorld(unreachable.scenario!);
  expect(verdict(issues)).toEqual(['exit-unreachable exits[1]']);
  expect(world).toBeDefined();
  const millimetres = loadScenario(read('plan-in-millimetres'));
  expect(verdict(millimetres.issues)).toEqual(['unusual-size levels[0].outlines']);
  expect(millimetres.scenario).toBeDefined();
});

test('the scenario that all of these were made from is good', () => {
  const { scenario, issues } = loadScenario(read('good'));
  expect(issues).toEqual([]);
  expect(verdict(compileWorld(scenario!).issues)).toEqual([]);
});

test('every file in the folder is in one of the tables', () => {
  const files = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
  const listed = [...Object.keys(BROKEN), ...Object.keys(BROKEN_IN_THE_WORLD)];
  expect(files.sort()).toEqual([...listed, 'good', 'unreachable-exit', 'plan-in-millimetres'].sort());
});

test('every issue of every broken file is a sentence, and one that has a field knows its line', () => {
  for (const name of Object.keys(BROKEN)) {
    for (const issue of loadScenario(read(name)).issues) {
      expect(issue.message, name).toMatch(/^[A-Z"].*; .+[.?!]$/);
      if (issue.path !== '') expect(issue.line, `${name} ${issue.path}`).toBeGreaterThan(0);
    }
  }
});

test('a file nested a million deep is refused at the limit', () => {
  const text = `{"crashbar": 1, "levels": ${'['.repeat(1_000_000)}`;
  expect(verdict(loadScenario(text).issues)).toEqual(['too-deep line 1, column 90']);
});

test('a file of too many numbers is refused before it is parsed', () => {
  const text = `{"levels": [${'0,'.repeat(1000)}0]}`;
  expect(readScenario(text, { numbersMax: 1000 }).issues.map((issue) => issue.code)).toEqual(['too-many-numbers']);
});

test('ten gigabytes of zeros are refused by their size, unread', () => {
  expect(checkFileSize(10e9)?.message).toBe(
    'The file has 9.3 GiB, more than the limit of 64 MiB; simplify the outlines or split the scenario.',
  );
  expect(verdict(readScenario('0'.repeat(101), { bytesMax: 100 }).issues)).toEqual(['too-large']);
  const folder = mkdtempSync(join(tmpdir(), 'crashbar-'));
  try {
    const file = join(folder, 'zeros.json');
    writeFileSync(file, '');
    truncateSync(file, 10e9);
    const start = performance.now();
    const { bytes, issues } = readInput(file);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(bytes).toBeUndefined();
    expect(issues.map((issue) => issue.severity)).toEqual(['error']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const GOOD = new TextDecoder().decode(read('good'));

test('a file cut off at any character is refused, not crashed on', () => {
  for (let end = 0; end < GOOD.trimEnd().length; end++) {
    const { scenario, issues } = loadScenario(GOOD.slice(0, end));
    expect(scenario).toBeUndefined();
    expect(issues.length).toBeGreaterThan(0);
  }
});

test('a file with any byte changed gives issues or a scenario, and never throws', () => {
  const bytes = read('good');
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      const changed = bytes.slice();
      changed[at] = value;
      const { scenario, issues } = loadScenario(changed);
      expect(scenario !== undefined || issues.some((issue) => issue.severity === 'error')).toBe(true);
    }),
    { numRuns: 500 },
  );
});

/** Every place in a JSON value, as its list of keys. */
function placesIn(value: unknown, keys: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [keys];
  const entries = Array.isArray(value) ? value.map((part, i) => [i, part] as const) : Object.entries(value);
  return [keys, ...entries.flatMap(([key, part]) => placesIn(part, [...keys, key]))];
}

test('a file with any field taken out, or put for something else, gives issues or a scenario, and never throws', () => {
  const places = placesIn(JSON.parse(GOOD)).filter((keys) => keys.length > 0);
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      '',
      'NaN',
      'Infinity',
      '1,5',
      [],
      {},
      [[]],
      [null],
      -1,
      0,
      1e308,
      0.5,
      '__proto__',
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.option(odd, { nil: undefined }),
      fc.boolean(),
      (keys, value, isExtra) => {
        const changed = JSON.parse(GOOD);
        let holder = changed;
        for (const key of keys.slice(0, -1)) holder = holder[key];
        const last = keys.at(-1)!;
        if (isExtra) {
          if (Array.isArray(holder)) holder.push(value);
          else holder[`${last}x`] = value;
        } else if (value !== undefined) holder[last] = value;
        else if (Array.isArray(holder)) holder.splice(last as number, 1);
        else delete holder[last];
        const { scenario, issues } = loadScenario(JSON.stringify(changed));
        expect(scenario !== undefined || issues.some((issue) => issue.severity === 'error')).toBe(true);
      },
    ),
    { numRuns: 1500 },
  );
});

test('any text at all gives at least one issue', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array()), (input) => {
      expect(loadScenario(input).issues.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
