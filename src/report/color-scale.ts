/**
 * The heat scale: from pale straw through orange and crimson to near-black violet. Lightness falls all the way, so the
 * order survives colour blindness and a black-and-white printer. Seven stops, sRGB.
 * @source our choice; `color-scale.test.ts` checks the fall of lightness, also as seen without L or M cones
 */
const STOPS: readonly (readonly [number, number, number])[] = [
  [253, 244, 207],
  [253, 212, 120],
  [246, 160, 71],
  [224, 97, 70],
  [174, 45, 92],
  [107, 21, 94],
  [38, 8, 58],
];

/** Colour of a share of the scale, 0 (palest) to 1 (darkest), as [red, green, blue] 0 … 255. */
export function pickHeatColor(share: number): [number, number, number] {
  const position = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(position));
  const mix = position - below;
  const a = STOPS[below]!;
  const b = STOPS[below + 1]!;
  return [
    Math.round(a[0] + mix * (b[0] - a[0])),
    Math.round(a[1] + mix * (b[1] - a[1])),
    Math.round(a[2] + mix * (b[2] - a[2])),
  ];
}

/** The same as `#rrggbb`. */
export function pickHeatHex(share: number): string {
  return `#${pickHeatColor(share)
    .map((part) => part.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** The smallest of `ends` that is not below `highest`; the last where none is. */
export function pickScaleEnd(ends: readonly number[], highest: number): number {
  return ends.find((end) => end >= highest) ?? ends[ends.length - 1]!;
}
