import { distanceToSegment, polygonContains } from '../math/index.ts';
import type { TracePortal, TraceSheet } from '../trace/index.ts';

/** Where something happened, in words a plan has: a portal near by, or just the sheet. */
export interface Place {
  readonly sheet: number;
  /** Plan coordinates [m]. */
  readonly x: number;
  readonly y: number;
  /** Id of the portal, door or exit near by; null where none is within reach. */
  readonly portal: string | null;
}

/** How near a portal must be to give a place its name [m]. */
export const PLACE_REACH = 3;

/** Distance from a point to a portal: to its line, or to its region where it has one (0 inside) [m]. */
export function distanceToPortal(portal: TracePortal, x: number, y: number): number {
  const { region, line } = portal;
  if (!region || region.length < 3) return distanceToSegment(x, y, line[0][0], line[0][1], line[1][0], line[1][1]);
  if (polygonContains([region], x, y)) return 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < region.length; k += 1) {
    const [ax, ay] = region[k]!;
    const [bx, by] = region[(k + 1) % region.length]!;
    nearest = Math.min(nearest, distanceToSegment(x, y, ax, ay, bx, by));
  }
  return nearest;
}

/**
 * Nearest portal of a sheet within `reach` [m], doors and exits before plain openings and links at the same distance
 * (within 0.5 m); undefined where there is none. O(portals).
 */
export function findNearestPortal(
  portals: readonly TracePortal[],
  sheet: number,
  x: number,
  y: number,
  reach = PLACE_REACH,
): TracePortal | undefined {
  let best: TracePortal | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const portal of portals) {
    if (portal.sheet !== sheet) continue;
    const distance = distanceToPortal(portal, x, y);
    if (distance > reach) continue;
    const cost = distance + (portal.kind === 'door' || portal.kind === 'exit' ? 0 : 0.5);
    if (cost < bestDistance) {
      best = portal;
      bestDistance = cost;
    }
  }
  return best;
}

/** Name a person would give a portal: its exit's, else its door's, else its link's, else its own. */
export function namePortal(portal: TracePortal): string {
  return portal.exit ?? portal.door ?? portal.link ?? portal.id;
}

/** Finds the portal that an id of an event means: a portal's, a door's or an exit's. O(portals). */
export function findPortal(portals: readonly TracePortal[], id: string): TracePortal | undefined {
  return (
    portals.find((portal) => portal.id === id) ??
    portals.find((portal) => portal.door === id) ??
    portals.find((portal) => portal.exit === id)
  );
}

/** Name of a sheet, `level 0` style fall-back where the trace names none. */
export function nameSheet(sheets: readonly TraceSheet[], sheet: number): string {
  return sheets[sheet]?.id ?? `sheet ${sheet}`;
}
