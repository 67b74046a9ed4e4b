import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WitnessServer } from '../servers/witness.js';
import { go } from '../servers/go.js';
import { askIt, DISTURBED, expectIdle, outcomes, probeIt, TOGETHER } from './meeting.js';

const available = go.available();
let resting: WitnessServer;
let patient: WitnessServer;
beforeAll(async () => {
  if (available !== true) return;
  resting = await go.start({ idle: '3s' });
  patient = await go.start();
});
afterAll(() => Promise.all([resting?.stop(), patient?.stop()]));

describe(`Go’s net/http server${available === true ? '' : ` (skipped: ${available})`}`, () => {
  test.skipIf(available !== true)('ask: two requests use one connection, over http and https', TOGETHER, async () => {
    expect(await askIt(patient.url, patient.ca)).toMatchObject({ same: true, reason: null });
    expect(await askIt(patient.httpsUrl, patient.ca, { repeat: 3 })).toMatchObject({ same: true });
  });

  test.skipIf(available !== true)('ask: a gap longer than IdleTimeout costs the connection', TOGETHER, async () => {
    expect(await askIt(resting.httpsUrl, resting.ca, { gapMs: 4000 })).toMatchObject({ same: false, reason: { code: 'N05' } });
  });

  test.skipIf(available !== true)('probe: IdleTimeout 3 s, without a word; requests one after another; 256 KiB of an unread body are borne', DISTURBED, async () => {
    const report = await probeIt(resting.httpsUrl, resting.ca, { capMs: 5000, slowPath: '/slow', maxRequests: 40 });
    expect(report.idle).toMatchObject({ state: 'closes', how: 'fin', hintSeconds: null });
    expectIdle(report, 3000);
    expect(report.unused.state).toBe('stays-open');
    expect(report.maxAge.state, 'a connection that is kept busy outlives the timeout').toBe('none-seen');
    expect(report.tls).toMatchObject({ alpn: 'http/1.1', alone: [{ offered: 'h2', chosen: '', failure: 'tls-protocol' }, { offered: 'http/1.1', chosen: 'http/1.1' }] });
    expect(report.maxRequests.state).toBe('none-seen');
    expect(report.pipelining).toMatchObject({ state: 'serial', answered: 3 });
    expect(report.tls!.versions.every(({ resumed, resumedAgain }) => resumed === true && resumedAgain === true)).toBe(true);
    expect(outcomes(report)).toMatchObject({ GET: 'kept', HEAD: 'kept', 'Connection: close': 'closed', 'HTTP/1.0': 'closed', '1.0 + keep-alive': 'kept', 'POST 100 KiB': 'kept' });
    expect(outcomes(report)['POST 1 MiB']).not.toBe('kept');
    expect(report.advice.join(' ')).toMatch(/the server closes after \d\.\d s and does not say so/);
  });

  test.skipIf(available !== true)('probe: without IdleTimeout it never closes, and that is said with the cap', DISTURBED, async () => {
    const report = await probeIt(patient.url, patient.ca, { capMs: 1000, maxRequests: 20 });
    expect(report.idle).toMatchObject({ state: 'stays-open', capMs: 1000, medianMs: null });
    expect(report.unused.state).toBe('stays-open');
    expect(report.advice.join(' ')).toMatch(/keeps idle connections for 1\.0 s or longer/);
    expect(report.tls).toBeNull();
  });
});
