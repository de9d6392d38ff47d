import type { Point } from '../scenario/index.ts';

/** A line made of others, end to end [m]. */
export interface JoinedLine {
  readonly points: [number, number][];
  readonly closed: boolean;
}

/** A gap that was closed: where, and how wide [m]. */
export interface ClosedGap {
  readonly at: Point;
  readonly width: number;
}

/** Below this ends are the same place [m]. */
const SAME = 1e-5;

/**
 * Joins open lines whose ends lie within `tolerance` of each other to longer ones, nearest ends first, and closes those
 * whose own ends do. Where several could be joined at one place, the nearest two are, then the next.
 * Cost: n log n for drawings (ends are looked up by cells).
 * @returns the lines, and every gap wider than 10 µm that was closed
 */
export function joinLines(
  lines: readonly (readonly Point[])[],
  tolerance: number,
): { readonly lines: JoinedLine[]; readonly gaps: readonly ClosedGap[] } {
  const parts = lines.filter((line) => line.length > 1);
  const reach = Math.max(tolerance, SAME);
  // End 2·i is the first point of part i, 2·i + 1 its last.
  const end = (e: number): Point => {
    const part = parts[e >> 1];
    return (e & 1) === 0 ? part[0] : part[part.length - 1];
  };
  const cells = new Map<string, number[]>();
  const key = (x: number, y: number): string => `${Math.floor(x / reach)},${Math.floor(y / reach)}`;
  for (let e = 0; e < 2 * parts.length; e++) {
    const [x, y] = end(e);
    const list = cells.get(key(x, y));
    if (list === undefined) cells.set(key(x, y), [e]);
    else list.push(e);
  }
  const pairs: { a: number; b: number; width: number }[] = [];
  for (let e = 0; e < 2 * parts.length; e++) {
    const [x, y] = end(e);
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [-1, 1],
    ]) {
      // A place where thousands of lines end is no outline: the first hundred are enough.
      for (const f of (cells.get(key(x + dx * reach, y + dy * reach)) ?? []).slice(0, 100)) {
        if (dx === 0 && dy === 0 && f <= e) continue;
        const [u, v] = end(f);
        const width = Math.hypot(u - x, v - y);
        // The two ends of one short line are not to be joined to a ring.
        if (width > reach || ((e ^ f) === 1 && parts[e >> 1].length < 4)) continue;
        pairs.push({ a: Math.min(e, f), b: Math.max(e, f), width });
      }
    }
  }
  pairs.sort((p, q) => p.width - q.width || p.a - q.a || p.b - q.b);
  const partner = new Int32Array(2 * parts.length).fill(-1);
  const gaps: ClosedGap[] = [];
  for (const { a, b, width } of pairs) {
    if (partner[a] >= 0 || partner[b] >= 0) continue;
    partner[a] = b;
    partner[b] = a;
    if (width > SAME) gaps.push({ at: [(end(a)[0] + end(b)[0]) / 2, (end(a)[1] + end(b)[1]) / 2], width });
  }
  const done = new Uint8Array(parts.length);
  const joined: JoinedLine[] = [];
  const follow = (start: number): void => {
    const points: [number, number][] = [];
    let enter = start;
    for (;;) {
      const part = parts[enter >> 1];
      done[enter >> 1] = 1;
      const own = (enter & 1) === 0 ? part : [...part].reverse();
      const last = points.at(-1);
      const skip = last !== undefined && Math.hypot(last[0] - own[0][0], last[1] - own[0][1]) <= SAME ? 1 : 0;
      for (let i = skip; i < own.length; i++) points.push([own[i][0], own[i][1]]);
      const next = partner[enter ^ 1];
      if (next < 0 || done[next >> 1] === 1) {
        joined.push({ points, closed: next >= 0 });
        return;
      }
      enter = next;
    }
  };
  // Lines with a free end first, then rings.
  for (let e = 0; e < 2 * parts.length; e++) if (partner[e] < 0 && done[e >> 1] === 0) follow(e);
  for (let i = 0; i < parts.length; i++) if (done[i] === 0) follow(2 * i);
  for (const line of joined) {
    if (!line.closed) continue;
    const { points } = line;
    const [first, last] = [points[0], points[points.length - 1]];
    if (points.length > 3 && Math.hypot(first[0] - last[0], first[1] - last[1]) <= SAME) points.pop();
  }
  return { lines: joined, gaps };
}
