import { METRICS, type EncodedHistogram, type Metric, type Result, type RoundResult } from '../result/schema.js';
import { NS_PER_MS } from '../units.js';
import type { Reporter } from './reporter.js';
import { clip, legible, plainNames } from './text.js';

/**
 * HdrHistogram's log, format 1.3 (HistogramLogWriter.java), for HistogramLogProcessor and its kin: an interval for every round or slice of it, tagged `<arm>.<metric>`.
 * Start and length in seconds, the start counted from BaseTime; the highest value in ms; the histograms in ns.
 */
export const hlog: Reporter = {
  kind: 'hlog',
  summary: 'every round’s histograms as an HdrHistogram log, tagged by arm and metric',
  extension: 'hlog',
  render: (result) => {
    const names = plainNames(result.arms.map(({ name }) => name));
    const intervals = result.rounds.flatMap((round) => intervalsOf(round).map((interval) => ({ ...interval, tag: `${names.get(round.arm)}.${interval.metric}` })));
    return [...head(result), ...intervals.map(line)].map((text) => `${text}\n`).join('');
  },
};

interface Interval {
  readonly metric: Metric;
  /** Since the start of the run. */
  readonly startMs: number;
  readonly lengthMs: number;
  readonly histogram: EncodedHistogram;
}

/** The measured window of a round for every metric that has values; the response times slice by slice where there are slices, the last of which is what came after the window. */
function intervalsOf({ startedAtMs, warmupMs, windowMs, histograms, series }: RoundResult): readonly Interval[] {
  const startMs = startedAtMs + warmupMs;
  const slices = series?.response.map((histogram, nth, all): Interval => {
    const fromMs = nth === all.length - 1 ? windowMs : nth * series.sliceMs;
    return { metric: 'response', startMs: startMs + fromMs, lengthMs: fromMs < windowMs ? Math.min(series.sliceMs, windowMs - fromMs) : series.sliceMs, histogram };
  });
  const whole = METRICS.map((metric): Interval => ({ metric, startMs, lengthMs: windowMs, histogram: histograms[metric] }));
  return whole.flatMap((interval) => (interval.metric === 'response' && slices ? slices : [interval])).filter(({ histogram }) => histogram.count > 0);
}

function head({ run, tool }: Result): readonly string[] {
  const startedAtMs = Date.parse(run.startedAt);
  const seconds = ((Number.isFinite(startedAtMs) ? startedAtMs : 0) / 1000).toFixed(3);
  return [
    `#[Logged by sameconn ${legible(clip(tool.version, 30))}, run ${legible(clip(run.name, 80))}]`,
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${seconds} (seconds since epoch), ${legible(clip(run.startedAt, 40))}]`,
    `#[BaseTime: ${seconds} (seconds since epoch)]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ];
}

function line({ tag, startMs, lengthMs, histogram }: Interval & { readonly tag: string }): string {
  return `Tag=${tag},${(startMs / 1000).toFixed(3)},${(lengthMs / 1000).toFixed(3)},${(histogram.max / NS_PER_MS).toFixed(3)},${histogram.v2}`;
}
