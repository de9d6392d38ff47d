import type { Issue } from './issue.ts';
import { errorIssue, suggestWord, warningIssue } from './issues.ts';
import type { Role } from './role-schema.ts';
import { BUILT_IN_ROLES } from './roles.ts';
import { isGiven, type Loose, type LooseScenario } from './salvage.ts';

/** Most different words that roles say: a bit each in the state of an actor. */
const WORDS_MAX = 31;

/** Issues of roles, things and consoles that need no compiled world. */
export function checkRoles(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  const names = namesOf(scenario);
  scenario.roles?.forEach((role, i) => {
    if (role) checkRole(role, `roles[${i}]`, names, issues);
  });
  const things = new Set(
    (scenario.objects ?? []).flatMap((object) => [object?.id, object?.kind].filter((name) => name !== undefined)),
  );
  scenario.objects?.forEach((object, i) => {
    if (!object) return;
    const path = `objects[${i}]`;
    const given = (['heldBy', 'position'] as const).filter((key) => isGiven(object, key));
    if (given.length !== 1) {
      const message = `a thing is somewhere: ${given.length === 0 ? 'this one has neither heldBy nor position; add one' : 'this one has heldBy and position; keep one'}`;
      issues.push(
        errorIssue('object-place', path, message, {
          expected: 'exactly one of heldBy, position',
          found: given.join(' and ') || 'none',
        }),
      );
    }
    refer(names, 'population', object.heldBy, `${path}.heldBy`, issues);
    if (object.position !== undefined && !isGiven(object, 'level') && names.level.size > 1) {
      const message = `the building has ${names.level.size} levels; say on which one this thing lies with "level"`;
      issues.push(
        errorIssue('missing-field', `${path}.level`, message, { expected: 'id of a level', found: 'nothing' }),
      );
    }
    refer(names, 'level', object.level, `${path}.level`, issues);
  });
  scenario.consoles?.forEach((console, i) => {
    if (!console) return;
    refer(names, 'level', console.level, `consoles[${i}].level`, issues);
    console.doors?.forEach((door, j) => {
      refer(names, 'door', door, `consoles[${i}].doors[${j}]`, issues);
    });
    if (console.key !== undefined && !things.has(console.key))
      issues.push(noKey(console.key, things, `consoles[${i}].key`));
  });
  scenario.doors?.forEach((door, i) => {
    const key = door?.lock?.key;
    if (key !== undefined && !things.has(key)) issues.push(noKey(key, things, `doors[${i}].lock.key`));
    if (door?.pull !== undefined && door.leaf === 'none') {
      const message = 'a door without a leaf swings through no room; leave "pull" out';
      issues.push(errorIssue('pull-without-leaf', `doors[${i}].pull`, message, { expected: 'a leaf', found: 'none' }));
    }
  });
  if (names.word.size > WORDS_MAX) {
    const message = `roles say ${names.word.size} different words; keep to ${WORDS_MAX}`;
    issues.push(
      errorIssue('too-many-words', 'roles', message, { expected: `≤ ${WORDS_MAX}`, found: String(names.word.size) }),
    );
  }
  scenario.populations?.forEach((population, i) => {
    refer(names, 'role', population?.role, `populations[${i}].role`, issues);
    population?.trusts?.forEach((one, j) => {
      refer(names, 'population', one?.in, `populations[${i}].trusts[${j}].in`, issues);
    });
    if (population?.role !== undefined && isGiven(population, 'density')) {
      const message =
        'a population with a role has a "position" or a "count", so that every actor is known; give a count';
      issues.push(
        errorIssue('role-needs-count', `populations[${i}].density`, message, {
          expected: 'position or count',
          found: 'density',
        }),
      );
    }
  });
  return issues;
}

type Names = Record<
  'level' | 'area' | 'door' | 'exit' | 'population' | 'event' | 'role' | 'console' | 'object' | 'word',
  Set<string>
>;

function namesOf(scenario: LooseScenario): Names {
  const ids = (parts: readonly ({ readonly id?: string } | undefined)[] | undefined) =>
    (parts ?? []).flatMap((part) => (part?.id === undefined ? [] : [part.id]));
  const states = [...(scenario.roles ?? []).flatMap((role) => role?.states ?? [])];
  return {
    level: new Set(ids(scenario.levels)),
    area: new Set((scenario.levels ?? []).flatMap((level) => ids(level?.areas))),
    door: new Set(ids(scenario.doors)),
    exit: new Set(ids(scenario.exits)),
    population: new Set(ids(scenario.populations)),
    event: new Set(ids(scenario.events)),
    role: new Set([...ids(scenario.roles), ...BUILT_IN_ROLES.map((role) => role.id)]),
    console: new Set(ids(scenario.consoles)),
    object: new Set(
      (scenario.objects ?? []).flatMap((object) => [object?.id, object?.kind].filter((name) => name !== undefined)),
    ),
    word: new Set(
      states.flatMap((state) => (state?.do?.act === 'call' && state.do.say !== undefined ? [state.do.say] : [])),
    ),
  };
}

function refer(names: Names, kind: keyof Names, name: string | undefined, path: string, issues: Issue[]): void {
  if (name === undefined || names[kind].has(name)) return;
  const message = `there is no ${kind} ${JSON.stringify(name)}; ${suggestWord(name, [...names[kind]], 'add it, or name another')}`;
  issues.push(errorIssue('unknown-name', path, message, { expected: `id of a ${kind}`, found: name }));
}

function noKey(key: string, things: ReadonlySet<string>, path: string): Issue {
  const message = `nothing in "objects" is a ${JSON.stringify(key)}, so nobody can have it; ${suggestWord(key, [...things], 'add one, or leave "key" out')}`;
  return errorIssue('unknown-name', path, message, { expected: 'kind of an object', found: key });
}

function checkRole(role: Loose<Role>, path: string, names: Names, issues: Issue[]): void {
  const states = role.states ?? [];
  const known = new Set(states.flatMap((row) => (row?.state === undefined ? [] : [row.state])));
  const first = new Map<string, number>();
  const unknownState = (name: string, at: string) => {
    const message = `the role has no state ${JSON.stringify(name)}; ${suggestWord(name, [...known], 'add it, or name another')}`;
    issues.push(errorIssue('unknown-name', at, message, { expected: 'a state of the role', found: name }));
  };
  if (role.start !== undefined && !known.has(role.start)) unknownState(role.start, `${path}.start`);
  if (Array.isArray(role.hostileTo)) {
    role.hostileTo.forEach((name, i) => {
      refer(names, 'population', name, `${path}.hostileTo[${i}]`, issues);
    });
  }
  states.forEach((row, i) => {
    if (!row) return;
    const at = `${path}.states[${i}]`;
    if (row.state !== undefined) {
      const before = first.get(row.state);
      if (before !== undefined) {
        const message = `the state ${JSON.stringify(row.state)} is already states[${before}] of this role; give this one its own name`;
        issues.push(
          errorIssue('duplicate-id', `${at}.state`, message, { expected: 'a name of its own', found: row.state }),
        );
      } else first.set(row.state, i);
    }
    if (row.do) checkAction(row.do as Record<string, unknown>, `${at}.do`, names, issues);
    row.next?.forEach((way, j) => {
      if (way?.go !== undefined && !known.has(way.go)) unknownState(way.go, `${at}.next[${j}].go`);
      const when = way?.when as Record<string, unknown> | undefined;
      if (when === undefined) return;
      const here = `${at}.next[${j}].when`;
      refer(names, 'event', when.event as string | undefined, `${here}.event`, issues);
      refer(names, 'door', when.unlocked as string | undefined, `${here}.unlocked`, issues);
      refer(names, 'object', when.has as string | undefined, `${here}.has`, issues);
      refer(names, 'object', when.lacks as string | undefined, `${here}.lacks`, issues);
      refer(names, 'word', when.heard as string | undefined, `${here}.heard`, issues);
      const trusts = when.trusts as { in?: string } | undefined;
      refer(names, 'population', trusts?.in, `${here}.trusts.in`, issues);
      if (Array.isArray(when.at)) {
        when.at.forEach((name: string | undefined, k) => {
          refer(names, 'area', name, `${here}.at[${k}]`, issues);
        });
      }
      for (const key of ['sees', 'near', 'none'] as const) checkSelector(when[key], `${here}.${key}`, names, issues);
    });
  });
  // Every state can be come to; one that cannot is a slip in the table.
  const reached = new Set<string>();
  const queue = [role.start ?? states[0]?.state].filter((name) => name !== undefined);
  for (const name of queue) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const way of states.find((row) => row?.state === name)?.next ?? [])
      if (way?.go !== undefined) queue.push(way.go);
  }
  states.forEach((row, i) => {
    if (row?.state === undefined || reached.has(row.state) || !known.has(queue[0] ?? '')) return;
    const message = `nothing leads to the state ${JSON.stringify(row.state)}; add a "go" to it, or leave it out`;
    issues.push(warningIssue('state-not-reached', `${path}.states[${i}].state`, message, { found: row.state }));
  });
}

function checkSelector(value: unknown, path: string, names: Names, issues: Issue[]): void {
  if (value === undefined || value === null) return;
  const {
    of,
    role,
    in: areas,
  } = value as {
    of?: readonly (string | undefined)[];
    role?: string;
    in?: readonly (string | undefined)[];
  };
  areas?.forEach((name, i) => {
    refer(names, 'area', name, `${path}.in[${i}]`, issues);
  });
  of?.forEach((name, i) => {
    refer(names, 'population', name, `${path}.of[${i}]`, issues);
  });
  refer(names, 'role', role, `${path}.role`, issues);
}

const TARGETS = ['place', 'area', 'door', 'console', 'object', 'person'] as const;

function checkAction(action: Record<string, unknown>, path: string, names: Names, issues: Issue[]): void {
  for (const key of ['who', 'from'] as const) checkSelector(action[key], `${path}.${key}`, names, issues);
  refer(names, 'exit', action.exit as string | undefined, `${path}.exit`, issues);
  refer(names, 'console', action.console as string | undefined, `${path}.console`, issues);
  refer(names, 'object', action.object as string | undefined, `${path}.object`, issues);
  if (Array.isArray(action.doors)) {
    action.doors.forEach((name: string | undefined, i) => {
      refer(names, 'door', name, `${path}.doors[${i}]`, issues);
    });
  }
  if (Array.isArray(action.in)) {
    action.in.forEach((name: string | undefined, i) => {
      refer(names, 'area', name, `${path}.in[${i}]`, issues);
    });
  }
  if (action.act === 'give') checkSelector(action.to, `${path}.to`, names, issues);
  const tells = action.tells as { door?: string; exit?: string } | undefined;
  if (tells !== undefined) {
    refer(names, 'door', tells.door, `${path}.tells.door`, issues);
    refer(names, 'exit', tells.exit, `${path}.tells.exit`, issues);
    if ((tells.door === undefined) === (tells.exit === undefined)) {
      const message = 'what is told is about one door or one exit; keep one of the two';
      issues.push(errorIssue('target-needs-one', `${path}.tells`, message, { expected: 'one of door, exit' }));
    }
  }
  if (action.act === 'attack' && Array.isArray(action.effects)) {
    const sum = (action.effects as ({ share?: number } | undefined)[]).reduce((all, one) => all + (one?.share ?? 0), 0);
    if (sum > 1 + 1e-9) {
      const message = `the shares of the effects add up to ${sum}; make them 1 at most`;
      issues.push(errorIssue('shares-above-one', `${path}.effects`, message, { expected: '≤ 1', found: String(sum) }));
    }
  }
  if (action.act !== 'go' || action.to === undefined) return;
  const to = action.to as Record<string, unknown>;
  const given = TARGETS.filter((key) => isGiven(to, key));
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none of them' : given.join(' and ');
    const message = `one goes to exactly one of ${TARGETS.join(', ')}; this has ${found}`;
    issues.push(
      errorIssue('target-needs-one', `${path}.to`, message, {
        expected: `exactly one of ${TARGETS.join(', ')}`,
        found,
      }),
    );
  }
  refer(names, 'level', to.level as string | undefined, `${path}.to.level`, issues);
  refer(names, 'area', to.area as string | undefined, `${path}.to.area`, issues);
  refer(names, 'door', to.door as string | undefined, `${path}.to.door`, issues);
  refer(names, 'console', to.console as string | undefined, `${path}.to.console`, issues);
  refer(names, 'object', to.object as string | undefined, `${path}.to.object`, issues);
  checkSelector(to.person, `${path}.to.person`, names, issues);
  if (to.place !== undefined && !isGiven(to, 'level') && names.level.size > 1) {
    const message = `the building has ${names.level.size} levels; say on which one the place lies with "level"`;
    issues.push(
      errorIssue('missing-field', `${path}.to.level`, message, { expected: 'id of a level', found: 'nothing' }),
    );
  }
}
