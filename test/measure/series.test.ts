import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/measure/histogram.js';
import { Sample } from '../../src/measure/sample.js';
import { mergeSeries, Series, seriesResult, sliceNsOf } from '../../src/measure/series.js';

const MS = 1e6;

describe('the length of a slice', () => {
  test('is a second, unless the window is short or long', () => {
    expect([400, 800, 1000, 2000, 3000, 4000, 10_000, 120_000, 130_000, 600_000, 3_600_000].map((ms) => sliceNsOf(ms * MS) / MS)).toEqual([100, 200, 200, 500, 500, 1000, 1000, 1000, 2000, 5000, 50_000]);
  });
  test('cuts every window into at most 120 slices, and every window of 4 ms or more into at least 4', () => {
    fc.assert(fc.property(fc.integer({ min: 4, max: 200_000_000 }), (ms) => {
      const slices = (ms * MS) / sliceNsOf(ms * MS);
      expect(slices).toBeGreaterThanOrEqual(4);
      expect(slices).toBeLessThanOrEqual(120);
    }));
  });
});

interface Exchange {
  readonly due: number;
  readonly late: number;
  readonly wait: number;
  readonly service: number;
  readonly fate: 'completed' | 'failed' | 'aborted' | 'shed';
}

const exchange = fc.record<Exchange>({
  due: fc.integer({ min: 0, max: 999 }),
  late: fc.integer({ min: 0, max: 30 }),
  wait: fc.integer({ min: 0, max: 50 }),
  service: fc.integer({ min: 1, max: 800 }),
  fate: fc.constantFrom('completed', 'failed', 'aborted', 'shed'),
});

const FROM = 5000 * MS;

function recorded(exchanges: readonly Exchange[]): Series {
  const series = new Series(1000 * MS);
  series.begin(FROM);
  for (const { due, late, wait, service, fate } of exchanges) {
    const intended = FROM + due * MS;
    if (fate === 'shed') {
      series.shed(intended);
      continue;
    }
    const sample = new Sample();
    sample.begin(0, intended, intended + late * MS, true);
    sample.sentNs = fate === 'aborted' ? -1 : sample.dispatchedNs + wait * MS;
    sample.doneNs = sample.dispatchedNs + (wait + service) * MS;
    sample.failure = fate === 'completed' ? '' : 'reset';
    series.record(sample);
  }
  return series;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

describe('the slices of a window', () => {
  test('add up to the counts of the window, what came after it included', () => {
    fc.assert(fc.property(fc.array(exchange, { maxLength: 60 }), (exchanges) => {
      const having = (...fates: string[]): number => exchanges.filter(({ fate }) => fates.includes(fate)).length;
      const { planned, sent, completed, failed, shed, response, late } = recorded(exchanges).tally();
      expect([planned, sent, completed, failed, shed].map(sum)).toEqual([exchanges.length, having('completed', 'failed'), having('completed'), having('failed'), having('shed')]);
      expect(response.map(({ count }) => count)).toEqual(completed);
      expect(sum(late.map(({ count }) => count))).toBe(exchanges.length - having('shed'));
    }), { numRuns: 20 });
  });

  test('of two workers, merged, are those of one worker that did all of it', () => {
    fc.assert(fc.property(fc.array(exchange, { maxLength: 30 }), fc.array(exchange, { maxLength: 30 }), (mine, yours) => {
      const merged = mergeSeries([recorded(mine).tally(), recorded(yours).tally()]);
      expect(seriesResult(merged)).toEqual(seriesResult(recorded([...mine, ...yours]).tally()));
    }), { numRuns: 10 });
  });

  test('hold each count at the instant that it is about', () => {
    const { planned, sent, completed, response } = recorded([{ due: 150, late: 0, wait: 100, service: 300, fate: 'completed' }, { due: 900, late: 0, wait: 50, service: 400, fate: 'completed' }]).tally();
    expect(planned).toEqual([1, 0, 0, 0, 1, 0]);
    expect(sent).toEqual([0, 1, 0, 0, 1, 0]);
    expect(completed).toEqual([0, 0, 1, 0, 0, 1]);
    expect(Histogram.decode(response[2]!).max).toBe(400 * MS);
  });

  test('know the most in flight, also where nothing changed, and leave out what came before the window', () => {
    const series = new Series(1000 * MS);
    series.inFlight(0, 9, FROM - 1);
    series.begin(FROM);
    series.inFlight(7, 8, FROM - 1);
    series.inFlight(2, 3, FROM + 10 * MS);
    series.inFlight(3, 2, FROM + 500 * MS);
    series.opened(FROM - 1);
    series.opened(FROM + 250 * MS);
    series.secured(FROM + 2000 * MS, true);
    expect(series.tally()).toMatchObject({ inFlight: [3, 3, 3, 0, 0, 0], opened: [0, 1, 0, 0, 0, 0], tlsResumed: [0, 0, 0, 0, 0, 1] });
  });

  test('without any exchange have no quantiles', () => {
    expect(seriesResult(recorded([]).tally()).responseMs.p50).toEqual([null, null, null, null, null, null]);
  });
});
