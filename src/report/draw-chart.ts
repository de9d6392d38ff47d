import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { formatCount, formatNumber } from './format-value.ts';

use([LineChart, ScatterChart, GridComponent, SVGRenderer]);

/** Colours that stay apart without red or green. @source Okabe & Ito 2008 */
export const SERIES_COLORS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#1b1b1b'] as const;

/** One set of points; the page prints the names beside their marks. A null parts a line. */
export interface ChartSeries {
  /** Not escaped. */
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [number, number | null])[];
  readonly kind: 'line' | 'steps' | 'dots';
  readonly dashed?: boolean;
  /** Width of a line or size of a dot [px]. */
  readonly size: number;
}

export interface ChartOptions {
  readonly width: number;
  readonly height: number;
  readonly xName: string;
  readonly yName: string;
  readonly xMin?: number;
  readonly xMax: number;
  readonly yMax: number;
  /** Unique in the page. */
  readonly idPrefix: string;
}

/**
 * A chart of lines, steps or dots as an SVG element of `width` × `height` px, axes from 0 (or `xMin`). Holds no text of
 * users. Same input, same bytes. About 20 ms and a point of a line 12 bytes: thin long series before (`thinSeries`).
 */
export function drawChart(series: readonly ChartSeries[], options: ChartOptions): string {
  const { width, height } = options;
  const narrow = width < 500;
  const label = (value: number): string =>
    Number.isInteger(value) ? formatCount(value).replace('-', '−') : formatNumber(value, 3);
  const axis = {
    type: 'value',
    nameLocation: 'middle',
    nameTextStyle: { fontSize: 13, color: '#333' },
  };
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: '#333' },
      grid: { left: narrow ? 52 : 62, right: 18, top: 12, bottom: 46 },
      xAxis: {
        ...axis,
        min: options.xMin ?? 0,
        max: options.xMax,
        name: options.xName,
        nameGap: 28,
        axisLabel: { fontSize: 12, color: '#444', showMaxLabel: false, formatter: label },
        axisLine: { lineStyle: { color: '#888' } },
        splitLine: { show: false },
        splitNumber: narrow ? 4 : 8,
      },
      yAxis: {
        ...axis,
        min: 0,
        max: options.yMax,
        name: options.yName,
        nameGap: narrow ? 38 : 46,
        axisLabel: { fontSize: 12, color: '#444', formatter: label },
        splitLine: { lineStyle: { color: '#e4e4e4' } },
      },
      series: series.map(({ kind, points, color, dashed, size }) =>
        kind === 'dots'
          ? { type: 'scatter', data: points, symbolSize: size, itemStyle: { color, opacity: 0.55 } }
          : {
              type: 'line',
              ...(kind === 'steps' ? { step: 'end' } : {}),
              symbol: 'none',
              data: points,
              lineStyle: { color, type: dashed ? 'dashed' : 'solid', width: size },
              itemStyle: { color },
            },
      ),
    });
    // Ids and classes come from counters of the whole process; see `drawEvacuationCurve`.
    return chart
      .renderToSVGString()
      .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
      .replace(/ class="[^"]*"/g, '')
      .replace(/zr\d+-/g, `${options.idPrefix}-`);
  } finally {
    chart.dispose();
  }
}

/** Every n-th point so that at most `count` and the last are left. */
export function thinSeries<T>(points: readonly T[], count: number): T[] {
  const stride = Math.max(1, Math.ceil(points.length / count));
  return points.filter((_, k) => k % stride === 0 || k === points.length - 1);
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten, in steps of a fifth of it, that is not below `value`. */
export function niceEnd(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]) {
    if (factor * power >= value * 0.999) return Number((factor * power).toPrecision(6));
  }
  return 10 * power;
}
