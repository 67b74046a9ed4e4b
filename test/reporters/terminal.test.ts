import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { terminal } from '../../src/reporters/index.js';
import { latencyDrawing } from '../../src/reporters/latency-drawing.js';
import { columns } from '../../src/reporters/text.js';
import { fixture, fixtures, type FixtureName } from '../fakes/results.js';

const names = Object.keys(fixtures) as FixtureName[];

describe.each(names)('the terminal report of %s', (name) => {
  test.each([40, 60, 80, 132])('fits %i columns', (width) => {
    for (const unicode of [true, false]) {
      const lines = terminal.render(fixture(name), { width, color: false, unicode }).split('\n');
      expect(lines.filter((line) => columns(line) > width)).toEqual([]);
    }
  });
  test('is ASCII where the screen has no Unicode', () => {
    expect(terminal.render(fixture(name), { width: 80, color: false, unicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
  });
  test('says the same without its colours', () => {
    const plain = terminal.render(fixture(name), { width: 80, color: false, unicode: true });
    const colored = terminal.render(fixture(name), { width: 80, color: true, unicode: true });
    expect(colored).not.toBe(plain);
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });
});

const text = (name: FixtureName): string => terminal.render(fixture(name), { width: 80, color: false, unicode: true });

test('the verdict comes first', () => {
  expect(text('two-arms').split('\n').slice(0, 2)).toEqual([' FASTER', expect.stringMatching(/^ Reused is faster than fresh: [\d.]+ ms less at p50/)]);
});

test('an untrustworthy run says so before any figure', () => {
  expect(text('untrustworthy')).toMatch(/^ NOT TO BE TRUSTED\n.*\n.*\n The figures below are not for decisions\./);
});

test('a partial run says how much of it there is', () => {
  expect(text('partial')).toContain('PARTIAL: The run was stopped early: 7 of 36 rounds are in this report.');
});

test('a broken promise is told in words', () => {
  expect(text('broken-promise')).toMatch(/reused {2}NOT held in 4 of 4 rounds\n +promised at most 16/);
});

test('six arms go on below where three fit beside each other', () => {
  const heads = text('six-arms').split('\n').filter((line) => /^ +(reused|capped) /.test(line) && !/[\d▁-█]/.test(line));
  expect(heads).toEqual([expect.stringMatching(/reused +fresh +resumed$/), expect.stringMatching(/capped +reused-by-undici +idle-gap$/)]);
});

test('TLS is spoken of only where there is TLS', () => {
  expect(text('two-arms')).toContain('TLS full');
  expect(text('no-tls')).not.toContain('TLS');
});

describe('the latency drawing', () => {
  const rowsOf = (name: FixtureName, unicode: boolean) => latencyDrawing(fixture(name), 60, unicode);

  test('has a row for each arm that completed anything, as wide as asked, over ticks in ms', () => {
    const drawing = rowsOf('four-arms', true);
    expect(drawing?.rows.map(({ arm }) => arm)).toEqual(['reused', 'fresh', 'resumed', 'capped']);
    for (const { text: row } of drawing?.rows ?? []) expect(columns(row)).toBe(60);
    const ticks = drawing?.axis.trim().split(/ +/).map(Number) ?? [];
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
    expect(rowsOf('all-errors', true)).toBeNull();
    expect(rowsOf('no-rounds', true)).toBeNull();
  });

  test('puts the fast arm left of the slow one, its peak where most requests lie', () => {
    const [reused, fresh] = rowsOf('two-arms', true)?.rows ?? [];
    expect(reused!.text.indexOf('█')).toBeLessThan(fresh!.text.indexOf('█'));
  });

  test('draws the same heights in ASCII', () => {
    const heights = (row: string, glyphs: string): number[] => [...row].map((glyph) => glyphs.indexOf(glyph));
    const [unicode, ascii] = [rowsOf('two-arms', true), rowsOf('two-arms', false)];
    expect(ascii?.rows.map(({ text: row }) => heights(row, '.:-=+*#@'))).toEqual(unicode?.rows.map(({ text: row }) => heights(row, '▁▂▃▄▅▆▇█')));
  });
});
