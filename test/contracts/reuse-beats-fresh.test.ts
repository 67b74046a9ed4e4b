import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as clients from '../../src/clients/index.js';
import { startDemoTarget, type DemoTarget } from '../../src/demo/start.js';
import { Histogram } from '../../src/measure/histogram.js';
import { runRound } from '../fakes/assignment.js';

// A guard against clients that slow down reuse: undici 7.28 and 7.29 put a 1 ms timer before every request on an idle connection, and reuse looked dearer than
// a fresh connection on a fast network.

let target: DemoTarget;
beforeAll(async () => {
  target = await startDemoTarget();
});
afterAll(() => target.stop());

describe.each(Object.values(clients))('with the $kind client', ({ kind }) => {
  test.each(['http', 'https'] as const)('a reused connection answers sooner than a fresh one over %s', async (scheme) => {
    const p50 = async (arm: string): Promise<number> => {
      const flags = { arm: [arm], client: kind, rate: '100/s', duration: '1500ms', warmup: '300ms', ca: target.ca };
      const { histograms, requests } = await runRound(scheme === 'https' ? target.httpsUrl : target.httpUrl, flags);
      expect(requests.completed).toBeGreaterThan(80);
      return Histogram.decode(histograms.response).quantileNs(0.5);
    };
    expect(await p50('reused')).toBeLessThan(await p50('fresh'));
  });
});
