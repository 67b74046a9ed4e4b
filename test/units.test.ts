import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCount, formatDuration, formatMs, formatRate, parseDuration, parseRate } from '../src/units.js';

describe('units', () => {
  test.each([['250ms', 250e6], ['2s', 2e9], ['1.5m', 90e9], ['1h', 3600e9], ['10us', 10e3], ['0', 0], [' 5 s ', 5e9]])('%j is %d ns', (text, value) => {
    expect(parseDuration(text)).toEqual({ ok: true, value });
  });

  test.each([['500/s', 500], ['30/m', 0.5], ['2k/s', 2000], ['0.5/s', 0.5], ['10 / s', 10]])('%j is %d per second', (text, value) => {
    expect(parseRate(text)).toEqual({ ok: true, value });
  });

  test.each([
    [parseDuration('250'), '"250" has no unit; write 250ms or 250s'],
    [parseDuration('5 parsecs'), '"5 parsecs" has the unknown unit "parsecs"; use ms, s, m or h'],
    [parseDuration('soon'), '"soon" is not a duration; write one like 250ms, 2s or 1m'],
    [parseRate('500'), '"500" has no unit; write 500/s'],
    [parseRate('500/day'), '"500/day" has the unknown unit "day"; use /s or /m'],
    [parseRate('fast'), '"fast" is not a rate; write one like 500/s'],
  ])('%j says what to write instead', (parsed, complaint) => {
    expect(parsed).toEqual({ ok: false, complaint });
  });

  test('a duration that was written can be read again', () => {
    fc.assert(fc.property(fc.integer({ min: 1000, max: 86_400_000 }), (us) => {
      const parsed = parseDuration(formatDuration(us * 1000));
      return parsed.ok && Math.abs(parsed.value - us * 1000) <= Math.max(500, us * 1000 * 1e-3);
    }));
  });

  test.each([[0.21449, '0.214'], [12.44, '12.4'], [1240, '1240'], [-3.456, '-3.46'], [0, '0'], [9.999, '10.0'], [NaN, '–']])('%d ms is written %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });

  test('counts are grouped and rates keep their unit', () => {
    expect([formatCount(1234567), formatCount(999), formatRate(500), formatRate(0.5)]).toEqual(['1,234,567', '999', '500/s', '0.5/s']);
  });
});
