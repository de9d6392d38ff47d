/** results.html: one page with small plots, drawn on the server; no script, nothing loaded. */
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { scenesOf } from './cases.mjs';
import {
  HERMES_TIMES,
  ITAEWON,
  OPEN_CORRIDOR,
  POOLED_CORRIDOR,
  PUBLISHED_FLOWS,
  PUSHED_ROWS,
  SINGLE_FILE,
  STAIRS,
} from './published.mjs';
import { countVerdicts, formatBand, formatValue } from './render.mjs';

use([LineChart, ScatterChart, GridComponent, LegendComponent, SVGRenderer]);

const OURS = '#d55e00';
const GREYS = ['#0072b2', '#009e73', '#cc79a7', '#56b4e9', '#8a6d3b', '#666666', '#b8860b'];
const escapeText = (text) =>
  String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

let drawn = 0;
function draw(option, width, height) {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, textStyle: { fontFamily: 'sans-serif' }, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  drawn++;
  // Ids come from counters of the whole process: they get names of this drawing; the mouse's classes and style go.
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ class="[^"]*"/g, '')
    .replace(/zr\d+-/g, `plot${drawn}-`);
}

const axis = (name, more = {}) => ({
  type: 'value',
  name,
  nameLocation: 'middle',
  nameGap: 26,
  axisLine: { show: true },
  ...more,
});

/** Two lines with the ground between them filled. */
const bandSeries = (name, points, color) => [
  {
    name,
    type: 'line',
    stack: name,
    symbol: 'none',
    lineStyle: { width: 0.5, color },
    itemStyle: { color },
    data: points.map(([x, low]) => [x, low]),
  },
  {
    name,
    type: 'line',
    stack: name,
    symbol: 'none',
    lineStyle: { width: 0.5, color },
    itemStyle: { color },
    areaStyle: { color, opacity: 0.15 },
    data: points.map(([x, low, high]) => [x, high - low]),
  },
];
const curve = (name, color, points) => ({
  name,
  type: 'line',
  symbol: 'none',
  color,
  lineStyle: { width: 1.5, color },
  data: points,
});
const dots = (name, color, points, symbolSize = 7, symbol = 'circle') => ({
  name,
  type: 'scatter',
  color,
  symbolSize,
  symbol,
  data: points.filter((point) => point.every(Number.isFinite)),
});

const range = (from, to, step) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, k) => from + k * step);
const kladek = (v0, gamma, densityMax) =>
  range(0.15, densityMax, 0.05).map((density) => [
    density,
    v0 * (1 - Math.exp(-gamma * (1 / density - 1 / densityMax))),
  ]);

/** What one measure observed, by scene and seed, in order. */
function observedOf(results, name, index) {
  const one = results.find((result) => result.name === name);
  if (one === undefined) return [];
  const { measure, observed } = one.measures[index];
  // Jobs end in any order.
  const seeds = [...observed.keys()].sort((a, b) => a - b);
  return seeds.flatMap((seed) => scenesOf(one, measure).map((scene) => ({ value: observed.get(seed).get(scene) })));
}

const pointsOf = (results, name, index) =>
  observedOf(results, name, index)
    .filter(({ value }) => value !== null)
    .map(({ value }) => [value.density, value.speed]);

/** What measures of a case observed whose name passes `wanted`: scene, seed and value, in order. */
function observedBy(results, name, wanted) {
  const one = results.find((result) => result.name === name);
  return (one?.measures ?? [])
    .filter(({ measure }) => wanted(measure.name))
    .flatMap(({ measure, observed }) =>
      [...observed.keys()]
        .sort((a, b) => a - b)
        .flatMap((seed) =>
          scenesOf(one, measure).map((scene) => ({ scene, seed, value: observed.get(seed).get(scene) })),
        ),
    )
    .filter(({ value }) => value !== null && value !== undefined);
}

const plot = (xAxis, yAxis, series, top = 50) =>
  draw({ legend: { top: 0 }, grid: { left: 45, right: 15, top, bottom: 40 }, xAxis, yAxis, series }, 560, 380);

function drawStairs(results) {
  const points = (direction) =>
    observedBy(results, 'rimea-13-stair-speed', (name) => name.startsWith(`${direction}:`)).map(({ value }) => [
      value.density,
      value.speed,
    ]);
  return plot(axis('density [1/m²]', { max: 2 }), axis('speed in the plan [m/s]'), [
    ...bandSeries('Corbetta, down', STAIRS.down, GREYS[0]),
    ...bandSeries('Corbetta, up', STAIRS.up, GREYS[1]),
    dots('Crashbar, down', OURS, points('down')),
    dots('Crashbar, up', '#000000', points('up'), 7, 'triangle'),
  ]);
}

/** Times of the log ± 10 % as bands, and ours: `ours` has [name, colour, points]. */
const drawTimes = (label, names, ours) =>
  plot(
    axis(label),
    axis('time [s]'),
    [
      ...names.flatMap((name, k) =>
        bandSeries(
          `log, ${name}`,
          HERMES_TIMES[name].map(([width, time]) => [width, 0.9 * time, 1.1 * time]),
          GREYS[k],
        ),
      ),
      ...ours.map(([name, color, points]) => dots(name, color, points)),
    ],
    90,
  );

function drawWideExits(results) {
  const points = (mode) =>
    observedBy(results, 'hermes-wide-exits', (name) => name.startsWith(`${mode}: time`)).map(({ scene, value }) => [
      Number.parseFloat(scene.split(', ')[1]),
      value,
    ]);
  return drawTimes(
    'width of the exit [m]',
    ['exit, 400 persons'],
    [
      ['Crashbar, calm', OURS, points('calm')],
      ['Crashbar, hurried', '#000000', points('hurried')],
    ],
  );
}

function drawOutlets(results) {
  const points = (corridor) =>
    observedBy(results, 'hermes-outlets', (name) => name.startsWith(corridor) && name.endsWith(': time')).map(
      ({ scene, value }) => [Number.parseFloat(scene.split(' to ')[1]), value],
    );
  return drawTimes(
    'width of the outlet [m]',
    ['3.0 m corridor, outlet', '1.8 m corridor, outlet'],
    [
      ['Crashbar, 3.0 m', OURS, points('3.0')],
      ['Crashbar, 1.8 m', '#000000', points('1.8')],
    ],
  );
}

function drawCorners(results) {
  const points = (start, least, most) =>
    observedBy(results, 'hermes-corner-and-t', (name) => name.startsWith(start))
      .map(({ scene, value }) => [Number.parseFloat(scene.split(' ')[1]), value])
      .filter(([width]) => width >= least && width <= most);
  return drawTimes(
    'width of the inlet [m]',
    ['corner, 50 persons, inlet', 'corner, 100 persons, inlet', 'T, 300 persons, inlets'],
    [
      ['Crashbar, corner', OURS, points('corner', 0, 9)],
      ['Crashbar, T', '#000000', points('T', 1, 9)],
    ],
  );
}

function drawPush(results) {
  const points = (start) =>
    observedBy(results, 'push-row', (name) => name.startsWith(`${start}: speed`)).flatMap(({ value }) =>
      value.points.map(([t, x]) => [t - value.points[0][0], x - value.points[0][1]]),
    );
  return plot(
    axis('time since the first was moved [s]'),
    axis('place along the row [m]'),
    [
      ...Object.entries(PUSHED_ROWS).map(([name, row], k) => curve(`Feldmann & Adrian, ${name}`, GREYS[k], row)),
      dots('Crashbar, chest depth', OURS, points('chest depth')),
      dots('Crashbar, discs of women', '#000000', points('discs of women'), 7, 'triangle'),
    ],
    90,
  );
}

function drawColumn(results) {
  const points = observedBy(results, 'column-against-door', (name) => name.includes('2.2 kN')).map(({ value }) => [
    2.2,
    value,
  ]);
  points.push(
    ...observedBy(results, 'column-against-door', (name) => name.includes('5.5 kN')).map(({ value }) => [5.5, value]),
  );
  return plot(axis('chest load [kN]', { max: 6 }), axis('density [1/m²]', { min: 7 }), [
    ...bandSeries('Itaewon inquiry', ITAEWON, GREYS[0]),
    dots('Crashbar', OURS, points),
  ]);
}

function drawMotivation(results) {
  const points = (start) =>
    observedBy(results, 'motivation-sweep', (name) => name.startsWith(start)).map(({ scene, value }) => [
      Number.parseFloat(scene.split(' ')[1]),
      value,
    ]);
  return plot(axis('motivation'), axis('flow [1/s], density [1/m²]'), [
    dots('flow through 1.0 m', OURS, points('least rise of flow')),
    dots('density in the last square metre', '#000000', points('least rise of density'), 7, 'triangle'),
  ]);
}

function drawFundamental(results) {
  const points = pointsOf(results, 'rimea-04-fundamental-diagram', 1);
  return draw(
    {
      legend: { top: 0 },
      grid: { left: 45, right: 15, top: 50, bottom: 40 },
      xAxis: axis('density [1/m²]', { max: 5 }),
      yAxis: axis('speed [m/s]'),
      series: [
        ...bandSeries('Jülich open, p10–p90', OPEN_CORRIDOR, GREYS[0]),
        curve('Weidmann', GREYS[5], kladek(1.34, 1.913, 5.4)),
        curve('Jülich pooled', GREYS[1], kladek(...POOLED_CORRIDOR)),
        dots('Crashbar', OURS, points),
      ],
    },
    560,
    380,
  );
}

function drawSingleFile(results) {
  const points = pointsOf(results, 'rimea-16-single-file', 0);
  return draw(
    {
      legend: { top: 0 },
      grid: { left: 45, right: 15, top: 50, bottom: 40 },
      xAxis: axis('density [1/m]', { max: 2.5 }),
      yAxis: axis('speed [m/s]'),
      series: [...bandSeries('experiments, p10–p90', SINGLE_FILE, GREYS[0]), dots('Crashbar', OURS, points)],
    },
    560,
    380,
  );
}

function drawBottlenecks(results) {
  const flows = (name, index, width, scale) =>
    observedOf(results, name, index).map(({ value }) => [width, value === null ? null : value * scale]);
  const of = (name) => results.find((result) => result.name === name)?.measures ?? [];
  const specific = (name, start) =>
    of(name).flatMap(({ measure }, index) => {
      const width = Number.parseFloat(measure.name.replace('hurried, ', ''));
      return measure.kind === 'specific-flow' && measure.name.startsWith(start) ? flows(name, index, width, width) : [];
    });
  return draw(
    {
      legend: { top: 0 },
      grid: { left: 45, right: 15, top: 90, bottom: 40 },
      xAxis: axis('width [m]', { max: 3.2 }),
      yAxis: axis('flow [1/s]'),
      series: [
        ...Object.entries(PUBLISHED_FLOWS).map(([name, points], k) =>
          dots(name, GREYS[k % GREYS.length], points, 6, ['diamond', 'rect', 'triangle'][k % 3]),
        ),
        dots('Crashbar, calm', OURS, [...specific('bottleneck-calm', ''), ...flows('hermes-3.0-m', 0, 3, 1)], 8),
        dots(
          'Crashbar, hurried',
          '#000000',
          [...specific('door-pressed', 'hurried'), ...flows('crowdqueue-0.5-m', 0, 0.5, 1)],
          8,
        ),
      ],
    },
    560,
    420,
  );
}

/** A measure's seeds over its band. */
function drawStrip({ band: [low, high] }, { values }) {
  const known = values.filter((value) => Number.isFinite(value));
  const all = [...known, low, high].filter((value) => value !== null);
  const least = Math.min(...all);
  const most = Math.max(...all);
  const margin = (most - least || Math.abs(most) || 1) * 0.25;
  const [from, to] = [least - margin, most + margin];
  const place = (value) => (8 + (224 * (value - from)) / (to - from)).toFixed(1);
  const [left, right] = [place(low ?? from), place(high ?? to)];
  // Too small for a chart's axes: a band and a dot a seed.
  return `<svg width="240" height="22" viewBox="0 0 240 22" role="img"><rect x="${left}" y="3" width="${Math.max(2, right - left).toFixed(1)}" height="16" fill="${GREYS[0]}" opacity="0.2"/><path d="M8 11H232" stroke="#999"/>${known
    .map((value) => `<circle cx="${place(value)}" cy="11" r="3.5" fill="${OURS}" opacity="0.8"/>`)
    .join('')}</svg>`;
}

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:1180px;padding:0 1rem;color:#1b1b1b}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:left;vertical-align:middle}
figure{display:inline-block;margin:0 1rem 1rem 0;max-width:100%}figcaption{font-weight:600}svg{max-width:100%}td:nth-child(5){min-width:240px}
.pass{color:#00634a}.known{color:#8a5a00}.changed{color:#b00020;font-weight:700}`;

export function renderPage(results) {
  drawn = 0;
  const counts = countVerdicts(results);
  const figures = [
    ['Speed and density in a corridor', drawFundamental(results)],
    ['Speed and density in single file', drawSingleFile(results)],
    ['Flow and width of bottlenecks', drawBottlenecks(results)],
    ['Door of 1 m: flow, density and motivation (no measured curve)', drawMotivation(results)],
    ['Speed and density on a stair', drawStairs(results)],
    ['HERMES: time through wide exits', drawWideExits(results)],
    ['HERMES: time through corridors with an outlet', drawOutlets(results)],
    ['HERMES: time round a corner and through a T', drawCorners(results)],
    ['A push along a row', drawPush(results)],
    ['Density and chest load in a crush', drawColumn(results)],
  ].map(([caption, svg]) => `<figure><figcaption>${escapeText(caption)}</figcaption>${svg}</figure>`);
  const rows = results.flatMap(({ name, expect, measures }) =>
    measures.map(({ measure, outcome }) => {
      const looks = outcome.changed ? 'changed' : outcome.verdict === 'pass' ? 'pass' : 'known';
      const cells = [
        escapeText(expect.slow ? `${name} (slow)` : name),
        escapeText(measure.name),
        escapeText(formatBand(measure.band, measure.unit)),
        escapeText(`${formatValue(outcome.mean)} ${measure.unit}`),
        drawStrip(measure, outcome),
        `<span class="${looks}">${escapeText(outcome.verdict)}</span>${measure.reason ? `<br><small>${escapeText(measure.reason)}</small>` : ''}`,
      ];
      return `<tr>${cells.map((text) => `<td>${text}</td>`).join('')}</tr>`;
    }),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Crashbar: verification results</title><style>${STYLE}</style></head><body>
<h1>Verification results</h1>
<p>${counts.pass} pass, ${counts['known failure']} known failures, ${counts.changed} changed. Orange: ours, one point a seed; blue ground: the band.</p>
${figures.join('\n')}
<table><thead><tr><th>case</th><th>what</th><th>band</th><th>mean</th><th>seeds over the band</th><th>verdict</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></body></html>
`;
}
