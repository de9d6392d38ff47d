import { escapeText, shortenText } from './format-value.ts';

type Place = readonly [number, number];

/** What is drawn of one level of an imported plan, plan coordinates [m]. */
export interface ImportSheet {
  readonly title: string;
  /** Pieces of floor, each an outline and its holes. */
  readonly floor: readonly (readonly (readonly Place[])[])[];
  readonly areas: readonly {
    readonly name: string;
    readonly rings: readonly (readonly Place[])[];
    readonly size: number;
  }[];
  readonly furniture: readonly (readonly Place[])[];
  readonly portals: readonly ImportPortal[];
  /** Where persons are put. */
  readonly regions: readonly { readonly name: string; readonly ring: readonly Place[] }[];
}

export interface ImportPortal {
  readonly name: string;
  readonly kind: 'door' | 'exit' | 'opening' | 'link';
  readonly line: readonly [Place, Place];
  /** Of an exit that is a region. */
  readonly region?: readonly Place[];
  /** Swing of a single leaf: its hinge and where its edge stands open. */
  readonly swing?: readonly { readonly hinge: Place; readonly latch: Place; readonly tip: Place }[];
}

const WIDTH = 1200;
const HEIGHT_MAX = 1400;
const MARGIN = 70;
const TITLE = 34;
const FOOT = 40;
const CHARACTER = 6.6;
const LINE = 13;
/** Areas of which more than this many are told apart by colour only where they are named. */
const AREAS_MAX = 400;
const AREA_FILLS = ['#e8f0f7', '#f6efe2', '#e9f4ea', '#f5e9ee', '#efeaf6', '#eaf3f3', '#f3f3e3', '#ece9e4'];
const COLORS = { door: '#0072b2', exit: '#0a7d5a', opening: '#8a5a00', link: '#6a3d9a' } as const;

interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * The imported plan as an SVG document: for each level the floor, areas by colour with their names, furniture, portals by kind (doors
 * with the swing of their leaf, exits, openings, ends of links) with their names, regions of persons, a scale bar. Names that find no room on
 * the plan are numbers, listed below it. Names are escaped and cut.
 */
export function drawImport(name: string, sheets: readonly ImportSheet[]): string {
  const pieces: string[] = [];
  let top = 40;
  for (const sheet of sheets) {
    const drawn = drawSheet(sheet, top);
    pieces.push(drawn.svg);
    top += drawn.height;
  }
  const key = (['exit', 'door', 'opening', 'link'] as const)
    .map((kind, i) => {
      const x = WIDTH - 420 + i * 100;
      const words = { exit: 'exit', door: 'door', opening: 'opening', link: 'stairs, ramp' }[kind];
      return `<line x1="${x}" y1="20" x2="${x + 22}" y2="20" stroke="${COLORS[kind]}" stroke-width="5"/><text x="${x + 28}" y="24">${words}</text>`;
    })
    .join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" font-family="Helvetica, Arial, sans-serif" font-size="12">` +
    `<title>${escapeText(name)}</title><rect width="100%" height="100%" fill="#fff"/>` +
    `<text x="20" y="25" font-size="17" font-weight="bold">${escapeText(shortenText(name, 70))}</text>${key}${pieces.join('')}</svg>\n`
  );
}

function drawSheet(sheet: ImportSheet, top: number): { svg: string; height: number } {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const rings = [...sheet.floor.flat(), ...sheet.portals.map(({ line, region }) => region ?? line)];
  for (const ring of rings) {
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  if (!(box[0] <= box[2]))
    return { svg: `<text x="20" y="${top + 20}">${escapeText(sheet.title)}: no floor</text>`, height: 40 };
  const [spanX, spanY] = [Math.max(0.5, box[2] - box[0]), Math.max(0.5, box[3] - box[1])];
  const scale = Math.min((WIDTH - 2 * MARGIN) / spanX, (HEIGHT_MAX - 2 * MARGIN) / spanY, 80);
  const left = (WIDTH - spanX * scale) / 2;
  const floorTop = top + TITLE + 26;
  const bottom = floorTop + spanY * scale;
  const toX = (x: number): number => round(left + (x - box[0]) * scale);
  const toY = (y: number): number => round(bottom - (y - box[1]) * scale);
  const path = (list: readonly (readonly Place[])[]): string =>
    list.map((ring) => `M${ring.map(([x, y]) => `${toX(x)} ${toY(y)}`).join('L')}Z`).join('');
  const out: string[] = [
    `<text x="20" y="${top + 20}" font-size="14" font-weight="bold">${escapeText(shortenText(sheet.title, 120))}</text>`,
  ];
  const floor = path(sheet.floor.flat());
  if (floor !== '') out.push(`<path d="${floor}" fill="#f7f7f5" fill-rule="evenodd"/>`);
  if (sheet.areas.length <= AREAS_MAX) {
    sheet.areas.forEach((area, i) => {
      out.push(`<path d="${path(area.rings)}" fill="${AREA_FILLS[i % AREA_FILLS.length]}" fill-rule="evenodd"/>`);
    });
  }
  for (const { ring } of sheet.regions) {
    out.push(
      `<path d="${path([ring])}" fill="#d55e00" fill-opacity="0.10" stroke="#d55e00" stroke-width="1" stroke-dasharray="2 3"/>`,
    );
  }
  for (const ring of sheet.furniture)
    out.push(`<path d="${path([ring])}" fill="#cfcac2" stroke="#8c857a" stroke-width="0.7"/>`);
  if (floor !== '')
    out.push(`<path d="${floor}" fill="none" stroke="#222" stroke-width="1.4" stroke-linejoin="round"/>`);

  const blocked: Rect[] = [];
  const listed: string[] = [];
  const labels: { words: string; x: number; y: number; color: string; bold: boolean; rank: number; beside: boolean }[] =
    [];
  for (const portal of sheet.portals) {
    const color = COLORS[portal.kind];
    if (portal.region !== undefined) {
      out.push(
        `<path d="${path([portal.region])}" fill="${color}" fill-opacity="0.18" stroke="${color}" stroke-width="2" stroke-dasharray="6 3"/>`,
      );
    } else {
      const [[ax, ay], [bx, by]] = portal.line;
      const ends = `x1="${toX(ax)}" y1="${toY(ay)}" x2="${toX(bx)}" y2="${toY(by)}"`;
      const dash = portal.kind === 'opening' ? ' stroke-dasharray="4 3"' : '';
      out.push(
        `<line ${ends} stroke="#fff" stroke-width="7"/><line ${ends} stroke="${color}" stroke-width="4"${dash}/>`,
      );
    }
    for (const { hinge, latch, tip } of portal.swing ?? []) {
      const r = round(Math.hypot(latch[0] - hinge[0], latch[1] - hinge[1]) * scale);
      const turn = (latch[0] - hinge[0]) * (tip[1] - hinge[1]) - (latch[1] - hinge[1]) * (tip[0] - hinge[0]);
      out.push(
        `<path d="M${toX(latch[0])} ${toY(latch[1])}A${r} ${r} 0 0 ${turn > 0 ? 0 : 1} ${toX(tip[0])} ${toY(tip[1])}L${toX(hinge[0])} ${toY(hinge[1])}" fill="none" stroke="${color}" stroke-width="1"/>`,
      );
    }
    if (portal.name === '') continue;
    const [x, y] = middleOf(portal.region ?? portal.line);
    const rank = { exit: 0, link: 1, door: 3, opening: 4 }[portal.kind];
    labels.push({ words: portal.name, x: toX(x), y: toY(y), color, bold: portal.kind === 'exit', rank, beside: true });
  }
  if (sheet.areas.length <= AREAS_MAX) {
    for (const area of sheet.areas) {
      const [x, y] = innerPlace(area.rings);
      labels.push({
        words: `${area.name} · ${size(area.size)} m²`,
        x: toX(x),
        y: toY(y),
        color: '#444',
        bold: false,
        rank: 2,
        beside: false,
      });
    }
  }
  for (const region of sheet.regions) {
    const [x, y] = middleOf(region.ring);
    labels.push({
      words: region.name,
      x: toX(x),
      y: toY(y) + LINE,
      color: '#b34700',
      bold: false,
      rank: 5,
      beside: false,
    });
  }
  const bar = [200, 100, 50, 20, 10, 5, 2, 1, 0.5].find((length) => length <= spanX / 3) ?? 0.5;
  const barY = bottom + 30;
  out.push(
    `<path d="M${round(left)} ${barY - 5}V${barY}H${round(left + bar * scale)}V${barY - 5}" fill="none" stroke="#444" stroke-width="1.5"/><text x="${round(left + bar * scale + 6)}" y="${barY}" fill="#444">${bar} m</text>`,
  );
  labels
    .map((label, i) => ({ ...label, i }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .forEach((label) => {
      const words = shortenText(label.words, 34);
      const place = findRoom(words, label.x, label.y, label.beside, blocked, floorTop - 26, bottom + 14);
      if (place !== undefined) {
        blocked.push(place);
        out.push(tag(words, place.x + place.width / 2, place.y + LINE - 3, label.color, label.bold));
        return;
      }
      if (listed.length >= 200) return;
      listed.push(`${listed.length + 1} ${words}`);
      out.push(tag(String(listed.length), label.x, label.y + 4, label.color, true));
    });
  const columns = 4;
  const rows = Math.ceil(listed.length / columns);
  listed.forEach((words, i) => {
    const x = 20 + Math.floor(i / rows) * ((WIDTH - 40) / columns);
    out.push(
      `<text x="${round(x)}" y="${round(bottom + FOOT + 14 + (i % rows) * (LINE + 2))}" fill="#333" font-size="11">${escapeText(words)}</text>`,
    );
  });
  return { svg: out.join(''), height: bottom - top + FOOT + 20 + rows * (LINE + 2) };
}

function tag(words: string, x: number, y: number, color: string, bold: boolean): string {
  const weight = bold ? ' font-weight="bold"' : '';
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="middle" font-size="11" fill="${color}"${weight} stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${escapeText(words)}</text>`;
}

/** A free place for words near (x, y): beside, above, below, a little farther. */
function findRoom(
  words: string,
  x: number,
  y: number,
  beside: boolean,
  blocked: readonly Rect[],
  yMin: number,
  yMax: number,
): Rect | undefined {
  const width = [...words].length * CHARACTER + 4;
  for (const [dx, dy] of [
    ...(beside ? [] : [[0, 0]]),
    [0, -14],
    [0, 14],
    [width / 2 + 8, 0],
    [-width / 2 - 8, 0],
    [0, -28],
    [0, 28],
    [width / 2 + 8, -14],
    [-width / 2 - 8, 14],
  ]) {
    const rect = { x: x + dx - width / 2, y: y + dy - LINE / 2, width, height: LINE };
    if (rect.x < 2 || rect.x + width > WIDTH - 2 || rect.y < yMin || rect.y + LINE > yMax) continue;
    const isFree = blocked.every(
      (other) =>
        rect.x >= other.x + other.width ||
        other.x >= rect.x + rect.width ||
        rect.y >= other.y + other.height ||
        other.y >= rect.y + rect.height,
    );
    if (isFree) return rect;
  }
  return undefined;
}

/** A place inside a region for its name: the middle of the widest stretch of floor on some level lines. */
function innerPlace(rings: readonly (readonly Place[])[]): [number, number] {
  const ys = rings.flat().map(([, y]) => y);
  const [low, high] = [Math.min(...ys.slice(0, 5000)), Math.max(...ys.slice(0, 5000))];
  let best: [number, number] = middleOf(rings[0] ?? [[0, 0]]);
  let widest = -1;
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]) {
    const y = low + share * (high - low) + 1e-7;
    const xs: number[] = [];
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [ax, ay] = ring[j];
        const [bx, by] = ring[i];
        if (ay > y !== by > y) xs.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
      }
    }
    xs.sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      if (xs[i + 1] - xs[i] <= widest * 1.05) continue;
      widest = xs[i + 1] - xs[i];
      best = [(xs[i] + xs[i + 1]) / 2, y];
    }
  }
  return best;
}

function middleOf(ring: readonly Place[]): [number, number] {
  const sum = ring.reduce((total, [x, y]) => [total[0] + x, total[1] + y], [0, 0]);
  return [sum[0] / ring.length, sum[1] / ring.length];
}

function size(area: number): string {
  return area >= 100 ? area.toFixed(0) : area.toFixed(1);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
