/** The figures that every dialect states, each computed in one place. */
import { Histogram } from '../measure/histogram.js';
import type { ArmResult, EncodedHistogram, LatencySummary, Result, RoundResult } from '../result/schema.js';
import { formatMs } from '../units.js';

/** Figures of one kind of handshake for every 100 completed requests; null when no request was completed. */
export function per100(count: number, arm: ArmResult): number | null {
  const { completed } = arm.totals.requests;
  return completed === 0 ? null : (100 * count) / completed;
}

/** TCP connections opened in the measured windows for every 100 completed requests: the one number that shows reuse. */
export function handshakesPer100(arm: ArmResult): number | null {
  return per100(arm.totals.connections.opened, arm);
}

/** Three significant digits, or a dash for what was not measured. */
export function figure(value: number | null): string {
  return value === null ? '–' : formatMs(value);
}

/** A latency, with `~` before it when fewer than 20 samples lie beyond that quantile; a dash without samples. */
export function quantileFigure(summary: LatencySummary, name: 'p50' | 'p90' | 'p99' | 'p999'): string {
  if (summary.count === 0) return '–';
  return `${isThin(summary, name) ? '~' : ''}${formatMs(summary[name])}`;
}

/** The quantile rests on fewer than 20 samples beyond it: a few requests more or less would move it. */
export function isThin(summary: LatencySummary, name: 'p50' | 'p90' | 'p99' | 'p999'): boolean {
  return summary.count > 0 && samplesBeyond(summary.count, QUANTILES[name]) < ENOUGH_BEYOND;
}

/** Samples that a quantile needs beyond it before it is more than an anecdote. */
export const ENOUGH_BEYOND = 20;

export const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;

export function samplesBeyond(count: number, quantile: number): number {
  return Math.round(count * (1 - quantile));
}

/** Requests that came back wrong or never left for want of a connection; what was shed is counted apart. */
export function errorsOf(arm: ArmResult): number {
  return arm.totals.requests.failed + arm.totals.requests.aborted;
}

/** Every counted failure of an arm, most frequent first. */
export function ranked(counts: Readonly<Record<string, number>>): readonly { readonly name: string; readonly count: number }[] {
  return Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** How many requests the connections of an arm carried, warm-up included; null when none was opened. */
export function carriedOf(arm: ArmResult): { readonly mean: number; readonly p50: number; readonly max: number } | null {
  const carried = Object.entries(arm.totals.connections.requestsPerConnection)
    .map(([requests, connections]) => ({ requests: Number(requests), connections }))
    .sort((a, b) => a.requests - b.requests);
  const total = carried.reduce((sum, { connections }) => sum + connections, 0);
  if (total === 0) return null;
  const mean = carried.reduce((sum, { requests, connections }) => sum + requests * connections, 0) / total;
  let seen = 0;
  const p50 = carried.find(({ connections }) => (seen += connections) >= total / 2)?.requests ?? 0;
  return { mean, p50, max: carried.at(-1)?.requests ?? 0 };
}

/** Connections opened, warm-up included, against how many perfect reuse would have opened: the sum over rounds of the most in use at one instant. */
export function reuseBalance(result: Result, arm: ArmResult): { readonly opened: number; readonly needed: number; readonly excess: number } {
  const rounds = roundsOf(result, arm);
  const opened = rounds.reduce((sum, { connections }) => sum + connections.opened + connections.warmup.opened, 0);
  const needed = rounds.reduce((sum, { connections }) => sum + Math.min(connections.peakNeeded, connections.opened + connections.warmup.opened), 0);
  return { opened, needed, excess: opened - needed };
}

/** Reasons for opening, warm-up and window together. */
export function reasonsOf(arm: ArmResult): Readonly<Record<string, number>> {
  const { openedBecause, warmup } = arm.totals.connections;
  const all: Record<string, number> = { ...warmup.openedBecause };
  for (const [reason, count] of Object.entries(openedBecause)) all[reason] = (all[reason] ?? 0) + count;
  return all;
}

/** How long connections were idle before they were used again, and before the server closed them, in ms; null when that never happened, or was not recorded. */
export function idleGapsOf(arm: ArmResult): { readonly beforeReuse: LatencySummary | null; readonly beforeServerClose: LatencySummary | null } {
  const { idle } = arm.totals.connections;
  const summary = (gaps: EncodedHistogram | undefined): LatencySummary | null => (gaps === undefined || gaps.count === 0 ? null : Histogram.decode(gaps).summary());
  return { beforeReuse: summary(idle?.beforeReuse), beforeServerClose: summary(idle?.beforeServerClose) };
}

/** Mean ms a request; all but `response` add up to it. */
export interface Phases {
  readonly late: number;
  readonly connect: number;
  readonly tls: number;
  readonly queue: number;
  readonly service: number;
  readonly response: number;
}

/** Where the mean response went, in ms a request: the parts add up to the mean, because means do. Connect and TLS are the time of those that paid, spread over all. */
export function phasesOf(arm: ArmResult): Phases | null {
  const { response, wait, service, connect, tls } = arm.totals.latencyMs;
  if (response.count === 0) return null;
  const spread = (paid: LatencySummary): number => (paid.mean * paid.count) / response.count;
  // Handshakes of failed exchanges are among those paid for, but not in the waiting of completed ones: never more than the wait itself.
  const connectShare = Math.min(wait.mean, spread(connect));
  const tlsShare = Math.min(wait.mean - connectShare, spread(tls));
  return {
    late: Math.max(0, response.mean - wait.mean - service.mean),
    connect: connectShare,
    tls: tlsShare,
    queue: wait.mean - connectShare - tlsShare,
    service: service.mean,
    response: response.mean,
  };
}

export function roundsOf(result: Result, arm: { readonly name: string }): readonly RoundResult[] {
  return result.rounds.filter((round) => round.arm === arm.name);
}

export interface GeneratorCost {
  readonly cores: number;
  /** Of the busiest worker, 0 to 1. */
  readonly loopUtilization: number;
  readonly longestTurnMs: number;
  readonly over60s: number;
}

/** What the load generator cost in all rounds of an arm: CPU as a share of one core, worst of the rest. */
export function generatorOf(result: Result, arm: { readonly name: string }): GeneratorCost | null {
  const rounds = roundsOf(result, arm);
  if (rounds.length === 0) return null;
  const spentMs = rounds.reduce((sum, { generator }) => sum + generator.cpuMs, 0);
  const elapsedMs = rounds.reduce((sum, { warmupMs, windowMs }) => sum + warmupMs + windowMs, 0);
  return {
    cores: elapsedMs === 0 ? 0 : spentMs / elapsedMs,
    loopUtilization: Math.max(...rounds.map(({ generator }) => generator.loopUtilization)),
    longestTurnMs: Math.max(...rounds.map(({ generator }) => generator.longestTurnMs)),
    over60s: rounds.reduce((sum, { generator }) => sum + generator.over60s, 0),
  };
}

/** How the self-checks came out. */
export function trustOf({ gates }: Result): { readonly passed: number; readonly all: number; readonly notMeasured: number; readonly failed: number; readonly warned: number } {
  const having = (state: Result['gates'][number]['state']): number => gates.filter((gate) => gate.state === state).length;
  return { passed: having('pass'), all: gates.length, notMeasured: having('not-measured'), failed: having('fail'), warned: having('warn') };
}

/** Rounds that the plan asked for, whether or not they ran. */
export function plannedRounds({ plan }: Result): number {
  return plan.order.reduce((sum, block) => sum + block.length, 0);
}

/** The lateness of the arm whose p99 was worst, in ms; null when nothing was sent. */
export function worstLateness({ arms }: Result): LatencySummary | null {
  const measured = arms.map((arm) => arm.totals.latencyMs.late).filter((late) => late.count > 0);
  return measured.reduce<LatencySummary | null>((worst, late) => (worst === null || late.p99 > worst.p99 ? late : worst), null);
}

/** The run went over TLS. */
export function isSecure({ target }: Result): boolean {
  return target.tls !== null || target.url.startsWith('https:');
}
