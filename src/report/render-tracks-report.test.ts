import { expect, test } from 'vitest';
import { measureTracks, type TrackSubject } from '../analysis/index.ts';
import { trajectoryOfRows } from '../trace/index.ts';
import {
  headlineTracks,
  renderAreasCsv,
  renderPassedCsv,
  renderTracksMarkdown,
  renderTracksReport,
} from './render-tracks-report.ts';

const NASTY = '<script>alert("x")</script>&=|';

function makeSubject(name: string, persons: number): TrackSubject {
  const rows = { frame: [] as number[], person: [] as number[], x: [] as number[], y: [] as number[] };
  for (let frame = 0; frame < 120; frame += 1) {
    for (let person = 0; person < persons; person += 1) {
      rows.frame.push(frame);
      rows.person.push(person);
      rows.x.push(0.1 * frame - 0.8 * person);
      rows.y.push(1 + (person % 3));
    }
  }
  const ring = [
    [-20, 0],
    [20, 0],
    [20, 4],
    [-20, 4],
  ] as const;
  const sheet = { id: name, kind: 'level', plane: [0, 0, 0], polygons: [[ring]] } as const;
  return { name, source: name, trajectory: trajectoryOfRows(10, rows), sheet, floorSource: 'given', notes: [name] };
}

const PLACES = {
  lines: [{ name: NASTY, line: [[2, 0] as const, [2, 4] as const] as const }],
  areas: [
    {
      name: NASTY,
      ring: [
        [-3, 1],
        [1, 1],
        [1, 3],
        [-3, 3],
      ] as const,
    },
  ],
};

test('the page has every section, no script and no text of users as markup, and repeats byte by byte', () => {
  const measures = measureTracks(makeSubject(NASTY, 15), PLACES);
  const page = renderTracksReport(measures, '0.0.0');
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  for (const id of ['flow', 'density', 'fundamental', 'plans', 'present', 'method'])
    expect(page).toContain(`id="${id}"`);
  expect(renderTracksReport(measures, '0.0.0')).toBe(page);
  expect(page.split('<svg').length).toBeGreaterThan(10);
});

test('a page of little holds only what there is', () => {
  const nobody = measureTracks(makeSubject('empty', 0), { lines: [], areas: [] });
  const page = renderTracksReport(nobody, '0.0.0');
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(page).not.toContain('id="flow"');
  const unmet = measureTracks(makeSubject('few', 2), {
    ...PLACES,
    lines: [
      {
        name: 'l',
        line: [
          [90, 0],
          [90, 1],
        ],
      },
    ],
  });
  expect(renderTracksReport(unmet, '0.0.0')).not.toMatch(/NaN|undefined|Infinity/);
  expect(headlineTracks(unmet)).toContain('2 people in');
});

test('the hull as floor and positions off the floor are told at the top', () => {
  const subject = makeSubject('walk', 15);
  const hull = measureTracks({ ...subject, floorSource: 'hull' }, PLACES);
  expect(renderTracksReport(hull, '0.0.0')).toContain('No walls are known');
  const small = {
    ...subject.sheet,
    polygons: [[[[-20, 0] as const, [0, 0] as const, [0, 4] as const, [-20, 4] as const]]],
  };
  const off = measureTracks({ ...subject, sheet: small }, PLACES);
  expect(off.offFloor!).toBeGreaterThan(0.2);
  expect(renderTracksReport(off, '0.0.0')).toContain('of the positions lie off the floor');
});

test('Markdown and CSV have the same numbers', () => {
  const measures = measureTracks(makeSubject('walk', 15), {
    ...PLACES,
    lines: [{ ...PLACES.lines[0]!, name: 'gate' }],
  });
  expect(renderTracksMarkdown(measures)).toContain('| gate | 4.00 | 13 |');
  expect(renderTracksMarkdown(measures)).toContain('&=\\|');
  expect(renderPassedCsv(measures).split('\r\n').length).toBe(13 + 2);
  const lines = renderAreasCsv(measures).split('\r\n');
  expect(lines.length).toBe(120 + 2);
  expect(lines[0]).toBe('area,time_s,density_classic_per_m2,density_voronoi_per_m2,speed_mean_m_s,speed_voronoi_m_s');
});
