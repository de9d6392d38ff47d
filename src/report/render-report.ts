import {
  CROWDING_BANDS,
  type DensityBand,
  FRUIN_BANDS,
  HARM_LOAD,
  type NotOutCount,
  type NotOutReason,
  type PortalMeasures,
  type RunMeasures,
  rankParameters,
  SENSITIVITY_QUANTITIES,
  type SensitivityStudy,
} from '../analysis/index.ts';
import { pickHeatHex, pickScaleEnd } from './color-scale.ts';
import { describeDoubt, formatRange, formatSpread, nameSensitivityRow, SENSITIVITY_HEADS } from './describe-doubt.ts';
import { drawEvacuationCurve, listCurveLines } from './draw-curve.ts';
import { drawHeatLegend, drawLying, drawMark, drawPlan, type HeatLayer } from './draw-plan.ts';
import { drawStages } from './draw-stages.ts';
import {
  countOf,
  escapeText,
  formatCount,
  formatNumber,
  formatShare,
  formatTime,
  joinWords,
  shortenText,
  tieUnits,
} from './format-value.ts';
import { composeHeadline, headline } from './headline.ts';
import { nameDrawing, renderPage, section } from './page.ts';
import { DOOR_STATE_WORDS, nameLevel, nameMeasuredPortal, namePlace, numberPortals } from './place-names.ts';
import { composeTimeline } from './timeline.ts';

/** Rows of a table at most; the rest is counted. */
const ROWS_MAX = 60;
/** Characters of the scenario printed at most. */
const SCENARIO_MAX = 300_000;
/** Levels drawn at most. */
const LEVELS_MAX = 40;

/** Box of a level, a landing say, below which it is drawn only where it got crowded [m²]. */
const SMALL_LEVEL = 20;

/** Highest chest load from which a level gets a map of it [N]: half of what does harm. */
const LOAD_DRAWN = HARM_LOAD / 2;

/**
 * The report of one run as one self-contained HTML page: no script, no external request, all text escaped, a content
 * policy that forbids the rest. The same measures give the same bytes. About 100 ms and 100 kB for a small building;
 * size grows with the number of levels, not of persons.
 */
export function renderReport(measures: RunMeasures): string {
  const sections = [
    renderHead(measures),
    renderDamage(measures),
    renderCards(measures),
    renderCurve(measures),
    renderNotOut(measures),
    renderPlans(measures),
    renderDoors(measures),
    renderReleases(measures),
    renderWaypoints(measures),
    renderService(measures),
    renderTimeline(measures),
    renderSensitivity(measures.sensitivity),
    renderUncertainty(measures),
    renderRepeat(measures),
  ];
  return renderPage(headline(measures).replace(/\*/g, ''), measures.engine, sections);
}

function renderHead(measures: RunMeasures): string {
  const title = composeHeadline(measures)
    .map((part) => (part.name ? `<em>${escapeText(part.text)}</em>` : escapeText(tieUnits(part.text))))
    .join('');
  const description = measures.description.trim();
  return `<header>
<p class="kicker">${escapeText(measures.name)}</p>
<h1>${title}.</h1>
${description ? `<p class="lead">${escapeText(shortenText(description, 600))}</p>` : ''}
${describeHarmDoubt(measures)}${describeVaried(measures)}<p class="note">One simulated run with seed ${measures.seed}. Another seed gives other numbers; how far they spread is told by many runs, not by this one.</p>
</header>`;
}

/** How sure the casualties are, right below the headline that counts them. */
function describeHarmDoubt(measures: RunMeasures): string {
  const doubt = describeDoubt(measures.persons, measures.sensitivity);
  if (doubt === '') return '';
  const way = measures.sensitivity === null ? '' : ' <a href="#sensitivity">The table is below.</a>';
  return `<p class="doubt">${escapeText(tieUnits(doubt))}${way}</p>\n`;
}

/** Says that a run was not made with the standard numbers of the model. */
function describeVaried(measures: RunMeasures): string {
  if (measures.varied === null) return '';
  const list = Object.entries(measures.varied).map(([name, value]) => `${name} = ${value}`);
  return `<p class="doubt"><strong>Not the standard model:</strong> this run was made with ${escapeText(joinWords(list))}.</p>\n`;
}

function renderDamage(measures: RunMeasures): string {
  if (measures.damage.length === 0) return '';
  const list = measures.damage
    .slice(0, 12)
    .map((text) => `<li>${escapeText(text)}</li>`)
    .join('');
  const more = measures.damage.length > 12 ? `<li>and ${formatCount(measures.damage.length - 12)} more</li>` : '';
  return `<section class="damage" aria-labelledby="damage"><h2 id="damage">Parts of the record could not be read</h2>
<p>The numbers below are without them and may be too low.</p><ul>${list}${more}</ul></section>`;
}

interface Card {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly harm?: boolean;
}

function renderCards(measures: RunMeasures): string {
  const { persons, evacuation, maps, chestLoad } = measures;
  const cards: Card[] = [
    {
      label: 'Out',
      value: `${formatCount(persons.out)}`,
      note: `of ${countOf(persons.total, 'person', 'people')}`,
    },
    evacuation.complete
      ? { label: 'Everyone out after', value: formatTime(evacuation.lastOut ?? 0), note: 'RSET of this run' }
      : {
          label: 'Last person out after',
          value: evacuation.lastOut === null ? '–' : formatTime(evacuation.lastOut),
          note: 'not an RSET: not everyone got out',
        },
  ];
  const timeOf = (share: number): number | null =>
    evacuation.shareOut.find((entry) => entry.share === share)?.t ?? null;
  if (persons.total >= 10) {
    const half = timeOf(0.5);
    const most = timeOf(0.95);
    cards.push({
      label: 'Half of all people out after',
      value: half === null ? 'not reached' : formatTime(half),
      note: most === null ? '95 %: not reached' : `95 %: ${formatTime(most)}`,
    });
  }
  if (persons.dead > 0)
    cards.push({ label: 'Dead', value: formatCount(persons.dead), note: 'in this run', harm: true });
  if (persons.unconscious > 0) {
    cards.push({
      label: 'Unconscious',
      value: formatCount(persons.unconscious),
      note: 'when the run ended',
      harm: true,
    });
  }
  if (persons.injured > 0) {
    cards.push({ label: 'Injured', value: formatCount(persons.injured), note: 'conscious', harm: true });
  }
  if (measures.falls.falls > 0) {
    const { falls } = measures;
    cards.push({
      label: 'Fell',
      value: formatCount(falls.persons),
      note: `${formatCount(falls.trampled)} came to harm lying${falls.pileHighest > 1 ? `; ${formatCount(falls.pileHighest)} bodies deep` : ''}`,
      harm: true,
    });
  }
  if (persons.inside > 0) {
    cards.push({ label: 'Still inside', value: formatCount(persons.inside), note: 'alive and conscious' });
  }
  let peak: { value: number; sheet: number; t: number } | null = null;
  for (const sheet of maps.sheets) {
    const highest = sheet.densityHighest;
    if (highest && highest.value > (peak?.value ?? 0))
      peak = { value: highest.value, sheet: sheet.sheet, t: highest.t };
  }
  if (peak) {
    cards.push({
      label: 'Highest density',
      value: `${formatNumber(peak.value, 2)} /m²`,
      note: `at ${formatTime(peak.t)}${measures.sheets.length > 1 ? `, ${escapeText(shortenText(nameLevel(measures, peak.sheet), 24))}` : ''}`,
    });
  }
  if (chestLoad) {
    const loaded = measures.loadedPersons ?? 0;
    cards.push({
      label: 'Highest chest load',
      value: `${formatNumber(chestLoad.highest, 3)} N`,
      note:
        loaded === 0 ? `nobody above ${HARM_LOAD} N` : `${countOf(loaded, 'person', 'people')} above ${HARM_LOAD} N`,
    });
  }
  const items = cards
    .map(
      (card) =>
        `<div class="card${card.harm ? ' harm' : ''}"><dt>${card.label}</dt><dd>${tieUnits(card.value)}${card.note ? `<small>${tieUnits(card.note)}</small>` : ''}</dd></div>`,
    )
    .join('\n');
  return `<section aria-label="Key numbers"><dl class="cards">${items}</dl></section>`;
}

function renderCurve(measures: RunMeasures): string {
  if (measures.persons.total === 0) return '';
  const { evacuation } = measures;
  const label = `Evacuation curve: ${formatCount(measures.persons.out)} of ${formatCount(measures.persons.total)} people out${evacuation.lastOut === null ? '' : `, the last at ${formatTime(evacuation.lastOut)}`}.`;
  const lines = listCurveLines(measures);
  const key =
    lines.length < 2
      ? ''
      : `<figcaption class="keys">${lines
          .map(
            ({ name, color, dashed, width }) =>
              `<span class="mark"><svg width="28" height="8" aria-hidden="true"><path d="M0 4H28" stroke="${color}" stroke-width="${width}"${dashed ? ' stroke-dasharray="6 4"' : ''}/></svg><span>${escapeText(shortenText(name, 40))}</span></span>`,
          )
          .join(' ')}</figcaption>`;
  const wide = nameDrawing(drawEvacuationCurve(measures, lines, 900, 320, 'curve-wide'), label);
  const narrow = nameDrawing(drawEvacuationCurve(measures, lines, 350, 300, 'curve-narrow'), label);
  const shares = evacuation.shareOut
    .map(
      ({ share, t }) =>
        `<tr><th scope="row">${Math.round(share * 100)} %</th><td>${t === null ? 'not reached' : formatTime(t)}</td></tr>`,
    )
    .join('');
  const exits = evacuation.byExit
    .slice(0, ROWS_MAX)
    .map(
      ({ exit, persons }) =>
        `<tr><th scope="row">${escapeText(exit)}</th><td>${formatCount(persons)}</td><td>${formatShare(persons / measures.persons.total)}</td></tr>`,
    )
    .join('');
  return section(
    'curve',
    'Who was out when',
    `<figure class="chart">${key}<div class="wide">${wide}</div><div class="narrow">${narrow}</div></figure>
<div class="pair">
<table><caption>Share of all ${formatCount(measures.persons.total)} people out by</caption><tbody>${shares}</tbody></table>
${exits ? `<table><caption>Out by exit</caption><thead><tr><th scope="col">Exit</th><th scope="col">People</th><th scope="col">Of all</th></tr></thead><tbody>${exits}</tbody></table>` : '<p>Nobody got out.</p>'}
</div>`,
  );
}

const REASON_WORDS: Readonly<Record<NotOutReason, (count: string, plural: boolean) => string>> = {
  dead: (count) => `${count} died`,
  unconscious: (count) => `${count} lost consciousness`,
  'no-known-way': (count, plural) =>
    `${count} knew no way out that ${plural ? 'they' : 'the person'} had not found shut`,
  'never-alerted': (count, plural) => `${count} ${plural ? 'were' : 'was'} never alerted`,
  'not-started': (count, plural) => `${count} ${plural ? 'were' : 'was'} alerted but had not set out`,
  lying: (count) => `${count} fell and did not get up`,
  queueing: (count, plural) => `${count} ${plural ? 'were' : 'was'} still queueing`,
  walking: (count, plural) => `${count} ${plural ? 'were' : 'was'} still on the way`,
  'at-waypoint': (count, plural) => `${count} ${plural ? 'were' : 'was'} waiting or being served at a waypoint`,
  'not-arrived': (count) => `${count} had not come in, for it was too early or no place was free`,
  unknown: (count, plural) =>
    `${count} did not get out; the record does not tell why ${plural ? 'they stayed' : ''}`.trim(),
};

/** One row of `notOutCounts` in words, without a full stop. */
export function describeNotOut(measures: RunMeasures, count: NotOutCount): string {
  const plural = count.persons !== 1;
  const words = REASON_WORDS[count.reason](countOf(count.persons, 'person', 'people'), plural);
  const near = count.reason === 'dead' || count.reason === 'unconscious' || count.reason === 'queueing' ? 'at' : 'near';
  if (count.portal !== null) return `${words}, ${near} ${namePlace(measures, count.portal)}`;
  return count.sheet === null ? words : `${words}, on ${nameLevel(measures, count.sheet)}`;
}

function renderNotOut(measures: RunMeasures): string {
  if (measures.notOut.length === 0 && measures.casualties.length === 0) return '';
  const counts = measures.notOutCounts
    .slice(0, ROWS_MAX)
    .map((count) => `<li>${escapeText(describeNotOut(measures, count))}.</li>`)
    .join('');
  const more =
    measures.notOutCounts.length > ROWS_MAX
      ? `<li>and ${formatCount(measures.notOutCounts.length - ROWS_MAX)} more groups.</li>`
      : '';
  const parts: string[] = [];
  if (counts) parts.push(`<ul class="reasons">${counts}${more}</ul>`);
  if (measures.casualties.length > 0) parts.push(renderCasualties(measures));
  return section(
    'not-out',
    measures.notOut.length > 0 ? 'Who did not get out, and why' : 'Who was hurt',
    parts.join('\n'),
  );
}

function renderCasualties(measures: RunMeasures): string {
  const order = { dead: 0, unconscious: 1, injured: 2 } as const;
  const sorted = [...measures.casualties].sort((a, b) => order[a.harm] - order[b.harm]);
  const cell = (t: number | null): string => `<td>${t === null ? '' : formatTime(t)}</td>`;
  const rows = sorted
    .slice(0, ROWS_MAX)
    .map((casualty) => {
      const place =
        casualty.portal === null ? nameLevel(measures, casualty.sheet) : namePlace(measures, casualty.portal);
      return `<tr><th scope="row">${casualty.person}</th><td>${casualty.harm}</td><td>${escapeText(place)}</td>${cell(casualty.injured)}${cell(casualty.unconscious)}${cell(casualty.dead)}<td>${formatNumber(casualty.chestLoad, 3)}</td><td>${casualty.chestLoadPeak === null ? '' : formatNumber(casualty.chestLoadPeak, 3)}</td><td>${casualty.lay ? 'yes' : ''}</td></tr>`;
    })
    .join('\n');
  const more = sorted.length > ROWS_MAX ? `<p class="note">and ${formatCount(sorted.length - ROWS_MAX)} more.</p>` : '';
  return `<div class="scroll" role="region" aria-label="Casualties" tabindex="0"><table><caption>Casualties in this run</caption><thead><tr><th scope="col">Person</th><th scope="col">Worst state</th><th scope="col">Where</th><th scope="col">Injured</th><th scope="col">Unconscious</th><th scope="col">Dead</th><th scope="col">Chest load then [N]</th><th scope="col">Highest [N]</th><th scope="col">Lay</th></tr></thead><tbody>${rows}</tbody></table></div>${more}
${renderLethalDoubt()}`;
}

function renderLethalDoubt(): string {
  return `<p class="doubt"><strong>How sure is a casualty?</strong> Not very. That a load of 1 112 N kills in 4 to 6 minutes and 6 227 N in 15 s are two estimates of 1993 (Hopkins and others); the line between them and the limit of ${HARM_LOAD} N below which no harm is counted rest on these and on one test of what people tolerate. Nobody has measured people under 600 to 1 100 N for minutes. How hard a person pushes is a design value. Read the number of casualties as <em>none, some, many</em>, and compare variants of one building with the same seeds.</p>`;
}

function renderPlans(measures: RunMeasures): string {
  const sheets = measures.maps.sheets.filter((sheet) => sheet.densityHighest !== null);
  if (sheets.length === 0) return '';
  const highest = (pick: (sheet: (typeof sheets)[number]) => number | undefined): number =>
    sheets.reduce((most, sheet) => Math.max(most, pick(sheet) ?? 0), 0);
  const densityEnd = pickScaleEnd(
    [4, 6, 8, 10, 12],
    highest((sheet) => sheet.densityHighest?.value),
  );
  const loadHighest = highest((sheet) => sheet.chestLoadHighest?.value);
  const loadEnd = pickScaleEnd([500, 1000, 2000, 4000, 8000], loadHighest);
  const figures: string[] = [];
  const quiet: string[] = [];
  let drawn = 0;
  for (const sheet of sheets) {
    const kind = measures.sheets[sheet.sheet]?.kind ?? 'level';
    const name = nameLevel(measures, sheet.sheet);
    const load = sheet.chestLoadHighest?.value ?? 0;
    const crowded = (sheet.densityHighest?.value ?? 0) >= 3.5 || load >= LOAD_DRAWN;
    const box = floorBox(measures, sheet.sheet);
    const hurt = measures.casualties.some((casualty) => casualty.sheet === sheet.sheet);
    if (drawn >= LEVELS_MAX || ((kind === 'link' || box[0] * box[1] < SMALL_LEVEL) && !crowded && !hurt)) {
      quiet.push(name);
      continue;
    }
    drawn += 1;
    const wide = (box[0] + 8) / (box[1] + 4) > 1.7;
    const width = wide ? 900 : 560;
    const heightMax = wide ? 620 : 640;
    const density: HeatLayer = {
      values: sheet.densityPeak,
      grid: sheet.grid,
      end: densityEnd,
      from: 0.25,
      smooth: true,
    };
    const peak = sheet.densityHighest!;
    const plans = [
      `<figure><figcaption>${tieUnits(`Highest density at any time: ${formatNumber(peak.value, 2)} /m² at ${formatTime(peak.t)}`)}</figcaption>
<div class="scroll" role="region" aria-label="Plan of density" tabindex="0">${drawPlan(measures, sheet.sheet, { width, heightMax, idPrefix: `density-${sheet.sheet}`, title: `Plan of ${name}: highest density at any time, up to ${formatNumber(peak.value, 2)} people per square metre`, heat: density, overlay: drawStages(measures.stages, sheet.sheet) })}</div></figure>`,
    ];
    if (sheet.chestLoadMax && sheet.chestLoadHighest && load >= LOAD_DRAWN) {
      const layer: HeatLayer = {
        values: sheet.chestLoadMax,
        grid: sheet.grid,
        end: loadEnd,
        from: 20,
        smooth: false,
      };
      plans.push(
        `<figure><figcaption>${tieUnits(`Highest chest load of anybody there: ${formatNumber(load, 3)} N at ${formatTime(sheet.chestLoadHighest.t)}`)}</figcaption>
<div class="scroll" role="region" aria-label="Plan of chest load" tabindex="0">${drawPlan(measures, sheet.sheet, { width, heightMax, idPrefix: `load-${sheet.sheet}`, title: `Plan of ${name}: highest chest load of anybody there, up to ${formatNumber(load, 3)} newtons`, heat: layer, overlay: drawStages(measures.stages, sheet.sheet) })}</div></figure>`,
      );
    }
    const calm =
      sheet.chestLoadMax && load < LOAD_DRAWN
        ? `<p class="note">${tieUnits(`No map of chest load: the highest here was ${formatNumber(load, 3)} N.`)}</p>`
        : '';
    figures.push(
      `<h3>${escapeText(name)}</h3><div class="plans${wide ? ' stacked' : ''}">${plans.join('\n')}</div>${calm}`,
    );
  }
  const legends = [
    drawHeatLegend({
      label: 'Density [1/m²]',
      end: densityEnd,
      ticks: stepsUpTo(densityEnd, densityEnd / (densityEnd === 10 ? 5 : densityEnd === 4 ? 4 : densityEnd / 2)),
      marks: [{ value: 5, text: 'congested from 5' }],
      highest: highest((sheet) => sheet.densityHighest?.value),
    }),
  ];
  if (loadHighest >= LOAD_DRAWN) {
    legends.push(
      drawHeatLegend({
        label: 'Chest load [N]',
        end: loadEnd,
        ticks: stepsUpTo(loadEnd, loadEnd / (loadEnd === 500 ? 5 : 4)),
        marks: [{ value: HARM_LOAD, text: `harm from ${HARM_LOAD} N` }],
        highest: loadHighest,
      }),
    );
  }
  const present = new Set(measures.casualties.map((casualty) => casualty.harm));
  const marks = (['dead', 'unconscious', 'injured'] as const)
    .filter((harm) => present.has(harm))
    .map(
      (harm) =>
        `<span class="mark"><svg width="16" height="16" aria-hidden="true">${drawMark(harm, 8, 8)}</svg>${harm}</span>`,
    );
  if (measures.notOut.some((person) => person.lies)) {
    marks.push(
      `<span class="mark"><svg width="16" height="16" aria-hidden="true">${drawLying(8, 8)}</svg>lying at the end</span>`,
    );
  }
  const states = new Set(measures.portals.flatMap((portal) => portal.states.slice(-1).map((change) => change.state)));
  const doors = (['open', 'closed', 'locked', 'chained', 'forced'] as const)
    .filter((state) => states.has(state))
    .map((state) => `<span class="mark"><i class="door ${state}"></i>${DOOR_STATE_WORDS[state]}</span>`);
  const keys = [...doors, ...marks];
  const numbered = figures.some((figure) => figure.includes('r="8.5"'));
  const quietNote =
    quiet.length > 0
      ? `<p class="note">Not drawn: ${escapeText(shortenText(joinWords(quiet), 400))} (never above 3.5 people per m²${drawn >= LEVELS_MAX ? ', or beyond the 40 levels drawn' : ''}).</p>`
      : '';
  return section(
    'plans',
    'Where it got tight',
    `<div class="legends">${legends.join('')}${keys.length > 0 ? `<p class="keys">Doors at the end of the run, and casualties: ${keys.join(' ')}</p>` : ''}</div>
${figures.join('\n')}
${quietNote}
<p class="note">Density is a kernel estimate (σ ${formatNumber(measures.maps.sigma, 2)} m, no mass through walls) sampled every ${formatTime(measures.maps.sampleInterval)} on cells of ${formatNumber(measures.maps.cell, 2)} m. Chest load is half the largest principal contact load on a body, low-passed over 0.5 s.${numbered ? ' Numbers in circles are rows of the table of doors below.' : ''}</p>`,
  );
}

function stepsUpTo(end: number, step: number): number[] {
  return Array.from({ length: Math.round(end / step) + 1 }, (_, k) => k * step);
}

function floorBox(measures: RunMeasures, sheet: number): [number, number] {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of (measures.sheets[sheet]?.polygons ?? []).flat()) {
    for (const [x, y] of ring) {
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y);
    }
  }
  if (x0 <= x1) return [x1 - x0, y1 - y0];
  const grid = measures.maps.sheets[sheet]!.grid;
  return [grid.columns * grid.cell, grid.rows * grid.cell];
}

function renderDoors(measures: RunMeasures): string {
  const portals = numberPortals(measures);
  if (portals.length === 0) return '';
  const rows = portals.slice(0, ROWS_MAX).map((portal, k) => renderDoorRow(measures, portal, k + 1));
  const more =
    portals.length > ROWS_MAX
      ? `<p class="note">and ${formatCount(portals.length - ROWS_MAX)} more doors and openings, in doors.csv.</p>`
      : '';
  return section(
    'doors',
    'Doors, exits and openings',
    `<div class="scroll" role="region" aria-label="Doors, exits and openings" tabindex="0"><table class="doors"><thead><tr><th scope="col">No.</th><th scope="col">Name</th><th scope="col">Width [m]</th><th scope="col">Door</th><th scope="col">People</th><th scope="col">First, last</th><th scope="col">Flow [1/s]</th><th scope="col">Specific flow [1/(m·s)]</th><th scope="col">Longest gap</th><th scope="col">Found shut</th><th scope="col">Chest load within 2 m [N]</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${more}
<p class="note">People: different persons, at their first passing. Flow: the middle 80 % of the persons, and in brackets from the first to the last; the two differ by 7 % and more on measured data, so compare like with like. Given from 10 persons on.</p>`,
  );
}

/** Who released which locks, and how long that took. */
function renderReleases({ releases }: RunMeasures): string {
  if (releases === null) return '';
  const seconds = (value: number | null): string => (value === null ? '–' : formatNumber(value, 2));
  const rows = releases.releasers
    .slice(0, ROWS_MAX)
    .map(
      ({ person, population, locks, first, last, workMean, walkMean }) =>
        `<tr><th scope="row">${escapeText(population)}<small>person ${person}</small></th><td>${formatCount(locks)}</td><td>${formatTime(first)}, ${formatTime(last)}</td><td>${seconds(workMean)}</td><td>${seconds(walkMean)}</td></tr>`,
    )
    .join('\n');
  const never = releases.neverReleased;
  const left =
    never.length === 0
      ? ''
      : ` ${countOf(never.length, 'door was', 'doors were')} locked to the end: ${escapeText(never.slice(0, 10).join(', '))}${never.length > 10 ? ` and ${formatCount(never.length - 10)} more` : ''}.`;
  const failed =
    releases.failedAttempts === 0
      ? ''
      : ` ${countOf(releases.failedAttempts, 'attempt', 'attempts')} to break a lock failed.`;
  const told =
    releases.releases.length === 0
      ? 'No lock was released.'
      : `${countOf(releases.releases.length, 'lock was', 'locks were')} released by people, the last (${escapeText(releases.lastDoor)}) at ${formatTime(releases.last)}.`;
  return section(
    'releases',
    'Locks released by people',
    `<p>${told}${failed}${left}</p><div class="scroll" role="region" aria-label="Locks released by people" tabindex="0"><table><thead><tr><th scope="col">Who</th><th scope="col">Locks</th><th scope="col">First, last</th><th scope="col">Mean time at a lock [s]</th><th scope="col">Mean time to the next [s]</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}

function renderWaypoints({ stages }: RunMeasures): string {
  const { waypoints, arrivals } = stages;
  if (waypoints.length === 0 && arrivals === null) return '';
  const came =
    arrivals === null
      ? ''
      : `<p>${countOf(arrivals.arrived, 'person', 'people')} came in during the run${
          arrivals.waitedLongest > 0 ? `; one waited ${formatTime(arrivals.waitedLongest)} for a free place` : ''
        }${
          arrivals.neverArrived > 0 ? `; ${formatCount(arrivals.neverArrived)} more found no place free to the end` : ''
        }.</p>`;
  const seconds = (value: number | undefined): string => (value === undefined ? '–' : formatNumber(value, 3));
  const rows = waypoints
    .slice(0, ROWS_MAX)
    .map(
      ({ id, reached, left, skipped, waited, stayed, line, flow }) =>
        `<tr><th scope="row">${escapeText(shortenText(id, 40))}</th><td>${formatCount(reached)}</td><td>${formatCount(left)}</td><td>${formatCount(skipped)}</td><td>${seconds(waited?.mean)}</td><td>${seconds(waited?.high90)}</td><td>${seconds(waited?.longest)}</td><td>${seconds(stayed?.mean)}</td><td>${line === null ? '0' : `${formatCount(line.persons)}, ${formatTime(line.t)}`}</td><td>${flow === null ? '–' : formatNumber(flow, 3)}</td></tr>`,
    )
    .join('\n');
  const more =
    waypoints.length > ROWS_MAX ? `<p class="note">and ${formatCount(waypoints.length - ROWS_MAX)} more.</p>` : '';
  const table =
    rows === ''
      ? ''
      : `<div class="scroll" role="region" aria-label="Waypoints" tabindex="0"><table><thead><tr><th scope="col">Waypoint</th><th scope="col">Came</th><th scope="col">Went on</th><th scope="col">Left it out</th><th scope="col">Wait: mean [s]</th><th scope="col">9 in 10 [s]</th><th scope="col">longest [s]</th><th scope="col">Stay: mean [s]</th><th scope="col">Longest line, at</th><th scope="col">Flow [1/s]</th></tr></thead><tbody>${rows}</tbody></table></div>${more}
<p class="note">Wait: from coming into the region, or to the end of the line, to being served; the walk up the line is part of it. Flow: of those who went on, from the first to the last.</p>`;
  return section('waypoints', 'Where people waited and were served', `${came}${table}`);
}

function renderDoorRow(measures: RunMeasures, portal: PortalMeasures, number: number): string {
  const { flow } = portal;
  const name = nameMeasuredPortal(portal);
  const level = measures.sheets.length > 1 ? `, ${nameLevel(measures, portal.sheet)}` : '';
  const states =
    portal.states.length === 0
      ? '–'
      : portal.states
          .slice(0, 6)
          .map((change, k) =>
            k === 0 ? DOOR_STATE_WORDS[change.state] : `${DOOR_STATE_WORDS[change.state]} from ${formatTime(change.t)}`,
          )
          .join('; ');
  const rate = (middle: number | null, whole: number | null): string =>
    middle === null || whole === null ? '–' : `${formatNumber(middle, 3)} <small>(${formatNumber(whole, 3)})</small>`;
  const tried =
    portal.firstTouch === null
      ? '–'
      : `${countOf(portal.tried, 'person', 'people')}, first at ${formatTime(portal.firstTouch.t)} (person ${portal.firstTouch.person})`;
  const last = portal.states[portal.states.length - 1]?.state;
  return `<tr><td>${number}</td><th scope="row">${escapeText(name)}<small>${portal.kind}${escapeText(level)}</small></th><td>${formatNumber(portal.width, 3)}</td><td>${last ? `<i class="door ${last}"></i>` : ''}${tieUnits(states)}</td><td>${formatCount(portal.persons)}</td><td>${flow.first === null ? '–' : `${formatTime(flow.first)}, ${formatTime(flow.last!)}`}</td><td>${rate(flow.flowMiddle, flow.flowWhole)}</td><td>${rate(flow.specificFlowMiddle, flow.specificFlowWhole)}</td><td>${flow.gapMax === null ? '–' : formatTime(flow.gapMax)}</td><td>${tieUnits(tried)}${portal.gaveUp > 0 ? `<small>${countOf(portal.gaveUp, 'person', 'people')} gave up waiting</small>` : ''}</td><td>${portal.chestLoadPeak === null ? '–' : formatNumber(portal.chestLoadPeak, 3)}</td></tr>`;
}

function renderService(measures: RunMeasures): string {
  const add = (pick: (sheet: RunMeasures['maps']['sheets'][number]) => readonly number[], count: number): number[] =>
    measures.maps.sheets.reduce(
      (sum, sheet) => sum.map((value, k) => value + pick(sheet)[k]!),
      new Array<number>(count).fill(0),
    );
  const fruin = add((sheet) => sheet.fruinTime, FRUIN_BANDS.length);
  const crowding = add((sheet) => sheet.crowdingTime, CROWDING_BANDS.length);
  const total = fruin.reduce((sum, value) => sum + value, 0);
  if (total === 0) return '';
  return section(
    'service',
    'How crowded it was for people',
    `<p>Share of the time that people spent inside (${formatNumber(total / 3600, 2)} person-hours), by the density at their own place.</p>
<div class="pair">${renderBands('Level of service, walkways (Fruin 1971)', FRUIN_BANDS, fruin)}${renderBands('Crowding (Still 2000; fluid: Fruin 1993)', CROWDING_BANDS, crowding)}</div>`,
  );
}

function renderBands(title: string, bands: readonly DensityBand[], times: readonly number[]): string {
  const total = times.reduce((sum, value) => sum + value, 0);
  const rows = bands
    .map((band, k) => {
      const share = times[k]! / total;
      const range =
        band.below === null
          ? `from ${formatNumber(band.from, 2)}`
          : band.from === 0
            ? `below ${formatNumber(band.below, 2)}`
            : `${formatNumber(band.from, 2)} to ${formatNumber(band.below, 2)}`;
      const color = pickHeatHex((k + 1) / bands.length);
      return `<tr><th scope="row" title="${escapeText(band.meaning)}">${escapeText(band.name)}</th><td class="range">${range}</td><td class="bar"><span style="width:${(share * 100).toFixed(1)}%;background:${color}"></span></td><td>${times[k] === 0 ? '0' : formatShare(share)}</td></tr>`;
    })
    .join('');
  return `<table class="bands"><caption>${title}</caption><thead><tr><th scope="col">Band</th><th scope="col">Density [1/m²]</th><th scope="col" colspan="2">Share of time</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function renderTimeline(measures: RunMeasures): string {
  const lines = composeTimeline(measures);
  if (lines.length === 0) return '';
  const items = lines
    .map(
      (line) =>
        `<li class="${line.weight}"><time>${formatTime(line.t)}</time> <span>${escapeText(tieUnits(line.text))}</span></li>`,
    )
    .join('\n');
  return section('timeline', 'What happened when', `<ol class="timeline">${items}</ol>`);
}

function renderSensitivity(study: SensitivityStudy | null): string {
  if (study === null || study.rows.length === 0) return '';
  const heads = SENSITIVITY_QUANTITIES.map((quantity) => `<th scope="col">${SENSITIVITY_HEADS[quantity]}</th>`).join(
    '',
  );
  const cellsOf = (format: typeof formatSpread, spreads: SensitivityStudy['all'], runs: number): string =>
    SENSITIVITY_QUANTITIES.map((quantity) => `<td>${tieUnits(format(quantity, spreads[quantity], runs))}</td>`).join(
      '',
    );
  const rows = study.rows.map((row) => {
    const [name, value] = nameSensitivityRow(study, row);
    return `<tr><th scope="row">${escapeText(name)}</th><td>${escapeText(tieUnits(value))}</td>${cellsOf(formatSpread, row.spreads, row.runs)}</tr>`;
  });
  const deduced = study.runs.filter((run) => run.deduced).length;
  const stopped =
    study.runs.length < study.planned
      ? `<p class="doubt">The study was stopped: ${formatCount(study.runs.length)} of ${formatCount(study.planned)} runs were done.</p>`
      : '';
  const ranked = rankParameters(study, 'evacuationTime')[0];
  const time =
    ranked === undefined
      ? ''
      : ` The time until everyone is out moves most with the ${escapeText(ranked.parameter.name)}, by ${formatTime(ranked.swing)}.`;
  const bases = study.parameters
    .map(
      ({ name, values, mark, basis }) =>
        `<tr><th scope="row">${escapeText(name)}</th><td>${escapeText(tieUnits(values.join(' … ')))}</td><td>${escapeText(mark)}</td><td>${escapeText(basis)}</td></tr>`,
    )
    .join('\n');
  return section(
    'sensitivity',
    'How far the numbers spread',
    `${stopped}<p>The scenario was run with each uncertain number of the model at both ends of the range that its sources leave open, one at a time, everything else as in the standard, with ${countOf(study.seeds.length, 'seed', 'seeds')} (${study.seeds.join(', ')}). Mean over the seeds, and in brackets the range.${time}</p>
<div class="scroll" role="region" aria-label="Sensitivity" tabindex="0"><table><thead><tr><th scope="col">Parameter</th><th scope="col">At</th>${heads}</tr></thead><tbody>${rows.join('\n')}
<tr><th scope="row">all runs</th><td></td>${cellsOf(formatRange, study.all, study.runs.length)}</tr></tbody></table></div>
<p class="note">Two parameters away from the standard at once can move a number farther than either alone; nobody’s ranges are limits.${deduced > 0 ? ` ${formatCount(deduced)} of the runs were not simulated: nobody was pressed hard enough for that parameter to change a bit of them.` : ''}</p>
<details><summary>What each range rests on</summary><div class="scroll" role="region" aria-label="Ranges" tabindex="0"><table><thead><tr><th scope="col">Parameter</th><th scope="col">Low … standard … high</th><th scope="col">Kind</th><th scope="col">Basis</th></tr></thead><tbody>${bases}</tbody></table></div>
<p class="note">Kinds: S from a publication, E fitted or measured, M quoted from memory, D a design value for which no data exist.</p></details>`,
  );
}

function renderUncertainty(measures: RunMeasures): string {
  const hurt = measures.casualties.length > 0;
  return section(
    'doubt',
    'How far to trust this',
    `<p>This is one run of a model. The same scenario and seed give the same run to the last bit; that makes it repeatable, not true. Patience, motivation and the time a lock takes are design values where nobody has measured them; they are in the scenario, so that they can be argued about and changed. Pushing forces, harm and falls are numbers of the model; <code>crashbar run FILE --sensitivity</code> tells what depends on them.</p>
<p>Bodies are round here: arches of people wedged sideways are not shown, and the effect that more haste can mean less speed at a narrow door does not come out. Friction of a long narrow crowd against its walls is neglected, so the load at its front is rather too high than too low.</p>
${measures.falls.falls === 0 ? '' : '<p>People fell. Bodies that lie have no height here: nothing limits a pile but who gets there, nobody is stopped by one, and lying bodies do not slide. Compare numbers of falls between variants; how deep a pile gets is not a prediction.</p>'}
${hurt ? '<p>Casualties were counted: read the paragraph below their table before you quote them.</p>' : `<p>Nobody was hurt in this run. That is a statement about this run: loads stayed below what the model takes as harmful (${HARM_LOAD} N for long enough), and that limit rests on few data.</p>`}`,
  );
}

function renderRepeat(measures: RunMeasures): string {
  const text = JSON.stringify(measures.scenario, null, 2) ?? 'null';
  const cut = text.length > SCENARIO_MAX;
  const shown = cut ? text.slice(0, SCENARIO_MAX) : text;
  const outcome = {
    running: 'still running, or stopped before its end was written',
    'everyone-out': 'everyone out',
    stalled: 'nobody got out or nearer to an exit for as long as the scenario allows',
    'time-over': 'the scenario’s time was over',
    interrupted: 'stopped by hand',
  }[measures.outcome];
  return section(
    'repeat',
    'Repeat this run',
    `<p>Save the scenario below as <code>scenario.json</code>. The same engine gives the same state hash on every machine.</p>
<pre class="commands"><code>crashbar run scenario.json --seed ${measures.seed}
crashbar replay RUN</code></pre>
<dl class="facts">
<dt>Scenario</dt><dd>${escapeText(measures.name)}</dd>
<dt>Seed</dt><dd>${measures.seed}</dd>
<dt>Engine</dt><dd>Crashbar ${escapeText(measures.engine)}</dd>
<dt>Scenario hash</dt><dd><code>${escapeText(measures.scenarioHash)}</code></dd>
<dt>State hash at the end</dt><dd>${measures.stateHash ? `<code>${escapeText(measures.stateHash)}</code>` : 'none: the run has not ended'}</dd>
<dt>Ended</dt><dd>at ${formatTime(measures.endTime)}: ${outcome}</dd>
<dt>Recorded</dt><dd>${formatCount(measures.frameCount)} frames, ${measures.frameRate} per second</dd>
</dl>
<details><summary>The scenario (${formatNumber(text.length / 1000, 2)} kB of JSON)</summary>
<pre><code>${escapeText(shown)}</code></pre>${cut ? `<p class="note">Cut after ${formatCount(SCENARIO_MAX)} characters; the whole scenario is in run.json.</p>` : ''}
</details>`,
  );
}
