import type { StageMeasures } from '../analysis/index.ts';
import { escapeText, formatNumber, shortenText } from './format-value.ts';

/** Colours of waypoints and of zones, told apart by their dashes too. */
const WAYPOINT = '#2a5db0';
const ZONE = '#7a4fa3';

type Scale = (value: number) => number;

/** Waypoints with their places in line, and zones with their factor, of one sheet: an overlay for `drawPlan`. */
export function drawStages({ waypoints, zones }: StageMeasures, sheet: number): (toX: Scale, toY: Scale) => string {
  return (toX, toY) => {
    const path = (outline: readonly (readonly [number, number])[]) =>
      `M${outline.map(([x, y]) => `${toX(x)} ${toY(y)}`).join('L')}Z`;
    const label = (outline: readonly (readonly [number, number])[], text: string, color: string) => {
      const xs = outline.map(([x]) => toX(x));
      const top = Math.min(...outline.map(([, y]) => toY(y)));
      const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
      return `<text x="${round(middle)}" y="${round(top - 3)}" text-anchor="middle" font-size="11" fill="${color}" stroke="#fff" stroke-width="2.5" paint-order="stroke">${escapeText(shortenText(text, 24))}</text>`;
    };
    const pieces: string[] = [];
    for (const zone of zones) {
      if (zone.sheet !== sheet) continue;
      pieces.push(
        `<path d="${path(zone.outline)}" fill="${ZONE}" fill-opacity="0.06" stroke="${ZONE}" stroke-width="1" stroke-dasharray="2 3"/>`,
        label(zone.outline, `${zone.id} × ${formatNumber(zone.speed, 2)}`, ZONE),
      );
    }
    for (const waypoint of waypoints) {
      if (waypoint.sheet !== sheet) continue;
      pieces.push(
        `<path d="${path(waypoint.outline)}" fill="${WAYPOINT}" fill-opacity="0.08" stroke="${WAYPOINT}" stroke-width="1.2" stroke-dasharray="5 3"/>`,
      );
      for (const [x, y] of waypoint.places) {
        pieces.push(`<circle cx="${toX(x)}" cy="${toY(y)}" r="2" fill="none" stroke="${WAYPOINT}" stroke-width="1"/>`);
      }
      pieces.push(label(waypoint.outline, waypoint.id, WAYPOINT));
    }
    return pieces.join('');
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
