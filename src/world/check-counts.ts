import type { Issue } from '../scenario/index.ts';
import { error } from './issues.ts';

/** Most that indices of persons count to: 16 bits with a sign, one more than the index; and without. */
const INDICES_MAX = 32_766;
const POPULATIONS_MAX = 65_535;

/** How many there are of what persons keep an index of. */
export interface PartCounts {
  readonly areas: number;
  readonly portals: number;
  /** Exits and waypoints. */
  readonly goals: number;
  readonly populations: number;
}

/** An issue for each kind of which there are more than persons can tell apart. */
export function checkCounts({ areas, portals, goals, populations }: PartCounts, issues: Issue[]): void {
  const refuse = (path: string, what: string, count: number, most: number): void => {
    if (count <= most) return;
    const message = `The plan has more ${what} than one run can have; split the scenario.`;
    issues.push(error('too-many-parts', path, message, { expected: `≤ ${most}`, found: String(count) }));
  };
  refuse('levels', 'areas', areas, INDICES_MAX);
  refuse('levels', 'doors, exits and ends of links', portals, INDICES_MAX);
  refuse('exits', 'exits and waypoints', goals, INDICES_MAX);
  refuse('populations', 'populations', populations, POPULATIONS_MAX);
}
