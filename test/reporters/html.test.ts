import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { html, json } from '../../src/reporters/index.js';
import { page as drawPage } from '../../src/reporters/html/page.js';
import { ARM_COLORS, marksOf } from '../../src/reporters/html/marks.js';
import { script } from '../../src/reporters/html/script.js';
import { html as markup, px, raw } from '../../src/reporters/html/template.js';
import { fixture, fixtures, type FixtureName } from '../fakes/results.js';

const drawn = new Map<FixtureName, string>();

function page(name: FixtureName): string {
  const text = drawn.get(name) ?? html.render(fixture(name), { width: 80, color: false, unicode: true });
  drawn.set(name, text);
  return text;
}

describe('the template', () => {
  test('escapes text and attributes, and joins lists; null and false leave nothing', () => {
    expect(markup`<a title="${'"x" & \'y\''}">${['<b>', markup`<i>${'>'}</i>`, null, false, 3]}</a>`.text).toBe('<a title="&quot;x&quot; &amp; &#39;y&#39;">&lt;b&gt;<i>&gt;</i>3</a>');
    expect(raw('<b>').text).toBe('<b>');
  });
  test('keeps a figure to the right of a name that is written from right to left', () => {
    expect(markup`${'fresh − اتصال = 3.80 ms'}`.text).toBe('fresh − اتصال\u200e = 3.80 ms');
    expect(markup`${'اتصال, fresh 4'} ${'اتصال'}`.text).toBe('اتصال, fresh 4 اتصال');
  });
  test('a number that is none becomes a dash, a coordinate that is none becomes 0', () => {
    expect(markup`${NaN} ${Infinity}`.text).toBe('– –');
    expect([px(1.2345), px(-0.04), px(NaN)]).toEqual(['1.2', '0', '0']);
  });
});

describe.each(Object.keys(fixtures) as FixtureName[])('the page of %s', (name) => {
  test('allows its own style and its own script by their hashes, and nothing else', () => {
    const style = /<style>([^]*?)<\/style>/.exec(page(name))?.[1] ?? '';
    const [hash, scriptHash] = [style, script].map((text) => createHash('sha256').update(text).digest('base64'));
    expect(page(name)).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; script-src 'sha256-${scriptHash}'; img-src data:; base-uri 'none'; form-action 'none'">`);
    expect(page(name).split(`<script>${script}</script>`)).toHaveLength(2);
    expect(page(name).replace(`<script>${script}</script>`, '')).not.toMatch(/<script(?! type="application\/json")|<link(?! rel="icon" href="data:,")|<iframe/i);
    expect(page(name).replace(/<script[^]*?<\/script>/g, '').replace(/"[^"]*"/g, '""').match(/<[a-z]+[^>]* (?:style|on[a-z]+)=/i)).toBeNull();
  });
  test('names every drawing, and gives each the table of its data', () => {
    const drawings = page(name).match(/<svg role="img" aria-labelledby="[^"]+"[^>]*><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]{10,}<\/desc>/g) ?? [];
    const figures = page(name).match(/<figure [^]*?<\/figure>/g) ?? [];
    expect(drawings.length).toBe(2 * figures.length);
    for (const figure of figures) expect(figure).toMatch(/<details>[^]*<table[ >]/);
  });
  test('uses no name twice, and every reference finds its name', () => {
    const ids = [...page(name).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const references = [...page(name).matchAll(/href="#([^"]+)"|url\(#([^)]+)\)|aria-labelledby="([^"]+)"/g)].flatMap(([, a, b, c]) => (a ?? b ?? c ?? '').split(' '));
    expect([...new Set(references)].filter((id) => !ids.includes(id))).toEqual([]);
  });
  test('is at most 250 KB, 300 KB with more than four arms', () => {
    expect(Buffer.byteLength(page(name))).toBeLessThanOrEqual((fixture(name).arms.length > 4 ? 300 : 250) * 1024);
  });
  test('holds its figures for programs, as JSON that is no markup', () => {
    const text = /<script type="application\/json" id="result">([^]*?)<\/script>/.exec(page(name))?.[1] ?? '';
    expect(text).not.toMatch(/[<>&]/);
    expect(JSON.parse(text).verdict.state).toBe(fixture(name).verdict.state);
  });
});

test('a probe has its section, with the advice first, and what it rests on in two tables', () => {
  expect(page('probed')).toContain('<a href="#probe">Keep-alive contract</a>');
  expect(page('two-arms')).not.toContain('href="#probe"');
  const text = (/<section [^>]*id="probe"[^]*?<\/section>/.exec(page('probed'))?.[0] ?? '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  const told = ['Set the client’s idle timeout below 4 s', '5 s, by a FIN', '60 s, by a 408 and a FIN', '1,000 on a connection', '60.5 s, however busy', 'serial: requests', 'answered by an RST', 'x-served-by: app-1, app-2', 'resumed once only', '128 streams at once', 'a GOAWAY after 1,000 requests', '2 of 3 answer', 'left open', 'reset, no answer', 'never more than 8 connections at once and 50 requests/s'];
  expect(told.map((words) => (text.includes(words) ? text.indexOf(words) : words)).filter((place) => typeof place === 'string')).toEqual([]);
  expect(text.indexOf(told[0]!)).toBeLessThan(text.indexOf(told[1]!));
  expect(text).not.toMatch(/NaN|undefined|null/);
});

test('a run of 40 rounds stays below 250 KB, because many rounds are drawn with fewer points', () => {
  const { rounds, ...rest } = fixture('three-arms');
  const forty = [...rounds, ...rounds.slice(0, 4)].map((round, index) => ({ ...round, index }));
  expect(Buffer.byteLength(html.render({ ...rest, rounds: forty }, { width: 80, color: false, unicode: true }))).toBeLessThan(250 * 1024);
});

describe('the drawings', () => {
  const finding = (name: FixtureName, id: string): string | undefined => new RegExp(`<desc id="${id}-wide-desc">([^<]*)</desc>`).exec(page(name))?.[1];

  test('say what they show, for any number of arms', () => {
    expect(finding('four-arms', 'strip')).toBe('In the first 100 ms of a window reused sent 40 requests on 1 connection, fresh sent 40 requests on 40 connections, resumed sent 40 requests on 40 connections, capped sent 40 requests on 1 connection.');
    expect(finding('two-arms', 'load')).toMatch(/^reused achieved 200\/s of 200\/s requested \(\d+(\.\d+)? %\), fresh achieved .*; most in flight: reused 4, fresh 4\.$/);
    expect(finding('two-arms', 'handshakes')).toBe('Connections opened a second, on average: reused 0, fresh 200.');
    expect(finding('two-arms', 'shift')).toMatch(/^reused takes less than fresh at every percentile drawn, between 3\.\d+ and [45]\.\d+ ms\.$/);
    expect(finding('two-arms', 'spread')).toMatch(/^reused has one peak, at 0\.\d+ ms; fresh has one peak, at 4\.\d+ ms\.$/);
  });
  test('over time are left out where the file does not know the time', () => {
    expect(['strip', 'load', 'handshakes'].map((id) => finding('without-slices', id))).toEqual([undefined, undefined, undefined]);
    expect(finding('without-slices', 'shift')).toBeDefined();
  });
  test('of plain http count no TLS handshakes', () => {
    expect(page('no-tls')).not.toContain('TLS handshakes/s');
    expect(page('two-arms')).toContain('resumed TLS handshakes/s');
  });
});

describe('a page that would be too large', () => {
  const mostBytes = (bytes: number): string => drawPage(fixture('two-arms'), bytes);

  test('first goes without the curves of single rounds, then without the figures for programs, and says so', () => {
    const whole = page('two-arms');
    const without = mostBytes(Buffer.byteLength(whole) - 1);
    expect(whole).not.toContain('Left out');
    expect(without).toContain('<dt>Left out</dt><dd>the curves of single rounds: with them');
    expect(without).toContain('id="result"');
    const bare = mostBytes(Buffer.byteLength(without) - 1);
    expect(bare).toContain('<dt>Left out</dt><dd>the curves of single rounds, the embedded figures: with them');
    expect(bare).not.toContain('id="result"');
  });
});

test('the page states the SHA-256 of the result file that is written with it', () => {
  const file = json.render(fixture('two-arms'), { width: 80, color: false, unicode: true });
  expect(page('two-arms')).toContain(createHash('sha256').update(file).digest('hex'));
});

test('states go by words: a broken promise, a failed check, an error', () => {
  expect(page('broken-promise')).toContain('NOT held in 4 of 4 rounds');
  expect(page('untrustworthy')).toMatch(/NOT TO BE TRUSTED[^]*not for decisions[^]*FAILED/);
  expect(page('all-errors')).toContain('No request was completed');
});

test('a curve is dotted where fewer than 20 samples lie beyond', () => {
  const figure = /<figure id="percentiles"[^]*?<\/figure>/.exec(page('two-arms'))?.[0] ?? '';
  expect(figure.match(/stroke-dasharray="0.1 5"/g)).toHaveLength(4); // two arms in two sizes
});

describe('the marks of arms', () => {
  test('the baseline is vermillion and dashed, the first other arm blue and solid, wherever they stand', () => {
    const marks = marksOf(fixture('six-arms'));
    expect(marks.get('reused')).toMatchObject({ color: '#0072b2', dash: 'none' });
    expect(marks.get('fresh')).toMatchObject({ color: '#d55e00', dash: '8 4' });
    expect(new Set([...marks.values()].map(({ dash }) => dash)).size).toBe(6);
    expect(new Set([...marks.values()].map(({ symbol }) => symbol)).size).toBe(6);
  });
  test('every colour stands at least 3:1 against its ground', () => {
    for (const { light, dark } of ARM_COLORS) {
      expect(contrast(light, '#ffffff')).toBeGreaterThanOrEqual(3);
      expect(contrast(dark, '#171e26')).toBeGreaterThanOrEqual(3);
    }
  });
});

/** WCAG 2.2 contrast ratio of two sRGB colours. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = [1, 3, 5].map((at) => linear(Number.parseInt(color.slice(at, at + 2), 16) / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
