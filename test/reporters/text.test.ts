import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii, clip, columns, fit, legible, mapStrings } from '../../src/reporters/text.js';

describe('legible', () => {
  test('shows direction marks, controls and lone surrogates as what they are', () => {
    expect(legible('a\u202eb\u001b[0m\u0000\ud800')).toBe('a\\u202eb\\u001b[0m\\u0000\\ud800');
  });
  test('keeps letters of every script, and turns line ends and tabs into spaces', () => {
    expect(legible('接続 соед اتصال 🔌\n\tx')).toBe('接続 соед اتصال 🔌  x');
  });
});

describe('clip', () => {
  test('keeps what fits and ends what does not with an ellipsis', () => {
    expect(clip('reused', 6)).toBe('reused');
    expect(clip('reused!', 6)).toBe('reuse…');
  });
  test('never halves a character', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (text, max) => {
      const cut = clip(text, max);
      expect([...cut].length).toBeLessThanOrEqual(max);
      expect(/\p{Cs}/u.test(cut)).toBe(false);
      expect(cut === text || text.startsWith(cut.slice(0, -1))).toBe(true);
    }));
  });
});

describe('columns', () => {
  test('counts two for East Asian letters and emoji, none for marks', () => {
    expect(columns('reused')).toBe(6);
    expect(columns('接続')).toBe(4);
    expect(columns('🔌')).toBe(2);
    expect(columns('e\u0301')).toBe(1);
  });
  test('a fitted text is never wider than asked', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 2, max: 30 }), (text, width) => {
      expect(columns(fit(text, width))).toBeLessThanOrEqual(width);
    }));
  });
});

describe('ascii', () => {
  test('has a nearest letter for the signs that sentences use, and a question mark for the rest', () => {
    expect(ascii('± 0.4 ms – 1 → 2 µs, “x” 接')).toBe('+/- 0.4 ms - 1 -> 2 us, "x" ?');
  });
});

describe('mapStrings', () => {
  test('reaches keys and values at any depth, and leaves other data alone', () => {
    expect(mapStrings({ a: ['b', 1, null, true, { c: 'd' }] }, (text) => text.toUpperCase())).toEqual({ A: ['B', 1, null, true, { C: 'D' }] });
  });
});
