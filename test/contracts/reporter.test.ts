/** What every reporter of the list must do with every shape of result. */
import { describe, expect, test } from 'vitest';
import * as reporters from '../../src/reporters/index.js';
import type { Style } from '../../src/reporters/reporter.js';
import { fixture, fixtures, HOSTILE, type FixtureName } from '../fakes/results.js';

const STYLE: Style = { width: 80, color: false, unicode: true };
const names = Object.keys(fixtures) as FixtureName[];
const GOLDEN = ['two-arms', 'partial'] as const;

const drawn = new Map<string, string>();

/** Drawn once for the tests that only read it. */
function draw(kind: keyof typeof reporters, name: FixtureName): string {
  const text = drawn.get(`${kind} ${name}`) ?? reporters[kind].render(fixture(name), STYLE);
  drawn.set(`${kind} ${name}`, text);
  return text;
}

describe.each(Object.keys(reporters) as (keyof typeof reporters)[])('the reporter %s', (kind) => {
  const reporter = reporters[kind];

  test('has a summary and an extension', () => {
    expect(reporter.summary).toMatch(/^[a-z].{10,120}$/);
    expect(reporter.extension).toMatch(/^[a-z]+$/);
  });

  test.each(names)('draws %s without a hole in the text', (name) => {
    const text = draw(kind, name);
    expect(text.length).toBeGreaterThan(200);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\[object |\bInfinity\b|function Object/);
  });

  test.each(names)('draws %s the same way twice, and leaves the result as it was', (name) => {
    const result = fixture(name);
    const before = JSON.stringify(result);
    expect(reporter.render(result, STYLE) === draw(kind, name)).toBe(true);
    expect(JSON.stringify(result) === before).toBe(true);
  });

  test('gives the same bytes for a result that was written and read back', () => {
    const result = fixture('three-arms');
    expect(reporter.render(JSON.parse(JSON.stringify(result)), STYLE) === draw(kind, 'three-arms')).toBe(true);
  });

  test.each(names.filter((name) => name !== 'hostile'))('states the verdict of %s and every arm', (name) => {
    const result = fixture(name);
    const text = draw(kind, name).replace(/\s+/g, ' ');
    expect(text).toContain(result.verdict.sentence.slice(0, 20));
    for (const arm of result.arms) expect(text).toContain(arm.name);
  });

  test.each(GOLDEN)('draws %s as its golden file shows', async (name) => {
    await expect(draw(kind, name)).toMatchFileSnapshot(`../golden/reporters/${name}.${reporter.extension}`);
  });
});

describe('hostile text', () => {
  test('never stands unescaped in HTML', () => {
    const page = draw('html', 'hostile');
    expect(page.replace(/<script type="application\/json" id="result">[^<>]*<\/script>/, '')).not.toMatch(/<script|<img|<svg onload|<\/script/i);
    expect(page).toContain('&lt;/script&gt;&lt;svg onload=&quot;alert(1)&quot;&gt;');
  });

  test('breaks no table, opens no tag and calls nobody in Markdown', () => {
    const text = draw('markdown', 'hostile');
    expect(text).not.toMatch(/<(?!\/?(?:details|summary|br)>)/);
    expect(text).not.toMatch(/@somebody|(?<!&)#12|`code`|\*\*bold|\]\(javascript/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const widths = new Set(rows.map((line) => line.split('|').length));
    expect(rows.length).toBeGreaterThan(10);
    expect([...widths].every((width) => [5, 7, 8, 9].includes(width))).toBe(true);
  });

  test('moves no cursor and turns no text round on a terminal', () => {
    const text = draw('terminal', 'hostile');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain('abc\\u202edef');
  });

  test('is cut where it is long, except in the JSON, which holds the result whole', () => {
    const holds = (kind: keyof typeof reporters, text: string): boolean => draw(kind, 'hostile').includes(text);
    expect((['html', 'markdown', 'terminal'] as const).filter((kind) => holds(kind, 'x'.repeat(2_500)))).toEqual([]);
    expect(holds('json', HOSTILE.long)).toBe(true);
  });
});
