/** What every reporter of the list must do with every shape of result. */
import { describe, expect, test } from 'vitest';
import * as reporters from '../../src/reporters/index.js';
import { script } from '../../src/reporters/html/script.js';
import { filesOf, type AnyReporter, type Style } from '../../src/reporters/reporter.js';
import { fixture, fixtures, HOSTILE, type FixtureName } from '../fakes/results.js';

const STYLE: Style = { width: 80, color: false, unicode: true };
const names = Object.keys(fixtures) as FixtureName[];

/** What a reviewer could be handed, in every dialect that people read; of those that programs read, enough to see the format. */
const GOLDEN: Readonly<Record<'people' | 'programs', readonly FixtureName[]>> = {
  people: ['two-arms', 'faster-small', 'slower', 'same', 'cannot-tell', 'untrustworthy', 'four-arms', 'no-tls', 'all-errors', 'partial', 'hostile', 'unicode'],
  programs: ['two-arms', 'partial'],
};
/** Formats that hold figures and no sentence. */
const FIGURES: readonly (keyof typeof reporters)[] = ['csv', 'hgrm', 'hlog'];

const drawn = new Map<string, readonly { name: string; text: string }[]>();

/** Drawn once for the tests that only read it. */
function files(kind: keyof typeof reporters, name: FixtureName): readonly { name: string; text: string }[] {
  const made = drawn.get(`${kind} ${name}`) ?? filesOf(reporters[kind], fixture(name), STYLE, name);
  drawn.set(`${kind} ${name}`, made);
  return made;
}

function draw(kind: keyof typeof reporters, name: FixtureName): string {
  return files(kind, name).map(({ text }) => text).join('');
}

describe.each(Object.keys(reporters) as (keyof typeof reporters)[])('the reporter %s', (kind) => {
  const reporter: AnyReporter = reporters[kind];

  test('has a summary and an extension', () => {
    expect(reporter.summary).toMatch(/^[a-z].{10,120}$/);
    expect(reporter.extension).toMatch(/^[a-z]+$/);
  });

  test('gives its files names that every system takes, no two alike', () => {
    for (const name of names) {
      const made = files(kind, name).map((file) => file.name.toLowerCase());
      expect(new Set(made).size).toBe(made.length);
      for (const file of made) expect(file).toMatch(new RegExp(`^${name}(\\.[\\w.-]{1,80})?\\.${reporter.extension}$`));
    }
  });

  test.each(names)('draws %s without a hole in the text', (name) => {
    const text = draw(kind, name);
    if (kind !== 'hgrm') expect(text.length).toBeGreaterThan(200); // where nothing was measured there is no distribution
    for (const file of files(kind, name)) expect(file.text.endsWith('\n')).toBe(true);
    expect(text.replace(script, '')).not.toMatch(/\bNaN\b|\bundefined\b|\[object |\bInfinity\b|function Object/);
  });

  test.each(names)('draws %s the same way twice, and leaves the result as it was', (name) => {
    const result = fixture(name);
    const before = JSON.stringify(result);
    expect(JSON.stringify(filesOf(reporter, result, STYLE, name)) === JSON.stringify(files(kind, name))).toBe(true);
    expect(JSON.stringify(result) === before).toBe(true);
  });

  test('gives the same bytes for a result that was written and read back', () => {
    const result = fixture('three-arms');
    const again = filesOf(reporter, JSON.parse(JSON.stringify(result)) as typeof result, STYLE, 'three-arms');
    expect(JSON.stringify(again) === JSON.stringify(files(kind, 'three-arms'))).toBe(true);
  });

  test.each(names.filter((name) => name !== 'hostile'))('states the verdict of %s and every arm', (name) => {
    const result = fixture(name);
    const text = draw(kind, name).replace(/\s+/g, ' ');
    if (!FIGURES.includes(kind)) expect(text).toContain(result.verdict.sentence.slice(0, 20));
    for (const arm of result.arms) {
      const measured = arm.totals.latencyMs.response.count > 0;
      if (!FIGURES.includes(kind) || (measured && kind === 'csv')) expect(text).toContain(arm.name);
    }
  });

  const golden = kind === 'json' || FIGURES.includes(kind) ? GOLDEN.programs : GOLDEN.people;
  test.each(golden)('draws %s as its golden file shows', async (name) => {
    for (const file of files(kind, name)) await expect(file.text).toMatchFileSnapshot(`../golden/reporters/${file.name}`);
  });
});

describe('hostile text', () => {
  test('never stands unescaped in HTML', () => {
    const page = draw('html', 'hostile').replace(`<script>${script}</script>`, '').replace(/<script type="application\/json" id="result">[^<>]*<\/script>/, '');
    expect(page).not.toMatch(/<script|<img|<svg onload|<\/script/i);
    expect(page).toContain('&lt;/script&gt;&lt;svg onload=&quot;alert(1)&quot;&gt;');
  });

  test('breaks no table, opens no tag and calls nobody in Markdown', () => {
    const text = draw('markdown', 'hostile');
    expect(text).not.toMatch(/<(?!\/?(?:details|summary|br)>)/);
    expect(text).not.toMatch(/@somebody|(?<!&)#12|`code`|\*\*bold|\]\(javascript/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const widths = new Set(rows.map((line) => line.split('|').length));
    expect(rows.length).toBeGreaterThan(10);
    expect([...widths].every((width) => [5, 7, 8, 10].includes(width))).toBe(true);
  });

  test('moves no cursor and turns no text round on a terminal', () => {
    const text = draw('terminal', 'hostile');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain('abc\\u202edef');
  });

  test('ends no element and no attribute in JUnit XML', () => {
    const text = draw('junit', 'hostile');
    expect(text).not.toMatch(/<(?!\/?(?:testsuites?|testcase|properties|property|failure|error|skipped|system-out)\b|\?xml)/);
    expect(text).toContain('&lt;/script&gt;&lt;svg onload=&quot;alert(1)&quot;&gt;');
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
  });

  test('is cut where it is long, except in the JSON, which holds the result whole', () => {
    const holds = (kind: keyof typeof reporters, text: string): boolean => draw(kind, 'hostile').includes(text);
    expect((['html', 'markdown', 'terminal'] as const).filter((kind) => holds(kind, 'x'.repeat(2_500)))).toEqual([]);
    expect(holds('json', HOSTILE.long)).toBe(true);
  });
});
