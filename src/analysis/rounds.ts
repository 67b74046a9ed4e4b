/** The rounds of an arm, as the gates read them. */
import { Histogram } from '../measure/histogram.js';
import type { ArmResult, Comparison, Observed, RoundResult } from '../result/schema.js';
import { nsToMs } from '../units.js';
import { BEYOND_TO_ESTIMATE, requestsFor } from './blocks.js';
import type { Finding } from './findings.js';
import type { Evidence } from './gate.js';
import { headlineCandidate } from './verdict.js';

export interface ObservedRound extends RoundResult {
  readonly observed: Observed;
}

export function roundsOf({ rounds }: Evidence, arm: ArmResult): readonly RoundResult[] {
  return rounds.filter((round) => round.arm === arm.name);
}

/** Those of an arm that were observed; all of them, or none: half an observation would be no measurement. */
export function observedRounds(evidence: Evidence, arm: ArmResult): readonly ObservedRound[] {
  const rounds = roundsOf(evidence, arm);
  const observed = rounds.filter((round): round is ObservedRound => round.observed !== undefined);
  return observed.length === rounds.length ? observed : [];
}

/** `reused, round 3` */
export function placeOf({ arm, index }: RoundResult): string {
  return `${arm}, round ${index + 1}`;
}

/** A comparison of a primary quantile that has an estimate. */
export interface JudgedComparison extends Comparison {
  readonly estimateMs: number;
  /** It is the pair that the verdict speaks of. */
  readonly headline: boolean;
}

export function judged({ comparisons, arms, plan }: Evidence): readonly JudgedComparison[] {
  const candidate = headlineCandidate(arms, arms.find(({ name }) => name === plan.baseline) ?? arms[0])?.name;
  return comparisons.flatMap((comparison) => {
    const { primary, estimateMs } = comparison;
    return primary && estimateMs !== null ? [{ ...comparison, estimateMs, headline: comparison.candidate === candidate }] : [];
  });
}

/** What leaves no verdict on the headline pair is a caveat for another pair: the verdict does not speak of that one. */
export function forVerdict(finding: Finding, headline: boolean): Finding {
  const { failAbove, warnAbove = Infinity, ...others } = finding;
  if (headline || failAbove === undefined) return finding;
  return { ...others, warnAbove: Math.min(warnAbove, failAbove), detail: `${finding.detail}; the verdict does not rest on it` };
}

/** The quantiles of response time that a reader is shown of an arm: those compared, or, of an arm alone, those with their 20 requests beyond. */
export function reportedQuantiles({ comparisons }: Evidence, arm: ArmResult, primaryOnly: boolean): readonly number[] {
  const concerned = comparisons.filter(({ baseline, candidate }) => baseline === arm.name || candidate === arm.name);
  if (concerned.length > 0) return [...new Set(concerned.filter(({ primary, estimateMs }) => estimateMs !== null && (primary || !primaryOnly)).map(({ quantile }) => quantile))];
  const shown = primaryOnly ? [0.5, 0.99] : [0.5, 0.9, 0.99, 0.999];
  return shown.filter((quantile) => arm.totals.latencyMs.response.count >= requestsFor(quantile, BEYOND_TO_ESTIMATE));
}

/** The highest of them, or p50. */
export function highestJudged(evidence: Evidence, arm: ArmResult): number {
  return Math.max(0.5, ...reportedQuantiles(evidence, arm, true));
}

/** Arm by arm, the two that a comparison is about. */
export function armsOf({ arms }: Evidence, { baseline, candidate }: Comparison): readonly ArmResult[] {
  return arms.filter(({ name }) => name === baseline || name === candidate);
}

const decoded = new WeakMap<RoundResult, Histogram>();

/** Response time of one round at a quantile, in ms. Decoded once: several gates ask. */
export function responseMs(round: RoundResult, quantile: number): number {
  const histogram = decoded.get(round) ?? Histogram.decode(round.histograms.response);
  decoded.set(round, histogram);
  return nsToMs(histogram.quantileNs(quantile));
}

/** Every round has its 20 requests beyond the quantile. */
export function roundsSuffice(rounds: readonly RoundResult[], quantile: number): boolean {
  return rounds.every(({ histograms }) => histograms.response.count >= requestsFor(quantile, BEYOND_TO_ESTIMATE));
}
