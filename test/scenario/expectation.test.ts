import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../src/result/schema.js';
import { armsOf, parseExpectation } from '../../src/scenario/expectation.js';
import { COMPARATORS, COUNT_NAMES } from '../../src/scenario/scenario.js';

const read = (text: string) => {
  const parsed = parseExpectation(text);
  if (!parsed.ok) throw new Error(parsed.complaint);
  return parsed.expectation;
};

describe('an expectation', () => {
  it.each([
    ['reused.response.p99 < 20ms', { comparator: '<', type: 'quantity', left: { type: 'latency', arm: 'reused', metric: 'response', statistic: 'p99' }, right: 2e7 }],
    ['idle-gap.tls.mean>=1.5 ms', { comparator: '>=', type: 'quantity', left: { type: 'latency', arm: 'idle-gap', metric: 'tls', statistic: 'mean' }, right: 1.5e6 }],
    ['reused.opened <= 32', { comparator: '<=', type: 'quantity', left: { type: 'count', arm: 'reused', what: 'opened' }, right: 32 }],
    ['fresh.opened = fresh.requests', { comparator: '=', type: 'quantity', left: { type: 'count', arm: 'fresh', what: 'opened' }, right: { type: 'count', arm: 'fresh', what: 'requests' } }],
    ['failures = 0', { comparator: '=', type: 'quantity', left: { type: 'count', arm: '', what: 'failures' }, right: 0 }],
    ['fresh - reused at p50 > 5ms', { comparator: '>', type: 'difference', minuend: 'fresh', subtrahend: 'reused', metric: 'response', quantile: 0.5, right: 5e6 }],
    ['idle-gap - a_b at p999 of wait > -2ms', { comparator: '>', type: 'difference', minuend: 'idle-gap', subtrahend: 'a_b', metric: 'wait', quantile: 0.999, right: -2e6 }],
    ['fresh - reused at p90 >= -0', { comparator: '>=', type: 'difference', minuend: 'fresh', subtrahend: 'reused', metric: 'response', quantile: 0.9, right: 0 }],
  ])('reads %s', (text, expectation) => {
    expect(read(`  ${text} `)).toEqual({ text, ...expectation });
  });

  it.each([
    ['', 1, 'there is no comparison; write one like reused.response.p99 < 20ms, reused.opened <= 32, failures = 0 or fresh - reused at p50 > 5ms'],
    ['failures', 1, 'there is no comparison; write one like reused.response.p99 < 20ms, reused.opened <= 32, failures = 0 or fresh - reused at p50 > 5ms'],
    ['< 5', 1, 'nothing is compared; write one like reused.response.p99 < 20ms, reused.opened <= 32, failures = 0 or fresh - reused at p50 > 5ms'],
    ['failures <', 11, 'there is nothing to compare with; write a time like 20ms or a number like 32'],
    ['failures == 0', 10, 'there is no comparison "=="; write ='],
    ['failures != 0', 10, 'there is no comparison "!="; use one of < <= > >= ='],
    ['failures =< 0', 10, 'there is no comparison "=<"; use one of < <= > >= ='],
    ['failurs = 0', 1, 'there is no count "failurs"; did you mean "failures"?'],
    ['a.b.c.d < 1', 3, 'there is no metric "b"; choose one of response, service, wait, late, connect, tls'],
    ['a.wait.p50.d < 1ms', 1, '"a.wait.p50.d" has too many parts; write one like a.wait.p99'],
    ['a.respons.p99 < 1ms', 3, 'there is no metric "respons"; did you mean "response"?'],
    ['a.response.p98 < 1ms', 12, 'there is no statistic "p98"; did you mean "p90"?'],
    ['a.response < 1ms', 11, 'response needs a statistic; write a.response.p99'],
    ['a.openned < 1', 3, 'there is no count "openned"; did you mean "opened"?'],
    ['a,b.opened < 1', 1, '"a,b" is not the name of an arm; it has letters, digits, _ and -'],
    ['a.response.p99 < 20', 18, '"20" has no unit; write 20ms or 20s'],
    ['a.response.p99 < -2ms', 18, '"-2ms" is not a duration; write one like 250ms, 2s or 1m'],
    ['a.opened < 2ms', 12, '"2ms" is not a count; write a whole number like 32 or a count like a.requests'],
    ['a.opened < 1.5', 12, '"1.5" is not a count; write a whole number like 32 or a count like a.requests'],
    ['a.opened = b.requsts', 14, 'there is no count "requsts"; did you mean "requests"?'],
    ['failures < a.requests', 12, '"a.requests" is not a count; write a whole number like 32'],
    ['fresh-reused at p50 > 5ms', 14, 'a minus needs a space on each side; a difference looks like fresh - reused at p50 > 5ms'],
    ['fresh minus reused at p50 > 5ms', 7, '"minus" is not understood here; a difference looks like fresh - reused at p50 > 5ms'],
    ['fresh - reused > 5ms', 15, 'the two arms are followed by "at" and a quantile; a difference looks like fresh - reused at p50 > 5ms'],
    ['fresh - reused at > 5ms', 18, 'a quantile is missing; choose one of p50, p90, p99, p999'],
    ['fresh - reused at mean > 5ms', 19, 'there is no quantile "mean"; choose one of p50, p90, p99, p999'],
    ['fresh - reused at p50 in tls > 5ms', 23, '"in" is not understood here; write "of" and a metric, like of service'],
    ['fresh - reused at p50 of > 5ms', 25, 'a metric is missing; choose one of response, service, wait, late, connect, tls'],
    ['fresh - reused at p50 of tls now > 5ms', 30, '"now" is not understood here; a difference looks like fresh - reused at p50 > 5ms'],
    ['fresh - reused at p50 > 5', 25, '"5" has no unit; write 5ms or 5s'],
  ])('refuses "%s" at column %i', (text, column, complaint) => {
    expect(parseExpectation(text)).toEqual({ ok: false, complaint, column });
  });

  const arm = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,39}$/);
  const comparator = fc.constantFrom(...COMPARATORS);
  const gap = fc.constantFrom('', ' ', '   ');

  it('is read back as what was meant: latencies', () => {
    fc.assert(
      fc.property(arm, fc.constantFrom(...METRICS), fc.constantFrom('p50', 'p90', 'p99', 'p999', 'mean', 'max'), comparator, fc.nat(100_000), gap, (name, metric, statistic, sign, ms, space) => {
        expect(read(`${name}.${metric}.${statistic}${space}${sign}${space}${ms}ms`)).toMatchObject({ comparator: sign, left: { type: 'latency', arm: name, metric, statistic }, right: ms * 1e6 });
      }),
    );
  });

  it('is read back as what was meant: counts', () => {
    fc.assert(
      fc.property(fc.option(arm, { nil: undefined }), fc.constantFrom(...COUNT_NAMES), comparator, fc.nat(), gap, (name, what, sign, number, space) => {
        expect(read(`${name === undefined ? '' : `${name}.`}${what}${space}${sign}${space}${number}`)).toMatchObject({ comparator: sign, left: { type: 'count', arm: name ?? '', what }, right: number });
      }),
    );
  });

  it('is read back as what was meant: differences', () => {
    fc.assert(
      fc.property(arm, arm, fc.constantFrom('p50', 'p90', 'p99', 'p999'), fc.option(fc.constantFrom(...METRICS), { nil: undefined }), comparator, fc.integer({ min: 1, max: 99_999 }), fc.boolean(), (left, right, quantile, metric, sign, us, negative) => {
        const text = `${left} - ${right} at ${quantile}${metric === undefined ? '' : ` of ${metric}`} ${sign} ${negative ? '-' : ''}${us}us`;
        const expectation = read(text);
        expect(expectation).toMatchObject({ type: 'difference', minuend: left, subtrahend: right, metric: metric ?? 'response', quantile: Number(`0.${quantile.slice(1)}`), right: us * (negative ? -1e3 : 1e3), comparator: sign });
        expect(armsOf(expectation)).toEqual([left, right]);
      }),
    );
  });

  it('never throws, and points into the text', () => {
    const scrap = fc.array(fc.constantFrom('a', '.', ' - ', 'at', ' ', 'p50', 'of', '<', '>=', '=', '5ms', '-', 'opened', 'response', '\n'), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), scrap), (text) => {
        const parsed = parseExpectation(text);
        if (!parsed.ok) expect(parsed.column >= 1 && parsed.column <= text.length + 1).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
