import type { DoorState, PortalMeasures, RunMeasures } from '../analysis/index.ts';

/** Name of a portal for a reader; the id itself where it is unknown. */
export function namePlace(measures: Pick<RunMeasures, 'portals'>, id: string): string {
  const portal = findMeasuredPortal(measures, id);
  return portal ? nameMeasuredPortal(portal) : id;
}

/** Its exit's, door's or link's name; of an opening the rooms it joins, else its own id. */
export function nameMeasuredPortal(portal: PortalMeasures): string {
  const named = portal.exit ?? portal.door ?? portal.link;
  if (named !== null) return named;
  const [one, other] = portal.areas;
  return one !== '' && other !== '' ? `${one} – ${other}` : portal.id;
}

/** The portal that an id means: a portal's, a door's or an exit's. */
export function findMeasuredPortal(measures: Pick<RunMeasures, 'portals'>, id: string): PortalMeasures | undefined {
  return (
    measures.portals.find((portal) => portal.id === id) ??
    measures.portals.find((portal) => portal.door === id) ??
    measures.portals.find((portal) => portal.exit === id)
  );
}

/** Name of a sheet for a reader. */
export function nameLevel(measures: Pick<RunMeasures, 'sheets'>, sheet: number | null): string {
  if (sheet === null) return 'an unknown place';
  return measures.sheets[sheet]?.id ?? `sheet ${sheet}`;
}

/** What a door's state is called; `forced` is a door the crowd broke open. */
export const DOOR_STATE_WORDS: Readonly<Record<DoorState, string>> = {
  open: 'open',
  closed: 'closed',
  locked: 'locked',
  chained: 'chained',
  forced: 'forced open',
};

/** Portals in the order of the report's table, whose row number is also on the plan: exits, doors, links, then openings. */
export function numberPortals(measures: Pick<RunMeasures, 'portals'>): PortalMeasures[] {
  const rank = { exit: 0, door: 1, link: 2, opening: 3 } as const;
  return measures.portals
    .filter((portal) => portal.exit !== null || portal.door !== null || portal.persons > 0)
    .sort((a, b) => rank[a.kind] - rank[b.kind] || b.persons - a.persons);
}
