import type { Point } from '../scenario/index.ts';

export type IfcSchema = 'IFC2X3' | 'IFC4' | 'IFC4X3_ADD2';

/** How a made-up model writes its lengths. */
const UNITS = {
  m: { metres: 1, records: (at: number) => [`#${at}=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);`] },
  mm: { metres: 0.001, records: (at: number) => [`#${at}=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);`] },
  ft: {
    metres: 0.3048,
    records: (at: number) => [
      `#${at}=IFCCONVERSIONBASEDUNIT(#${at + 1},.LENGTHUNIT.,'FOOT',#${at + 2});`,
      `#${at + 1}=IFCDIMENSIONALEXPONENTS(1,0,0,0,0,0,0);`,
      `#${at + 2}=IFCMEASUREWITHUNIT(IFCLENGTHMEASURE(0.3048),#${at + 3});`,
      `#${at + 3}=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);`,
    ],
  },
} as const;

export interface IfcTextOptions {
  readonly schema?: IfcSchema;
  readonly unit?: keyof typeof UNITS;
  /** Where the site lies [m]. */
  readonly site?: readonly [number, number, number];
  /** How the site is turned [deg]. */
  readonly turn?: number;
}

/** Writes small IFC files for tests; all lengths are in metres, whatever the unit of the file. */
export class IfcText {
  readonly schema: IfcSchema;
  private readonly lines: string[] = [];
  private next = 1;
  private readonly metres: number;
  private readonly building: number;
  private readonly context: number;
  private readonly sitePlacement: number;
  private readonly contained = new Map<number, number[]>();
  private readonly storeys: number[] = [];
  private readonly storeyPlacement = new Map<number, number>();
  private guids = 0;

  constructor(options: IfcTextOptions = {}) {
    this.schema = options.schema ?? 'IFC4';
    const unit = UNITS[options.unit ?? 'm'];
    this.metres = unit.metres;
    const unitAt = this.next;
    const records = unit.records(unitAt);
    this.lines.push(...records);
    this.next += records.length;
    const assignment = this.add(`IFCUNITASSIGNMENT((#${unitAt}))`);
    this.context = this.add(
      `IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#${this.axes([0, 0, 0])},#${this.add('IFCDIRECTION((0.6,0.8))')})`,
    );
    const project = this.add(`IFCPROJECT('${this.guid()}',$,'Made up',$,$,$,$,(#${this.context}),#${assignment})`);
    const turn = ((options.turn ?? 0) * Math.PI) / 180;
    const siteAxes = this.axes(options.site ?? [0, 0, 0], [Math.cos(turn), Math.sin(turn), 0]);
    this.sitePlacement = this.add(`IFCLOCALPLACEMENT($,#${siteAxes})`);
    const site = this.add(`IFCSITE('${this.guid()}',$,'Site',$,$,#${this.sitePlacement},$,$,.ELEMENT.,$,$,$,$,$)`);
    this.building = this.add(
      `IFCBUILDING('${this.guid()}',$,'House',$,$,#${this.add(`IFCLOCALPLACEMENT(#${this.sitePlacement},#${this.axes([0, 0, 0])})`)},$,$,.ELEMENT.,$,$,$)`,
    );
    this.add(`IFCRELAGGREGATES('${this.guid()}',$,$,$,#${project},(#${site}))`);
    this.add(`IFCRELAGGREGATES('${this.guid()}',$,$,$,#${site},(#${this.building}))`);
  }

  /** Adds a record, `TYPE(…)`, and returns its number. */
  add(record: string): number {
    const id = this.next++;
    this.lines.push(`#${id}=${record};`);
    return id;
  }

  guid(): string {
    return `0${String(++this.guids).padStart(21, '0')}`;
  }

  /** A length in the unit of the file. */
  length(metres: number): string {
    const value = metres / this.metres;
    const text = String(Math.round(value * 1e9) / 1e9);
    return text.includes('e') ? value.toExponential().replace('e', 'E') : text.includes('.') ? text : `${text}.`;
  }

  axes(origin: readonly [number, number, number], x: readonly [number, number, number] = [1, 0, 0]): number {
    const point = this.add(`IFCCARTESIANPOINT((${origin.map((v) => this.length(v)).join(',')}))`);
    const up = this.add('IFCDIRECTION((0.,0.,1.))');
    const along = this.add(`IFCDIRECTION((${x.map((v) => (Number.isInteger(v) ? `${v}.` : String(v))).join(',')}))`);
    return this.add(`IFCAXIS2PLACEMENT3D(#${point},#${up},#${along})`);
  }

  storey(name: string, elevation: number): number {
    const placement = this.add(`IFCLOCALPLACEMENT(#${this.sitePlacement},#${this.axes([0, 0, elevation])})`);
    const storey = this.add(
      `IFCBUILDINGSTOREY('${this.guid()}',$,'${name}',$,$,#${placement},$,$,.ELEMENT.,${this.length(elevation)})`,
    );
    this.storeys.push(storey);
    this.storeyPlacement.set(storey, placement);
    return storey;
  }

  /** A placement on a storey. */
  placement(
    storey: number,
    at: readonly [number, number, number] = [0, 0, 0],
    x?: readonly [number, number, number],
  ): number {
    return this.add(`IFCLOCALPLACEMENT(#${this.storeyPlacement.get(storey)},#${this.axes(at, x)})`);
  }

  /** A prism over a ring, as a product's shape. */
  shape(...prisms: readonly { ring: readonly Point[]; z?: number; height: number }[]): number {
    const solids = prisms.map(({ ring, z = 0, height }) => {
      const points = [...ring, ring[0]].map(
        ([x, y]) => `#${this.add(`IFCCARTESIANPOINT((${this.length(x)},${this.length(y)}))`)}`,
      );
      const curve = this.add(`IFCPOLYLINE((${points.join(',')}))`);
      const profile = this.add(`IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#${curve})`);
      const up = this.add('IFCDIRECTION((0.,0.,1.))');
      return this.add(`IFCEXTRUDEDAREASOLID(#${profile},#${this.axes([0, 0, z])},#${up},${this.length(height)})`);
    });
    return this.body('SweptSolid', solids);
  }

  body(kind: string, items: readonly number[]): number {
    const representation = this.add(
      `IFCSHAPEREPRESENTATION(#${this.context},'Body','${kind}',(${items.map((id) => `#${id}`).join(',')}))`,
    );
    return this.add(`IFCPRODUCTDEFINITIONSHAPE($,$,(#${representation}))`);
  }

  /** A product on a storey; `more` are the attributes after the tag. */
  product(type: string, name: string, storey: number, shape: number | '$', more = '', placement?: number): number {
    const at = placement ?? this.placement(storey);
    const id = this.add(
      `${type}('${this.guid()}',$,'${name}',$,$,#${at},${shape === '$' ? '$' : `#${shape}`},$${more === '' ? '' : `,${more}`})`,
    );
    this.contained.set(storey, [...(this.contained.get(storey) ?? []), id]);
    return id;
  }

  wall(name: string, storey: number, ring: readonly Point[], height = 3, z = 0): number {
    const type = this.schema === 'IFC2X3' ? 'IFCWALLSTANDARDCASE' : 'IFCWALL';
    return this.product(type, name, storey, this.shape({ ring, z, height }), this.schema === 'IFC2X3' ? '' : '$');
  }

  slab(name: string, storey: number, ring: readonly Point[], kind = 'FLOOR', top = 0): number {
    return this.product('IFCSLAB', name, storey, this.shape({ ring, z: top - 0.2, height: 0.2 }), `.${kind}.`);
  }

  space(name: string, longName: string, storey: number, ring: readonly Point[], height = 2.8, z = 0): number {
    const shape = this.shape({ ring, z, height });
    const id = this.add(
      `IFCSPACE('${this.guid()}',$,'${name}',$,$,#${this.placement(storey)},#${shape},'${longName}',.ELEMENT.,.${this.schema === 'IFC2X3' ? 'INTERNAL' : 'SPACE'}.,$)`,
    );
    this.add(`IFCRELAGGREGATES('${this.guid()}',$,$,$,#${storey},(#${id}))`);
    return id;
  }

  opening(wall: number, storey: number, ring: readonly Point[], height = 2.1, z = 0): number {
    const more = this.schema === 'IFC2X3' ? '' : ',$';
    const id = this.add(
      `IFCOPENINGELEMENT('${this.guid()}',$,'Opening',$,$,#${this.placement(storey)},#${this.shape({ ring, z, height })},$${more})`,
    );
    this.add(`IFCRELVOIDSELEMENT('${this.guid()}',$,$,$,#${wall},#${id})`);
    return id;
  }

  /** A door: `at` is the low end of its local x axis, which runs along `x`; it opens towards the local y axis. */
  door(
    name: string,
    storey: number,
    at: readonly [number, number, number],
    x: readonly [number, number, number],
    width: number,
    operation: string,
    opening?: number,
  ): number {
    const placement = this.placement(storey, at, x);
    const ring: Point[] = [
      [0, -0.02],
      [width, -0.02],
      [width, 0.02],
      [0, 0.02],
    ];
    const shape = this.shape({ ring, height: 2.1 });
    const size = `${this.length(2.1)},${this.length(width)}`;
    const isOld = this.schema === 'IFC2X3';
    const id = this.product(
      'IFCDOOR',
      name,
      storey,
      shape,
      isOld ? size : `${size},.DOOR.,.${operation}.,$`,
      placement,
    );
    if (isOld) {
      const style = this.add(
        `IFCDOORSTYLE('${this.guid()}',$,'${name} style',$,$,$,$,$,.${operation}.,.NOTDEFINED.,.F.,.F.)`,
      );
      this.add(`IFCRELDEFINESBYTYPE('${this.guid()}',$,$,$,(#${id}),#${style})`);
    }
    if (opening !== undefined) this.add(`IFCRELFILLSELEMENT('${this.guid()}',$,$,$,#${opening},#${id})`);
    return id;
  }

  /** A straight flight of solid steps, going up along +x from `at`. */
  flight(
    name: string,
    storey: number,
    at: readonly [number, number, number],
    size: { steps: number; tread: number; riser: number; width: number },
    x: readonly [number, number, number] = [1, 0, 0],
  ): number {
    const { steps, tread, riser, width } = size;
    const prisms = Array.from({ length: steps }, (_, i) => ({
      ring: [
        [i * tread, 0],
        [(i + 1) * tread, 0],
        [(i + 1) * tread, width],
        [i * tread, width],
      ] as Point[],
      z: i * riser,
      height: riser,
    }));
    const more = `${steps},${steps - 1},${this.length(riser)},${this.length(tread)}${this.schema === 'IFC2X3' ? '' : ',.STRAIGHT.'}`;
    return this.product('IFCSTAIRFLIGHT', name, storey, this.shape(...prisms), more, this.placement(storey, at, x));
  }

  /** A whole made of parts, as stairs are of flights and landings. */
  aggregate(type: string, name: string, storey: number, parts: readonly number[], more = ''): number {
    const whole = this.product(type, name, storey, '$', more);
    this.add(`IFCRELAGGREGATES('${this.guid()}',$,$,$,#${whole},(${parts.map((id) => `#${id}`).join(',')}))`);
    const list = this.contained.get(storey) ?? [];
    this.contained.set(
      storey,
      list.filter((id) => !parts.includes(id)),
    );
    return whole;
  }

  toString(): string {
    const tail: string[] = [];
    const rel = (text: string) => tail.push(`#${this.next + tail.length}=${text};`);
    const list = (ids: readonly number[]) => ids.map((id) => `#${id}`).join(',');
    if (this.storeys.length > 0)
      rel(`IFCRELAGGREGATES('${this.guid()}',$,$,$,#${this.building},(${list(this.storeys)}))`);
    for (const [storey, ids] of this.contained) {
      if (ids.length > 0) rel(`IFCRELCONTAINEDINSPATIALSTRUCTURE('${this.guid()}',$,$,$,(${list(ids)}),#${storey})`);
    }
    return [
      'ISO-10303-21;',
      'HEADER;',
      "FILE_DESCRIPTION(('ViewDefinition [CoordinationView]'),'2;1');",
      "FILE_NAME('made-up.ifc','2026-01-01T00:00:00',(''),(''),'','','');",
      `FILE_SCHEMA(('${this.schema}'));`,
      'ENDSEC;',
      'DATA;',
      ...this.lines,
      ...tail,
      'ENDSEC;',
      'END-ISO-10303-21;',
      '',
    ].join('\n');
  }

  bytes(): Uint8Array {
    return new TextEncoder().encode(this.toString());
  }
}

/** An upright rectangle. */
export function rectangle(x0: number, y0: number, x1: number, y1: number): Point[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}
