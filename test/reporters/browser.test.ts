/** The page as a browser shows it: nothing runs, nothing is fetched, nothing spills over, no two labels lie on each other. Needs a Chromium: CHROMIUM or a usual path. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html, junit } from '../../src/reporters/index.js';
import { fixture, fixtures, HOSTILE, type FixtureName } from '../fakes/results.js';

const executable = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== '' && existsSync(path));
const names = Object.keys(fixtures) as FixtureName[];
const STYLE = { width: 80, color: false, unicode: true };

describe.skipIf(executable === undefined)(`the page in Chromium${executable === undefined ? ' (skipped: no Chromium found; set CHROMIUM)' : ''}`, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'sameconn-pages-'));

  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({ executablePath: executable!, args });
    for (const name of names) writeFileSync(join(folder, `${name}.html`), html.render(fixture(name), STYLE));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(names)('%s runs nothing, fetches nothing and breaks no rule of its own policy', async (name) => {
    const page = await browser.newPage();
    const seen: string[] = [];
    page.on('console', (message) => seen.push(message.text()));
    page.on('dialog', (dialog) => seen.push(`dialog ${dialog.message()}`));
    page.on('request', (request) => { if (!request.url().startsWith('file:')) seen.push(request.url()); });
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    expect(seen).toEqual([]);
    expect(await page.locator('h1').count()).toBe(1);
    await page.close();
  }, 30_000);

  test.each(names)('%s spills over no page, and its labels lie apart', async (name) => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    for (const width of [320, 390, 800, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect({ width, spill: await spill(page), collisions: await collisions(page) }).toEqual({ width, spill: 0, collisions: [] });
    }
    await page.close();
  }, 60_000);

  test('the JUnit XML of every fixture is well-formed, and hostile text is text in it', async () => {
    const page = await browser.newPage();
    const errors = async (text: string): Promise<number> => (await page.evaluate(`new DOMParser().parseFromString(${JSON.stringify(text)}, 'application/xml').querySelectorAll('parsererror').length`)) as number;
    expect(await errors('<a><b></a>')).toBeGreaterThan(0);
    for (const name of names) expect([name, await errors(junit.render(fixture(name), STYLE))]).toEqual([name, 0]);
    const classname = await page.evaluate(`new DOMParser().parseFromString(${JSON.stringify(junit.render(fixture('hostile'), STYLE))}, 'application/xml').querySelector('testcase').getAttribute('classname')`);
    expect(classname).toBe(`${HOSTILE.markup}.verdict`);
    await page.close();
  }, 30_000);

  /** What a reviewer could be handed; four checks that failed make the longest verdict. */
  const HANDED: readonly FixtureName[] = ['two-arms', 'three-arms', 'four-arms', 'faster-small', 'slower', 'same', 'cannot-tell', 'untrustworthy', 'four-failed-checks', 'no-tls', 'all-errors', 'partial', 'unicode', 'hostile'];

  test.each([[1280, 720], [390, 844]])('the first screen of a page %i wide holds the verdict, the arms, the trust and the differences without scrolling', async (width, height) => {
    const page = await browser.newPage({ viewport: { width, height } });
    for (const name of HANDED) {
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
      // five arms whose names are as long as names can be leave no room for the drawing
      const parts = ['.verdict', '.glance', '.trust', ...(name === 'hostile' || name === 'all-errors' ? [] : ['#differences .drawing:visible'])];
      const bottoms = await Promise.all(parts.map(async (part) => {
        const box = await page.locator(part).boundingBox();
        return { name, part, below: Math.max(0, Math.ceil(box!.y + box!.height) - height) };
      }));
      expect(bottoms.filter(({ below }) => below > 0)).toEqual([]);
      const cut = (await page.evaluate(`(() => { const frame = document.querySelector('.first .scroll'); return frame.scrollWidth - frame.clientWidth; })()`)) as number;
      if (name !== 'hostile') expect({ name, cut }).toEqual({ name, cut: 0 });
    }
    await page.close();
  }, 60_000);

  test('hostile text is shown as text', async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(folder, 'hostile.html')).href);
    expect(await page.locator('h1').textContent()).toBe(HOSTILE.markup);
    expect(await page.locator('img, script:not(body > script:last-child, [type="application/json"]), [onload], [onerror]').count()).toBe(0);
    expect(await page.locator('.glance bdi').allTextContents()).toContain(HOSTILE.wide);
    await page.close();
  }, 30_000);
});

/** How far the page can be scrolled sideways, in CSS pixels. */
function spill(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth') as Promise<number>;
}

/** Labels of the visible drawings that overlap another one or leave their drawing. */
function collisions(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('svg[role=img]')].flatMap((drawing) => {
    const frame = drawing.getBoundingClientRect();
    if (frame.width === 0) return [];
    const labels = [...drawing.querySelectorAll('text')].map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }));
    const outside = labels.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
    const overlapping = labels.filter(({ box: a }, index) => labels.slice(index + 1).some(({ box: b }) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3));
    return [...outside, ...overlapping].map(({ text }) => drawing.getAttribute('aria-labelledby') + ': ' + text);
  })`) as Promise<string[]>;
}
