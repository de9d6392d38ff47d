import { IfcText, type IfcTextOptions, rectangle } from './ifc-text.test-support.ts';

/**
 * A made-up house of two storeys, 12 m × 8 m outside, walls of 0.2 m, storeys at 0 and 3.2 m. Below: a hall (0.2 … 7.9 × 0.2 … 7.8)
 * and an office (8.1 … 11.8 × 0.2 … 7.8) with a door of 0.9 m between them at y = 2 … 2.9, a main door of 1.6 m at
 * x = 3 … 4.6 in the south wall, a column, a table and a railing. Stairs with a landing along the north wall lead up, through a
 * hole in the upper slab, to a gallery of the same outline with a balcony door in its east wall.
 */
export function houseText(options: IfcTextOptions & { readonly spaces?: boolean } = {}): IfcText {
  const f = new IfcText(options);
  const withSpaces = options.spaces ?? true;
  const ground = f.storey('Ground', 0);
  const upper = f.storey('Upper', 3.2);
  const roof = f.storey('Roof', 6.4);

  f.slab('Ground slab', ground, rectangle(0, 0, 12, 8), 'BASESLAB');
  const south = f.wall('South', ground, rectangle(0, 0, 12, 0.2));
  f.wall('North', ground, rectangle(0, 7.8, 12, 8));
  f.wall('West', ground, rectangle(0, 0.2, 0.2, 7.8));
  f.wall('East', ground, rectangle(11.8, 0.2, 12, 7.8));
  const between = f.wall('Between', ground, rectangle(7.9, 0.2, 8.1, 7.8));
  const main = f.opening(south, ground, rectangle(3, -0.05, 4.6, 0.25));
  f.door('Main door', ground, [3, 0.1, 0], [1, 0, 0], 1.6, 'DOUBLE_DOOR_SINGLE_SWING', main);
  const inner = f.opening(between, ground, rectangle(7.85, 2, 8.15, 2.9));
  // Its x axis runs along +y, its y axis, towards which it opens, along −x: into the hall.
  f.door('Office door', ground, [8, 2, 0], [0, 1, 0], 0.9, 'SINGLE_SWING_LEFT', inner);
  const glass = f.opening(south, ground, rectangle(9, -0.05, 10.5, 0.25), 1.2, 0.9);
  const window = f.product(
    'IFCWINDOW',
    'Window',
    ground,
    f.shape({ ring: rectangle(9, 0.05, 10.5, 0.15), z: 0.9, height: 1.2 }),
    windowMore(f),
  );
  f.add(`IFCRELFILLSELEMENT('${f.guid()}',$,$,$,#${glass},#${window})`);
  f.product(
    'IFCCOLUMN',
    'Column',
    ground,
    f.shape({ ring: rectangle(5, 3, 5.4, 3.4), height: 3 }),
    f.schema === 'IFC2X3' ? '' : '$',
  );
  const table = f.shape({ ring: rectangle(1, 2, 2, 3.5), height: 0.75 });
  if (f.schema === 'IFC2X3') f.product('IFCFURNISHINGELEMENT', 'Table', ground, table);
  else f.product('IFCFURNITURE', 'Table', ground, table, '$');
  f.product('IFCRAILING', 'Railing', ground, f.shape({ ring: rectangle(6, 1, 6.05, 2), z: 0, height: 1 }), '$');

  f.product('IFCSLAB', 'Upper slab', upper, f.body('SweptSolid', upperSlab(f)), '.FLOOR.');
  f.wall('South up', upper, rectangle(0, 0, 12, 0.2));
  f.wall('North up', upper, rectangle(0, 7.8, 12, 8));
  f.wall('West up', upper, rectangle(0, 0.2, 0.2, 7.8));
  const east = f.wall('East up', upper, rectangle(11.8, 0.2, 12, 7.8));
  const balcony = f.opening(east, upper, rectangle(11.75, 4, 12.05, 5));
  f.door('Balcony door', upper, [11.9, 4, 0], [0, 1, 0], 1, 'SLIDING_TO_LEFT', balcony);
  f.product('IFCSLAB', 'Roof slab', roof, f.shape({ ring: rectangle(0, 0, 12, 8), z: -0.3, height: 0.3 }), '.ROOF.');

  // Ten steps up along +x to a landing at 1.6 m, ten back along −x beside them.
  const size = { steps: 10, tread: 0.28, riser: 0.16, width: 1.1 };
  const first = f.flight('Flight 1', ground, [1.2, 5.4, 0], { ...size, steps: 9 });
  const second = f.flight('Flight 2', ground, [3.72, 7.7, 1.6], { ...size, steps: 9 }, [-1, 0, 0]);
  const landing = f.product(
    'IFCSLAB',
    'Landing',
    ground,
    f.shape({ ring: rectangle(3.72, 5.4, 4.92, 7.7), z: 1.45, height: 0.15 }),
    '.LANDING.',
  );
  f.aggregate('IFCSTAIR', 'Stairs', ground, [first, second, landing], '.HALF_TURN_STAIR.');

  if (withSpaces) {
    f.space('0.1', 'Hall', ground, rectangle(0.2, 0.2, 7.9, 7.8));
    f.space('0.2', 'Office', ground, rectangle(8.1, 0.2, 11.8, 7.8));
    f.space('1.1', 'Gallery', upper, rectangle(0.2, 0.2, 11.8, 7.8));
  }
  return f;
}

function windowMore(f: IfcText): string {
  const size = `${f.length(1.2)},${f.length(1.5)}`;
  return f.schema === 'IFC2X3' ? size : `${size},$,$,$`;
}

/** The upper floor less the stairwell 1.2 … 4.92 × 5.4 … 7.7, as one solid with a hole. */
function upperSlab(f: IfcText): number[] {
  const loop = (ring: readonly (readonly number[])[]): number => {
    const points = [...ring, ring[0]].map(
      ([x, y]) => `#${f.add(`IFCCARTESIANPOINT((${f.length(x)},${f.length(y)}))`)}`,
    );
    return f.add(`IFCPOLYLINE((${points.join(',')}))`);
  };
  const outer = loop(rectangle(0, 0, 12, 8));
  const hole = loop(rectangle(1.2, 5.4, 4.92, 7.7));
  const profile = f.add(`IFCARBITRARYPROFILEDEFWITHVOIDS(.AREA.,$,#${outer},(#${hole}))`);
  const up = f.add('IFCDIRECTION((0.,0.,1.))');
  return [f.add(`IFCEXTRUDEDAREASOLID(#${profile},#${f.axes([0, 0, -0.2])},#${up},${f.length(0.2)})`)];
}
