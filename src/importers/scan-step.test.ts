import { describe, expect, it } from 'vitest';
import { houseText } from './ifc-house.test-support.ts';
import { DEFAULT_STEP_LIMITS, recogniseStep, scanStep } from './scan-step.ts';

const text = houseText().toString();
const encode = (s: string) => new TextEncoder().encode(s);
const codes = (s: string) => scanStep(encode(s)).issues.map(({ severity, code }) => `${severity} ${code}`);
const withRecords = (records: string) =>
  `ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n${records}\nENDSEC;\nEND-ISO-10303-21;\n`;

describe('scanStep', () => {
  it('names the schema and counts records by type', () => {
    const { schema, counts, issues } = scanStep(encode(text));
    expect(issues).toEqual([]);
    expect(schema).toBe('IFC4');
    expect(counts.get('IFCDOOR')).toBe(3);
    expect(counts.get('IFCSTAIRFLIGHT')).toBe(2);
  });

  it('refuses a file cut off anywhere before its last line', () => {
    for (let percent = 1; percent < 100; percent++) {
      const found = codes(text.slice(0, Math.floor((text.length * percent) / 100)));
      expect(found.some((code) => code === 'error file-cut-off' || code === 'error not-step')).toBe(true);
    }
  });

  it('names a ring of placements, of mapped items, of anything', () => {
    expect(
      codes(withRecords('#1=IFCLOCALPLACEMENT(#2,$);\n#2=IFCLOCALPLACEMENT(#3,$);\n#3=IFCLOCALPLACEMENT(#1,$);')),
    ).toEqual(['error cyclic-reference']);
    expect(codes(withRecords('#1=IFCLOCALPLACEMENT(#1,$);'))).toEqual(['error cyclic-reference']);
    const chain = Array.from({ length: 100_000 }, (_, i) => `#${i + 1}=IFCLOCALPLACEMENT(#${i + 2},$);`).join('\n');
    expect(codes(withRecords(`${chain}\n#100001=IFCLOCALPLACEMENT($,$);`))).toEqual([]);
  });

  it('tells references to nothing and numbers given twice, but reads on', () => {
    expect(codes(withRecords('#1=IFCLOCALPLACEMENT(#7,$);'))).toEqual(['warning missing-record']);
    expect(codes(withRecords('#1=IFCDIRECTION((1.,0.));\n#1=IFCDIRECTION((0.,1.));'))).toEqual([
      'warning duplicate-record',
    ]);
  });

  it('is not led astray by strings, comments and brackets in them', () => {
    const { counts, issues } = scanStep(
      encode(withRecords("/* #9=X(; */ #1=IFCLABEL('a;)#77 ''b'' ');\n#2 = IFCDIRECTION ( (1.,0.) ) ;/*END*/")),
    );
    expect(issues).toEqual([]);
    expect([...counts.keys()]).toEqual(['IFCLABEL', 'IFCDIRECTION']);
  });

  it('refuses a record that has fewer or more values than others of its type', () => {
    const damaged = text.replace('IFCPRODUCTDEFINITIONSHAPE($,$,', 'IFCPRODUCTDEFINITIONSHAPE($,');
    expect(codes(damaged)).toEqual(['error record-values']);
    expect(codes(withRecords("#1=X((1,2),'a,b',$);#2=X((),#1,.T.);#3=Y();#4=Y( );"))).toEqual([]);
  });

  it('refuses what is no value: NaN, numbers beyond all bounds, stray words', () => {
    for (const value of ['NaN', '-NaN', '1.E999', 'INF', 'abc', '1.#INF'])
      expect(codes(withRecords(`#1=IFCCARTESIANPOINT((0.,${value}));`))).toContain('error not-a-value');
    const good = "#1=X(1.E-05,-2.5E+3,.5,.T.,.NOTDEFINED.,IFCLABEL('a'),IFCBOOLEAN (.F.),\"0A1F\",*,$,'NaN');";
    expect(codes(withRecords(good))).toEqual([]);
  });

  it('stops at its limits: size, depth, numbers, records', () => {
    const limits = { ...DEFAULT_STEP_LIMITS, bytesMax: 100_000_000, recordsMax: 10 };
    expect(codes(withRecords(`#1=X(${'('.repeat(40)}${')'.repeat(40)});`))).toEqual(['error too-deep']);
    expect(codes(withRecords('#99999999999=X();'))).toEqual(['error record-number']);
    const many = encode(withRecords(Array.from({ length: 20 }, (_, i) => `#${i + 1}=X();`).join('')));
    expect(scanStep(many, limits).issues.map(({ code }) => code)).toEqual(['too-many-records']);
    expect(scanStep(many, { ...limits, bytesMax: 10 }).issues.map(({ code }) => code)).toEqual(['file-too-large']);
  });

  it('says what it is that is no STEP file', () => {
    expect(recogniseStep(encode(text))).toBe(true);
    expect(recogniseStep(encode('POLYGON ((0 0, 1 0, 1 1, 0 0))'))).toBe(false);
    expect(scanStep(encode('<ifcXML/>')).issues[0].message).toContain('XML');
    expect(codes('')).toEqual(['error not-step']);
  });
});
