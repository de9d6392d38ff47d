import type { AreaMeans, AreaMeasures, LineMeasures, TrackMeasures } from '../analysis/index.ts';
import { pickScaleEnd } from './color-scale.ts';
import { type ChartSeries, drawChart, niceEnd, SERIES_COLORS, thinSeries } from './draw-chart.ts';
import { drawHeatLegend, drawPlan, type HeatLayer } from './draw-plan.ts';
import {
  countOf,
  escapeText,
  formatCount,
  formatNumber,
  formatShare,
  formatTime,
  shortenText,
  tieUnits,
} from './format-value.ts';
import { nameDrawing, renderPage, section } from './page.ts';
import { makeTable } from './render-csv.ts';

/** Lines and areas that get a colour of their own and a row; the rest is counted. */
const PLACES_MAX = 30;
/** Points of a line in a chart. */
const POINTS_MAX = 500;
/** Dots of the fundamental diagram; one every half second as far as that goes. */
const DOTS_MAX = 600;

const LINE_COLOR = '#0072b2';
const AREA_COLOR = '#0a7d5a';

/**
 * The first sentence of a report of measured trajectories, without its full stop: the flow at the first line where there
 * is one, else how many people in what time and how dense.
 */
export function headlineTracks(measures: TrackMeasures): string {
  const line = measures.lines[0];
  if (line !== undefined && line.flow.count > 0) {
    const people = countOf(line.flow.count, 'person', 'people');
    const flow = line.flow.flowMiddle ?? line.flow.flowWhole;
    if (flow === null) return `${people} passed ${line.name}`;
    const specific = flow / line.length;
    const stretch = line.flow.flowMiddle === null ? '' : ', the middle 80 % of them';
    return `${people} passed ${line.name}${stretch} at ${formatNumber(flow, 3)} a second, ${formatNumber(specific, 3)} a second and metre`;
  }
  const peak = measures.maps.sheets[0]?.densityHighest;
  const time = formatTime(measures.end - measures.start);
  const dense = peak ? `, at most ${formatNumber(peak.value, 2)} a square metre` : '';
  return `${countOf(measures.persons, 'person', 'people')} in ${time}${dense}`;
}

/** The report of measured trajectories as one self-contained HTML page, like a run's. The same measures give the same bytes. */
export function renderTracksReport(measures: TrackMeasures, engine: string): string {
  return renderPage(`${measures.name}: ${headlineTracks(measures)}`, engine, [
    renderHead(measures),
    renderCards(measures),
    renderLines(measures),
    renderAreas(measures),
    renderFundamental(measures),
    renderPlans(measures),
    renderPresent(measures),
    renderMethod(measures, engine),
  ]);
}

function renderHead(measures: TrackMeasures): string {
  const floor = {
    given: '',
    file: '',
    hull: '<p class="doubt"><strong>No walls are known.</strong> The floor is the convex hull of all positions: densities near its edge are too high, and cells reach through walls. Name the plan with <code>--geometry</code>.</p>\n',
  }[measures.floorSource];
  const off =
    measures.offFloor !== null && measures.offFloor > 0.01
      ? `<p class="doubt"><strong>${formatShare(measures.offFloor)} of the positions lie off the floor.</strong> The plan and the trajectories may not belong together, or the plan ends before the recording does.</p>\n`
      : '';
  const notes =
    measures.notes.length === 0
      ? ''
      : `<ul class="note">${measures.notes.map((note) => `<li>${escapeText(note)}</li>`).join('')}</ul>\n`;
  return `<header>
<p class="kicker">${escapeText(measures.name)}</p>
<h1>${markName(headlineTracks(measures), measures.lines[0]?.name)}.</h1>
${floor}${off}${notes}<p class="note">Measured from ${escapeText(measures.source)}, by the definitions that runs are measured by.</p>
</header>`;
}

/** A sentence as markup, with the name that a user gave in it set off. */
function markName(sentence: string, name: string | undefined): string {
  const at = name === undefined ? -1 : sentence.indexOf(name);
  if (name === undefined || at < 0) return escapeText(tieUnits(sentence));
  const after = sentence.slice(at + name.length);
  return `${escapeText(tieUnits(sentence.slice(0, at)))}<em>${escapeText(name)}</em>${escapeText(tieUnits(after))}`;
}

function renderCards(measures: TrackMeasures): string {
  const cards: [string, string, string][] = [
    ['People', formatCount(measures.persons), `${formatCount(measures.rows)} positions`],
    [
      'Recorded',
      formatTime(measures.end - measures.start),
      `${Number(measures.frameRate.toPrecision(4))} frames a second`,
    ],
  ];
  for (const line of measures.lines.slice(0, 2)) {
    const flow = line.flow.flowMiddle ?? line.flow.flowWhole;
    if (flow === null) continue;
    cards.push([
      `Flow, ${escapeText(shortenText(line.name, 24))}`,
      `${formatNumber(flow, 3)} /s`,
      `${formatNumber(flow / line.length, 3)} /(m·s) over ${formatNumber(line.length, 3)} m`,
    ]);
  }
  for (const area of measures.areas.slice(0, 2)) {
    const means = area.middle ?? area.whole;
    cards.push([
      `Density, ${escapeText(shortenText(area.name, 24))}`,
      `${formatNumber(means.voronoi, 3)} /m²`,
      `Voronoi; classic ${formatNumber(means.classic, 3)} /m²`,
    ]);
  }
  const peak = measures.maps.sheets[0]?.densityHighest;
  if (peak) cards.push(['Highest density', `${formatNumber(peak.value, 2)} /m²`, `at ${formatTime(peak.t)}, anywhere`]);
  if (measures.speeds) {
    const { low10, median, high90 } = measures.speeds;
    cards.push([
      'Median speed',
      `${formatNumber(median, 2)} m/s`,
      `10 to 90 %: ${formatNumber(low10, 2)} to ${formatNumber(high90, 2)}`,
    ]);
  }
  const items = cards
    .map(
      ([label, value, note]) =>
        `<div class="card"><dt>${label}</dt><dd>${tieUnits(value)}<small>${tieUnits(note)}</small></dd></div>`,
    )
    .join('\n');
  return `<section aria-label="Key numbers"><dl class="cards">${items}</dl></section>`;
}

interface Figure {
  readonly id: string;
  readonly label: string;
  readonly xName: string;
  readonly yName: string;
  readonly xMin?: number;
  readonly xMax: number;
  readonly yMax: number;
}

/** A chart in a wide and a narrow drawing, with its key above. */
function renderChart(series: readonly ChartSeries[], figure: Figure): string {
  const key = `<figcaption class="keys">${series.map(renderKey).join(' ')}</figcaption>`;
  const draw = (width: number, height: number, size: string): string =>
    nameDrawing(drawChart(series, { ...figure, width, height, idPrefix: `${figure.id}-${size}` }), figure.label);
  return `<figure class="chart">${key}<div class="wide">${draw(900, 320, 'wide')}</div><div class="narrow">${draw(350, 300, 'narrow')}</div></figure>`;
}

function renderKey({ name, color, kind, dashed, size }: ChartSeries): string {
  const mark =
    kind === 'dots'
      ? `<svg width="12" height="12" aria-hidden="true"><circle cx="6" cy="6" r="4" fill="${color}" fill-opacity="0.7"/></svg>`
      : `<svg width="28" height="8" aria-hidden="true"><path d="M0 4H28" stroke="${color}" stroke-width="${size}"${dashed ? ' stroke-dasharray="6 4"' : ''}/></svg>`;
  return `<span class="mark">${mark}<span>${escapeText(shortenText(name, 40))}</span></span>`;
}

const colorOf = (index: number): string => SERIES_COLORS[index % SERIES_COLORS.length]!;
const number = (value: number | null, digits = 3): string => (value === null ? '–' : formatNumber(value, digits));

function renderLines(measures: TrackMeasures): string {
  const { lines, end, start } = measures;
  if (lines.length === 0) return '';
  const most = lines.reduce((top, line) => Math.max(top, line.flow.count), 1);
  const series = lines.slice(0, SERIES_COLORS.length).map(
    (line, k): ChartSeries => ({
      name: line.name,
      color: colorOf(k),
      kind: 'steps',
      size: 2,
      points: [
        [start, 0],
        ...thinSeries(
          line.times.map((t, n): [number, number] => [t, n + 1]),
          POINTS_MAX,
        ),
        [end, line.times.length],
      ],
    }),
  );
  const chart = renderChart(series, {
    id: 'passed',
    label: `People who had passed each line over time, up to ${formatCount(most)}.`,
    xName: 'time [s]',
    yName: 'people',
    xMin: Math.floor(start),
    xMax: Math.max(start + 1, end),
    yMax: niceEnd(most),
  });
  const rows = lines.slice(0, PLACES_MAX).map(renderLineRow).join('\n');
  const more =
    lines.length > PLACES_MAX ? `<p class="note">and ${formatCount(lines.length - PLACES_MAX)} more.</p>` : '';
  return section(
    'flow',
    'Who passed when',
    `${chart}
<div class="scroll" role="region" aria-label="Lines" tabindex="0"><table class="places"><thead><tr><th scope="col">Line</th><th scope="col">Length [m]</th><th scope="col">People</th><th scope="col">First, last</th><th scope="col">Flow, middle 80 % [1/s]</th><th scope="col">whole [1/s]</th><th scope="col">Specific flow, middle 80 % [1/(m·s)]</th><th scope="col">Gaps: median, 90 %, longest [s]</th><th scope="col">Crossings →, ←</th></tr></thead><tbody>${rows}</tbody></table></div>${more}
<p class="note">People: different persons, at their first crossing. Flow: (n − 1) / (time from the first to the last of n people); of the middle 80 %, without the first and last tenth of them, while the crowd gathers and thins. Crossings: all, from left to right of the line as seen from its first end, and back.</p>`,
  );
}

function renderLineRow({ name, length, flow, forward, back }: LineMeasures): string {
  const times = flow.first === null ? '–' : `${formatTime(flow.first)}, ${formatTime(flow.last!)}`;
  return `<tr><th scope="row">${escapeText(name)}</th><td>${formatNumber(length, 3)}</td><td>${formatCount(flow.count)}</td><td>${tieUnits(times)}</td><td>${number(flow.flowMiddle)}</td><td>${number(flow.flowWhole)}</td><td>${number(flow.specificFlowMiddle)}</td><td>${number(flow.gapMedian, 2)}, ${number(flow.gap90, 2)}, ${number(flow.gapMax, 2)}</td><td>${formatCount(forward)}, ${formatCount(back)}</td></tr>`;
}

function renderAreas(measures: TrackMeasures): string {
  const { areas, start, end } = measures;
  if (areas.length === 0) return '';
  const figures = areas.slice(0, 6).map((area, k) => renderAreaChart(area, k, start, end, areas.length > 1));
  const rows = areas
    .slice(0, PLACES_MAX)
    .flatMap((area) => [
      ...(area.middle === null ? [] : [renderMeansRow(area, area.middle, 'middle 80 %')]),
      renderMeansRow(area, area.whole, 'all frames'),
    ])
    .join('\n');
  return section(
    'density',
    'How dense it was',
    `${figures.join('\n')}
<div class="scroll" role="region" aria-label="Areas" tabindex="0"><table class="places"><thead><tr><th scope="col">Area</th><th scope="col">Size [m²]</th><th scope="col">From, until</th><th scope="col">Voronoi density [1/m²]</th><th scope="col">Classic density [1/m²]</th><th scope="col">Voronoi speed [m/s]</th><th scope="col">Mean speed [m/s]</th><th scope="col">Highest Voronoi density [1/m²]</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="note">Means over ${measures.stride === 1 ? 'every frame' : `every ${measures.stride}th frame`}. Middle 80 %: while the middle 80 % of the people pass ${measures.lines[0] ? escapeText(measures.lines[0].name) : 'the first line'}.</p>`,
  );
}

function renderAreaChart(area: AreaMeasures, index: number, start: number, end: number, named: boolean): string {
  const pick = (values: readonly number[]): [number, number][] =>
    thinSeries(
      area.t.map((t, k): [number, number] => [t, values[k]!]),
      POINTS_MAX,
    );
  const most = Math.max(0.1, ...area.voronoi, ...area.classic);
  const chart = renderChart(
    [
      { name: 'classic density', color: '#b8b8b8', kind: 'line', size: 1, points: pick(area.classic) },
      { name: 'Voronoi density', color: SERIES_COLORS[0], kind: 'line', size: 2, points: pick(area.voronoi) },
    ],
    {
      id: `area-${index}`,
      label: `Density over time in an area, up to ${formatNumber(most, 2)} people per square metre.`,
      xName: 'time [s]',
      yName: 'density [1/m²]',
      xMin: Math.floor(start),
      xMax: Math.max(start + 1, end),
      yMax: niceEnd(most),
    },
  );
  return named ? `<h3>${escapeText(area.name)}</h3>${chart}` : chart;
}

function renderMeansRow(area: AreaMeasures, means: AreaMeans, stretch: string): string {
  const highest =
    area.highest === null ? '–' : `${formatNumber(area.highest.value, 3)} at ${formatTime(area.highest.t)}`;
  return `<tr><th scope="row">${escapeText(area.name)}<small>${stretch}</small></th><td>${formatNumber(area.size, 3)}</td><td>${tieUnits(`${formatTime(means.from)}, ${formatTime(means.until)}`)}</td><td>${formatNumber(means.voronoi, 3)}</td><td>${formatNumber(means.classic, 3)}</td><td>${number(means.voronoiSpeed)}</td><td>${number(means.speed)}</td><td>${tieUnits(highest)}</td></tr>`;
}

/** Speed over density after Weidmann [m/s]. @source Weidmann 1993, Transporttechnik der Fussgänger, eq. 3.10 (plain) */
function weidmannSpeed(density: number): number {
  return density <= 0 ? 1.34 : Math.max(0, 1.34 * (1 - Math.exp(-1.913 * (1 / density - 1 / 5.4))));
}

function renderFundamental(measures: TrackMeasures): string {
  const areas = measures.areas.slice(0, SERIES_COLORS.length);
  const sets = areas.map((area): [number, number][] => {
    const step = area.t.length > 1 ? area.t[1]! - area.t[0]! : 1;
    const every = Math.max(1, Math.round(0.5 / step));
    return thinSeries(
      area.t.flatMap((_, k): [number, number][] => {
        const speed = area.voronoiSpeed[k];
        return k % every !== 0 || speed === null || speed === undefined || area.voronoi[k]! <= 0
          ? []
          : [[area.voronoi[k]!, speed]];
      }),
      DOTS_MAX,
    );
  });
  if (sets.every((set) => set.length === 0)) return '';
  const all = sets.flat();
  const xMax = niceEnd(Math.max(...all.map(([density]) => density), 1));
  const yMax = niceEnd(Math.max(...all.map(([, speed]) => speed), 1.4));
  const curve = Array.from({ length: 100 }, (_, k): [number, number] => {
    const density = ((k + 1) / 100) * Math.min(xMax, 5.4);
    return [density, weidmannSpeed(density)];
  });
  const series: ChartSeries[] = [
    { name: 'Weidmann 1993', color: '#777', kind: 'line', dashed: true, size: 1.5, points: curve },
    ...areas.map(
      (area, k): ChartSeries => ({ name: area.name, color: colorOf(k), kind: 'dots', size: 6, points: sets[k]! }),
    ),
  ];
  const chart = renderChart(series, {
    id: 'fundamental',
    label: `Speed over density: ${formatCount(all.length)} samples of the areas, and Weidmann's curve.`,
    xName: 'Voronoi density [1/m²]',
    yName: 'Voronoi speed [m/s]',
    xMax,
    yMax,
  });
  return section(
    'fundamental',
    'Speed and density',
    `${chart}
<p class="note">One dot every half second in which anybody's cell meets the area. Dots of a crowd that gathers or thins are among them: a fundamental diagram is read from steady states.</p>`,
  );
}

function drawPlaces(measures: TrackMeasures): (toX: (x: number) => number, toY: (y: number) => number) => string {
  return (toX, toY) => {
    const label = (name: string, x: number, y: number, color: string): string =>
      `<text x="${toX(x)}" y="${Math.round(toY(y) * 10) / 10 - 6}" text-anchor="middle" font-weight="650" fill="${color}" stroke="#fff" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">${escapeText(shortenText(name, 24))}</text>`;
    const areas = measures.areas.map(({ name, ring }) => {
      const points = ring.map(([x, y]) => `${toX(x)},${toY(y)}`).join(' ');
      const bottom = Math.min(...ring.map(([, y]) => y));
      const middle = ring.reduce((sum, [x]) => sum + x, 0) / ring.length;
      return `<polygon points="${points}" fill="none" stroke="#fff" stroke-width="4"/><polygon points="${points}" fill="none" stroke="${AREA_COLOR}" stroke-width="2" stroke-dasharray="6 3"/>${label(name, middle, bottom, AREA_COLOR)}`;
    });
    const lines = measures.lines.map(({ name, line: [[ax, ay], [bx, by]] }) => {
      const ends = `x1="${toX(ax)}" y1="${toY(ay)}" x2="${toX(bx)}" y2="${toY(by)}"`;
      return `<line ${ends} stroke="#fff" stroke-width="6"/><line ${ends} stroke="${LINE_COLOR}" stroke-width="3"/>${label(name, (ax + bx) / 2, (ay + by) / 2, LINE_COLOR)}`;
    });
    return [...areas, ...lines].join('');
  };
}

function renderPlans(measures: TrackMeasures): string {
  const sheet = measures.maps.sheets[0];
  if (sheet === undefined || sheet.densityHighest === null) return '';
  const { grid, densityHighest: peak } = sheet;
  const corners = measures.sheets[0]!.polygons.flat(2);
  const wideBox =
    corners.length > 0 &&
    (Math.max(...corners.map(([x]) => x)) - Math.min(...corners.map(([x]) => x)) + 2) /
      (Math.max(...corners.map(([, y]) => y)) - Math.min(...corners.map(([, y]) => y)) + 2) >
      1.7;
  const width = wideBox ? 900 : 560;
  const heightMax = wideBox ? 620 : 640;
  const densityEnd = pickScaleEnd([2, 4, 6, 8, 10, 12], peak.value);
  const speedMost = sheet.speedMean.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const speedEnd = pickScaleEnd([0.4, 1, 2, 4, 8], speedMost);
  const meanMost = sheet.densityMean.reduce((most, value) => Math.max(most, value), 0);
  const meanEnd = pickScaleEnd([0.5, 1, 2, 4, 6, 8, 10], meanMost);
  const scene = { ...measures, portals: [], planPortals: [], casualties: [], casualtyPlaces: [], notOut: [] };
  const draw = (id: string, caption: string, heat: HeatLayer): string =>
    `<figure><figcaption>${tieUnits(caption)}</figcaption>
<div class="scroll" role="region" aria-label="Plan: ${escapeText(caption)}" tabindex="0">${drawPlan(scene, 0, { width, heightMax, idPrefix: id, title: caption, heat, overlay: drawPlaces(measures) })}</div></figure>`;
  const plans = [
    draw('peak', `Highest density at any time: ${formatNumber(peak.value, 2)} /m² at ${formatTime(peak.t)}`, {
      values: sheet.densityPeak,
      grid,
      end: densityEnd,
      from: densityEnd / 32,
      smooth: true,
    }),
    draw('mean', 'Mean density over the whole recording', {
      values: sheet.densityMean,
      grid,
      end: meanEnd,
      from: meanEnd / 50,
      smooth: true,
    }),
    draw('speed', 'Mean speed of those who were there', {
      values: sheet.speedMean.map((speed) => speed ?? -1),
      grid,
      end: speedEnd,
      from: 0,
      smooth: false,
    }),
  ];
  const ticks = (end: number): number[] => Array.from({ length: 5 }, (_, k) => Number(((k * end) / 4).toPrecision(3)));
  const legends = [
    drawHeatLegend({
      label: 'Highest density [1/m²]',
      end: densityEnd,
      ticks: ticks(densityEnd),
      marks: [{ value: 5, text: 'congested from 5' }],
      highest: peak.value,
    }),
    drawHeatLegend({ label: 'Mean density [1/m²]', end: meanEnd, ticks: ticks(meanEnd), marks: [], highest: meanMost }),
    drawHeatLegend({ label: 'Mean speed [m/s]', end: speedEnd, ticks: ticks(speedEnd), marks: [], highest: speedMost }),
  ];
  return section(
    'plans',
    'Where it got tight',
    `<div class="legends">${legends.join('')}</div>
<div class="plans${wideBox ? ' stacked' : ''}">${plans.join('\n')}</div>
<p class="note">Density is a kernel estimate (σ ${formatNumber(measures.maps.sigma, 2)} m, no mass through walls) sampled every ${formatTime(measures.maps.sampleInterval)} on cells of ${formatNumber(measures.maps.cell, 2)} m, as in the report of a run.</p>`,
  );
}

function renderPresent({ present, start, end }: TrackMeasures): string {
  if (present.t.length < 2) return '';
  const most = Math.max(1, ...present.persons);
  const chart = renderChart(
    [
      {
        name: 'people in the record',
        color: '#1b1b1b',
        kind: 'line',
        size: 2,
        points: present.t.map((t, k) => [t, present.persons[k]!]),
      },
    ],
    {
      id: 'present',
      label: `People in the record over time, up to ${formatCount(most)}.`,
      xName: 'time [s]',
      yName: 'people',
      xMin: Math.floor(start),
      xMax: Math.max(start + 1, end),
      yMax: niceEnd(most),
    },
  );
  return section('present', 'How many were in view', chart);
}

function renderMethod(measures: TrackMeasures, engine: string): string {
  const coordinates = (points: readonly (readonly [number, number])[]): string =>
    points.map(([x, y]) => `${Number(x.toFixed(4))},${Number(y.toFixed(4))}`).join(' ');
  const floor = {
    given: 'of the plan given',
    file: 'of the trajectories’ own file',
    hull: 'convex hull of all positions',
  }[measures.floorSource];
  const places = [
    ...measures.lines.map(
      ({ name, line }) => `<dt>${escapeText(name)}</dt><dd><code>--line "${coordinates(line)}"</code></dd>`,
    ),
    ...measures.areas.map(
      ({ name, ring }) => `<dt>${escapeText(name)}</dt><dd><code>--area "${coordinates(ring)}"</code></dd>`,
    ),
  ].join('\n');
  const cut =
    measures.cutOff === null
      ? 'walls and neighbours alone bound a cell'
      : `cells reach ${formatNumber(measures.cutOff, 3)} m at most`;
  return section(
    'method',
    'How it was measured',
    `<dl class="facts">
<dt>Trajectories</dt><dd>${escapeText(measures.source)}</dd>
<dt>Floor</dt><dd>${floor}, ${formatNumber(measures.floorArea, 4)} m²</dd>
${places}
<dt>Crossings</dt><dd>by straight steps between frames; a person who touches the line and turns back has not crossed</dd>
<dt>Classic density</dt><dd>people inside / area, a person on the edge is inside</dd>
<dt>Voronoi density</dt><dd>Σ share of each person's cell inside / area (Steffen and Seyfried 2010, doi:10.1016/j.physa.2009.12.015); ${cut}; of a cell that a wall parts, the person's side counts</dd>
<dt>Speed</dt><dd>way from ${formatNumber(measures.speedTime, 2)} s before to ${formatNumber(measures.speedTime, 2)} s after / time; one-sided at the ends of a track</dd>
<dt>Voronoi speed</dt><dd>Σ speed · (cell inside) / area</dd>
<dt>Measured by</dt><dd>Crashbar ${escapeText(engine)}</dd>
</dl>`,
  );
}

/** The report as Markdown: the headline, the lines, the areas. */
export function renderTracksMarkdown(measures: TrackMeasures): string {
  const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
  const lines = [
    `# ${cell(headlineTracks(measures))}.`,
    '',
    `${cell(measures.name)}: ${countOf(measures.persons, 'person', 'people')}, ${formatTime(measures.end - measures.start)}, ${Number(measures.frameRate.toPrecision(4))} frames a second. Measured from ${cell(measures.source)}.`,
    ...(measures.floorSource === 'hull'
      ? ['', '**No walls are known**: the floor is the convex hull of all positions.']
      : []),
    ...measures.notes.map((note) => `\n${cell(note)}`),
  ];
  if (measures.lines.length > 0) {
    lines.push(
      '',
      '| line | length [m] | people | flow, middle 80 % [1/s] | whole [1/s] | specific, middle 80 % [1/(m·s)] |',
      '|---|---|---|---|---|---|',
    );
    for (const { name, length, flow } of measures.lines) {
      lines.push(
        `| ${cell(name)} | ${formatNumber(length, 3)} | ${flow.count} | ${number(flow.flowMiddle)} | ${number(flow.flowWhole)} | ${number(flow.specificFlowMiddle)} |`,
      );
    }
  }
  if (measures.areas.length > 0) {
    lines.push(
      '',
      '| area | stretch | Voronoi [1/m²] | classic [1/m²] | Voronoi speed [m/s] | mean speed [m/s] |',
      '|---|---|---|---|---|---|',
    );
    for (const { name, middle, whole } of measures.areas) {
      for (const [stretch, means] of [
        ['middle 80 %', middle],
        ['all frames', whole],
      ] as const) {
        if (means === null) continue;
        lines.push(
          `| ${cell(name)} | ${stretch} | ${number(means.voronoi)} | ${number(means.classic)} | ${number(means.voronoiSpeed)} | ${number(means.speed)} |`,
        );
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** N–t curves, a line a person and line passed: `line, time_s, passed, person`. */
export function renderPassedCsv(measures: TrackMeasures): string {
  const rows = measures.lines.flatMap(({ name, times, persons }) => times.map((t, k) => [name, t, k + 1, persons[k]!]));
  return makeTable(['line', 'time_s', 'passed', 'person'], rows);
}

/** Density and speed of every area, a line a sample. */
export function renderAreasCsv(measures: TrackMeasures): string {
  const rows = measures.areas.flatMap((area) =>
    area.t.map((t, k) => [area.name, t, area.classic[k]!, area.voronoi[k]!, area.speed[k]!, area.voronoiSpeed[k]!]),
  );
  return makeTable(
    ['area', 'time_s', 'density_classic_per_m2', 'density_voronoi_per_m2', 'speed_mean_m_s', 'speed_voronoi_m_s'],
    rows,
  );
}
