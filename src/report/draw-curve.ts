import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { RunMeasures } from '../analysis/index.ts';
import { formatCount } from './format-value.ts';

use([LineChart, GridComponent, SVGRenderer]);

/** Colours that stay apart without red or green. @source Okabe & Ito 2008 */
const EXIT_COLORS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9'];
const POINTS_MAX = 400;

/** One line of the chart; the page prints the names beside their strokes. */
export interface CurveLine {
  /** Not escaped. */
  readonly name: string;
  readonly color: string;
  readonly dashed: boolean;
  readonly width: number;
  /** Times of the steps, ascending [s]. */
  readonly times: readonly number[];
}

/** Lines of the evacuation curve: all persons out, by exit where two to five exits were used, those down. */
export function listCurveLines(measures: RunMeasures): CurveLine[] {
  const { evacuation, casualties } = measures;
  const lines: CurveLine[] = [{ name: 'out', color: '#1b1b1b', dashed: false, width: 2.5, times: evacuation.times }];
  if (evacuation.byExit.length > 1 && evacuation.byExit.length <= EXIT_COLORS.length) {
    evacuation.byExit.forEach(({ exit }, k) => {
      const times = evacuation.times.filter((_, index) => evacuation.exits[index] === exit);
      lines.push({ name: `out by ${exit}`, color: EXIT_COLORS[k]!, dashed: false, width: 1.5, times });
    });
  }
  const down = casualties
    .flatMap((casualty) => {
      const t = casualty.unconscious ?? casualty.dead;
      return t === null ? [] : [t];
    })
    .sort((a, b) => a - b);
  if (down.length > 0) {
    lines.push({ name: 'unconscious or dead', color: '#ae2d5c', dashed: true, width: 2, times: down });
  }
  return lines;
}

/**
 * Evacuation curve as an SVG element of `width` × `height` px: the lines over time, people upwards. Holds no text of
 * users. About 20 ms.
 */
export function drawEvacuationCurve(
  measures: RunMeasures,
  lines: readonly CurveLine[],
  width: number,
  height: number,
  idPrefix: string,
): string {
  const end = Math.max(1, measures.endTime);
  const narrow = width < 500;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: '#333' },
      grid: { left: narrow ? 52 : 62, right: 16, top: 12, bottom: 46 },
      xAxis: {
        type: 'value',
        min: 0,
        max: end,
        name: 'time [s]',
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: { fontSize: 13, color: '#333' },
        axisLabel: { fontSize: 12, color: '#444', showMaxLabel: false },
        axisLine: { lineStyle: { color: '#888' } },
        splitLine: { show: false },
        splitNumber: narrow ? 4 : 8,
      },
      yAxis: {
        type: 'value',
        min: 0,
        max: Math.max(1, measures.persons.total),
        minInterval: 1,
        name: 'people',
        nameLocation: 'middle',
        nameGap: narrow ? 38 : 46,
        nameTextStyle: { fontSize: 13, color: '#333' },
        axisLabel: { fontSize: 12, color: '#444', formatter: (value: number) => formatCount(value) },
        splitLine: { lineStyle: { color: '#e4e4e4' } },
      },
      series: lines.map((line) => makeStepSeries(line, end)),
    });
    // Ids and classes come from counters of the whole process: ids get names of this drawing, the classes (of what the
    // mouse does) and their style go, so that the same measures give the same bytes.
    return chart
      .renderToSVGString()
      .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
      .replace(/ class="[^"]*"/g, '')
      .replace(/zr\d+-/g, `${idPrefix}-`);
  } finally {
    chart.dispose();
  }
}

/** Steps through (t_k, k), thinned to at most `POINTS_MAX` points with the first and last kept. */
function makeStepSeries({ times, color, dashed, width }: CurveLine, end: number): object {
  const data: [number, number][] = [[0, 0]];
  const stride = Math.max(1, Math.ceil(times.length / POINTS_MAX));
  for (let k = 0; k < times.length; k += 1) {
    if ((k + 1) % stride === 0 || k === 0 || k === times.length - 1) data.push([times[k]!, k + 1]);
  }
  data.push([end, times.length]);
  return {
    type: 'line',
    step: 'end',
    symbol: 'none',
    data,
    lineStyle: { color, type: dashed ? 'dashed' : 'solid', width },
    itemStyle: { color },
  };
}
