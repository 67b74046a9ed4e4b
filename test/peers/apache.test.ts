import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apache, type ApacheServer } from '../servers/apache.js';
import { askIt, DISTURBED, outcomes, probeIt, TOGETHER } from './meeting.js';

const available = apache.available();
let server: ApacheServer;
beforeAll(async () => void (available === true && (server = await apache.start({ keepAliveTimeout: 2, maxKeepAliveRequests: 100 }))));
afterAll(() => server?.stop());

describe(`Apache httpd with KeepAliveTimeout 2 and MaxKeepAliveRequests 100${available === true ? '' : ` (skipped: ${available})`}`, () => {
  test.skipIf(available !== true)('ask: two requests use one connection', TOGETHER, async () => {
    expect(await askIt(server.httpsUrl, server.ca)).toMatchObject({ same: true, reason: null });
  });

  test.skipIf(available !== true)('ask: a gap longer than the timeout costs the connection', TOGETHER, async () => {
    expect(await askIt(server.url, server.ca, { gapMs: 3000 })).toMatchObject({ same: false, reason: { code: 'N05' } });
  });

  test.skipIf(available !== true)('probe: its hints, its timeout, its number of requests, its 304', DISTURBED, async () => {
    const report = await probeIt(server.httpsUrl, server.ca, { capMs: 4000, maxRequests: 200 });
    expect(report.idle).toMatchObject({ state: 'closes', how: 'fin', hintSeconds: 2 });
    expect(Math.abs(report.idle.medianMs! - 2000)).toBeLessThanOrEqual(150); // the event MPM looks for idle connections every 0.1 s
    // It says max=100 in the first response and so serves 101 (modules/http/http_protocol.c, ap_set_keepalive).
    expect(report.maxRequests).toMatchObject({ state: 'policy', counts: [101, 101], announced: true, hintMax: 100 });
    expect(report.conditions.find(({ name }) => name === '304 Not Modified')).toMatchObject({ status: 304, outcome: 'kept' });
    expect(outcomes(report)).toMatchObject({ GET: 'kept', HEAD: 'kept', 'Connection: close': 'closed', 'HTTP/1.0': 'closed', '1.0 + keep-alive': 'kept' });
    expect(report.tls!.versions.every(({ resumed }) => resumed === true)).toBe(true);
  });
});
