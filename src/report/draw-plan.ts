import type { MapGrid, PortalMeasures, RunMeasures } from '../analysis/index.ts';
import { pickHeatColor, pickHeatHex } from './color-scale.ts';
import { encodeDataUri, encodeIndexedPng } from './encode-png.ts';
import { escapeText, formatCount, formatNumber, shortenText } from './format-value.ts';
import { DOOR_STATE_WORDS, numberPortals } from './place-names.ts';

type Ring = RunMeasures['sheets'][number]['polygons'][number][number];
type PlanPortal = RunMeasures['planPortals'][number];

/** What of a run's measures is drawn on a plan; of measured trajectories only sheets and maps are there. */
export type PlanSource = Pick<
  RunMeasures,
  'sheets' | 'maps' | 'portals' | 'planPortals' | 'casualties' | 'casualtyPlaces' | 'notOut'
>;

/** What a plan shows as colour. */
export interface HeatLayer {
  readonly values: readonly number[];
  readonly grid: MapGrid;
  /** Value of the darkest colour. */
  readonly end: number;
  /** Values below are not coloured. */
  readonly from: number;
  /** Whether neighbouring cells may blend: a smooth field may, single readings may not. */
  readonly smooth: boolean;
}

export interface PlanOptions {
  /** Width of the drawing [px]. */
  readonly width: number;
  readonly heightMax: number;
  /** Unique in the page. */
  readonly idPrefix: string;
  /** Says what the picture shows, for those who do not see it. */
  readonly title: string;
  readonly heat?: HeatLayer;
  /** Further marks as SVG, drawn above the walls; `toX`, `toY` turn plan coordinates [m] into places of the drawing [px]. */
  readonly overlay?: (toX: (x: number) => number, toY: (y: number) => number) => string;
}

const FONT = 12.5;
/** Pixels a metre at most, so that a stair does not fill the page. */
const SCALE_MAX = 60;
const LINE_HEIGHT = 15;
/** Widths of a character that no common font exceeds on average, plain and bold [px]. */
const CHARACTER = 7.3;
const CHARACTER_BOLD = 8.1;
/** Labels up to which one may stand on the floor when it does not fit outside. */
const INSIDE_MAX = 6;
/** Inner doors up to which all are named on the plan; of more, only those that stayed shut or hurt people. */
const INNER_MAX = 2;

/** Colours of doors; the label says the state in words too. */
const DOOR_COLORS: Readonly<Record<string, string>> = {
  open: '#0a7d5a',
  closed: '#0072b2',
  locked: '#c4161c',
  chained: '#c4161c',
  forced: '#b25c00',
};

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Label {
  readonly lines: readonly string[];
  /** Row in the table of doors, from 1. */
  readonly number: number;
  /** Where it belongs [px]. */
  readonly x: number;
  readonly y: number;
  /** Away from the floor [px], unit length. */
  readonly nx: number;
  readonly ny: number;
}

/**
 * Plan of one sheet as an SVG element: floor, walls, heat cells, portals coloured by the last state of their door,
 * exits labelled with persons and flow, casualties marked, a scale bar. North (y) up. Names are escaped and cut to 24
 * characters. Labels never overlap one another: one that finds no free place becomes its number in the table of
 * doors.
 * Cost O(cells + corners + labels²).
 */
export function drawPlan(measures: PlanSource, sheet: number, options: PlanOptions): string {
  const polygons = measures.sheets[sheet]?.polygons ?? [];
  const portals = measures.portals
    .map((portal, index) => ({ portal, plan: measures.planPortals[index]! }))
    .filter(({ portal }) => portal.sheet === sheet);
  const box = findBox(polygons, measures, sheet);
  const margins = findMargins(portals, polygons, measures);
  const span = { x: Math.max(0.5, box[2] - box[0]), y: Math.max(0.5, box[3] - box[1]) };
  const scale = Math.min(
    SCALE_MAX,
    (options.width - margins.left - margins.right) / span.x,
    (options.heightMax - margins.top - margins.bottom) / span.y,
  );
  const height = Math.ceil(span.y * scale + margins.top + margins.bottom);
  const left = margins.left + (options.width - margins.left - margins.right - span.x * scale) / 2;
  const toX = (x: number): number => round(left + (x - box[0]) * scale);
  const toY = (y: number): number => round(height - margins.bottom - (y - box[1]) * scale);
  const path = polygons
    .flat()
    .map((ring) => `M${ring.map(([x, y]) => `${toX(x)} ${toY(y)}`).join('L')}Z`)
    .join('');
  const pieces: string[] = [
    `<svg class="plan" role="img" aria-label="${escapeText(options.title)}" viewBox="0 0 ${options.width} ${height}" width="${options.width}" height="${height}" xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" font-size="${FONT}">`,
    `<title>${escapeText(options.title)}</title>`,
  ];
  if (path) {
    pieces.push(
      `<clipPath id="${options.idPrefix}-floor"><path d="${path}" clip-rule="evenodd"/></clipPath>`,
      `<path d="${path}" fill="#fff" fill-rule="evenodd"/>`,
    );
  }
  if (options.heat) pieces.push(drawHeat(options.heat, toX, toY, path ? `${options.idPrefix}-floor` : null));
  if (path) {
    pieces.push(`<path d="${path}" fill="none" stroke="#2b2b2b" stroke-width="1.6" stroke-linejoin="round"/>`);
  }
  const numbered = numberPortals(measures);
  const labels: Label[] = [];
  const quiet: Label[] = [];
  const innerDoors = portals.filter(({ portal }) => portal.exit === null && portal.door !== null).length;
  const blocked: Rect[] = [];
  for (const { portal, plan } of portals) {
    pieces.push(drawPortal(portal, plan, toX, toY));
    const label = makeLabel(portal, plan, polygons, measures, numbered.indexOf(portal), toX, toY);
    if (label && portal.exit === null && innerDoors > INNER_MAX && !isRemarkable(portal, measures)) {
      quiet.push(label);
      continue;
    }
    if (label) labels.push(label);
  }
  pieces.push(drawFallen(measures, sheet, toX, toY), drawCasualties(measures, sheet, toX, toY));
  if (options.overlay) pieces.push(options.overlay(toX, toY));
  const bar = drawScaleBar(span.x, scale, left, height);
  pieces.push(bar.svg);
  blocked.push(bar.box);
  for (const label of quiet) {
    pieces.push(drawNumber(label));
    blocked.push(numberBox(label));
  }
  // Among many, each door keeps the place of its number free, in case its label finds none.
  const spots = labels.map(numberBox);
  labels.forEach((label, k) => {
    const many = labels.length > INSIDE_MAX;
    const taken = many ? [...blocked, ...spots.filter((_, other) => other !== k)] : blocked;
    const placed = placeLabel(label, taken, options.width, height, !many);
    pieces.push(placed ? drawLabel(label, placed) : drawNumber(label));
    blocked.push(placed ?? spots[k]!);
  });
  pieces.push('</svg>');
  return pieces.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function findBox(
  polygons: readonly (readonly Ring[])[],
  measures: PlanSource,
  sheet: number,
): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rings of polygons) {
    for (const ring of rings) {
      for (const [x, y] of ring) {
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
    }
  }
  if (box[0] <= box[2]) return box;
  const grid = measures.maps.sheets[sheet]?.grid;
  if (!grid || grid.columns === 0) return [0, 0, 1, 1];
  return [grid.x0, grid.y0, grid.x0 + grid.columns * grid.cell, grid.y0 + grid.rows * grid.cell];
}

/** Palette: 0 is clear, 1 … 255 run up the scale. */
function drawHeat(
  heat: HeatLayer,
  toX: (x: number) => number,
  toY: (y: number) => number,
  clip: string | null,
): string {
  const { grid, values } = heat;
  const indices = new Uint8Array(grid.columns * grid.rows);
  const seen = heat.smooth ? extendIntoWalls(heat) : values;
  let any = false;
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1) {
      const value = seen[row * grid.columns + column]!;
      if (!(value >= heat.from)) continue;
      any = true;
      indices[(grid.rows - 1 - row) * grid.columns + column] = 1 + Math.round(254 * Math.min(1, value / heat.end));
    }
  }
  if (!any) return '';
  const palette: [number, number, number, number][] = [[253, 244, 207, 0]];
  for (let k = 1; k < 256; k += 1) palette.push([...pickHeatColor((k - 1) / 254), 255]);
  const png = encodeDataUri(encodeIndexedPng(grid.columns, grid.rows, indices, palette), 'image/png');
  const x = toX(grid.x0);
  const y = toY(grid.y0 + grid.rows * grid.cell);
  const width = round(toX(grid.x0 + grid.columns * grid.cell) - x);
  const height = round(toY(grid.y0) - y);
  const rendering = heat.smooth ? '' : ' style="image-rendering:pixelated"';
  const image = `<image href="${png}" x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none"${rendering}/>`;
  return clip ? `<g clip-path="url(#${clip})">${image}</g>` : image;
}

/**
 * Gives empty cells the highest value next to them, so that a blended picture does not fade along the walls. Cells of the
 * floor near people are never empty: what grows lies in walls, which the clip hides.
 */
function extendIntoWalls({ values, grid }: HeatLayer): number[] {
  const { columns, rows } = grid;
  return values.map((value, c) => {
    if (value > 0) return value;
    const column = c % columns;
    const row = (c - column) / columns;
    let highest = 0;
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r += 1) {
      for (let q = Math.max(0, column - 1); q <= Math.min(columns - 1, column + 1); q += 1) {
        highest = Math.max(highest, values[r * columns + q]!);
      }
    }
    return highest;
  });
}

function lastState(portal: PortalMeasures): string | null {
  return portal.states.length > 0 ? portal.states[portal.states.length - 1]!.state : null;
}

function drawPortal(
  portal: PortalMeasures,
  plan: PlanPortal,
  toX: (x: number) => number,
  toY: (y: number) => number,
): string {
  const state = lastState(portal);
  if (plan.region && plan.region.length >= 3) {
    const points = plan.region.map(([x, y]) => `${toX(x)},${toY(y)}`).join(' ');
    return `<polygon points="${points}" fill="#0a7d5a" fill-opacity="0.15" stroke="#0a7d5a" stroke-width="2" stroke-dasharray="6 3"/>`;
  }
  const [[ax, ay], [bx, by]] = plan.line;
  const ends = `x1="${toX(ax)}" y1="${toY(ay)}" x2="${toX(bx)}" y2="${toY(by)}"`;
  if (state === null && portal.kind !== 'exit') {
    return `<line ${ends} stroke="#777" stroke-width="1.5" stroke-dasharray="3 3"/>`;
  }
  const color = DOOR_COLORS[state ?? 'open'] ?? '#555';
  const line = `<line ${ends} stroke="#fff" stroke-width="8"/><line ${ends} stroke="${color}" stroke-width="5"/>`;
  if (state !== 'locked' && state !== 'chained') return line;
  // A cross over the leaf, so that a shut door is told without colour too.
  const cx = (toX(ax) + toX(bx)) / 2;
  const cy = (toY(ay) + toY(by)) / 2;
  const arm = 6;
  return `${line}<path d="M${cx - arm} ${cy - arm}L${cx + arm} ${cy + arm}M${cx - arm} ${cy + arm}L${cx + arm} ${cy - arm}" stroke="#fff" stroke-width="6"/><path d="M${cx - arm} ${cy - arm}L${cx + arm} ${cy + arm}M${cx - arm} ${cy + arm}L${cx + arm} ${cy - arm}" stroke="${color}" stroke-width="3"/>`;
}

/** Two lines for exits and doors; openings and links go without. */
function labelLines(portal: PortalMeasures, measures: PlanSource): string[] {
  if (portal.exit === null && portal.door === null) return [];
  const state = lastState(portal);
  const flow = portal.flow.flowMiddle ?? portal.flow.flowWhole;
  const facts: string[] = [];
  if (state !== null && state !== 'open') facts.push(DOOR_STATE_WORDS[state as 'locked']);
  facts.push(`${formatCount(portal.persons)} ${portal.exit === null ? 'passed' : 'out'}`);
  if (flow !== null && portal.persons >= 10) facts.push(`${formatNumber(flow, 2)} /s`);
  const places = measures.casualtyPlaces.filter((place) => place.portal === portal.id);
  const lines = [shortenText(portal.exit ?? portal.door ?? portal.id, 24), facts.join(' · ')];
  for (const place of places) {
    const words = [
      place.dead > 0 ? `${formatCount(place.dead)} dead` : '',
      place.unconscious > 0 ? `${formatCount(place.unconscious)} unconscious` : '',
    ].filter((word) => word !== '');
    if (words.length > 0) lines.push(words.join(', '));
  }
  return lines;
}

function midPoint(plan: PlanPortal): [number, number] {
  if (plan.region && plan.region.length >= 3) {
    const sum = plan.region.reduce((total, [x, y]) => [total[0]! + x, total[1]! + y], [0, 0]);
    return [sum[0]! / plan.region.length, sum[1]! / plan.region.length];
  }
  return [(plan.line[0][0] + plan.line[1][0]) / 2, (plan.line[0][1] + plan.line[1][1]) / 2];
}

/** Unit normal of the portal in plan coordinates, on the side without floor where there is one. */
function findOutward(plan: PlanPortal, polygons: readonly (readonly Ring[])[]): [number, number] {
  const [mx, my] = midPoint(plan);
  const dx = plan.line[1][0] - plan.line[0][0];
  const dy = plan.line[1][1] - plan.line[0][1];
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  const normal: [number, number] = [dy / length, -dx / length];
  for (const reach of [0.6, 0.3, 1.2]) {
    const here = isInside(polygons, mx + normal[0] * reach, my + normal[1] * reach);
    const there = isInside(polygons, mx - normal[0] * reach, my - normal[1] * reach);
    if (here && !there) return [-normal[0], -normal[1]];
    if (there && !here) return normal;
  }
  return normal;
}

function isInside(polygons: readonly (readonly Ring[])[], x: number, y: number): boolean {
  let inside = false;
  for (const rings of polygons) {
    for (const ring of rings) {
      for (let k = 0, j = ring.length - 1; k < ring.length; j = k, k += 1) {
        const [ax, ay] = ring[j]!;
        const [bx, by] = ring[k]!;
        if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      }
    }
  }
  return inside;
}

function textWidth(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line, k) => [...line].length * (k === 0 ? CHARACTER_BOLD : CHARACTER)));
}

/** Room around the plan for the labels that stand outside it [px]. */
function findMargins(
  portals: readonly { readonly portal: PortalMeasures; readonly plan: PlanPortal }[],
  polygons: readonly (readonly Ring[])[],
  measures: PlanSource,
): { left: number; right: number; top: number; bottom: number } {
  const margins = { left: 10, right: 10, top: 10, bottom: 34 };
  for (const { portal, plan } of portals) {
    const lines = labelLines(portal, measures);
    if (lines.length === 0 || portal.exit === null) continue;
    const [nx, ny] = findOutward(plan, polygons);
    const across = Math.min(200, textWidth(lines) + 24);
    const upright = lines.length * LINE_HEIGHT + 12;
    if (Math.abs(nx) >= Math.abs(ny)) {
      if (nx < 0) margins.left = Math.max(margins.left, across);
      else margins.right = Math.max(margins.right, across);
    } else if (ny > 0) margins.top = Math.max(margins.top, upright);
    else margins.bottom = Math.max(margins.bottom, upright + 24);
  }
  return margins;
}

function makeLabel(
  portal: PortalMeasures,
  plan: PlanPortal,
  polygons: readonly (readonly Ring[])[],
  measures: PlanSource,
  number: number,
  toX: (x: number) => number,
  toY: (y: number) => number,
): Label | undefined {
  const lines = labelLines(portal, measures);
  if (lines.length === 0) return undefined;
  const [mx, my] = midPoint(plan);
  const [nx, ny] = findOutward(plan, polygons);
  return { lines, number: number + 1, x: toX(mx), y: toY(my), nx, ny: -ny };
}

/** First free place: outwards, then a little along the wall, then inwards where that is allowed. */
function placeLabel(
  label: Label,
  blocked: readonly Rect[],
  width: number,
  height: number,
  inside: boolean,
): Rect | undefined {
  const w = textWidth(label.lines) + 4;
  const h = label.lines.length * LINE_HEIGHT;
  for (const side of inside ? [1, -1] : [1]) {
    for (const along of [0, -1, 1, -2, 2, -3, 3]) {
      for (const away of [10, 22, 40]) {
        const nx = label.nx * side;
        const ny = label.ny * side;
        const cx = label.x + nx * (away + w / 2) * Math.abs(nx) + -ny * along * (h * 0.6);
        const cy = label.y + ny * (away + h / 2) * Math.abs(ny) + nx * along * (h * 0.6);
        const slanted = Math.abs(nx) > 0.3 && Math.abs(ny) > 0.3;
        const rect = {
          x: (slanted ? label.x + Math.sign(nx) * (8 + w / 2) : cx) - w / 2,
          y: (slanted ? label.y + Math.sign(ny) * (8 + h / 2) + along * h * 0.6 : cy) - h / 2,
          width: w,
          height: h,
        };
        if (rect.x < 2 || rect.y < 2 || rect.x + w > width - 2 || rect.y + h > height - 2) continue;
        if (blocked.some((other) => overlap(rect, other))) continue;
        return rect;
      }
    }
  }
  return undefined;
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function numberBox({ x, y, nx, ny }: Label): Rect {
  return { x: x + nx * 14 - 9, y: y + ny * 14 - 9, width: 18, height: 18 };
}

/** Whether an inner door deserves its name on the plan among many. */
function isRemarkable(portal: PortalMeasures, measures: PlanSource): boolean {
  const state = lastState(portal);
  if (state === 'locked' || state === 'chained' || state === 'forced') return true;
  return measures.casualtyPlaces.some((place) => place.portal === portal.id);
}

function drawNumber({ number, x, y, nx, ny }: Label): string {
  const cx = round(x + nx * 14);
  const cy = round(y + ny * 14);
  return `<circle cx="${cx}" cy="${cy}" r="8.5" fill="#fff" stroke="#222" stroke-width="1.2"/><text x="${cx}" y="${round(cy + 4)}" text-anchor="middle" font-size="11" font-weight="650" fill="#111">${number}</text>`;
}

function drawLabel(label: Label, rect: Rect): string {
  // Text hangs on the side that faces its door.
  const towards = rect.x + rect.width / 2 - label.x;
  const anchor = Math.abs(towards) < rect.width * 0.3 ? 'middle' : towards < 0 ? 'end' : 'start';
  const x = anchor === 'middle' ? rect.x + rect.width / 2 : anchor === 'end' ? rect.x + rect.width : rect.x;
  return `<g text-anchor="${anchor}" fill="#111" stroke="#fff" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">${label.lines
    .map(
      (line, k) =>
        `<text x="${round(x)}" y="${round(rect.y + (k + 0.78) * LINE_HEIGHT)}"${k === 0 ? ' font-weight="650"' : ''}>${escapeText(line)}</text>`,
    )
    .join('')}</g>`;
}

/** Marks: cross dead, triangle unconscious, ring injured; at most 600, the worst first. */
function drawCasualties(
  measures: PlanSource,
  sheet: number,
  toX: (x: number) => number,
  toY: (y: number) => number,
): string {
  const order = { injured: 0, unconscious: 1, dead: 2 } as const;
  return measures.casualties
    .filter((casualty) => casualty.sheet === sheet)
    .sort((a, b) => order[b.harm] - order[a.harm])
    .slice(0, 600)
    .reverse()
    .map((casualty) => drawMark(casualty.harm, toX(casualty.x), toY(casualty.y)))
    .join('');
}

/** Those who lie when the run ends: a bar below the marks of casualties, so that both are seen. At most 600. */
function drawFallen(
  measures: PlanSource,
  sheet: number,
  toX: (x: number) => number,
  toY: (y: number) => number,
): string {
  return measures.notOut
    .filter((person) => person.lies && person.sheet === sheet && person.x !== null && person.y !== null)
    .slice(0, 600)
    .map((person) => drawLying(toX(person.x!), toY(person.y!)))
    .join('');
}

/** The mark of somebody who lies at (x, y) [px]; also used by the legend. */
export function drawLying(x: number, y: number): string {
  return `<rect class="lying" x="${round(x - 7)}" y="${round(y - 2.5)}" width="14" height="5" rx="2.5" fill="#fff" fill-opacity="0.4" stroke="#000" stroke-width="1.4"/>`;
}

/** The mark of one casualty at (x, y) [px]; also used by the legend. */
export function drawMark(harm: 'injured' | 'unconscious' | 'dead', x: number, y: number): string {
  if (harm === 'dead') {
    const d = `M${round(x - 4)} ${round(y - 4)}L${round(x + 4)} ${round(y + 4)}M${round(x - 4)} ${round(y + 4)}L${round(x + 4)} ${round(y - 4)}`;
    return `<path d="${d}" stroke="#fff" stroke-width="5" fill="none"/><path d="${d}" stroke="#000" stroke-width="2.4" fill="none"/>`;
  }
  if (harm === 'unconscious') {
    return `<path d="M${round(x)} ${round(y - 5)}L${round(x + 5)} ${round(y + 4)}L${round(x - 5)} ${round(y + 4)}Z" fill="#000" stroke="#fff" stroke-width="1.5"/>`;
  }
  return `<circle cx="${round(x)}" cy="${round(y)}" r="3.6" fill="#fff" stroke="#000" stroke-width="1.6"/>`;
}

function drawScaleBar(spanX: number, scale: number, left: number, height: number): { svg: string; box: Rect } {
  const length = [100, 50, 20, 10, 5, 2, 1, 0.5].find((metres) => metres <= spanX / 3) ?? 0.5;
  const x = round(left);
  const y = height - 10;
  const end = round(left + length * scale);
  const text = `${length} m`;
  return {
    svg: `<path d="M${x} ${y - 5}V${y}H${end}V${y - 5}" fill="none" stroke="#444" stroke-width="1.5"/><text x="${round(end + 6)}" y="${y}" fill="#444">${text}</text>`,
    box: { x, y: y - 10, width: end - x + 6 + text.length * CHARACTER, height: 14 },
  };
}

/** Legend of a heat layer: a bar with ticks and the unit, as an SVG element. Marked values get a longer tick. */
export function drawHeatLegend(options: {
  readonly label: string;
  readonly end: number;
  readonly ticks: readonly number[];
  readonly marks: readonly { readonly value: number; readonly text: string }[];
  /** Highest value drawn; where it is above `end`, the last tick says so. */
  readonly highest: number;
}): string {
  const width = 330;
  const left = 4;
  const bar = 300;
  const marks = options.marks.filter((mark) => mark.value < options.end);
  const height = 54 + (marks.length > 0 ? 16 : 0);
  const stops = Array.from({ length: 60 }, (_, k) => {
    const x = left + (k * bar) / 60;
    return `<rect x="${x}" y="18" width="${bar / 60 + 0.4}" height="12" fill="${pickHeatHex((k + 0.5) / 60)}"/>`;
  }).join('');
  const ticks = options.ticks
    .map((value) => {
      const x = round(left + (value / options.end) * bar);
      const anchor = value === 0 ? 'start' : value === options.end ? 'end' : 'middle';
      return `<path d="M${x} 30v4" stroke="#555"/><text x="${x}" y="46" text-anchor="${anchor}" fill="#333">${value === options.end && options.highest > options.end ? '≥ ' : ''}${formatCount(value)}</text>`;
    })
    .join('');
  const marked = marks
    .map(({ value, text }) => {
      const x = round(left + (value / options.end) * bar);
      const anchor = x < 110 ? 'start' : x > 220 ? 'end' : 'middle';
      return `<path d="M${x} 18v32" stroke="#0072b2" stroke-width="1.6"/><text x="${x}" y="62" text-anchor="${anchor}" fill="#005a8c">${escapeText(text)}</text>`;
    })
    .join('');
  return `<svg class="legend" role="img" aria-label="${escapeText(`Colour scale: ${options.label}, 0 to ${options.end}`)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" font-size="12"><text x="${left}" y="12" fill="#222" font-weight="600">${escapeText(options.label)}</text>${stops}<rect x="${left}" y="18" width="${bar}" height="12" fill="none" stroke="#999" stroke-width="0.8"/>${ticks}${marked}</svg>`;
}
