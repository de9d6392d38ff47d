import type { IfcAPI } from 'web-ifc';

/** Triangles of one shape in the coordinates of the building: x and y in the plan, z up, less the model's origin [m]. */
export interface IfcMesh {
  /** x, y, z of every corner [m]. */
  readonly corners: Float64Array;
  /** Three corners a triangle. */
  readonly triangles: Uint32Array;
}

/** What a model may hold at most. */
export interface IfcLimits {
  /** Corners of all shapes together that are looked at. */
  readonly cornersMax: number;
  /** Things with a shape that are looked at. */
  readonly thingsMax: number;
}

export const DEFAULT_IFC_LIMITS: IfcLimits = { cornersMax: 30_000_000, thingsMax: 500_000 };

/** Corners of shapes that are kept: 100 MB. */
const CORNERS_KEPT = 3_000_000;

/** Told to the user as an issue; never leaves the importer. */
export class IfcLimitError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Column-major 4 × 4 matrix: axes and place of something in the coordinates of the building [m]. */
export type Placement = readonly number[];

/** biome-ignore lint/suspicious/noExplicitAny: what web-ifc returns for a record has other fields for every type */
export type IfcRecord = any;

/**
 * An IFC file that web-ifc has open: its records, how they hang together, and their shapes. It has a lifetime: `close` it, or
 * its memory stays. What web-ifc cannot read is `undefined`, never an exception, but for its own failures in `openIfc`.
 */
export class IfcModel {
  /** Metres of the file's unit of length. */
  readonly metre: number;
  /** How the file names that unit. */
  readonly unitName: string;
  private place: readonly [number, number] = [0, 0];
  /** Shapes that web-ifc failed on, by type. */
  readonly failed = new Map<string, number>();
  private readonly api: IfcAPI;
  private readonly model: number;
  private readonly limits: IfcLimits;
  private readonly byType = new Map<string, readonly number[]>();
  private readonly elementTypes = new Set<string>();
  private readonly records = new Map<number, IfcRecord>();
  /** Shapes that were made, as far as there is room: a wall with many openings takes long, and is asked for by each. */
  private readonly shapes = new Map<number, readonly IfcMesh[]>();
  private cornersKept = 0;
  private cornerCount = 0;
  private thingCount = 0;

  constructor(api: IfcAPI, model: number, limits: IfcLimits) {
    this.api = api;
    this.model = model;
    this.limits = limits;
    for (const { typeID, typeName } of api.GetAllTypesOfModel(model)) {
      const ids: number[] = [];
      const found = api.GetLineIDsWithType(model, typeID);
      for (let i = 0; i < found.size(); i++) ids.push(found.get(i));
      const name = typeName.toUpperCase();
      if (api.IsIfcElement(typeID)) this.elementTypes.add(name);
      this.byType.set(name, [...(this.byType.get(name) ?? []), ...ids]);
    }
    [this.metre, this.unitName] = this.readUnit();
  }

  /** What is taken off all coordinates, so that they are small [m]. */
  get origin(): readonly [number, number] {
    return this.place;
  }

  set origin(place: readonly [number, number]) {
    this.place = place;
    this.shapes.clear();
    this.cornersKept = 0;
  }

  /** Types that the file has records of, in capitals, with their records' numbers in the order of the file. */
  types(): Iterable<readonly [string, readonly number[]]> {
    return this.byType;
  }

  /** Numbers of all records of these types. */
  idsOf(...types: readonly string[]): number[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** A record, or `undefined` where there is none or it cannot be read. */
  record(id: number | undefined): IfcRecord | undefined {
    if (id === undefined) return undefined;
    if (this.records.has(id)) return this.records.get(id);
    let record: IfcRecord | undefined;
    try {
      record = this.api.GetLine(this.model, id) ?? undefined;
    } catch {
      record = undefined;
    }
    this.records.set(id, record);
    return record;
  }

  /** Type of a record in capitals, e.g. `IFCWALL`; empty where there is none. */
  typeOf(id: number): string {
    try {
      return this.api.GetNameFromTypeCode(this.api.GetLineType(this.model, id))?.toUpperCase() ?? '';
    } catch {
      return '';
    }
  }

  /** Whether a type, in capitals, is one of the things that a building is made of. */
  isElement(type: string): boolean {
    return this.elementTypes.has(type);
  }

  /** Where a product's own axes lie [m], less the origin, or `undefined`. */
  placement(id: number): Placement | undefined {
    const at = refOf(this.record(id)?.ObjectPlacement);
    if (at === undefined) return undefined;
    try {
      const matrix = [...this.api.GetWorldTransformMatrix(this.model, at)];
      if (matrix.length !== 16 || !matrix.every(Number.isFinite)) return undefined;
      // The columns of the axes may have the unit's factor in them.
      for (let column = 0; column < 3; column++) {
        const length = Math.hypot(matrix[4 * column], matrix[4 * column + 1], matrix[4 * column + 2]);
        if (!(length > 0)) return undefined;
        for (let row = 0; row < 3; row++) matrix[4 * column + row] /= length;
      }
      matrix[12] = matrix[12] * this.metre - this.place[0];
      matrix[13] = matrix[13] * this.metre - this.place[1];
      matrix[14] *= this.metre;
      return matrix;
    } catch {
      return undefined;
    }
  }

  /**
   * The shapes of a product, as triangles. Corners that are no numbers are left out with their triangles.
   * @throws IfcLimitError where the model holds more than its limits.
   */
  meshes(id: number): readonly IfcMesh[] {
    const known = this.shapes.get(id);
    if (known !== undefined) return known;
    const meshes = this.makeMeshes(id);
    const corners = meshes.reduce((sum, mesh) => sum + mesh.corners.length / 3, 0);
    if (this.cornersKept + corners <= CORNERS_KEPT) {
      this.cornersKept += corners;
      this.shapes.set(id, meshes);
    }
    return meshes;
  }

  private makeMeshes(id: number): IfcMesh[] {
    if (++this.thingCount > this.limits.thingsMax)
      throw new IfcLimitError(
        'too-many-things',
        `the model has more than ${this.limits.thingsMax} things with a shape`,
      );
    const meshes: IfcMesh[] = [];
    try {
      const flat = this.api.GetFlatMesh(this.model, id);
      for (let i = 0; i < flat.geometries.size(); i++) {
        const { geometryExpressID, flatTransformation } = flat.geometries.get(i);
        const geometry = this.api.GetGeometry(this.model, geometryExpressID);
        try {
          const values = this.api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
          const indices = this.api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize());
          this.cornerCount += values.length / 6;
          if (this.cornerCount > this.limits.cornersMax)
            throw new IfcLimitError('too-many-corners', `the shapes have more than ${this.limits.cornersMax} corners`);
          const mesh = toMesh(values, indices, flatTransformation, this.place);
          if (mesh.triangles.length > 0) meshes.push(mesh);
        } finally {
          geometry.delete();
        }
      }
    } catch (error) {
      if (error instanceof IfcLimitError || error instanceof WebAssembly.RuntimeError || error instanceof RangeError)
        throw error;
      const type = this.typeOf(id);
      this.failed.set(type, (this.failed.get(type) ?? 0) + 1);
    }
    return meshes;
  }

  close(): void {
    try {
      this.api.CloseModel(this.model);
      this.api.Dispose();
    } catch {
      // A module that has trapped cannot be closed; its memory goes with it.
    }
  }

  private readUnit(): [number, string] {
    for (const project of this.idsOf('IFCPROJECT', 'IFCPROJECTLIBRARY')) {
      const assignment = this.record(refOf(this.record(project)?.UnitsInContext));
      for (const id of refsOf(assignment?.Units)) {
        const unit = this.record(id);
        if (textOf(unit?.UnitType) !== 'LENGTHUNIT') continue;
        const size = this.sizeOfUnit(id, 0);
        if (size !== undefined) return size;
      }
    }
    return [1, ''];
  }

  private sizeOfUnit(id: number | undefined, depth: number): [number, string] | undefined {
    const unit = this.record(id);
    if (unit === undefined || depth > 4) return undefined;
    const name = textOf(unit.Name) ?? '';
    if (unit.ConversionFactor === undefined) {
      const prefix = textOf(unit.Prefix) ?? '';
      const factor = prefix === '' ? 1 : SI_PREFIXES[prefix];
      return factor === undefined ? undefined : [factor, prefix === '' ? 'm' : (SI_SHORT[prefix] ?? prefix)];
    }
    const measure = this.record(refOf(unit.ConversionFactor));
    const value = numberOf(measure?.ValueComponent);
    const base = this.sizeOfUnit(refOf(measure?.UnitComponent), depth + 1);
    return value === undefined || base === undefined || !(value > 0)
      ? undefined
      : [value * base[0], name.toLowerCase() || 'a unit of its own'];
  }
}

const SI_PREFIXES: Readonly<Record<string, number>> = {
  EXA: 1e18,
  PETA: 1e15,
  TERA: 1e12,
  GIGA: 1e9,
  MEGA: 1e6,
  KILO: 1e3,
  HECTO: 100,
  DECA: 10,
  DECI: 0.1,
  CENTI: 0.01,
  MILLI: 0.001,
  MICRO: 1e-6,
  NANO: 1e-9,
};
const SI_SHORT: Readonly<Record<string, string>> = { MILLI: 'mm', CENTI: 'cm', DECI: 'dm', KILO: 'km' };

/**
 * Opens IFC bytes with web-ifc. In Node its module is found in the package; in a browser `wasmFolder` says where
 * `web-ifc.wasm` is served, with a slash at its end.
 * @throws what web-ifc throws: say that the file cannot be read.
 */
export async function openIfc(
  bytes: Uint8Array,
  wasmFolder: string | undefined,
  limits: IfcLimits = DEFAULT_IFC_LIMITS,
): Promise<IfcModel> {
  // Six megabytes of code that nobody needs who reads another format.
  const { IfcAPI, LogLevel } = await import('web-ifc');
  const api = new IfcAPI();
  if (wasmFolder !== undefined) api.SetWasmPath(wasmFolder, true);
  await api.Init(undefined, true);
  api.SetLogLevel(LogLevel.LOG_LEVEL_OFF);
  const model = api.OpenModel(bytes, { COORDINATE_TO_ORIGIN: false, CIRCLE_SEGMENTS: 24 });
  if (model < 0) throw new Error('web-ifc does not open the file');
  return new IfcModel(api, model, limits);
}

/** web-ifc has y up and z towards the reader; plans have z up. */
function toMesh(
  values: Float32Array,
  indices: Uint32Array,
  matrix: readonly number[],
  origin: readonly [number, number],
): IfcMesh {
  const count = Math.floor(values.length / 6);
  const corners = new Float64Array(3 * count);
  let sound = true;
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [values[6 * i], values[6 * i + 1], values[6 * i + 2]];
    const px = matrix[0] * x + matrix[4] * y + matrix[8] * z + matrix[12];
    const py = matrix[1] * x + matrix[5] * y + matrix[9] * z + matrix[13];
    const pz = matrix[2] * x + matrix[6] * y + matrix[10] * z + matrix[14];
    corners[3 * i] = px - origin[0];
    corners[3 * i + 1] = -pz - origin[1];
    corners[3 * i + 2] = py;
    // Farther than any place on Earth is no place either.
    if (!(Math.abs(px) < 1e8 && Math.abs(py) < 1e8 && Math.abs(pz) < 1e8)) sound = false;
  }
  const valid = (i: number): boolean =>
    i < count &&
    Math.abs(corners[3 * i]) < 2e8 &&
    Math.abs(corners[3 * i + 1]) < 2e8 &&
    Math.abs(corners[3 * i + 2]) < 2e8;
  let triangles = indices;
  if (!sound || indices.length % 3 !== 0 || indices.some((i) => i >= count)) {
    const kept: number[] = [];
    for (let t = 0; t + 2 < indices.length; t += 3) {
      if (valid(indices[t]) && valid(indices[t + 1]) && valid(indices[t + 2]))
        kept.push(indices[t], indices[t + 1], indices[t + 2]);
    }
    triangles = Uint32Array.from(kept);
  }
  return { corners, triangles };
}

/** Number of the record that a field refers to. */
export function refOf(field: IfcRecord): number | undefined {
  return field !== null && field !== undefined && field.type === 5 && typeof field.value === 'number'
    ? field.value
    : undefined;
}

/** Numbers of the records that a list refers to. */
export function refsOf(field: IfcRecord): number[] {
  return Array.isArray(field) ? field.map(refOf).filter((id) => id !== undefined) : [];
}

/** Text or word of a field; `undefined` where it is empty or something else. */
export function textOf(field: IfcRecord): string | undefined {
  const value = field?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Finite number of a field. */
export function numberOf(field: IfcRecord): number | undefined {
  const value = field?.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
