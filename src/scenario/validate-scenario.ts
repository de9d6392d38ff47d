import type { Issue } from './issue.ts';
import { errorIssue, formatPath, limitIssues, suggestWord, warningIssue } from './issues.ts';
import { BUILT_IN_PROFILES } from './profiles.ts';
import type { LooseScenario } from './salvage.ts';
import type { Scenario } from './schema.ts';
import { checkBehaviour } from './validate-behaviour.ts';
import { checkLevels } from './validate-geometry.ts';
import { checkPeople } from './validate-people.ts';
import { checkRoles } from './validate-roles.ts';
import { checkStages } from './validate-stages.ts';
import { checkWays } from './validate-ways.ts';

/**
 * Everything wrong with a scenario that the schema cannot say and that needs no compiled world: ids, references,
 * polygons, widths, slopes, who stands where, numbers no human has. All problems at once, in the order of the file's
 * parts; an empty list where there is none. What needs the compiled world (a door lies on a wall, a population fits) is
 * in the issues of `compileWorld`.
 *
 * Never throws. Cost: n log n in the number of corners and parts; 20 000 doors take some 35 ms.
 */
export function validateScenario(scenario: Scenario): Issue[] {
  return limitIssues(checkScenario(scenario as LooseScenario));
}

/** `validateScenario` for a scenario of which parts may be missing; the issues are not limited in number. */
export function checkScenario(scenario: LooseScenario): Issue[] {
  const infinite = findInfinite(scenario);
  if (infinite.length > 0) return infinite;
  return [
    ...checkIds(scenario),
    ...checkReferences(scenario),
    ...checkLevels(scenario.levels),
    ...checkWays(scenario),
    ...checkPeople(scenario),
    ...checkBehaviour(scenario),
    ...checkRoles(scenario),
    ...checkStages(scenario),
    ...checkEvents(scenario),
  ];
}

/** JSON has no NaN, but a scenario may have been made by a program; nothing else can be checked on one that has. */
function findInfinite(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  const visit = (value: unknown, keys: PropertyKey[]): void => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const message = `${value} is not a number one can compute with; give a finite one`;
      issues.push(
        errorIssue('not-finite', formatPath(keys), message, { expected: 'finite number', found: String(value) }),
      );
    } else if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        if (typeof value[i] === 'string') continue;
        visit(value[i], [...keys, i]);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) visit((value as Record<string, unknown>)[key], [...keys, key]);
    }
  };
  visit(scenario, []);
  return issues;
}

/** Kinds of part whose ids must differ among themselves, with where they lie in the file. */
type IdPlace = readonly [id: string | undefined, path: string];

function idPlaces(scenario: LooseScenario, kind: IdKind): IdPlace[] {
  if (kind === 'areas') {
    return (scenario.levels ?? []).flatMap(
      (level, i) => level?.areas?.map((area, j): IdPlace => [area?.id, `levels[${i}].areas[${j}].id`]) ?? [],
    );
  }
  const parts: readonly ({ readonly id?: string } | undefined)[] = scenario[kind] ?? [];
  return parts.map((part, i): IdPlace => [part?.id, `${kind}[${i}].id`]);
}

const ID_KINDS = [
  'levels',
  'areas',
  'doors',
  'exits',
  'links',
  'signs',
  'profiles',
  'populations',
  'events',
  'sounds',
  'roles',
  'objects',
  'consoles',
  'waypoints',
  'itineraries',
  'diversions',
  'zones',
] as const;
type IdKind = (typeof ID_KINDS)[number];
const KIND_NAMES: Record<IdKind, string> = {
  levels: 'level',
  areas: 'area',
  doors: 'door',
  exits: 'exit',
  links: 'link',
  signs: 'sign',
  profiles: 'profile',
  populations: 'population',
  events: 'event',
  sounds: 'sound',
  roles: 'role',
  objects: 'object',
  consoles: 'console',
  waypoints: 'waypoint',
  itineraries: 'itinerary',
  diversions: 'diversion',
  zones: 'zone',
};

function checkIds(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  for (const kind of ID_KINDS) {
    const first = new Map<string, string>();
    for (const [id, path] of idPlaces(scenario, kind)) {
      if (id === undefined) continue;
      // Areas are named within their level: two levels may both have a "hall".
      const key = kind === 'areas' ? `${path.slice(0, path.indexOf(']'))} ${id}` : id;
      const before = first.get(key);
      if (before === undefined) first.set(key, path);
      else {
        const message = `the ${KIND_NAMES[kind]} id ${JSON.stringify(id)} is already taken by ${before}; give this one its own`;
        issues.push(errorIssue('duplicate-id', path, message, { expected: 'an id of its own', found: id }));
      }
    }
  }
  return issues;
}

/** Looking for the word that was meant costs as much as there are words: done for so many unknown ones only. */
const SUGGESTIONS_MAX = 200;

function checkReferences(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  const ids = (kind: IdKind) => idPlaces(scenario, kind).flatMap(([id]) => (id === undefined ? [] : [id]));
  const known = {
    level: new Set(ids('levels')),
    door: new Set(ids('doors')),
    exit: new Set(ids('exits')),
    population: new Set(ids('populations')),
    event: new Set(ids('events')),
    sound: new Set(ids('sounds')),
    profile: new Set([...ids('profiles'), ...BUILT_IN_PROFILES.map((profile) => profile.id)]),
  };
  const refer = (kind: keyof typeof known, id: string | undefined, path: string): void => {
    if (id === undefined || known[kind].has(id)) return;
    issues.push(unknownIssue(kind, id, issues.length < SUGGESTIONS_MAX ? [...known[kind]] : [], path));
  };
  scenario.doors?.forEach((door, i) => {
    refer('level', door?.level, `doors[${i}].level`);
  });
  scenario.exits?.forEach((exit, i) => {
    refer('level', exit?.level, `exits[${i}].level`);
    refer('door', exit?.door, `exits[${i}].door`);
  });
  scenario.links?.forEach((link, i) => {
    refer('level', link?.from?.level, `links[${i}].from.level`);
    refer('level', link?.to?.level, `links[${i}].to.level`);
  });
  scenario.signs?.forEach((sign, i) => {
    refer('level', sign?.level, `signs[${i}].level`);
    refer('exit', sign?.exit, `signs[${i}].exit`);
  });
  const levels = new Map(scenario.levels?.map((level) => [level?.id, level]));
  const referArea = (levelId: string | undefined, area: string | undefined, path: string): void => {
    const level = levelId === undefined ? undefined : levels.get(levelId);
    if (area === undefined || level === undefined) return;
    const areas = level.areas?.flatMap((part) => part?.id ?? []) ?? [];
    if (!areas.includes(area)) issues.push(unknownIssue('area', area, areas, path, level.id));
  };
  scenario.populations?.forEach((population, i) => {
    const path = `populations[${i}]`;
    refer('level', population?.level, `${path}.level`);
    refer('profile', population?.profile, `${path}.profile`);
    population?.profiles?.forEach((part, j) => {
      refer('profile', part?.profile, `${path}.profiles[${j}].profile`);
    });
    if (Array.isArray(population?.knows)) {
      population.knows.forEach((exit, j) => {
        refer('exit', exit, `${path}.knows[${j}]`);
      });
    }
    population?.familiar?.forEach((exit, j) => {
      refer('exit', exit, `${path}.familiar[${j}]`);
    });
    refer('event', population?.alertedBy, `${path}.alertedBy`);
    referArea(population?.level, population?.area, `${path}.area`);
  });
  scenario.sounds?.forEach((sound, i) => {
    refer('level', sound?.level, `sounds[${i}].level`);
  });
  scenario.behaviour?.hearing?.areas?.forEach((place, i) => {
    const path = `behaviour.hearing.areas[${i}]`;
    refer('level', place?.level, `${path}.level`);
    referArea(place?.level, place?.area, `${path}.area`);
  });
  scenario.events?.forEach((event, i) => {
    if (event === undefined) return;
    if ('sound' in event) refer('sound', event.sound, `events[${i}].sound`);
    if ('door' in event) refer('door', event.door, `events[${i}].door`);
    if ('populations' in event) {
      event.populations?.forEach((population, j) => {
        refer('population', population, `events[${i}].populations[${j}]`);
      });
    }
  });
  return issues;
}

function unknownIssue(kind: string, id: string, words: readonly string[], path: string, level?: string): Issue {
  const where = level === undefined ? '' : ` on level ${JSON.stringify(level)}`;
  const mend = suggestWord(id, words, 'add it, or name another');
  const message = `there is no ${kind} ${JSON.stringify(id)}${where}; ${mend}`;
  return errorIssue(`unknown-${kind}`, path, message, { expected: `id of a ${kind}`, found: id });
}

function checkEvents(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  const end = scenario.settings?.end?.time;
  scenario.events?.forEach((event, i) => {
    if (event?.at === undefined || end === undefined || event.at <= end) return;
    const message = `this happens at ${event.at} s, after the run has ended at ${end} s; make it earlier or raise settings.end.time`;
    issues.push(
      warningIssue('event-after-end', `events[${i}].at`, message, {
        expected: `≤ ${end}`,
        found: `${event.at}`,
        unit: 's',
      }),
    );
  });
  return issues;
}
