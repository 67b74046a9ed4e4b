import type { ArmResult } from '../../result/schema.js';
import { formatMs } from '../../units.js';
import { certainPart, senSlope, trendProbability } from '../chance.js';
import { defineGate, type Finding } from '../findings.js';
import type { Evidence } from '../gate.js';
import { hodgesLehmann, intervalOf } from '../intervals.js';
import { forVerdict, judged, observedRounds, responseMs, type ObservedRound } from '../rounds.js';

/** A half is judged by its p50 only with so many requests: below that the p50 of one half is mostly chance. */
const ENOUGH_IN_HALF = 40;

/**
 * G12. Did the target stay the same while it was measured? At p50:
 * - Inside rounds, the second half of the window against the first. More than 5 % apart in more than half of the rounds (and in the same direction, beyond chance)
 *   is worth a caveat: the warm-up was too short. More than max(|Δ̂|, m)/2 is no verdict. What is judged is the part of the difference that is certain, the near end
 *   of its 99 % signed-rank interval over the rounds; without 6 rounds of 40 requests a half it is not judged.
 * - Over the run, a trend of the arm's round medians: Mann-Kendall p < 0.01 and Sen's slope times the length of the run above the margin is worth a caveat; above
 *   |Δ̂|/2 it is no verdict where the run is incomplete, since the drift does not cancel in blocks that were cut.
 */
export const stationarity = defineGate({
  id: 'G12',
  title: 'the target stayed the same',
  unmeasured: () => 'it takes 6 rounds of an arm with 40 requests in each half of the window',
  find: (evidence) => evidence.arms.flatMap((arm) => {
    const rounds = observedRounds(evidence, arm).filter(({ observed: { halves } }) => Math.min(halves.first.count, halves.second.count) >= ENOUGH_IN_HALF);
    const yard = yardstick(evidence, arm);
    return [...withinRounds(arm, rounds, yard), ...overRun(evidence, arm, rounds, yard)].map((finding) => forVerdict(finding, yard.headline));
  }),
});

interface Yardstick {
  readonly differenceMs: number | null;
  readonly marginMs: number;
  readonly headline: boolean;
}

/** Difference and margin at p50 of the comparison that the arm is part of, the headline first; without one, only the margin of a comparison with itself. */
function yardstick(evidence: Evidence, { name, totals }: ArmResult): Yardstick {
  const own = judged(evidence).filter(({ quantile, baseline, candidate }) => quantile === 0.5 && (baseline === name || candidate === name));
  const chosen = own.find(({ headline }) => headline) ?? own[0];
  if (!chosen) return { differenceMs: null, marginMs: Math.max(0.1, 0.02 * totals.latencyMs.response.p50), headline: true };
  return { differenceMs: Math.abs(chosen.estimateMs), marginMs: chosen.marginMs, headline: chosen.headline };
}

function withinRounds({ name }: ArmResult, rounds: readonly ObservedRound[], { differenceMs, marginMs }: Yardstick): Finding[] {
  const shifts = rounds.map(({ observed: { halves } }) => halves.second.p50Ms - halves.first.p50Ms);
  const interval = intervalOf(shifts, 0.99);
  if (!interval) return [];
  const shiftMs = hodgesLehmann(shifts);
  const certain = certainPart(interval);
  const apart = rounds.filter(({ observed: { halves } }, index) => Math.abs(shifts[index]!) > 0.05 * halves.first.p50Ms).length;
  const detail = `${name}: p50 of the second half of the window is ${formatMs(Math.abs(shiftMs))} ms ${shiftMs < 0 ? 'below' : 'above'} the first, at least ${formatMs(certain)} ms of it beyond chance`;
  const remedy = 'lengthen the warm-up (load.warmup), or find out what changes in the target while it is measured';
  const caveat: Finding = { value: certain > 0 ? (100 * apart) / rounds.length : 0, unit: '% of the rounds', warnAbove: 50, detail: `${detail}; more than 5 % apart in ${apart} of ${rounds.length} rounds`, remedy };
  return differenceMs === null ? [caveat] : [caveat, { value: certain, unit: 'ms', failAbove: Math.max(differenceMs, marginMs) / 2, detail, remedy }];
}

function overRun({ run }: Evidence, { name }: ArmResult, rounds: readonly ObservedRound[], { differenceMs, marginMs }: Yardstick): Finding[] {
  if (rounds.length < 6) return [];
  const at = rounds.map(({ startedAtMs }) => startedAtMs);
  const medians = rounds.map((round) => responseMs(round, 0.5));
  const trend = trendProbability(medians) < 0.01;
  const driftMs = Math.abs(senSlope(at, medians)) * (at.at(-1)! - at[0]!);
  const detail = `${name}: p50 drifted by ${formatMs(driftMs)} ms over the run${trend ? '' : ', which may be chance'}`;
  const finding: Finding = { value: trend ? driftMs : 0, unit: 'ms', warnAbove: marginMs, detail, remedy: 'find out what changes in the target over the run; with complete blocks the drift cancels' };
  return [run.complete || differenceMs === null ? finding : { ...finding, failAbove: Math.max(differenceMs / 2, marginMs) }];
}
