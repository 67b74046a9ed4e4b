/** The Chromium that reports are looked at with: CHROMIUM, or a usual path. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { html } from '../../src/reporters/index.js';
import { fixture, type FixtureName } from '../fakes/results.js';

const executable = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== '' && existsSync(path));

/** Empty, or why nothing can be looked at. */
export const missing = executable === undefined ? 'skipped: there is no Chromium; set CHROMIUM or install it' : '';
if (missing !== '') console.log(missing);

/** A browser for the tests of the file that calls this, and the pages of these fixtures on disk. */
export function lookingAt(names: readonly FixtureName[]): { browser(): Browser; urlOf(name: FixtureName): string } {
  let browser: Browser | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sameconn-pages-'));
  beforeAll(async () => {
    if (executable === undefined) return;
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({ executablePath: executable, args });
    for (const name of names) writeFileSync(join(folder, `${name}.html`), html.render(fixture(name), { width: 80, color: false, unicode: true }));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { browser: () => browser!, urlOf: (name) => pathToFileURL(join(folder, `${name}.html`)).href };
}
