import type { Result } from '../../result/schema.js';
import { formatDuration, NS_PER_MS } from '../../units.js';

/** What must stand above every figure of two runs: that they were not interleaved, and how long lay between them. */
export function warningOf(a: Result, b: Result): string {
  return `These runs were not interleaved: ${apart(a, b)} What changed on the host, the network or the target meanwhile is in the difference between them; only arms of one run are free of it.`;
}

function apart(a: Result, b: Result): string {
  const [first, second] = [spanOf(a), spanOf(b)];
  if (first === null || second === null) return 'when they ran is not known.';
  const [earlier, later, name] = first.from <= second.from ? [first, second, 'b'] : [second, first, 'a'];
  if (later.from < earlier.to) return 'they ran at the same time, so each was load on the other’s host or target.';
  return `${name} began ${lengthOf(later.from - earlier.to)} after ${name === 'b' ? 'a' : 'b'} had ended.`;
}

function spanOf({ run }: Result): { readonly from: number; readonly to: number } | null {
  const from = Date.parse(run.startedAt);
  return Number.isNaN(from) ? null : { from, to: from + run.durationMs };
}

const DAY_MS = 24 * 3600 * 1000;

/** `3 days`, `2.5h`, `40s`. */
function lengthOf(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${Math.round(ms / DAY_MS)} days`;
  const step = [3600_000, 60_000, 1000].find((unit) => ms >= 2 * unit) ?? 1;
  return step === 1 ? formatDuration(ms * NS_PER_MS) : `${Number((ms / step).toFixed(1))} ${step === 1000 ? 'seconds' : step === 60_000 ? 'minutes' : 'hours'}`;
}
