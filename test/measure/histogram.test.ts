import fc from 'fast-check';
import { build, decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { HIGHEST_NS, Histogram } from '../../src/measure/histogram.js';
import { randomFrom } from '../../src/random.js';

const times = fc.array(fc.oneof(fc.nat(2_000_000), fc.integer({ min: 0, max: HIGHEST_NS }), fc.constantFrom(0, 63, 64, 131_071, 131_072, HIGHEST_NS)), { minLength: 1, maxLength: 300 });

function of(values: readonly number[]): Histogram {
  const histogram = Histogram.empty();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('a histogram', () => {
  test('puts every value in the bucket that the HdrHistogram library puts it in', () => {
    fc.assert(
      fc.property(times, (values) => {
        const library = build({ lowestDiscernibleValue: 100, highestTrackableValue: HIGHEST_NS, numberOfSignificantValueDigits: 3, bitBucketSize: 32, useWebAssembly: false });
        for (const value of values) library.recordValue(value);
        const read = decodeFromCompressedBase64(of(values).encode().v2);
        for (const q of [1, 25, 50, 90, 99, 99.9, 100]) expect(read.getValueAtPercentile(q)).toBe(library.getValueAtPercentile(q));
        expect(read.totalCount).toBe(values.length);
      }),
    );
  });

  test('errs by at most 0.098 % or 64 ns against the sorted values, and keeps min, max and sum exact', () => {
    const random = randomFrom(12);
    const values = Array.from({ length: 20_000 }, () => Math.round(Math.exp(random() * 18)));
    const sorted = values.toSorted((a, b) => a - b);
    const histogram = of(values);
    for (const q of [0.01, 0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = sorted[Math.max(1, Math.floor(q * values.length + 0.5)) - 1]!;
      expect(Math.abs(histogram.quantileNs(q) - exact)).toBeLessThanOrEqual(Math.max(64, exact * 0.00098));
    }
    expect([histogram.min, histogram.max, histogram.sum]).toEqual([sorted[0], sorted.at(-1), values.reduce((a, b) => a + b, 0)]);
  });

  test('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(times, (values) => {
        const encoded = of(values).encode();
        expect(Histogram.decode(encoded).encode()).toEqual(encoded);
      }),
      { numRuns: 50 },
    );
  });

  test('merged from parts equals the whole', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const merged = of(a);
        merged.add(of(b));
        expect(merged.encode()).toEqual(of([...a, ...b]).encode());
      }),
      { numRuns: 50 },
    );
  });

  test('counts what is longer than 60 s, and takes a negative time for none', () => {
    const histogram = of([-5, HIGHEST_NS + 1]);
    expect([histogram.min, histogram.max, histogram.over, histogram.count]).toEqual([0, HIGHEST_NS, 1, 2]);
  });

  test('that holds nothing says zero everywhere and survives encoding', () => {
    const empty = Histogram.decode(Histogram.empty().encode());
    expect(empty.summary()).toEqual({ count: 0, min: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
  });
});
