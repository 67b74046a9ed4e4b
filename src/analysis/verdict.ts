/** The one thing a run says, in fixed sentences: never more than the intervals allow. */
import type { ArmResult, Comparison, GateOutcome, Verdict } from '../result/schema.js';
import { formatCount, formatMs, quantileName } from '../units.js';
import { BEYOND_TO_ESTIMATE, requestsFor } from './blocks.js';
import type { ComparisonState } from './comparisons.js';
import type { Evidence } from './gate.js';

/** The share of requests without an answer, above which the verdict speaks of them. */
const LOSSES_TO_MENTION = 0.01;

/**
 * The verdict on the headline pair: the baseline, and the first reused arm (else the first other arm). It speaks of the primary quantiles only.
 * Faster or slower: at least one of them says so, and none the contrary. Same: all that had the samples say so. Any failed gate: untrustworthy, whatever they say.
 */
export function decideVerdict(evidence: Evidence, gates: readonly GateOutcome[]): Verdict {
  const { arms, plan, comparisons } = evidence;
  const baseline = arms.find((arm) => arm.name === plan.baseline) ?? arms[0];
  const candidate = headlineCandidate(arms, baseline);
  const headline = comparisons.filter((comparison) => comparison.primary && comparison.candidate === candidate?.name);
  const caveats = [...[baseline, candidate].flatMap(brokenPromise), ...arms.flatMap(losses)];

  const failed = gates.filter((gate) => gate.state === 'fail');
  if (failed.length > 0) return { state: 'untrustworthy', sentence: [noVerdict(failed), ...caveats].join(' ') };
  if (!baseline) return { state: 'not-judged', sentence: 'There is no arm to judge.' };
  if (!candidate) return { state: 'not-judged', sentence: [alone(baseline), ...caveats].join(' ') };
  return { state: headlineState(headline), sentence: [...tell(headline), ...caveats].join(' ') };
}

/** The arm that the verdict compares with the baseline: the first reused one, else the first other. */
export function headlineCandidate<Arm extends { readonly policy: string }>(arms: readonly Arm[], baseline: Arm | undefined): Arm | undefined {
  const others = arms.filter((arm) => arm !== baseline);
  return others.find((arm) => arm.policy === 'reused' && baseline?.policy !== 'reused') ?? others[0];
}

export function headlineState(headline: readonly Comparison[]): ComparisonState {
  const states = headline.filter((comparison) => comparison.estimateMs !== null).map((comparison) => comparison.state);
  const faster = states.some((state) => state.startsWith('faster'));
  const slower = states.some((state) => state.startsWith('slower'));
  if (faster && slower) return 'cannot-tell';
  if (faster) return states.includes('faster') ? 'faster' : 'faster-small';
  if (slower) return states.includes('slower') ? 'slower' : 'slower-small';
  return states.length > 0 && states.every((state) => state === 'same') ? 'same' : 'cannot-tell';
}

// ---------------------------------------------------------------------------------------------- the sentences of the pair

/** One sentence for each state, the quantiles that share it side by side. */
export function tell(headline: readonly Comparison[]): string[] {
  const estimated = headline.filter((comparison) => comparison.estimateMs !== null);
  const unknown = headline.filter((comparison) => comparison.estimateMs === null);
  const sentences = [...groupBy(estimated, (comparison) => comparison.state)].map(([state, group]) => SENTENCES[state](group, names(group)));
  const missing = [...groupBy(unknown, (comparison) => comparison.detail)].map(([detail, group]) => notJudged(group, detail));
  return [...sentences, ...missing];
}

interface Names {
  readonly baseline: string;
  readonly candidate: string;
}

const SENTENCES: Readonly<Record<ComparisonState, (group: readonly Comparison[], names: Names) => string>> = {
  faster: (group, { baseline, candidate }) => `${capital(candidate)} is faster than ${baseline}: ${group.map(less).join('; ')}.`,
  slower: (group, { baseline, candidate }) => `${capital(candidate)} is slower than ${baseline}: ${group.map(more).join('; ')}.`,
  'faster-small': (group, { baseline, candidate }) => `${capital(candidate)} is faster than ${baseline}, but ${small(group)}: ${group.map(less).join('; ')}.`,
  'slower-small': (group, { baseline, candidate }) => `${capital(candidate)} is slower than ${baseline}, but ${small(group)}: ${group.map(more).join('; ')}.`,
  same: (group, { baseline, candidate }) => `No practical difference between ${candidate} and ${baseline}: ${group.map(within).join('; ')}.`,
  'cannot-tell': (group, names) => group.map((comparison) => cannotTell(comparison, names)).join(' '),
};

function less(comparison: Comparison): string {
  return `${formatMs(comparison.estimateMs ?? NaN)} ms less at ${quantileName(comparison.quantile)}${brackets(comparison)}`;
}

function more(comparison: Comparison): string {
  return `${formatMs(-(comparison.estimateMs ?? NaN))} ms more at ${quantileName(comparison.quantile)}${brackets(comparison, -1)}`;
}

function within(comparison: Comparison): string {
  return `within ± ${formatMs(comparison.marginMs)} ms at ${quantileName(comparison.quantile)}${brackets(comparison)}`;
}

/** `perhaps by less than the margin of 0.4 ms` */
function small(group: readonly Comparison[]): string {
  const margins = [...new Set(group.map((comparison) => `${formatMs(comparison.marginMs)} ms`))];
  return `perhaps by less than the margin${margins.length === 1 ? '' : 's'} of ${list(margins)}`;
}

function cannotTell(comparison: Comparison, { baseline, candidate }: Names): string {
  const difference = `${baseline} − ${candidate} = ${formatMs(comparison.estimateMs ?? NaN)} ms${brackets(comparison)}`;
  return `Cannot tell at ${quantileName(comparison.quantile)}: ${difference}.${comparison.detail === '' ? '' : ` ${capital(comparison.detail)}.`}`;
}

function notJudged(group: readonly Comparison[], detail: string): string {
  return `${list(group.map(({ quantile }) => quantileName(quantile)))} ${group.length === 1 ? 'is' : 'are'} not judged: ${detail}.`;
}

function brackets({ ci }: Comparison, sign = 1): string {
  if (!ci) return '';
  const [low, high] = sign === 1 ? [ci.lowMs, ci.highMs] : [-ci.highMs, -ci.lowMs];
  return ` [${formatMs(low)}, ${formatMs(high)}]`;
}

// ---------------------------------------------------------------------------------------------- the other sentences

function noVerdict(failed: readonly GateOutcome[]): string {
  const [first, ...others] = failed;
  const further = others.length === 0 ? '' : ` Also failed: ${list(others.map((gate) => `“${gate.title}”`))}.`;
  const why = first?.detail ? ` (${first.detail})` : '';
  const fix = first?.remedy ? ` Fix: ${first.remedy}.` : '';
  return `No verdict: the check “${first?.title}” failed${why}.${fix}${further}`;
}

/** `Reused, on its own: p50 8.30 ms, p99 16.3 ms; 0.1 handshakes per 100 requests.` */
function alone({ name, totals: { latencyMs, connections, requests } }: ArmResult): string {
  const { response } = latencyMs;
  const quantiles = ([['p50', 0.5, response.p50], ['p99', 0.99, response.p99]] as const).map(([label, quantile, ms]) => {
    const missing = requestsFor(quantile, BEYOND_TO_ESTIMATE) - response.count;
    return missing <= 0 ? `${label} ${formatMs(ms)} ms` : `${label} needs ${formatCount(missing)} more requests`;
  });
  if (requests.completed === 0) return `${capital(name)}, on its own: no request was completed.`;
  return `${capital(name)}, on its own: ${quantiles.join(', ')}; ${threeDigits((100 * connections.opened) / requests.completed)} handshakes per 100 requests.`;
}

function brokenPromise(arm: ArmResult | undefined): string[] {
  if (!arm || arm.promise.held) return [];
  return [`${capital(arm.name)} did not do what its policy promises (${arm.promise.sentence}).`];
}

/** `Fresh lost 2.3 % of its requests (120 failed, 40 shed); its latencies hold only those that were answered.` */
function losses({ name, totals: { requests } }: ArmResult): string[] {
  const lost = requests.failed + requests.aborted + requests.shed;
  if (lost <= LOSSES_TO_MENTION * requests.planned) return [];
  const kinds = (['failed', 'aborted', 'shed'] as const).filter((kind) => requests[kind] > 0).map((kind) => `${formatCount(requests[kind])} ${kind}`);
  const share = threeDigits((100 * lost) / requests.planned);
  return [`${capital(name)} lost ${share} % of its requests (${kinds.join(', ')}); its latencies hold only those that were answered.`];
}

// ---------------------------------------------------------------------------------------------- words

function names([first]: readonly Comparison[]): Names {
  return { baseline: first?.baseline ?? '', candidate: first?.candidate ?? '' };
}

function threeDigits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function groupBy<K, T>(members: readonly T[], key: (member: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const member of members) groups.set(key(member), [...(groups.get(key(member)) ?? []), member]);
  return groups;
}
