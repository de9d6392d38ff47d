import type { RunMeasures } from '../analysis/index.ts';
import { describeDoubt, formatSensitivity } from './describe-doubt.ts';
import { countOf, formatCount, formatNumber, formatTime } from './format-value.ts';
import { composeHeadline } from './headline.ts';
import { DOOR_STATE_WORDS } from './place-names.ts';
import { describeNotOut } from './render-report.ts';
import { composeTimeline } from './timeline.ts';

/** Escapes what Markdown or HTML inside it would take as markup, and joins lines. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]|<>~]/g, '\\$&');
}

/** Short summary of a run as Markdown: headline, exits, who did not get out, timeline, how to repeat it. */
export function renderMarkdown(measures: RunMeasures): string {
  const title = composeHeadline(measures)
    .map((part) => (part.name ? `*${escapeMarkdown(part.text)}*` : part.text))
    .join('');
  const lines = [
    `# ${title}`,
    '',
    `${escapeMarkdown(measures.name)}, seed ${measures.seed}, Crashbar ${escapeMarkdown(measures.engine)}. One run; another seed gives other numbers.`,
    '',
  ];
  const exits = measures.portals.filter((portal) => portal.exit !== null);
  if (exits.length > 0) {
    lines.push('| exit | door | people | first | last | flow, middle 80 % |', '|---|---|---|---|---|---|');
    for (const portal of exits.slice(0, 40)) {
      const state = portal.states[portal.states.length - 1]?.state;
      const { first, last, flowMiddle } = portal.flow;
      lines.push(
        `| ${[
          escapeMarkdown(portal.exit ?? portal.id),
          state ? DOOR_STATE_WORDS[state] : '–',
          formatCount(portal.persons),
          first === null ? '–' : formatTime(first),
          last === null ? '–' : formatTime(last),
          flowMiddle === null ? '–' : `${formatNumber(flowMiddle, 3)} /s`,
        ].join(' | ')} |`,
      );
    }
    if (exits.length > 40) lines.push('', `and ${formatCount(exits.length - 40)} more exits.`);
    lines.push('');
  }
  if (measures.notOutCounts.length > 0) {
    lines.push('## Not out', '');
    for (const count of measures.notOutCounts.slice(0, 20)) {
      lines.push(`- ${escapeMarkdown(describeNotOut(measures, count))}.`);
    }
    if (measures.notOutCounts.length > 20)
      lines.push(`- and ${formatCount(measures.notOutCounts.length - 20)} more groups.`);
    lines.push('');
  }
  const doubt = describeDoubt(measures.persons, measures.sensitivity);
  if (doubt !== '') lines.push(escapeMarkdown(doubt), '');
  if (measures.sensitivity !== null) {
    lines.push('## How far the numbers spread', '', '```', formatSensitivity(measures.sensitivity), '```', '');
  }
  lines.push('## Timeline', '');
  for (const line of composeTimeline(measures)) lines.push(`- ${formatTime(line.t)}: ${escapeMarkdown(line.text)}`);
  if (measures.damage.length > 0) {
    lines.push(
      '',
      `${countOf(measures.damage.length, 'part', 'parts')} of the record could not be read; numbers may be too low.`,
    );
  }
  lines.push(
    '',
    `Repeat: \`crashbar run scenario.json --seed ${measures.seed}\`. Scenario hash ${escapeMarkdown(measures.scenarioHash)}, state hash ${escapeMarkdown(measures.stateHash) || 'none'}.`,
    '',
  );
  return lines.join('\n');
}
