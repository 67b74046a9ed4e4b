/** Latency distributions: an HdrHistogram recorded by our own integer arithmetic, exchanged in the library's V2 form. */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type JsHistogram } from 'hdr-histogram-js';
import type { Ns } from '../define.js';
import type { EncodedHistogram, LatencySummary } from '../result/schema.js';
import { NS_PER_MS, nsToMs } from '../units.js';

/** 60 s; longer times are recorded as this and counted as `over`. */
export const HIGHEST_NS = 60e9;

const LOWEST_NS = 100;
const DIGITS = 3;
// The layout that HdrHistogram derives from these two: units of 2^6 ns, 2,048 sub-buckets, of which each further bucket adds 1,024.
const UNIT_NS = 64;
const HALF_MAGNITUDE = 10;
const LENGTH = indexOf(HIGHEST_NS) + 1;

/** 64 ns steps up to 131 µs, then a relative error of at most 0.098 %. Recording allocates nothing. */
export class Histogram {
  readonly #counts = new Uint32Array(LENGTH);
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;
  /** Values above 60 s, recorded as 60 s. */
  over = 0;

  static empty(): Histogram {
    return new Histogram();
  }

  static decode(encoded: EncodedHistogram): Histogram {
    const histogram = new Histogram();
    if (encoded.count === 0) return histogram;
    const library = decodeFromCompressedBase64(encoded.v2) as JsHistogram; // of the same layout as ours
    const length = Math.min(LENGTH, library.countsArrayLength);
    for (let index = 0; index < length; index++) histogram.#counts[index] = library.getCountAtIndex(index);
    histogram.#count = encoded.count;
    histogram.#sum = encoded.sum;
    histogram.#min = encoded.min;
    histogram.#max = encoded.max;
    return histogram;
  }

  /** @param ns a time in ns; below 0 counts as 0 */
  record(ns: Ns): void {
    let value = ns;
    if (!(value > 0)) value = 0;
    else if (value > HIGHEST_NS) {
      value = HIGHEST_NS;
      this.over++;
    }
    const units = (value / UNIT_NS) | 0; // at most 937,500,000: fits 31 bits
    const bucket = 21 - Math.clz32(units | 1024); // floor(log2) − 10, at least 0
    const index = (bucket << HALF_MAGNITUDE) + (units >>> bucket);
    this.#counts[index]!++;
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  add(other: Histogram): void {
    for (let index = 0; index < LENGTH; index++) this.#counts[index]! += other.#counts[index]!;
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.over += other.over;
  }

  /** The value that a share `q` (0 to 1) of all does not exceed: the highest value of its bucket, never above the exact max. 0 when empty. */
  quantileNs(q: number): Ns {
    if (this.#count === 0) return 0;
    let rank = Math.min(this.#count, Math.max(1, Math.floor(q * this.#count + 0.5))); // HdrHistogram's own rounding
    for (let index = 0; index < LENGTH; index++) {
      rank -= this.#counts[index]!;
      if (rank <= 0) return Math.min(highestOf(index), this.#max);
    }
    return this.#max;
  }

  /** Tells of every bucket that holds something, from the lowest: its middle in ns, and how many. */
  forEachBucket(tell: (middleNs: Ns, count: number) => void): void {
    for (let index = 0; index < LENGTH; index++) if (this.#counts[index]! > 0) tell((lowestOf(index) + highestOf(index)) / 2, this.#counts[index]!);
  }

  get count(): number {
    return this.#count;
  }
  get min(): Ns {
    return this.#count === 0 ? 0 : this.#min;
  }
  get max(): Ns {
    return this.#max;
  }
  get sum(): number {
    return this.#sum;
  }

  encode(): EncodedHistogram {
    if (this.#count === 0) return { v2: '', min: 0, max: 0, sum: 0, count: 0 };
    return { v2: encodeIntoCompressedBase64(this.#library()), min: Math.round(this.#min), max: Math.round(this.#max), sum: Math.round(this.#sum), count: this.#count };
  }

  /** HdrHistogram's own percentile distribution in ms, the text of a .hgrm file: five lines for every halving of what lies beyond. */
  percentileText(): string {
    return this.#library().outputPercentileDistribution(5, NS_PER_MS);
  }

  /** How many values lie in each of the spans between neighbouring edges; those outside all spans count to the nearest. @param edgesNs growing, at least two */
  countsBetween(edgesNs: readonly Ns[]): number[] {
    const counts = edgesNs.slice(1).map(() => 0);
    let span = 0;
    for (let index = 0; index < LENGTH; index++) {
      const count = this.#counts[index]!;
      if (count === 0) continue;
      while (span < counts.length - 1 && lowestOf(index) >= edgesNs[span + 1]!) span++;
      counts[span]! += count;
    }
    return counts;
  }

  /** In ms. */
  summary(): LatencySummary {
    const ms = (q: number): number => nsToMs(this.quantileNs(q));
    return {
      count: this.#count,
      min: nsToMs(Math.round(this.min)),
      mean: this.#count === 0 ? 0 : nsToMs(Math.round(this.#sum / this.#count)),
      p50: ms(0.5),
      p90: ms(0.9),
      p99: ms(0.99),
      p999: ms(0.999),
      max: nsToMs(Math.round(this.#max)),
    };
  }

  #library(): JsHistogram {
    const library = build({ lowestDiscernibleValue: LOWEST_NS, highestTrackableValue: HIGHEST_NS, numberOfSignificantValueDigits: DIGITS, bitBucketSize: 32, useWebAssembly: false }) as JsHistogram;
    for (let index = 0; index < LENGTH; index++) if (this.#counts[index]! > 0) library.recordValueWithCount(lowestOf(index), this.#counts[index]!);
    return library;
  }
}

function indexOf(valueNs: number): number {
  const units = Math.floor(valueNs / UNIT_NS);
  const bucket = 21 - Math.clz32(units | 1024);
  return (bucket << HALF_MAGNITUDE) + (units >>> bucket);
}

function bucketOf(index: number): number {
  return Math.max(0, (index >> HALF_MAGNITUDE) - 1);
}

function lowestOf(index: number): Ns {
  const bucket = bucketOf(index);
  return (index - (bucket << HALF_MAGNITUDE)) * 2 ** bucket * UNIT_NS;
}

function highestOf(index: number): Ns {
  return lowestOf(index) + 2 ** bucketOf(index) * UNIT_NS - 1;
}
