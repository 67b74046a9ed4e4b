import { Histogram } from '../measure/histogram.js';
import { roundsOf } from './facts.js';
import type { PartsReporter } from './reporter.js';
import { clip, legible, plainNames } from './text.js';

const METRICS = ['response', 'service'] as const;

/** One percentile distribution a file, for every arm its response and its service time in ms: what HdrHistogram's plotter (hdrhistogram.github.io/HdrHistogram/plotFiles.html) loads. */
export const hgrm: PartsReporter = {
  kind: 'hgrm',
  summary: 'percentile distributions for HdrHistogram’s plotter, two files an arm',
  extension: 'hgrm',
  renderParts: (result) => {
    const names = plainNames(result.arms.map(({ name }) => name));
    return result.arms.flatMap((arm) => METRICS.flatMap((metric) => {
      const all = Histogram.empty();
      for (const { histograms } of roundsOf(result, arm)) all.add(Histogram.decode(histograms[metric]));
      if (all.count === 0) return [];
      const about = legible(`${clip(arm.name, 80)}, ${metric} time in ms, of ${clip(result.run.name, 80)}`);
      return [{ name: `${names.get(arm.name)}.${metric}`, text: `${all.percentileText()}#[${about}]\n` }];
    }));
  },
};
