/** Whether a run was what its scenario expected. */
import type { Declared } from '../result/declared-schema.js';
import type { ArmResult, ExpectationOutcome, LatencySummary } from '../result/schema.js';
import { parseExpectation } from '../scenario/expectation.js';
import type { Comparator, CountName, Expectation, Quantity } from '../scenario/scenario.js';
import { formatCount, formatMs, nsToMs } from '../units.js';
import { BEYOND_TO_ESTIMATE, measured, requestsFor, type Block } from './blocks.js';
import { compare } from './comparisons.js';

/**
 * Judges every expectation.
 * Quantities are totals of the measured window of all rounds; what happened in the warm-up is in no count, connections and handshakes included.
 * `requests` are the planned ones, `failures` the failed and the aborted, `handshakes` the full and the resumed.
 * A difference of two arms is judged on its interval: met if all of it satisfies, failed if none of it does, else `cannot-tell`;
 * on its estimate where there are too few blocks for an interval.
 */
export function judgeExpectations(texts: readonly string[], arms: readonly ArmResult[], blocks: readonly Block[], declared?: Declared): ExpectationOutcome[] {
  return texts.map((text) => {
    const parsed = parseExpectation(text);
    if (!parsed.ok) return { text, state: 'cannot-tell', detail: 'not understood: the run was written by another version, or changed by hand' };
    const { expectation } = parsed;
    return { text, ...(expectation.type === 'quantity' ? judgeQuantity(expectation, arms) : judgeDifference(expectation, arms, blocks, declared)) };
  });
}

type Judgement = Omit<ExpectationOutcome, 'text'>;

function judgeQuantity({ left, comparator, right }: Expectation & { type: 'quantity' }, arms: readonly ArmResult[]): Judgement {
  const sides = [valueOf(left, arms), typeof right === 'number' ? limit(right, left) : valueOf(right, arms)] as const;
  const unknown = sides.find((side) => side.missing !== '');
  if (unknown) return { state: 'cannot-tell', detail: unknown.missing };
  const detail = sides.map((side) => side.says).filter((says) => says !== '').join(', ');
  return { state: holds(sides[0].value, comparator, sides[1].value) ? 'met' : 'failed', detail };
}

function judgeDifference(expectation: Expectation & { type: 'difference' }, arms: readonly ArmResult[], blocks: readonly Block[], declared?: Declared): Judgement {
  const { minuend, subtrahend, metric, quantile, comparator } = expectation;
  const stranger = [minuend, subtrahend].find((name) => !arms.some((arm) => arm.name === name));
  if (stranger !== undefined) return { state: 'cannot-tell', detail: noSuchArm(stranger) };
  const { estimateMs, ci, detail } = compare(measured(blocks, minuend, metric), measured(blocks, subtrahend, metric), quantile, declared);
  if (estimateMs === null) return { state: 'cannot-tell', detail };
  const rightMs = nsToMs(expectation.right);
  const was = `${minuend} − ${subtrahend} was ${formatMs(estimateMs)} ms`;
  if (ci) {
    const interval = `[${formatMs(ci.lowMs)}, ${formatMs(ci.highMs)}]`;
    return { state: intervalState(ci.lowMs, ci.highMs, comparator, rightMs), detail: `${was} ${interval}; judged on the interval` };
  }
  const state = holds(estimateMs, comparator, rightMs) ? 'met' : 'failed';
  return { state, detail: `${was}; judged on the estimate alone: too few blocks for an interval` };
}

function intervalState(low: number, high: number, comparator: Comparator, right: number): ExpectationOutcome['state'] {
  if (holds(low, comparator, right) && holds(high, comparator, right)) return 'met';
  if (comparator === '=') return low <= right && right <= high ? 'cannot-tell' : 'failed';
  return holds(low, comparator, right) || holds(high, comparator, right) ? 'cannot-tell' : 'failed';
}

function holds(left: number, comparator: Comparator, right: number): boolean {
  switch (comparator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '=':
      return left === right;
    default:
      return comparator satisfies never;
  }
}

// ---------------------------------------------------------------------------------------------- quantities

/** A value in ms or a count, and how it is told; or what is missing for it. */
interface Side {
  readonly value: number;
  readonly says: string;
  readonly missing: string;
}

function valueOf(quantity: Quantity, arms: readonly ArmResult[]): Side {
  const chosen = quantity.arm === '' ? arms : arms.filter((arm) => arm.name === quantity.arm);
  if (chosen.length === 0) return missing(quantity.arm === '' ? 'the run has no arms' : noSuchArm(quantity.arm));
  if (quantity.type === 'latency') return latencyOf(quantity, chosen);
  const value = chosen.reduce((sum, arm) => sum + countOf(quantity.what, arm), 0);
  return { value, says: `${quantity.arm === '' ? '' : `${quantity.arm}.`}${quantity.what} was ${formatCount(value)}`, missing: '' };
}

function latencyOf({ arm, metric, statistic }: Quantity & { type: 'latency' }, [chosen]: readonly ArmResult[]): Side {
  const summary = chosen?.totals.latencyMs[metric];
  if (!summary || summary.count === 0) return missing(`${arm} has no ${metric} time: no exchange had one`);
  const lacking = requestsNeeded(statistic) - summary.count;
  if (lacking > 0) return missing(`${arm}.${metric}.${statistic} needs ${formatCount(lacking)} more requests (${BEYOND_TO_ESTIMATE} beyond the quantile)`);
  return { value: summary[statistic], says: `${arm}.${metric}.${statistic} was ${formatMs(summary[statistic])} ms`, missing: '' };
}

const QUANTILE_OF: Readonly<Partial<Record<keyof LatencySummary, number>>> = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 };

function requestsNeeded(statistic: keyof LatencySummary): number {
  const quantile = QUANTILE_OF[statistic];
  return quantile === undefined ? 1 : requestsFor(quantile, BEYOND_TO_ESTIMATE);
}

/** A plain number on the right: ns beside a latency, else a count. */
function limit(right: number, left: Quantity): Side {
  return { value: left.type === 'latency' ? nsToMs(right) : right, says: '', missing: '' };
}

function countOf(what: CountName, { totals: { requests, connections } }: ArmResult): number {
  switch (what) {
    case 'requests':
      return requests.planned;
    case 'failures':
      return requests.failed + requests.aborted;
    case 'handshakes':
      return connections.tlsFull + connections.tlsResumed;
    case 'sent':
    case 'completed':
    case 'failed':
    case 'shed':
    case 'aborted':
      return requests[what];
    case 'opened':
    case 'closed':
    case 'tlsFull':
    case 'tlsResumed':
    case 'tlsFailed':
    case 'connectFailed':
      return connections[what];
    default:
      return what satisfies never;
  }
}

function missing(what: string): Side {
  return { value: NaN, says: '', missing: what };
}

function noSuchArm(name: string): string {
  return `the run has no arm called ${name}`;
}
