/** The measured window in slices of time: what was asked, what was done, how late, and which connections were opened. */
import type { Ns } from '../define.js';
import type { EncodedHistogram, RoundSeries } from '../result/schema.js';
import { NS_PER_MS, nsToMs, NS_PER_S } from '../units.js';
import { Histogram } from './histogram.js';
import type { Sample } from './sample.js';

const COUNTS = ['planned', 'sent', 'completed', 'failed', 'shed', 'opened', 'tlsFull', 'tlsResumed'] as const;
type Count = (typeof COUNTS)[number];

/** What one worker saw, slice by slice; the last element of every list is what came after the window. */
export interface SeriesTally extends Readonly<Record<Count, readonly number[]>> {
  readonly sliceMs: number;
  readonly inFlight: readonly number[];
  readonly response: readonly EncodedHistogram[];
  readonly late: readonly EncodedHistogram[];
}

/** A window is cut into at least so many slices, and at most so many. */
const FEWEST = 4;
const MOST = 120;

/** The length of a slice, 1, 2 or 5 times a power of ten in ns: 1 s, less when the window is shorter than 4 s, more when it is longer than 2 minutes. */
export function sliceNsOf(windowNs: Ns): Ns {
  const lengths = [1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, NS_PER_S];
  const short = lengths.toReversed().find((length) => windowNs / length >= FEWEST) ?? NS_PER_MS;
  if (windowNs / short <= MOST) return short;
  const long = [1, 10, 100, 1000, 10_000].flatMap((power) => [2, 5, 10].map((step) => step * power * NS_PER_S));
  return long.find((length) => windowNs / length <= MOST) ?? windowNs;
}

/**
 * The slices of one worker and one round. All memory is taken when the round is prepared: recording allocates nothing.
 * Only exchanges of the measured window are counted, each at the instant the count is about: `planned` and lateness when it was due, `sent` when its head was
 * written, `completed`, `failed` and its response time when it was over. Connections count by the clock, whoever caused them.
 */
export class Series {
  readonly sliceNs: Ns;
  /** Slices of the window; one more holds what came after it. */
  readonly #slices: number;
  readonly #counts: Readonly<Record<Count, Uint32Array>>;
  readonly #inFlight: Uint32Array;
  readonly #response: readonly Histogram[];
  readonly #late: readonly Histogram[];
  readonly #perNs: number;
  #fromNs: Ns = Infinity;
  /** The latest slice in which the number in flight changed. */
  #latest = 0;

  constructor(windowNs: Ns) {
    this.sliceNs = sliceNsOf(windowNs);
    this.#slices = Math.max(1, Math.ceil(windowNs / this.sliceNs));
    this.#perNs = 1 / this.sliceNs;
    const length = this.#slices + 1;
    this.#counts = Object.fromEntries(COUNTS.map((name) => [name, new Uint32Array(length)])) as Record<Count, Uint32Array>;
    this.#inFlight = new Uint32Array(length);
    this.#response = Array.from({ length }, () => Histogram.empty());
    this.#late = Array.from({ length }, () => Histogram.empty());
  }

  /** The window begins here, on the clock of the run; nothing is counted before it is known. */
  begin(fromNs: Ns): void {
    this.#fromNs = fromNs;
  }

  /** An arrival of the window that could not leave. */
  shed(intendedNs: Ns): void {
    const slice = this.#at(intendedNs);
    this.#counts.planned[slice]!++;
    this.#counts.shed[slice]!++;
  }

  /** The end of an exchange of the window. */
  record(sample: Sample): void {
    const counts = this.#counts;
    const due = this.#at(sample.intendedNs);
    counts.planned[due]!++;
    this.#late[due]!.record(sample.dispatchedNs - sample.intendedNs);
    if (sample.sentNs < 0) return;
    counts.sent[this.#at(sample.sentNs)]!++;
    const over = this.#at(sample.doneNs);
    if (sample.failure !== '') {
      counts.failed[over]!++;
      return;
    }
    counts.completed[over]!++;
    this.#response[over]!.record(sample.doneNs - sample.intendedNs);
  }

  /** The number of exchanges in flight changed. */
  inFlight(before: number, after: number, atNs: Ns): void {
    if (atNs < this.#fromNs) return;
    const slice = this.#at(atNs);
    const most = this.#inFlight;
    for (; this.#latest < slice; this.#latest++) if (most[this.#latest + 1]! < before) most[this.#latest + 1] = before; // slices in which nothing changed
    const larger = before > after ? before : after;
    if (larger > most[slice]!) most[slice] = larger;
  }

  opened(atNs: Ns): void {
    if (atNs >= this.#fromNs) this.#counts.opened[this.#at(atNs)]!++;
  }

  secured(atNs: Ns, resumed: boolean): void {
    if (atNs >= this.#fromNs) this.#counts[resumed ? 'tlsResumed' : 'tlsFull'][this.#at(atNs)]!++;
  }

  /** How late all requests of the window were dispatched. */
  late(): Histogram {
    const all = Histogram.empty();
    for (const slice of this.#late) all.add(slice);
    return all;
  }

  tally(): SeriesTally {
    const counts = Object.fromEntries(COUNTS.map((name) => [name, [...this.#counts[name]]])) as Record<Count, number[]>;
    return {
      sliceMs: nsToMs(this.sliceNs),
      ...counts,
      inFlight: [...this.#inFlight],
      response: this.#response.map((histogram) => histogram.encode()),
      late: this.#late.map((histogram) => histogram.encode()),
    };
  }

  #at(ns: Ns): number {
    const slice = (ns - this.#fromNs) * this.#perNs;
    return slice < 0 ? 0 : slice < this.#slices ? slice | 0 : this.#slices;
  }
}

/** Adds up the slices of all workers; the numbers in flight are summed, an upper bound since workers need not peak together. */
export function mergeSeries(parts: readonly SeriesTally[]): SeriesTally {
  const [first, ...others] = parts;
  if (!first || others.length === 0) return first ?? new Series(NS_PER_S).tally();
  const summed = (pick: (part: SeriesTally) => readonly number[]): number[] => pick(first).map((_, slice) => parts.reduce((sum, part) => sum + (pick(part)[slice] ?? 0), 0));
  const merged = (pick: (part: SeriesTally) => readonly EncodedHistogram[]): EncodedHistogram[] => pick(first).map((_, slice) => {
    const all = Histogram.empty();
    for (const part of parts) if ((pick(part)[slice]?.count ?? 0) > 0) all.add(Histogram.decode(pick(part)[slice]!));
    return all.encode();
  });
  const counts = Object.fromEntries(COUNTS.map((name) => [name, summed((part) => part[name])])) as Record<Count, number[]>;
  return { sliceMs: first.sliceMs, ...counts, inFlight: summed(({ inFlight }) => inFlight), response: merged(({ response }) => response), late: merged(({ late }) => late) };
}

/** In the words of the result: quantiles in ms, null in slices without any. */
export function seriesResult({ late, response, sliceMs, inFlight, ...counts }: SeriesTally): RoundSeries {
  const plain = Object.fromEntries(COUNTS.map((name) => [name, [...counts[name]]])) as Record<Count, number[]>;
  return { sliceMs, ...plain, inFlight: [...inFlight], lateMs: quantilesOf(late), responseMs: quantilesOf(response), response: [...response] };
}

function quantilesOf(slices: readonly EncodedHistogram[]): { p50: (number | null)[]; p99: (number | null)[] } {
  const histograms = slices.map((encoded) => (encoded.count === 0 ? null : Histogram.decode(encoded)));
  const at = (q: number): (number | null)[] => histograms.map((histogram) => histogram && nsToMs(histogram.quantileNs(q)));
  return { p50: at(0.5), p99: at(0.99) };
}
