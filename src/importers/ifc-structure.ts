import { type IfcModel, type IfcRecord, numberOf, refOf, refsOf, textOf } from './ifc-model.ts';

/** A storey as the file has it. */
export interface IfcStorey {
  readonly id: number;
  readonly name: string;
  /** Height of its own place in the building's coordinates [m]. */
  readonly z: number;
  /** What the file writes as its elevation [m]. */
  readonly elevation: number | undefined;
}

/** How the records of a model hang together. */
export interface IfcStructure {
  /** From the lowest to the highest. */
  readonly storeys: readonly IfcStorey[];
  /** Storey that something is in, on, or part of. */
  readonly storeyOf: (id: number) => IfcStorey | undefined;
  /** Parts of an aggregate, and of these, without their own order lost. */
  readonly partsOf: (id: number) => readonly number[];
  readonly wholeOf: (id: number) => number | undefined;
  /** Element that an opening is cut in. */
  readonly hostOf: ReadonlyMap<number, number>;
  /** What fills an opening: a door, a window. */
  readonly fillingsOf: ReadonlyMap<number, readonly number[]>;
  readonly openingOf: ReadonlyMap<number, number>;
  readonly typeOf: ReadonlyMap<number, number>;
  /** A named property of the sets of a thing or of its type. */
  readonly property: (id: number, name: string) => unknown;
}

/** Reads the relations that matter for a plan. Rings among them (a part of itself) end the search, nothing else. */
export function readStructure(model: IfcModel): IfcStructure {
  const parents = new Map<number, number>();
  const wholes = new Map<number, number>();
  const parts = new Map<number, number[]>();
  const each = (type: string, read: (record: IfcRecord) => void): void => {
    for (const id of model.idsOf(type)) {
      const record = model.record(id);
      if (record !== undefined) read(record);
    }
  };
  for (const type of ['IFCRELAGGREGATES', 'IFCRELNESTS', 'IFCRELDECOMPOSES']) {
    each(type, (record) => {
      const whole = refOf(record.RelatingObject);
      if (whole === undefined) return;
      for (const part of refsOf(record.RelatedObjects)) {
        parents.set(part, whole);
        wholes.set(part, whole);
        const list = parts.get(whole);
        if (list === undefined) parts.set(whole, [part]);
        else list.push(part);
      }
    });
  }
  each('IFCRELCONTAINEDINSPATIALSTRUCTURE', (record) => {
    const structure = refOf(record.RelatingStructure);
    if (structure !== undefined) for (const id of refsOf(record.RelatedElements)) parents.set(id, structure);
  });
  const hostOf = new Map<number, number>();
  each('IFCRELVOIDSELEMENT', (record) => {
    const host = refOf(record.RelatingBuildingElement);
    const opening = refOf(record.RelatedOpeningElement);
    if (host === undefined || opening === undefined) return;
    hostOf.set(opening, host);
    if (!parents.has(opening)) parents.set(opening, host);
  });
  const fillingsOf = new Map<number, number[]>();
  const openingOf = new Map<number, number>();
  each('IFCRELFILLSELEMENT', (record) => {
    const opening = refOf(record.RelatingOpeningElement);
    const filling = refOf(record.RelatedBuildingElement);
    if (opening === undefined || filling === undefined) return;
    fillingsOf.set(opening, [...(fillingsOf.get(opening) ?? []), filling]);
    openingOf.set(filling, opening);
    if (!parents.has(filling)) parents.set(filling, opening);
  });
  const typeOf = new Map<number, number>();
  each('IFCRELDEFINESBYTYPE', (record) => {
    const type = refOf(record.RelatingType);
    if (type !== undefined) for (const id of refsOf(record.RelatedObjects)) typeOf.set(id, type);
  });
  const doors = new Set(model.idsOf(...DOOR_TYPES));
  const setsOf = new Map<number, number[]>();
  if (doors.size > 0) {
    each('IFCRELDEFINESBYPROPERTIES', (record) => {
      const sets = Array.isArray(record.RelatingPropertyDefinition)
        ? refsOf(record.RelatingPropertyDefinition)
        : [refOf(record.RelatingPropertyDefinition)].filter((id) => id !== undefined);
      for (const id of refsOf(record.RelatedObjects)) {
        if (doors.has(id)) setsOf.set(id, [...(setsOf.get(id) ?? []), ...sets]);
      }
    });
  }

  const byId = new Map<number, IfcStorey>();
  for (const id of model.idsOf('IFCBUILDINGSTOREY')) {
    const record = model.record(id);
    if (record === undefined) continue;
    const written = numberOf(record.Elevation);
    const elevation = written === undefined ? undefined : written * model.metre;
    const z = model.placement(id)?.[14] ?? elevation ?? 0;
    byId.set(id, { id, name: textOf(record.Name) ?? textOf(record.LongName) ?? `storey ${id}`, z, elevation });
  }
  const storeyOf = (id: number): IfcStorey | undefined => {
    const seen = new Set<number>();
    for (let at: number | undefined = id; at !== undefined && !seen.has(at); at = parents.get(at)) {
      const storey = byId.get(at);
      if (storey !== undefined) return storey;
      seen.add(at);
    }
    return undefined;
  };
  const partsOf = (id: number): number[] => {
    const found: number[] = [];
    const seen = new Set([id]);
    const visit = (at: number): void => {
      for (const part of parts.get(at) ?? []) {
        if (seen.has(part)) continue;
        seen.add(part);
        found.push(part);
        if (seen.size < 10_000) visit(part);
      }
    };
    visit(id);
    return found;
  };
  const property = (id: number, name: string): unknown => {
    const type = model.record(typeOf.get(id) ?? -1);
    for (const set of [...(setsOf.get(id) ?? []), ...refsOf(type?.HasPropertySets)]) {
      for (const at of refsOf(model.record(set)?.HasProperties)) {
        const found = model.record(at);
        if (textOf(found?.Name) === name) return found?.NominalValue?.value;
      }
    }
    return undefined;
  };
  return {
    storeys: [...byId.values()].sort((a, b) => a.z - b.z || a.id - b.id),
    storeyOf,
    partsOf,
    wholeOf: (id) => wholes.get(id),
    hostOf,
    fillingsOf,
    openingOf,
    typeOf,
    property,
  };
}

export const DOOR_TYPES = ['IFCDOOR', 'IFCDOORSTANDARDCASE'];

/** Whether a property is true, false or not given: logicals come as booleans, letters or numbers. */
export function isTrue(value: unknown): boolean | undefined {
  if (value === true || value === 'T' || value === 1) return true;
  if (value === false || value === 'F' || value === 0) return false;
  return undefined;
}
