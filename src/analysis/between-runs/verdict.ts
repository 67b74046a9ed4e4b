/** What two runs say about each other, in fixed sentences: never more than the intervals allow, and nothing where a run cannot be trusted. */
import type { Change, RunComparison, Saving } from '../../result/run-comparison-schema.js';
import type { Comparison } from '../../result/schema.js';
import { formatMs, quantileName } from '../../units.js';
import { capital, groupBy, headlineState, list, tell } from '../verdict.js';

type RunEvidence = Pick<RunComparison, 'a' | 'b' | 'baseline' | 'arms' | 'notCompared' | 'changes' | 'savings'>;

/**
 * The state is that of the headline arm, b against a: the first reused one, else the first beside the baseline. The sentences give its figures and
 * those of every arm and saving that moved; of the others they say so in short. Any failed check in either run: untrustworthy. Nothing that can be judged: not-judged, with the reason.
 */
export function decideRunVerdict(evidence: RunEvidence, headline: string): RunComparison['verdict'] {
  const { arms, changes, savings } = evidence;
  const untrusted = (['a', 'b'] as const).filter((run) => evidence[run].failedChecks.length > 0 || evidence[run].verdict.state === 'untrustworthy');
  const caveats = [...arms.flatMap(brokenSince), ...arms.flatMap(handshakes), ...(['a', 'b'] as const).flatMap((run) => partial(run, evidence))];
  if (untrusted.length > 0) return { state: 'untrustworthy', sentence: [...untrusted.map((run) => noVerdict(run, evidence)), ...caveats].join(' ') };

  const judged = changes.filter(({ state }) => state !== 'not-judged');
  const own = judged.filter(({ arm }) => arm === headline).map(asComparison);
  const others = arms.filter(({ name }) => name !== headline).map(({ name }) => judged.filter(({ arm }) => arm === name));
  const sentences = [
    ...tell(own),
    ...others.flatMap((group) => tell(group.filter(moved).map(asComparison))),
    ...inShort(others.flat().map(({ arm, ...change }) => ({ ...change, of: arm })), ''),
    ...[...groupBy(savings.filter((saving) => moved(saving) || (saving.candidate === headline && saving.state === 'same')), ({ candidate, state }) => `${candidate}\n${state}`).values()].map(ofSavings),
    ...inShort(savings.filter(({ candidate, state }) => candidate !== headline || state === 'cannot-tell').map(({ candidate, ...saving }) => ({ ...saving, of: candidate })), 'what is saved by '),
    ...notComparable(changes),
  ];
  return { state: own.length === 0 ? 'not-judged' : headlineState(own), sentence: [...new Set([...sentences, ...caveats])].join(' ') };
}

function moved({ state }: Pick<Change, 'state'>): boolean {
  return state.startsWith('faster') || state.startsWith('slower');
}

/** `No practical difference in fresh at p50 and resumed at p50.`: the figures stand in the tables. */
function inShort(all: readonly (Pick<Change, 'quantile' | 'state'> & { readonly of: string })[], what: string): string[] {
  const having = (state: Change['state']): string => list(all.filter((one) => one.state === state).map((one) => `${one.of} at ${quantileName(one.quantile)}`));
  const [same, unknown] = [having('same'), having('cannot-tell')];
  return [...(same === '' ? [] : [`No practical difference in ${what}${same}.`]), ...(unknown === '' ? [] : [`Cannot tell about ${what}${unknown}.`])];
}

/** A change as the fixed sentences of a run's verdict read it: a is the baseline, b the candidate, and less time is faster. */
function asComparison({ arm, quantile, estimateMs, ci, marginMs, state, detail }: Change): Comparison {
  return {
    baseline: `${arm} in a`,
    candidate: `${arm} in b`,
    metric: 'response',
    quantile,
    estimateMs: estimateMs === null ? null : -estimateMs,
    ci: ci && { lowMs: -ci.highMs, highMs: -ci.lowMs, level: 0, method: '' },
    marginMs,
    state: state === 'not-judged' ? 'cannot-tell' : state,
    primary: true,
    detail,
  };
}

/** `Reused saves 1.2 ms more against fresh in b than in a at p50 [0.9, 1.5].` */
function ofSavings(group: readonly Saving[]): string {
  const { candidate = '', baseline = '', state = 'same' } = group[0] ?? {};
  const at = group.map((saving) => figuresOf(saving)).join('; ');
  const against = `against ${baseline}`;
  if (state === 'same') return `${capital(candidate)} saves the same ${against} in both runs: ${at}.`;
  return `${capital(candidate)} saves ${state.startsWith('faster') ? 'more' : 'less'} ${against} in b than in a: ${at}.`;
}

/** `1.2 ms more at p50 [0.9, 1.5], perhaps by less than the margin of 0.4 ms` */
function figuresOf(saving: Saving): string {
  const { estimateMs, marginMs, state } = saving;
  const at = quantileName(saving.quantile);
  if (state === 'same') return `within ± ${formatMs(marginMs)} ms at ${at}${brackets(saving, 1)}`;
  const perhaps = state.endsWith('small') ? `, perhaps by less than the margin of ${formatMs(marginMs)} ms` : '';
  return state.startsWith('faster')
    ? `${formatMs(estimateMs ?? NaN)} ms more at ${at}${brackets(saving, 1)}${perhaps}`
    : `${formatMs(-(estimateMs ?? NaN))} ms less at ${at}${brackets(saving, -1)}${perhaps}`;
}

function brackets({ ci }: Saving, sign: 1 | -1): string {
  if (!ci) return '';
  return sign === 1 ? ` [${formatMs(ci.lowMs)}, ${formatMs(ci.highMs)}]` : ` [${formatMs(-ci.highMs)}, ${formatMs(-ci.lowMs)}]`;
}

/** `The latencies of reused and fresh are not compared: rate 500/s → 200/s.` */
function notComparable(changes: readonly Change[]): string[] {
  const refused = changes.filter(({ state }) => state === 'not-judged');
  return [...groupBy(refused, ({ detail }) => detail)].map(([detail, group]) => `No verdict on the latency of ${list([...new Set(group.map(({ arm }) => arm))])}: ${detail}.`);
}

function noVerdict(run: 'a' | 'b', evidence: RunEvidence): string {
  const { failedChecks } = evidence[run];
  const why = failedChecks.length === 0 ? '' : ` (${list(failedChecks.map((title) => `“${title}”`))} failed)`;
  return `No verdict: run ${run} cannot be trusted${why}.`;
}

function brokenSince({ name, a, b }: RunComparison['arms'][number]): string[] {
  if (a.promiseHeld === b.promiseHeld || a.promiseHeld === null || b.promiseHeld === null) return [];
  return [b.promiseHeld ? `${capital(name)} keeps its promise in b and did not in a.` : `${capital(name)} kept its promise in a and does not in b (${b.promise}).`];
}

const HANDSHAKES_TO_MENTION = 1;

/** `Handshakes per 100 requests, reused: 0.4 in a, 12.0 in b.` Counted, not estimated: no interval. */
function handshakes({ name, a, b }: RunComparison['arms'][number]): string[] {
  const [before, after] = [a.handshakesPer100, b.handshakesPer100];
  if (before === null || after === null || Math.abs(after - before) < HANDSHAKES_TO_MENTION) return [];
  return [`Handshakes per 100 requests, ${name}: ${formatMs(before)} in a, ${formatMs(after)} in b.`];
}

function partial(run: 'a' | 'b', evidence: RunEvidence): string[] {
  return evidence[run].complete ? [] : [`Run ${run} was stopped early; ${evidence[run].blocks} complete blocks of it are compared.`];
}
