/** How soon the page of a usual run is seen: the work of the browser's main thread before its first paint. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { html } from '../../src/reporters/index.js';
import { fixture } from '../fakes/results.js';
import { lookingAt, missing } from './chromium.js';

const folder = mkdtempSync(join(tmpdir(), 'sameconn-paint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missing !== '')(`the first paint of a run of 40 rounds${missing === '' ? '' : ` (${missing})`}`, () => {
  const { browser } = lookingAt([]);

  test('takes less than 100 ms of processor time, and one layout', async () => {
    const { rounds, ...rest } = fixture('three-arms');
    const forty = [...rounds, ...rounds.slice(0, 4)].map((round, index) => ({ ...round, index }));
    const file = join(folder, 'forty.html');
    writeFileSync(file, html.render({ ...rest, rounds: forty }, { width: 80, color: false, unicode: true }));
    const works: FirstPaint[] = [];
    // Whoever shares the machine can only add to it: the least is the page's own, and a crowded machine is given more tries.
    while (works.length < 5 || (works.length < 30 && Math.min(...works.map(({ workMs }) => workMs)) >= 100)) works.push(await firstPaint(pathToFileURL(file).href));
    const leastMs = Math.min(...works.map(({ workMs }) => workMs));
    console.log(`processor time of the main thread before the first paint: ${works.map(({ workMs }) => workMs.toFixed(0)).join(', ')} ms`);
    expect(leastMs).toBeGreaterThan(1);
    expect(leastMs).toBeLessThan(100);
    expect(Math.min(...works.map(({ layouts }) => layouts))).toBe(1); // the script forces none
  }, 60_000);

  interface FirstPaint {
    readonly workMs: number;
    readonly layouts: number;
  }

  /** The tasks of the thread that paints, from the navigation to the first contentful paint, by that thread's own clock. */
  async function firstPaint(url: string): Promise<FirstPaint> {
    const page = await browser().newPage({ viewport: { width: 1280, height: 720 } });
    await browser().startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'loading', 'blink.user_timing'] });
    await page.goto(url);
    while ((await page.evaluate("performance.getEntriesByName('first-contentful-paint').length > 0")) !== true); // not waitForFunction: its polling is a script, which the page's policy forbids
    const { traceEvents } = JSON.parse((await browser().stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] };
    await page.close();
    const paint = traceEvents.findLast(({ name }) => name === 'firstContentfulPaint')!;
    const begun = traceEvents.findLast(({ name, ts, pid }) => name === 'navigationStart' && pid === paint.pid && ts <= paint.ts)!;
    const before = traceEvents.filter(({ pid, tid, ts }) => pid === paint.pid && tid === paint.tid && ts >= begun.ts && ts < paint.ts);
    const tasks = before.filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask');
    return { workMs: outermost(tasks).reduce((sum, { tdur = 0 }) => sum + tdur / 1e3, 0), layouts: before.filter(({ name }) => name === 'Layout').length };
  }
});

/** Times in µs. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** Without those that lie inside another one, which counts them already. */
function outermost(events: readonly TraceEvent[]): readonly TraceEvent[] {
  let end = -Infinity;
  return events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0)).filter(({ ts, dur = 0 }) => {
    if (ts < end) return false;
    end = ts + dur;
    return true;
  });
}
