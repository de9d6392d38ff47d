import type { NotableEvent, RunMeasures } from '../analysis/index.ts';
import { countOf, formatCount, formatNumber, formatTime } from './format-value.ts';
import { nameLevel, namePlace } from './place-names.ts';

export interface TimelineLine {
  /** [s] */
  readonly t: number;
  /** Plain words, not escaped. */
  readonly text: string;
  /** How loud to print it. */
  readonly weight: 'plain' | 'warning' | 'harm';
}

/** Lines at most; beyond, door changes go first, then exits' first and last persons. */
const LINES_MAX = 80;

/**
 * The story of a run, a line an event, in plain words and order of time. At most 80 lines; where lines were left out,
 * the last says how many.
 */
export function composeTimeline(measures: RunMeasures): TimelineLine[] {
  let story = measures.story;
  let left = 0;
  for (const kinds of [
    ['door-changed', 'gave-up'],
    ['exit-first', 'exit-last'],
    ['found-locked', 'alarm'],
  ]) {
    if (story.length <= LINES_MAX) break;
    let spare = story.length - LINES_MAX;
    const kept: NotableEvent[] = [];
    // The latest of a kind go first: the beginning of a story explains more.
    for (const event of [...story].reverse()) {
      if (spare > 0 && kinds.includes(event.kind)) {
        spare -= 1;
        left += 1;
      } else kept.unshift(event);
    }
    story = kept;
  }
  const lines = story.map((event) => ({ t: event.t, text: describe(event, measures), weight: weigh(event) }));
  if (left > 0) {
    lines.push({
      t: measures.endTime,
      text: `${countOf(left, 'more event is', 'more events are')} in events.ndjson.`,
      weight: 'plain',
    });
  }
  return lines;
}

function weigh(event: NotableEvent): TimelineLine['weight'] {
  if (event.kind === 'casualty' || event.kind === 'pile') return 'harm';
  if (event.kind === 'first-fall') return 'warning';
  if (event.kind === 'found-locked' || event.kind === 'door-forced' || event.kind === 'stranded') return 'warning';
  if (event.kind === 'ended' && event.outcome !== 'everyone-out') return 'warning';
  return 'plain';
}

function describe(event: NotableEvent, measures: RunMeasures): string {
  switch (event.kind) {
    case 'alarm':
      return event.event === null
        ? `${countOf(event.persons, 'person is', 'people are')} alerted.`
        : `${event.event}: ${countOf(event.persons, 'person is', 'people are')} alerted.`;
    case 'first-mover':
      return `The first person sets out (person ${event.person}).`;
    case 'everyone-moving':
      return 'The last person sets out: everyone is on the way.';
    case 'found-locked':
      return `Somebody finds ${event.door} ${event.state} for the first time (person ${event.person}).`;
    case 'door-changed': {
      if (event.by === 'schedule') return `${event.door} is ${event.change}, as scheduled.`;
      if (event.by === 'closer') return `${event.door} shuts by itself.`;
      // A door gives to all who push it; the record then names nobody.
      return `${event.door} is ${event.change} by ${event.person === null ? 'those at it' : `person ${event.person}`}.`;
    }
    case 'door-forced':
      return `${event.door} gives way to the crowd at ${formatNumber(event.force)} N.`;
    case 'casualty': {
      const where =
        event.portal === null ? `on ${nameLevel(measures, event.sheet)}` : `at ${namePlace(measures, event.portal)}`;
      const stage =
        event.harm === 'dead' ? 'dies' : event.harm === 'unconscious' ? 'loses consciousness' : 'is injured';
      if (event.total === 1) return `One person ${stage} ${where} (person ${event.person}).`;
      if (event.rank === 1) return `The first of ${formatCount(event.total)} people ${stage} ${where}.`;
      if (event.rank === event.total) return `The last of ${formatCount(event.total)} people ${stage} ${where}.`;
      return `Person number ${formatCount(event.rank)} of ${formatCount(event.total)} ${stage} ${where}.`;
    }
    case 'first-fall': {
      const how = {
        shoved: 'loses their balance and falls',
        tripped: 'trips over a body',
        fainted: 'faints and falls',
        knocked: 'is knocked down',
      };
      const all = event.falls === 1 ? 'nobody else does' : `${formatCount(event.falls)} falls in all`;
      return `Somebody ${how[event.why]} for the first time (person ${event.person}); ${all}.`;
    }
    case 'pile': {
      const where =
        event.portal === null ? `on ${nameLevel(measures, event.sheet)}` : `at ${namePlace(measures, event.portal)}`;
      return `Bodies lie ${formatCount(event.layers)} above one another ${where}.`;
    }
    case 'exit-first':
      return `The first person is out by ${event.exit}.`;
    case 'exit-last':
      return `The last of ${formatCount(event.persons)} people is out by ${event.exit}.`;
    case 'half-out':
      return `Half of all people are out (${formatCount(event.persons)}).`;
    case 'last-out':
      return event.everyone
        ? 'Everyone is out.'
        : `Nobody gets out after this; ${countOf(event.persons, 'person is', 'people are')} out.`;
    case 'gave-up':
      return event.persons === 1
        ? `One person gives up waiting at ${namePlace(measures, event.portal)}.`
        : `People begin to give up waiting at ${namePlace(measures, event.portal)}: ${formatCount(event.persons)} until ${formatTime(event.until)}.`;
    case 'most-afraid':
      return event.persons === 1
        ? 'One person is afraid, at no time more than one.'
        : `More people are afraid than at any other time: ${formatCount(event.persons)}.`;
    case 'stranded':
      return event.persons === 1
        ? 'One person knows no way out any more.'
        : `People begin to run out of ways they know: ${formatCount(event.persons)} until ${formatTime(event.until)}.`;
    case 'resumed':
      return 'The run was resumed from a snapshot.';
    case 'ended':
      return ENDED[event.outcome] ?? 'The run ends.';
  }
}

const ENDED: Readonly<Record<string, string>> = {
  'everyone-out': 'The run ends: everyone is out.',
  stalled: 'The run ends: nobody got out or nearer to an exit for as long as the scenario allows.',
  'time-over': 'The run ends: the scenario’s time is over.',
  interrupted: 'The run is stopped by hand.',
};
