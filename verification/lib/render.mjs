/** RESULTS.md: what was demanded and what was found, the same text for the same results. */
import { renderGuidelines } from './guidelines.mjs';

/** Three significant digits, no exponent. */
export function formatValue(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.0005) return value.toExponential(1);
  return size >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

export function formatBand([low, high], unit) {
  const text = low === null ? `≤ ${high}` : high === null ? `≥ ${low}` : low === high ? `${low}` : `${low}–${high}`;
  return unit === '' ? text : `${text} ${unit}`;
}

function formatMeasured({ mean, min, max, values }, unit) {
  if (Number.isNaN(mean)) return 'cannot be told';
  const spread = values.length > 1 ? ` (${formatValue(min)}–${formatValue(max)}, ${values.length} seeds)` : '';
  return `${formatValue(mean)}${unit === '' ? '' : ` ${unit}`}${spread}`;
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Table lines of results. */
export function renderTable(results) {
  const lines = ['| case | what | band | measured | verdict |', '|---|---|---|---|---|'];
  for (const { name, expect, measures } of results) {
    for (const { measure, outcome } of measures) {
      const row = [
        expect.slow ? `${name} (slow)` : name,
        measure.name,
        formatBand(measure.band, measure.unit) + (measure.judge === 'every' ? ', every seed' : ''),
        formatMeasured(outcome, measure.unit),
        outcome.changed ? `**${outcome.verdict}**` : outcome.verdict,
      ];
      lines.push(`| ${row.map(cell).join(' | ')} |`);
    }
    if (measures.length === 0) lines.push(`| ${cell(name)} | ${cell(expect.title)} |  |  | not yet |`);
  }
  return lines;
}

export function countVerdicts(results) {
  const counts = { pass: 0, 'known failure': 0, changed: 0 };
  for (const { measures } of results) {
    for (const { outcome } of measures) {
      if (outcome.changed) counts.changed++;
      else if (outcome.verdict in counts) counts[outcome.verdict]++;
    }
  }
  return counts;
}

export function renderResults(results, notYet, engine, guidelines = []) {
  const counts = countVerdicts(results);
  const lines = [
    '# Verification results',
    '',
    'Made by `npm run verify`; do not edit. Each case is a folder beside this file: scenario, bands with their sources,',
    'what it is about. Bands were written down before the first run and come from guidelines and experiments; where a',
    'guideline gives no number, the case says whose number it is. Measured: mean over seeds (least–greatest). Slow cases run',
    'with `--slow` only; their rows say what was found when they last ran.',
    '',
    `Engine ${engine}. ${counts.pass} pass, ${counts['known failure']} known failures, ${counts.changed} changed, ${notYet.length} cases not yet.`,
    '',
    ...renderTable(results),
    ...renderGuidelines(guidelines, results),
    '',
    '## Known failures and why',
    '',
  ];
  for (const { name, measures } of results) {
    for (const { measure } of measures) {
      if (measure.status === 'known-failure') lines.push(`- **${name}**, ${measure.name}: ${measure.reason}`);
    }
  }
  lines.push('', '## Not yet', '');
  for (const { case: what, why } of notYet) lines.push(`- **${what}**: ${why}`);
  lines.push('', '## Sources', '');
  for (const { name, expect } of results) lines.push(`- **${name}**: ${expect.title}. ${expect.source}`);
  return `${lines.join('\n')}\n`;
}
