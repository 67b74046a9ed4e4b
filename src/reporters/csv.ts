import { Histogram } from '../measure/histogram.js';
import { METRICS, type ArmResult, type LatencySummary, type Metric, type Result, type RoundResult } from '../result/schema.js';
import type { Reporter } from './reporter.js';
import { legible } from './text.js';

/** The rounds in the order in which they ran, one row each, for a spreadsheet or a data frame: RFC 4180. Columns carry the result file's own names; times in ms. */
export const csv: Reporter = {
  kind: 'csv',
  summary: 'every round as a row of figures, for a spreadsheet or a data frame',
  extension: 'csv',
  render: (result) => {
    const rows = result.rounds.map((round) => lineOf(round, result)).map((line) => COLUMNS.map(([, value]) => value(line)));
    return [COLUMNS.map(([name]) => name), ...rows].map((fields) => `${fields.map(field).join(',')}\r\n`).join('');
  },
};

interface Line {
  readonly round: RoundResult;
  readonly arm: ArmResult | undefined;
  readonly times: Readonly<Record<Metric, LatencySummary>>;
}

function lineOf(round: RoundResult, { arms }: Result): Line {
  const times = Object.fromEntries(METRICS.map((metric) => [metric, Histogram.decode(round.histograms[metric]).summary()])) as Record<Metric, LatencySummary>;
  return { round, arm: arms.find(({ name }) => name === round.arm), times };
}

type Value = string | number;
type ColumnOf = readonly [name: string, value: (line: Line) => Value];

const REQUESTS = ['planned', 'sent', 'completed', 'failed', 'shed', 'aborted', 'bytesIn'] as const;
const CONNECTIONS = ['attempts', 'connectFailed', 'opened', 'tlsFull', 'tlsResumed', 'tlsFailed', 'closed', 'peakOpen', 'peakNeeded'] as const;
const FIGURES = ['mean', 'p50', 'p90', 'p99', 'p999', 'max'] as const;

const COLUMNS: readonly ColumnOf[] = [
  ['round', ({ round }) => round.index + 1],
  ['block', ({ round }) => round.block + 1],
  ['arm', ({ round }) => round.arm],
  ['policy', ({ arm }) => arm?.policy ?? ''],
  ['client', ({ arm }) => arm?.client ?? ''],
  ...(['startedAtMs', 'warmupMs', 'windowMs'] as const).map((name): ColumnOf => [name, ({ round }) => decimal(round[name])]),
  ...REQUESTS.map((name): ColumnOf => [`requests.${name}`, ({ round }) => round.requests[name]]),
  ['requests.warmup.sent', ({ round }) => round.requests.warmup.sent],
  ...CONNECTIONS.map((name): ColumnOf => [`connections.${name}`, ({ round }) => round.connections[name]]),
  ...(['opened', 'tlsFull', 'tlsResumed'] as const).map((name): ColumnOf => [`connections.warmup.${name}`, ({ round }) => round.connections.warmup[name]]),
  ...METRICS.flatMap((metric): ColumnOf[] => [
    [`${metric}.count`, ({ times }) => times[metric].count],
    ...FIGURES.map((figure): ColumnOf => [`${metric}.${figure}Ms`, ({ times }) => (times[metric].count === 0 ? '' : decimal(times[metric][figure]))]),
  ]),
  ...(['cpuMs', 'loopUtilization', 'longestTurnMs'] as const).map((name): ColumnOf => [`generator.${name}`, ({ round }) => decimal(round.generator[name])]),
];

function decimal(value: number): Value {
  return Number.isFinite(value) ? Number(value.toFixed(6)) : '';
}

/** A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection). */
function field(value: Value): string {
  if (typeof value === 'number') return String(value);
  const text = legible(value).replace(/^[=+\-@]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
