import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { RunMeasures } from '../analysis/index.ts';
import { shortenText } from './format-value.ts';

use([LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** Colours that stay apart without red or green. @source Okabe & Ito 2008 */
const EXIT_COLORS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9'];
const POINTS_MAX = 400;

/**
 * Evacuation curve as an SVG element of `width` × `height` px: persons out over time, one line per exit where several
 * were used (at most five, most used first), and those unconscious or dead. The text inside is escaped. About 20 ms.
 */
export function drawEvacuationCurve(measures: RunMeasures, width: number, height: number, idPrefix: string): string {
  const { evacuation, casualties, persons } = measures;
  const end = Math.max(1, measures.endTime);
  const narrow = width < 500;
  const series = [
    makeStepSeries('out', evacuation.times, end, '#1b1b1b', 'solid', 2.5),
    ...(evacuation.byExit.length > 1
      ? evacuation.byExit.slice(0, EXIT_COLORS.length).map(({ exit }, k) =>
          makeStepSeries(
            `out by ${shortenText(exit, narrow ? 16 : 28)}`,
            evacuation.times.filter((_, index) => evacuation.exits[index] === exit),
            end,
            EXIT_COLORS[k]!,
            'solid',
            1.5,
          ),
        )
      : []),
  ];
  const down = casualties
    .flatMap((casualty) => {
      const t = casualty.unconscious ?? casualty.dead;
      return t === null ? [] : [t];
    })
    .sort((a, b) => a - b);
  if (down.length > 0) series.push(makeStepSeries('unconscious or dead', down, end, '#ae2d5c', 'dashed', 2));
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: '#333' },
      legend: {
        top: 0,
        left: 0,
        itemWidth: 30,
        itemStyle: { opacity: 0 },
        itemGap: narrow ? 10 : 18,
        textStyle: { fontSize: 13, color: '#222' },
        show: series.length > 1,
      },
      grid: {
        left: narrow ? 44 : 54,
        right: 16,
        top: series.length > 1 ? (narrow ? 24 + 22 * Math.ceil(series.length / 2) : 44) : 16,
        bottom: 46,
      },
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
        max: Math.max(1, persons.total),
        minInterval: 1,
        name: 'people',
        nameLocation: 'middle',
        nameGap: narrow ? 30 : 38,
        nameTextStyle: { fontSize: 13, color: '#333' },
        axisLabel: { fontSize: 12, color: '#444' },
        splitLine: { lineStyle: { color: '#e4e4e4' } },
      },
      series,
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
function makeStepSeries(
  name: string,
  times: readonly number[],
  end: number,
  color: string,
  type: 'solid' | 'dashed',
  width: number,
): object {
  const data: [number, number][] = [[0, 0]];
  const stride = Math.max(1, Math.ceil(times.length / POINTS_MAX));
  for (let k = 0; k < times.length; k += 1) {
    if ((k + 1) % stride === 0 || k === 0 || k === times.length - 1) data.push([times[k]!, k + 1]);
  }
  data.push([end, times.length]);
  return {
    name,
    type: 'line',
    step: 'end',
    symbol: 'none',
    data,
    lineStyle: { color, type, width },
    itemStyle: { color },
  };
}
