import { findDoorState, type NotOutReason, type RunMeasures } from '../analysis/index.ts';
import { shortenDoubt } from './describe-doubt.ts';
import { countOf, formatCount, formatTime } from './format-value.ts';
import { findMeasuredPortal, nameLevel, namePlace } from './place-names.ts';

/** A piece of the headline; names that users gave are set apart, so that a page can print them in italics. */
export interface HeadlinePart {
  readonly text: string;
  readonly name: boolean;
}

/**
 * The run in one sentence, in parts. Counts what the trace says and no more: dead, unconscious and injured apart, those
 * inside with the reason when they share one, and why the run ended when it did not end by itself. It speaks of this
 * run, not of what would happen; where anybody came to harm, it ends with how sure that count is. O(places).
 */
export function composeHeadline(measures: RunMeasures): HeadlinePart[] {
  const parts: HeadlinePart[] = [];
  const say = (text: string): void => {
    const last = parts[parts.length - 1];
    if (last && !last.name) parts[parts.length - 1] = { text: last.text + text, name: false };
    else parts.push({ text, name: false });
  };
  const name = (text: string): void => {
    parts.push({ text, name: true });
  };
  const { total, out, dead, unconscious, inside, injured } = measures.persons;
  if (total === 0) {
    say('Nobody was in the building');
    return parts;
  }
  const lastOut = measures.evacuation.lastOut;
  say(countOf(total, 'person', 'people'));
  if (out === total)
    say(total === 1 ? `, out in ${formatTime(lastOut ?? 0)}` : `, all out in ${formatTime(lastOut ?? 0)}`);
  else if (out === 0) say(', nobody out');
  else say(`, ${formatCount(out)} out in ${formatTime(lastOut ?? 0)}`);

  const crushed = dead + unconscious;
  if (crushed > 0) {
    say(`, ${formatCount(crushed)} crushed`);
    const places = measures.casualtyPlaces
      .map((place) => ({ ...place, count: place.dead + place.unconscious }))
      .filter((place) => place.count > 0)
      .sort((a, b) => b.count - a.count);
    const worst = places[0];
    if (worst) {
      if (places.length > 1) say(`, ${formatCount(worst.count)} of them`);
      if (worst.portal === null) {
        say(' on ');
        name(nameLevel(measures, worst.sheet));
      } else {
        say(' at ');
        name(namePlace(measures, worst.portal));
        const portal = findMeasuredPortal(measures, worst.portal);
        const state = portal ? findDoorState(portal, worst.first) : null;
        if (state !== null && state !== 'open') say(` (${state})`);
      }
    }
    if (dead === 0) say(crushed === 1 ? ', unconscious' : ', all unconscious');
    else if (unconscious === 0) say(crushed === 1 ? ', dead' : ', all dead');
    else say(`: ${formatCount(dead)} dead, ${formatCount(unconscious)} unconscious`);
  }
  if (injured > 0) say(`${crushed > 0 && dead > 0 && unconscious > 0 ? ';' : ','} ${formatCount(injured)} injured`);
  if (inside > 0) {
    const separator = crushed > 0 && dead > 0 && unconscious > 0 ? ';' : ',';
    const reasons = new Set(
      measures.notOutCounts
        .filter((count) => count.reason !== 'dead' && count.reason !== 'unconscious')
        .map((count) => count.reason),
    );
    const only = reasons.size === 1 ? INSIDE_WORDS[[...reasons][0]!] : '';
    if (out === 0 && crushed === 0) say(only ? `: all ${only}` : '');
    else say(`${separator} ${formatCount(inside)} still inside${only ? `, ${only}` : ''}`);
  }
  if (out < total) say(ENDING[measures.outcome]?.(formatTime(measures.endTime)) ?? '');
  else if (measures.outcome === 'interrupted') say(' (run stopped by hand)');
  say(shortenDoubt(measures.persons, measures.sensitivity));
  if (measures.damage.length > 0) say(' (the record is damaged, numbers may be missing)');
  return parts;
}

const INSIDE_WORDS: Readonly<Record<NotOutReason, string>> = {
  dead: '',
  unconscious: '',
  unknown: '',
  'no-known-way': 'knowing no way out',
  'never-alerted': 'never alerted',
  'not-started': 'not yet on their way',
  lying: 'fallen',
  queueing: 'queueing',
  walking: 'on their way',
  'at-waypoint': 'at a waypoint',
  'not-arrived': 'not yet come',
};

const ENDING: Readonly<Record<string, (time: string) => string>> = {
  'time-over': (time) => ` when the run ended at ${time}`,
  interrupted: (time) => ` (run stopped by hand at ${time})`,
  running: (time) => ` (run not finished, recorded to ${time})`,
  stalled: (time) => ` (nobody got further; run ended at ${time})`,
};

/**
 * The headline as plain text, with asterisks around the names that users gave:
 * `46 people, 31 out in 141 s, 15 crushed at *fire exit* (chained), all dead`.
 */
export function headline(measures: RunMeasures): string {
  return composeHeadline(measures)
    .map((part) => (part.name ? `*${part.text}*` : part.text))
    .join('');
}
