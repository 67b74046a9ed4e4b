/** What one worker counted in one round, and how such tallies add up. Law: merging the parts gives the whole. */
import type { Ns } from '../define.js';
import { METRICS, type ConnectionCounts, type EncodedHistogram, type Metric, type RequestCounts, type RoundConnections, type RoundRequests, type RoundStrip } from '../result/schema.js';
import { Histogram } from './histogram.js';
import { mergeSeries, type SeriesTally } from './series.js';

export interface WorkerTally {
  readonly requests: RoundRequests;
  readonly connections: RoundConnections;
  readonly histograms: Readonly<Record<Metric, EncodedHistogram>>;
  readonly over60s: number;
  /** Share of the round that the event loop was busy, 0 to 1. */
  readonly loopUtilization: number;
  readonly longestTurnMs: number;
  readonly series: SeriesTally;
  /** Of the first worker, in the first round of an arm. */
  readonly strip?: RoundStrip;
  readonly self: SelfObservation;
}

/** What a worker saw of its own work, for the gates. */
export interface SelfObservation {
  /** Response times by the half of the window that they were due in. */
  readonly firstHalf: EncodedHistogram;
  readonly secondHalf: EncodedHistogram;
  /** done − dispatched. */
  readonly served: EncodedHistogram;
  /** Σ (done − dispatched), and ∫ in-flight dt: two books of the same time. */
  readonly exchangesNs: Ns;
  readonly inFlightNs: Ns;
  /** The part of the window in which the sending loop was away for more than 20 ms at a time. */
  readonly stalledMs: number;
  readonly gc: { readonly count: number; readonly totalMs: number; readonly longestMs: readonly number[] };
  readonly clockSkewUs: number;
  /** Protocol and cipher of the first handshake; several workers: each once. */
  readonly tls: readonly string[];
}

/** So many of the longest garbage collections are kept: more than that and their number alone is the finding. */
export const LONGEST_PAUSES = 32;

/** Adds up the tallies of all workers of a round. Peaks are summed: an upper bound, since workers need not peak together. */
export function mergeTallies(tallies: readonly WorkerTally[]): WorkerTally {
  const strip = tallies.find((tally) => tally.strip !== undefined)?.strip;
  return {
    requests: mergeRequests(tallies.map((tally) => tally.requests)),
    connections: {
      ...mergeConnections(tallies.map((tally) => tally.connections)),
      peakOpen: sum(tallies.map((tally) => tally.connections.peakOpen)),
      peakNeeded: sum(tallies.map((tally) => tally.connections.peakNeeded)),
    },
    histograms: Object.fromEntries(METRICS.map((metric) => [metric, mergeHistograms(tallies.map((tally) => tally.histograms[metric])).encode()])) as Record<Metric, EncodedHistogram>,
    over60s: sum(tallies.map((tally) => tally.over60s)),
    loopUtilization: Math.max(...tallies.map((tally) => tally.loopUtilization)),
    longestTurnMs: Math.max(...tallies.map((tally) => tally.longestTurnMs)),
    self: mergeSelf(tallies.map((tally) => tally.self)),
    series: mergeSeries(tallies.map((tally) => tally.series)),
    ...(strip && { strip }),
  };
}

/** Times of all workers are added up; a stall and a skew is that of the worst. */
function mergeSelf(parts: readonly SelfObservation[]): SelfObservation {
  const merged = (what: 'firstHalf' | 'secondHalf' | 'served'): EncodedHistogram => mergeHistograms(parts.map((part) => part[what])).encode();
  return {
    firstHalf: merged('firstHalf'),
    secondHalf: merged('secondHalf'),
    served: merged('served'),
    exchangesNs: sum(parts.map((part) => part.exchangesNs)),
    inFlightNs: sum(parts.map((part) => part.inFlightNs)),
    stalledMs: Math.max(...parts.map((part) => part.stalledMs)),
    gc: {
      count: sum(parts.map((part) => part.gc.count)),
      totalMs: sum(parts.map((part) => part.gc.totalMs)),
      longestMs: parts.flatMap((part) => part.gc.longestMs).toSorted((a, b) => b - a).slice(0, LONGEST_PAUSES),
    },
    clockSkewUs: Math.max(...parts.map((part) => part.clockSkewUs)),
    tls: [...new Set(parts.flatMap((part) => part.tls))].sort(),
  };
}

export function mergeHistograms(encoded: readonly EncodedHistogram[]): Histogram {
  const merged = Histogram.empty();
  for (const part of encoded) if (part.count > 0) merged.add(Histogram.decode(part));
  return merged;
}

/** Sums of every request count, warm-up apart. */
export function mergeRequests(parts: readonly RoundRequests[]): RoundRequests {
  return { ...sumRequests(parts), warmup: sumRequests(parts.map((part) => part.warmup)) };
}

/** Sums of every connection count, warm-up apart; the peaks are the largest of any part. */
export function mergeConnections(parts: readonly RoundConnections[]): RoundConnections {
  return {
    ...sumConnections(parts),
    warmup: sumConnections(parts.map((part) => part.warmup)),
    peakOpen: Math.max(0, ...parts.map((part) => part.peakOpen)),
    peakNeeded: Math.max(0, ...parts.map((part) => part.peakNeeded)),
    requestsPerConnection: sumRecords(parts.map((part) => part.requestsPerConnection)),
    ...mergeIdle(parts),
  };
}

/** Nothing when no part has it: results of earlier versions. */
function mergeIdle(parts: readonly RoundConnections[]): Pick<RoundConnections, 'idle'> {
  const known = parts.flatMap(({ idle }) => idle ?? []);
  if (known.length === 0) return {};
  return { idle: { beforeReuse: mergeHistograms(known.map((idle) => idle.beforeReuse)).encode(), beforeServerClose: mergeHistograms(known.map((idle) => idle.beforeServerClose)).encode() } };
}

function sumRequests(parts: readonly RequestCounts[]): RequestCounts {
  const total = (key: 'planned' | 'sent' | 'completed' | 'failed' | 'shed' | 'aborted' | 'bytesIn'): number => sum(parts.map((part) => part[key]));
  return {
    planned: total('planned'),
    sent: total('sent'),
    completed: total('completed'),
    failed: total('failed'),
    shed: total('shed'),
    aborted: total('aborted'),
    failures: sumRecords(parts.map((part) => part.failures)),
    statuses: sumRecords(parts.map((part) => part.statuses)),
    bytesIn: total('bytesIn'),
  };
}

function sumConnections(parts: readonly ConnectionCounts[]): ConnectionCounts {
  const total = (key: 'attempts' | 'connectFailed' | 'opened' | 'tlsFull' | 'tlsResumed' | 'tlsFailed' | 'closed'): number => sum(parts.map((part) => part[key]));
  return {
    attempts: total('attempts'),
    connectFailed: total('connectFailed'),
    opened: total('opened'),
    tlsFull: total('tlsFull'),
    tlsResumed: total('tlsResumed'),
    tlsFailed: total('tlsFailed'),
    closed: total('closed'),
    closedBy: sumRecords(parts.map((part) => part.closedBy)),
    openedBecause: sumRecords(parts.map((part) => part.openedBecause)),
  };
}

function sumRecords(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const record of records) for (const [key, count] of Object.entries(record)) total[key] = (total[key] ?? 0) + count;
  return total;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
