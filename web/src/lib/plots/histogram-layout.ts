import { scaleLinear } from "d3-scale";

/** One bar. Counts are noised, so they may be below zero; null stands for one too small to be shown. */
export interface Bin {
  from: number;
  to: number;
  count: number | null;
}

/** Room of the drawing, in SVG user units. */
export interface PlotSize {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface HistogramLayout {
  bars: { bin: Bin; x: number; y: number; width: number; height: number }[];
  xTicks: { value: number; x: number }[];
  yTicks: { value: number; y: number }[];
  baseline: number;
}

/**
 * Places the bars of a histogram. Widths follow the bins' ranges; a count below zero (an effect of the noise)
 * and one that is not shown draw as an empty bar, while the table beside the plot still shows its value.
 */
export function layoutHistogram(bins: readonly Bin[], size: PlotSize): HistogramLayout {
  const first = bins[0];
  const last = bins.at(-1);
  const x = scaleLinear()
    .domain([first?.from ?? 0, last?.to ?? 1])
    .range([size.left, size.width - size.right]);
  const y = scaleLinear()
    .domain([0, Math.max(1, ...bins.map((bin) => bin.count ?? 0))])
    .nice(4)
    .range([size.height - size.bottom, size.top]);
  const baseline = y(0);
  const bars = bins.map((bin) => {
    const top = y(Math.max(0, bin.count ?? 0));
    return {
      bin,
      x: x(bin.from),
      y: top,
      width: Math.max(0, x(bin.to) - x(bin.from)),
      height: baseline - top,
    };
  });
  return {
    bars,
    xTicks: x.ticks(6).map((value) => ({ value, x: x(value) })),
    yTicks: y.ticks(4).map((value) => ({ value, y: y(value) })),
    baseline,
  };
}
