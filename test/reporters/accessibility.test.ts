/** The page for everybody: no axe violation in light, dark and forced colours, nothing that only a mouse reaches, complete without its script. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { html } from '../../src/reporters/index.js';
import { fixture, fixtures, type FixtureName } from '../fakes/results.js';
import { lookingAt, missing } from './chromium.js';

const names = Object.keys(fixtures) as FixtureName[];
const LOOKED_AT: readonly FixtureName[] = ['two-arms', 'faster-small', 'slower', 'same', 'cannot-tell', 'untrustworthy', 'four-arms', 'no-tls', 'all-errors', 'partial', 'probed', 'hostile', 'unicode'];

/** The pages about several runs, as test/commands/several-runs.test.ts draws them: `sameconn compare`, `sameconn report a b c`. */
const SEVERAL_RUNS = ['compare', 'report'] as const;
const severalRuns = (name: (typeof SEVERAL_RUNS)[number]): URL => new URL(`../golden/several-runs/${name}.html`, import.meta.url);

describe.skipIf(missing !== '')('the page for everybody', () => {
  const { browser, urlOf } = lookingAt(LOOKED_AT);
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  const everyPage = [...LOOKED_AT.map((name) => [name, () => urlOf(name)] as const), ...SEVERAL_RUNS.map((name) => [name, () => severalRuns(name).href] as const)];

  test.each(everyPage)('%s has no violation that axe finds: light, dark, forced colours', async (_, url) => {
    const context = await browser().newContext({ bypassCSP: true, viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(url());
    await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    await page.evaluate(axe);
    expect(await violations(page)).toEqual([]);
    for (const media of [{ colorScheme: 'dark', forcedColors: 'none' }, { colorScheme: 'light', forcedColors: 'active' }] as const) {
      await page.emulateMedia(media);
      expect({ ...media, violations: await violations(page, 'cat.color') }).toEqual({ ...media, violations: [] }); // nothing else changes
    }
    await context.close();
  }, 60_000);

  test.each(SEVERAL_RUNS)('the page of sameconn %s spills over no screen and says nothing to any network', async (name) => {
    const page = await browser().newPage();
    const seen: string[] = [];
    page.on('console', (message) => seen.push(message.text()));
    page.on('request', (request) => { if (!request.url().startsWith('file:')) seen.push(request.url()); });
    await page.goto(severalRuns(name).href);
    for (const width of [320, 390, 800, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect({ width, spill: await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth') }).toEqual({ width, spill: 0 });
    }
    expect(seen).toEqual([]);
    await page.close();
  }, 60_000);

  test('the Tab key reaches everything that does something, in the order of the page, and shows where it is', async () => {
    const page = await browser().newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(urlOf('two-arms'));
    const all = (await page.evaluate(`[...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')].filter((node) => node.checkVisibility()).length`)) as number;
    const met: { place: number; outline: string; name: string }[] = [];
    for (let nth = 0; nth < all; nth++) {
      await page.keyboard.press('Tab');
      met.push((await page.evaluate(`(() => {
        const node = document.activeElement;
        return { place: [...document.querySelectorAll('*')].indexOf(node), outline: getComputedStyle(node).outlineStyle, name: node.getAttribute('aria-label') || node.textContent.trim() };
      })()`)) as (typeof met)[number]);
    }
    expect(met.map(({ place }) => place)).toEqual([...new Set(met.map(({ place }) => place))].sort((a, b) => a - b));
    expect(met.filter(({ outline, name }) => outline === 'none' || name === '')).toEqual([]);
    expect(met[0]?.name).toBe('Skip to the report');
    await page.close();
  }, 60_000);

  test('the arrow keys read a drawing row by row, and say it in one polite voice', async () => {
    const page = await browser().newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(urlOf('two-arms'));
    const voice = page.locator('[aria-live=polite]');
    expect(await voice.count()).toBe(1);
    await page.locator('#percentiles .drawing.wide').focus();
    const heard: string[] = [];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'End', 'Home']) {
      await page.keyboard.press(key);
      heard.push((await voice.textContent()) ?? '');
    }
    const { reused, fresh } = Object.fromEntries(fixture('two-arms').arms.map(({ name, totals }) => [name, totals.latencyMs.response]));
    expect(heard[0]).toMatch(/^mean: reused [\d.]+; fresh [\d.]+$/);
    expect(heard[1]).toBe(`p50: reused ${reused!.p50.toPrecision(3)}; fresh ${fresh!.p50.toPrecision(3)}`);
    expect([heard[2], heard[4]]).toEqual([heard[0], heard[0]]);
    expect(heard[3]).toMatch(/^TLS handshake, of those that paid for one, p99: /);
    await page.close();
  }, 60_000);

  test('a column is sorted by its head: by number, up and down, and says so', async () => {
    const page = await browser().newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(urlOf('two-arms'));
    await page.locator('#rounds details summary').first().click();
    const head = page.locator('#rounds table').first().locator('th[scope=col]', { hasText: 'p50, ms' });
    const column = await head.evaluate((node) => (node as unknown as { cellIndex: number }).cellIndex);
    const values = async (): Promise<number[]> => (await page.locator('#rounds table').first().locator(`tbody tr > :nth-child(${column + 1})`).allTextContents()).map((text) => Number(text.replace('~', '')));
    const before = await values();
    await head.locator('button').click();
    expect([await values(), await head.getAttribute('aria-sort')]).toEqual([before.toSorted((a, b) => a - b), 'ascending']);
    await head.locator('button').click();
    expect([await values(), await head.getAttribute('aria-sort')]).toEqual([before.toSorted((a, b) => b - a), 'descending']);
    await page.close();
  }, 60_000);

  test('a table is copied as CSV, the command as it stands', async () => {
    const context = await browser().newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(urlOf('two-arms'));
    // what the page hands to the clipboard, without touching the one of this machine
    await page.evaluate('navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }');
    await page.locator('#environment .tool').first().click();
    expect(await page.evaluate('window.copied')).toBe('sameconn run https://staging.example.test:8443/items?page=2'.replace(/(https\S+)/, `'$1'`));
    await page.locator('#environment .tool', { hasText: 'Copy the list' }).click();
    expect(await page.evaluate('window.copied')).toMatch(/^Seed: 7: [^]*\nSystem: Linux, kernel 6\.1\.0\n[^]*\nTimeouts: connect 5s, [^\n]*\n$/);
    await page.locator('.first .tool').first().click();
    expect(await page.evaluate('window.copied')).toMatch(/^arm,handshakes per 100 requests,.*"p50, ms"[^]*\r\nreused,/);
    expect(await page.locator('[aria-live=polite]').textContent()).toBe('Copied');
    await context.close();
  }, 60_000);

  test.each(['two-arms', 'all-errors', 'hostile'] as const)('%s says the same with scripts off', async (name) => {
    const texts: string[] = [];
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser().newContext({ javaScriptEnabled, viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      await page.goto(urlOf(name));
      texts.push(await page.locator('body').ariaSnapshot());
      await context.close();
    }
    const said = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => !/button "Copy|^- button "|^- status|^- application|^- paragraph$/.test(line));
    const [withScript = [], without = []] = texts.map(said);
    expect(without.length).toBeGreaterThan(20);
    const spoken = new Set(withScript.map((line) => line.replace(/:$/, '')));
    expect(without.map((line) => line.replace(/:$/, '')).filter((line) => /"[^"]+"/.test(line) && !spoken.has(line))).toEqual([]);
  }, 60_000);

  test.each([
    ['light', { colorScheme: 'light' }, 1280],
    ['dark', { colorScheme: 'dark' }, 1280],
    ['print', { colorScheme: 'light', media: 'print' }, 794],
    ['390', { colorScheme: 'light' }, 390],
  ] as const)('pictures to look at: %s', async (kind, media, width) => {
    const page = await browser().newPage({ viewport: { width, height: 844 } });
    await page.emulateMedia(media);
    for (const name of LOOKED_AT) {
      await page.goto(urlOf(name));
      const picture = await page.screenshot({ path: `test/output/${name}-${kind}.png`, fullPage: true });
      expect(picture.length).toBeGreaterThan(20_000);
    }
    await page.close();
  }, 240_000);
});

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:standard'],
  // The frame that scrolls a wide table is a region so that the keyboard can reach and a voice can name it; a <section> would make it one of the report's.
  // A title is measured as it is written: an escaped character counts as five. Ours has at most 70 of them.
  rules: { 'prefer-native-element': ['error', { exclude: ['region'] }], 'long-title': ['error', { maxlength: 160 }] },
});

const everyText = [...names.map((name) => [name, () => html.render(fixture(name), { width: 80, color: false, unicode: true })] as const), ...SEVERAL_RUNS.map((name) => [name, () => readFileSync(severalRuns(name), 'utf8')] as const)];

test.each(everyText)('the page of %s is valid HTML', async (_, text) => {
  const report = await validator.validateString(text());
  const complaints = report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`));
  expect(complaints).toEqual([]);
});

/** @param tag only the rules of this kind; default: all */
async function violations(page: Page, tag?: string): Promise<readonly string[]> {
  const options = JSON.stringify({ resultTypes: ['violations'], ...(tag && { runOnly: [tag] }) });
  return (await page.evaluate(`axe.run(document, ${options}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' ' + failureSummary)))`)) as string[];
}
