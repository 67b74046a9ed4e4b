/** The tables and sentences that all dialects state: arm by arm, the differences, the promises, the trust. */
import type { ArmResult, Comparison, Metric, Result } from '../result/schema.js';
import { formatCount, formatMs, quantileName } from '../units.js';
import { ENOUGH_BEYOND, errorsOf, figure, handshakesPer100, isSecure, isThin, plannedRounds, quantileFigure, QUANTILES, trustOf, worstLateness } from './facts.js';
import { cell, row, type Cell, type Column, type Row, type Table } from './table.js';
import { clip } from './text.js';
import { comparisonWords, counted, promiseWords } from './words.js';

/** Names are cut to this length in tables; the HTML page states each once in full. */
const NAME_LENGTH = 40;

export function armLabel(name: string): string {
  return clip(name, NAME_LENGTH);
}

/** A column for every arm. */
export function armColumns({ arms }: Result, first: string): readonly Column[] {
  return [{ label: first, align: 'text' }, ...arms.map((arm): Column => ({ label: armLabel(arm.name), align: 'number', arm: arm.name }))];
}

/** One row with a value of every arm. */
export function armRow({ arms }: Result, label: string, value: (arm: ArmResult) => string | Cell, role?: Row['role']): Row {
  const cells = row(label, ...arms.map(value));
  return role === undefined ? cells : { ...cells, role };
}

/** The result in one table: a column for each arm. */
export function armsTable(result: Result): Table {
  const per = (label: string, value: (arm: ArmResult) => string | Cell): Row => armRow(result, label, value);
  const latency = (label: string, name: 'p50' | 'p90' | 'p99' | 'p999'): Row => per(label, ({ totals }) => quantileFigure(totals.latencyMs.response, name));
  const late = (label: string, name: 'p50' | 'p99'): Row => per(label, ({ totals }) => quantileFigure(totals.latencyMs.late, name));
  const tls = isSecure(result)
    ? [
        armRow(result, 'TLS full', ({ totals }) => formatCount(totals.connections.tlsFull), 'part'),
        armRow(result, 'TLS resumed', ({ totals }) => formatCount(totals.connections.tlsResumed), 'part'),
      ]
    : [];
  return {
    caption: 'response time, connections and errors, arm by arm',
    columns: armColumns(result, ''),
    rows: [
      latency('p50, ms', 'p50'),
      latency('p90, ms', 'p90'),
      latency('p99, ms', 'p99'),
      latency('p99.9, ms', 'p999'),
      per('max, ms', ({ totals: { latencyMs: { response } } }) => (response.count === 0 ? '–' : formatMs(response.max))),
      per('handshakes/100', (arm) => figure(handshakesPer100(arm))),
      per('opened', ({ totals }) => formatCount(totals.connections.opened)),
      ...tls,
      per('completed', ({ totals }) => formatCount(totals.requests.completed)),
      per('errors', (arm) => (errorsOf(arm) > 0 ? cell(formatCount(errorsOf(arm)), 'bad') : '0')),
      per('shed', ({ totals }) => (totals.requests.shed > 0 ? cell(formatCount(totals.requests.shed), 'doubt') : '0')),
      late('late p50, ms', 'p50'),
      late('late p99, ms', 'p99'),
    ],
    notes: thinNotes(result),
  };
}

/** What `~` means, when one of the figures shown carries it. */
export function thinNotes({ arms }: Result, names: readonly (keyof typeof QUANTILES)[] = ['p50', 'p90', 'p99', 'p999'], metrics: readonly Metric[] = ['response', 'late']): readonly string[] {
  const thin = arms.some(({ totals: { latencyMs } }) => metrics.some((metric) => names.some((name) => isThin(latencyMs[metric], name))));
  return thin ? [`~ fewer than ${ENOUGH_BEYOND} samples lie beyond this quantile`] : [];
}

/** The differences that could be estimated, with their intervals: positive means that the arm takes less time than the baseline. What is missing for the others stands in the notes. */
export function differencesTable({ comparisons }: Result): Table | null {
  if (comparisons.length === 0) return null;
  const estimated = comparisons.filter(({ estimateMs }) => estimateMs !== null);
  const severalBaselines = new Set(comparisons.map(({ baseline }) => baseline)).size > 1;
  const levels = new Set(estimated.flatMap(({ ci }) => (ci === null ? [] : [ci.level])));
  const level = (value: number): string => `${Number((value * 100).toFixed(1))} %`;
  const [only] = levels;
  return {
    caption: `less time than ${severalBaselines ? 'its baseline' : armLabel(comparisons[0]?.baseline ?? '')}, in ms${levels.size === 1 && only !== undefined ? `, with ${level(only)} intervals` : ''}`,
    columns: [
      { label: 'arm', align: 'text' },
      { label: 'at', align: 'text' },
      { label: 'less by, ms', align: 'number' },
      { label: 'interval', align: 'number' },
      { label: 'less by, %', align: 'number' },
      { label: 'interval, %', align: 'number', optional: true },
      { label: 'margin', align: 'number', optional: true },
      ...(levels.size > 1 ? [{ label: 'level', align: 'number', optional: true } as const] : []),
      { label: 'verdict', align: 'text' },
    ],
    rows: estimated.map((comparison): Row => ({
      ...row(
        severalBaselines ? `${armLabel(comparison.candidate)} – ${armLabel(comparison.baseline)}` : armLabel(comparison.candidate),
        comparedAt(comparison),
        formatMs(comparison.estimateMs ?? 0),
        intervalFigure(comparison),
        ...relativeFigures(comparison),
        formatMs(comparison.marginMs),
        ...(levels.size > 1 ? [comparison.ci === null ? '–' : level(comparison.ci.level)] : []),
        differenceWords(comparison),
      ),
      arm: comparison.candidate,
    })),
    notes: missing(comparisons),
  };
}

/** `p99 (reused, resumed): needs 1,200 more requests …`: one sentence for each quantile and reason. */
function missing(comparisons: readonly Comparison[]): readonly string[] {
  const groups = new Map<string, { at: string; detail: string; arms: string[] }>();
  for (const comparison of comparisons) {
    if (comparison.estimateMs !== null && comparison.detail === '') continue;
    const at = comparedAt(comparison);
    const detail = comparison.detail === '' ? 'not enough samples' : clip(comparison.detail, 160);
    const group = groups.get(`${at} ${detail}`) ?? { at, detail, arms: [] };
    group.arms.push(armLabel(comparison.candidate));
    groups.set(`${at} ${detail}`, group);
  }
  return [...groups.values()].slice(0, 8).map(({ at, detail, arms }) => `${at} (${clip(arms.join(', '), 120)}): ${detail}`);
}

/** `p99`, `p50 of service`. */
export function comparedAt({ metric, quantile }: Comparison): string {
  return metric === 'response' ? quantileName(quantile) : `${quantileName(quantile)} of ${metric}`;
}

/** `[11.6, 12.0]`, in ms. */
export function intervalFigure({ ci }: Comparison): string {
  return ci === null ? '–' : `[${formatMs(ci.lowMs)}, ${formatMs(ci.highMs)}]`;
}

/** `75.2` and `[74.1, 76.0]`, in percent of the baseline. */
function relativeFigures({ relative }: Comparison): readonly [string, string] {
  if (!relative) return ['–', '–'];
  const { percent, lowPercent, highPercent } = relative;
  return [formatMs(percent), lowPercent === null || highPercent === null ? '–' : `[${formatMs(lowPercent)}, ${formatMs(highPercent)}]`];
}

function differenceWords({ state, primary }: Comparison): Cell {
  const { text, tone } = comparisonWords[state];
  return primary ? cell(text, tone) : cell(`${text}, exploratory`, 'soft');
}

/** The promise of every policy, and whether it held. */
export function promisesTable({ arms }: Result): Table {
  return {
    caption: 'what each policy promises about its connections, warm-up included, and whether it held in every round',
    columns: [{ label: 'arm', align: 'text' }, { label: 'promise', align: 'text' }, { label: 'what happened', align: 'text' }],
    rows: arms.map((arm): Row => {
      const { text, tone } = promiseWords(arm);
      return { ...row(armLabel(arm.name), cell(text, tone), clip(withoutOutcome(arm.promise.sentence), 300)), arm: arm.name };
    }),
  };
}

/** The sentence of a promise without the outcome at its head, which stands beside it. */
function withoutOutcome(sentence: string): string {
  return sentence.replace(/^(?:NOT )?held(?: in [\d,]+ of [\d,]+ rounds?)?: /, '');
}

/** `The run was stopped early: 7 of 18 rounds are in this report`; null when it ran to its end. */
export function partialSentence(result: Result): string | null {
  if (result.run.complete) return null;
  const most = result.plan.until ? 'at most ' : '';
  return `The run was stopped early: ${result.rounds.length} of ${most}${counted(plannedRounds(result), 'round')} are in this report.`;
}

/** `17 of 18 checks passed, 1 not measured`, or what stands in the way of saying so. */
export function trustSentence(result: Result): string {
  const { passed, all, notMeasured, failed, warned } = trustOf(result);
  if (all === 0) return 'no self-checks were made';
  const others = [failed > 0 ? `${failed} FAILED` : '', warned > 0 ? counted(warned, 'warning') : '', notMeasured > 0 ? `${notMeasured} not measured` : ''];
  return [`${passed} of ${counted(all, 'check')} passed`, ...others.filter((part) => part !== '')].join(', ');
}

/** The checks that were not passed, the failed ones first. */
export function doubtsOf({ gates }: Result): Result['gates'] {
  return (['fail', 'warn'] as const).flatMap((state) => gates.filter((gate) => gate.state === state));
}

/** `generator late p50 0.02 ms, p99 0.21 ms`. */
export function latenessSentence(result: Result): string {
  const late = worstLateness(result);
  return late === null ? 'nothing was sent' : `the generator was late by ${formatMs(late.p50)} ms at p50 and ${formatMs(late.p99)} ms at p99`;
}
