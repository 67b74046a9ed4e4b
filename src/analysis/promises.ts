/** Whether a policy did what it says: its promise for every round, against what was counted. */
import { choose, withDefaults, type AnyOptions, type Policy, type Range } from '../define.js';
import * as policies from '../policies/index.js';
import type { PromiseOutcome, RoundResult, RunRecord } from '../result/schema.js';
import { formatCount } from '../units.js';
import { because, isExpected } from './reasons.js';

/**
 * Judges each round by itself, warm-up included, and sums the ranges and the counts: a round that opened too many is not excused by one that opened few.
 * What is promised is promised for the requests that reached a connection: those sent, and those whose connection ended before it could carry any.
 * @param overTls whether the TLS ranges apply
 */
export function judgePromise(arm: RunRecord['arms'][number], rounds: readonly RoundResult[], overTls: boolean): PromiseOutcome {
  const policy = choose<Policy>(policies, arm.policy, 'policy');
  const options = withDefaults(policy.options, given(arm.options));
  const judged = rounds.map((round) => judgeRound(round, policy, options, overTls));
  const broken = judged.filter((round) => round.facts.some((fact) => !fact.held));
  return {
    held: broken.length === 0,
    rounds: rounds.length,
    broken: broken.length,
    sentence: broken.length === 0 ? heldSentence(judged, overTls) : brokenSentence(broken, judged.length),
    facts: sumFacts(judged.map((round) => round.facts)),
  };
}

type Fact = PromiseOutcome['facts'][number];

interface JudgedRound {
  readonly round: RoundResult;
  readonly facts: readonly Fact[];
}

function judgeRound(round: RoundResult, policy: Policy, options: AnyOptions, overTls: boolean): JudgedRound {
  const { connections } = round;
  const reached = requestsOf(round) + (connections.requestsPerConnection['0'] ?? 0);
  const inAll = (what: 'opened' | 'tlsFull' | 'tlsResumed' | 'tlsFailed'): number => connections[what] + connections.warmup[what];
  const facts = [factOf('opened', inAll('opened'), policy.promise(reached, options).opened)];
  if (overTls) {
    // A handshake that failed was neither full nor resumed: it is a failure, and no breach of the promise.
    const promise = policy.promise(Math.max(0, reached - inAll('tlsFailed')), options);
    facts.push(factOf('tlsFull', inAll('tlsFull'), promise.tlsFull), factOf('tlsResumed', inAll('tlsResumed'), promise.tlsResumed));
  }
  return { round, facts };
}

function factOf(what: Fact['what'], actual: number, { min, max }: Range): Fact {
  return { what, actual, min, max, held: actual >= min && actual <= max };
}

function sumFacts(rounds: readonly (readonly Fact[])[]): Fact[] {
  const total = new Map<Fact['what'], Fact>();
  for (const fact of rounds.flat()) {
    const sum = total.get(fact.what);
    total.set(fact.what, sum ? { ...fact, actual: sum.actual + fact.actual, min: sum.min + fact.min, max: sum.max + fact.max, held: sum.held && fact.held } : fact);
  }
  return [...total.values()];
}

/** `held: 5,000 requests, 5,000 connections, every TLS handshake full` */
function heldSentence(judged: readonly JudgedRound[], overTls: boolean): string {
  if (judged.length === 0) return 'not put to the test: no round was measured';
  const facts = sumFacts(judged.map((round) => round.facts));
  const actual = (what: Fact['what']): number => facts.find((fact) => fact.what === what)?.actual ?? 0;
  const requests = judged.reduce((sum, { round }) => sum + requestsOf(round), 0);
  const parts = [some(requests, 'request'), some(actual('opened'), 'connection')];
  if (overTls) parts.push(handshakes(actual('tlsFull'), actual('tlsResumed')));
  return `held: ${parts.join(', ')}`;
}

function handshakes(full: number, resumed: number): string {
  if (full + resumed === 0) return 'no TLS handshake';
  if (resumed === 0) return 'every TLS handshake full';
  if (full === 0) return 'every TLS handshake resumed';
  return `${formatCount(full)} TLS handshakes full and ${formatCount(resumed)} resumed`;
}

/** `NOT held: promised at most 32 connections in a round, 1,204 were opened; …`: the figures of the worst round. */
function brokenSentence(broken: readonly JudgedRound[], rounds: number): string {
  const where = broken.length === rounds ? '' : ` in ${formatCount(broken.length)} of ${some(rounds, 'round')}`;
  const [worst] = broken.toSorted((a, b) => breach(b) - breach(a));
  if (!worst) return '';
  const breaches = worst.facts.filter((fact) => !fact.held).map((fact) => `${promised(fact)}, ${happened(fact)}`);
  return `NOT held${where}: ${[...breaches, ...causes(worst)].join('; ')}`;
}

/** How far outside its promise a round is, in connections and handshakes. */
function breach({ facts }: JudgedRound): number {
  return facts.reduce((sum, { actual, min, max }) => sum + Math.max(0, min - actual, actual - max), 0);
}

const THINGS: Readonly<Record<Fact['what'], readonly [thing: string, verb: string]>> = {
  opened: ['connection', 'opened'],
  tlsFull: ['full TLS handshake', 'made'],
  tlsResumed: ['resumed TLS handshake', 'made'],
};

function promised({ what, actual, min, max }: Fact): string {
  const [thing] = THINGS[what];
  if (max === 0) return `promised no ${thing} in a round`;
  const bound = min === max ? 'exactly' : actual > max ? 'at most' : 'at least';
  return `promised ${bound} ${some(actual > max ? max : min, thing)} in a round`;
}

function happened({ what, actual }: Fact): string {
  const [, verb] = THINGS[what];
  return `${formatCount(actual)} ${actual === 1 ? 'was' : 'were'} ${verb}`;
}

/** What opened the connections that nobody asked for, the commonest first; three at most. */
function causes({ round: { connections }, facts }: JudgedRound): string[] {
  if (!facts.some((fact) => fact.what === 'opened' && fact.actual > fact.max)) return [];
  const counts = new Map<string, number>();
  for (const reasons of [connections.openedBecause, connections.warmup.openedBecause]) {
    for (const [code, count] of Object.entries(reasons)) if (!isExpected(code) && count > 0) counts.set(code, (counts.get(code) ?? 0) + count);
  }
  const attempts = connections.attempts + connections.warmup.attempts;
  const failed = connections.connectFailed + connections.warmup.connectFailed;
  const ofWhat = failed === 0 ? 'of them' : `of ${some(attempts, 'attempt')}`;
  const commonest = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, 3);
  return commonest.map(([code, count], place) => `${formatCount(count)} ${place === 0 ? `${ofWhat} ` : ''}${because(code)}`);
}

function requestsOf({ requests }: RoundResult): number {
  return requests.sent + requests.warmup.sent;
}

/** The options that were given: the record holds null where a policy has nothing to say. */
function given(options: RunRecord['arms'][number]['options']): AnyOptions {
  const values: Record<string, AnyOptions[string]> = {};
  for (const [name, value] of Object.entries(options)) if (value !== null) values[name] = value;
  return values;
}

function some(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
}
