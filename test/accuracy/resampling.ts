/** Real rounds, recorded once and dealt again into runs that could have been: what an analysis says of hundreds of runs, at the cost of a few minutes. */
import { analyze } from '../../src/analysis/analyze.js';
import { randomFrom, shuffled } from '../../src/random.js';
import type { RawRun } from '../../src/result/journal.js';
import type { Result, RoundResult } from '../../src/result/schema.js';
import { FIRST, measure, quantileOf, ROOMY } from './measure.js';
import { namespace, whyNoNamespace } from './namespace.js';
import { startTruth, type Profile } from './truth/index.js';

export interface RoundKind {
  readonly profile: Profile;
  readonly rounds: number;
}

export interface Recorded<K extends string> {
  readonly raw: RawRun;
  /** The rounds of each kind, those in which the hypervisor gave the fewest of our cores' time to others, in the order they ran. */
  readonly rounds: Readonly<Record<K, readonly RoundResult[]>>;
  /** What the server itself says of the measured requests of a kind: the mean of its rounds' quantiles, in ms. */
  servedMs(kind: K, quantile: number): number;
}

/**
 * One long run of one reused arm, in which the server takes on the kinds in random order: what drifts over the run drifts for all kinds. Where it can be had in a
 * network namespace of their own, since the kernel's counters are otherwise everybody's. Twice as many rounds are run as are used: by what the kernel says of the host
 * (steal), whatever their times were.
 */
export async function recordRounds<K extends string>(kinds: Readonly<Record<K, RoundKind>>, words: readonly string[], keep: (stop: () => Promise<void>) => void): Promise<Recorded<K>> {
  const names = Object.keys(kinds) as K[];
  const order = shuffled(names.flatMap((name, index) => Array<number>(SPARE * kinds[name].rounds).fill(index)), randomFrom(9));
  const { wrap } = whyNoNamespace() === undefined ? await namespace(keep) : { wrap: [] };
  const truth = await startTruth(names.map((name) => kinds[name].profile), { order, wrap }, keep);
  const { raw } = await measure(truth.url, ['--arm', 'reused', '--blocks', `${order.length / 2}`, ...ROOMY, ...words], { wrap: [...FIRST, ...wrap] });
  const served = await truth.served();
  const tookNs = new Map<number, readonly number[]>();
  for (const { index, requests } of raw.rounds) {
    const heard = served.filter(({ round }) => round === index).sort((a, b) => a.receivedNs - b.receivedNs);
    if (heard.length !== requests.sent + requests.warmup.sent) throw new Error(`round ${index}: ${requests.sent + requests.warmup.sent} sent, ${heard.length} served`);
    tookNs.set(index, heard.slice(requests.warmup.sent).map((one) => one.tookNs).sort((a, b) => a - b));
  }
  const rounds = Object.fromEntries(names.map((name, kind) => [name, undisturbed(raw.rounds.filter(({ index }) => order[index] === kind), kinds[name].rounds, raw.rounds)])) as Record<K, RoundResult[]>;
  const servedMs = (kind: K, quantile: number): number => mean(rounds[kind].map(({ index }) => quantileOf(tookNs.get(index) ?? [], quantile))) / 1e6;
  return { raw, rounds, servedMs };
}

/** The run of two arms, a (the baseline) and b, whose rounds are those drawn: blocks of ABBA or BAAB, by a coin. */
export function dealtRun({ record, durationMs }: RawRun, ofA: readonly RoundResult[], ofB: readonly RoundResult[], random: () => number): RawRun {
  const [arm] = record.arms;
  const order = Array.from({ length: ofA.length / 2 }, () => (random() < 0.5 ? ['a', 'b', 'b', 'a'] : ['b', 'a', 'a', 'b']));
  const hands = { a: [...ofA], b: [...ofB] };
  const lengthMs = durationMs / record.plan.order.flat().length;
  const rounds = order.flatMap((arms, block) => arms.map((name) => ({ name, block }))).map(({ name, block }, index): RoundResult => {
    const round = hands[name as 'a' | 'b'].shift()!;
    return { ...round, arm: name, block, index, startedAtMs: index * lengthMs };
  });
  return {
    record: { ...record, arms: [{ ...arm!, name: 'a' }, { ...arm!, name: 'b' }], plan: { ...record.plan, baseline: 'a', blocks: order.length, order } },
    rounds,
    complete: true,
    durationMs: rounds.length * lengthMs,
  };
}

/** The run that had been, had it consisted of these of its blocks alone. */
export function runOfBlocks({ record, rounds, ...end }: RawRun, blocks: readonly number[]): RawRun {
  const order = blocks.map((block) => record.plan.order[block]!);
  const chosen = rounds.filter(({ block }) => blocks.includes(block));
  return {
    ...end,
    record: { ...record, plan: { ...record.plan, blocks: blocks.length, order } },
    rounds: chosen.map((round, index) => ({ ...round, block: blocks.indexOf(round.block), index })),
  };
}

/**
 * So many analysed runs, each of rounds drawn anew, `count` a side. From one pool without replacement, so that both sides differ by chance alone; from two pools with
 * replacement: a draw of half a pool would lie closer to it than a run lies to the truth, and every interval would seem too wide.
 */
export function* resampled({ raw }: { readonly raw: RawRun }, poolA: readonly RoundResult[], poolB: readonly RoundResult[], count: number, runs: number): Generator<Result> {
  const random = randomFrom(11);
  for (let run = 0; run < runs; run++) {
    const both = shuffled(poolA, random);
    const [a, b] = poolA === poolB ? [both.slice(0, count), both.slice(count, 2 * count)] : [drawn(poolA, count, random), drawn(poolB, count, random)];
    yield analyze(dealtRun(raw, a, b, random));
  }
}

/** More are run than are used by this factor. */
const SPARE = 2;

/**
 * The kernel counts steal in steps of 10 ms a core, so a single round says little. But a host that is busy is so for seconds: of each round its neighbours are asked too.
 */
const NEIGHBOURS = 2;

function undisturbed(rounds: readonly RoundResult[], count: number, all: readonly RoundResult[]): RoundResult[] {
  const near = (index: number): readonly RoundResult[] => all.filter((other) => Math.abs(other.index - index) <= NEIGHBOURS);
  const steal = new Map(rounds.map(({ index }) => [index, mean(near(index).map(({ observed }) => observed?.host.stealShare ?? 0))]));
  return rounds
    .toSorted((a, b) => steal.get(a.index)! - steal.get(b.index)!)
    .slice(0, count)
    .sort((a, b) => a.index - b.index);
}

function drawn<T>(pool: readonly T[], count: number, random: () => number): T[] {
  return Array.from({ length: count }, () => pool[Math.floor(random() * pool.length)]!);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
