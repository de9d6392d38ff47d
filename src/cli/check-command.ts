import type { CommandOutcome } from './outcome.ts';
import { countIssues, formatIssues, refuse, succeed } from './outcome.ts';
import { readScenario } from './read-scenario.ts';

/** `crashbar check`: everything that is wrong with a scenario, or what it holds. */
export async function checkScenarioFile(path: string): Promise<CommandOutcome> {
  const { file, scenario, world, issues } = readScenario(path);
  if (scenario === undefined || world === undefined) return refuse(file, issues);
  const counts = {
    levels: scenario.levels.length,
    areas: world.areas.filter((area) => area.kind === 'room').length,
    doors: scenario.doors.length,
    exits: scenario.exits.length,
    links: scenario.links.length,
    persons: world.personCount,
    events: scenario.events.length,
  };
  const holds = Object.entries(counts).map(([name, count]) => `${count} ${count === 1 ? name.slice(0, -1) : name}`);
  const warnings = issues.length === 0 ? '' : `\n\n${formatIssues(issues)}\n${countIssues(issues)}.`;
  const text = `${file}: “${scenario.name}” can be run: ${holds.join(', ')}.${warnings}`;
  return succeed(text, { file, name: scenario.name, ...counts, issues });
}
