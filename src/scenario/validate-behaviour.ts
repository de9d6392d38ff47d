import type { Issue } from './issue.ts';
import { warningIssue } from './issues.ts';
import type { LooseScenario } from './salvage.ts';
import type { Distribution } from './schema.ts';
import { type Band, checkDistribution } from './validate-people.ts';

const RISK = { what: 'perceived risk', unit: undefined, possible: [0, 1], usual: [0, 1] } as const satisfies Band;
const TIME = { what: 'time', unit: 's', possible: [0, 3600], usual: [0, 300] } as const satisfies Band;

/** Issues of `behaviour` and of what only a mechanism of it uses. */
export function checkBehaviour(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  const { behaviour } = scenario;
  const drawn: readonly [Distribution | undefined, Band, string][] = [
    [behaviour?.contagion?.investigate as Distribution | undefined, RISK, 'contagion.investigate'],
    [behaviour?.contagion?.leave as Distribution | undefined, RISK, 'contagion.leave'],
    [behaviour?.contagion?.dwell as Distribution | undefined, TIME, 'contagion.dwell'],
    [behaviour?.knowledge?.hesitate as Distribution | undefined, TIME, 'knowledge.hesitate'],
  ];
  for (const [value, band, path] of drawn) {
    if (value !== undefined) issues.push(...checkDistribution(value, band, `behaviour.${path}`));
  }
  const hears = behaviour?.hearing !== undefined;
  if ((scenario.sounds?.length ?? 0) > 0 && !hears) {
    const message = 'nobody hears these sounds; add "behaviour": { "hearing": {} }, or leave them out';
    issues.push(warningIssue('nobody-hears', 'sounds', message, { expected: 'behaviour.hearing', found: 'nothing' }));
  }
  if (behaviour?.following !== undefined && behaviour.knowledge === undefined) {
    const message =
      'nobody follows: without "knowledge" everybody knows some way; add "knowledge": {}, or leave "following" out';
    issues.push(
      warningIssue('nobody-follows', 'behaviour.following', message, {
        expected: 'behaviour.knowledge',
        found: 'nothing',
      }),
    );
  }
  const called = new Set<string | undefined>();
  let alertsAll = false;
  for (const event of scenario.events ?? []) {
    if (event?.do !== 'alert') continue;
    if (event.populations === undefined) alertsAll = true;
    for (const population of event.populations ?? []) called.add(population);
  }
  const learns = hears || behaviour?.contagion !== undefined;
  scenario.populations?.forEach((population, i) => {
    if (population?.asleep && !hears) {
      const message = 'somebody asleep is woken by sounds only, and nobody hears; add "behaviour": { "hearing": {} }';
      issues.push(
        warningIssue('never-woken', `populations[${i}].asleep`, message, {
          expected: 'behaviour.hearing',
          found: 'nothing',
        }),
      );
    }
    const waits = population?.waits && population.alertedBy === undefined;
    if (!waits || learns || alertsAll || called.has(population.id)) return;
    const message =
      'these persons wait and nothing can alert them; add "alertedBy", an event `alert`, or behaviour.hearing or .contagion';
    issues.push(warningIssue('never-alerted', `populations[${i}].waits`, message, { found: 'nothing that alerts' }));
  });
  return issues;
}
