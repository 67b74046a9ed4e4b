import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apache, type ApacheServer } from '../servers/apache.js';
import { askIt, DISTURBED, expectIdle, outcomes, probeIt, TOGETHER } from './meeting.js';

const available = apache.available();
let server: ApacheServer;
beforeAll(async () => void (available === true && (server = await apache.start({ keepAliveTimeout: 5, maxKeepAliveRequests: 100 }))));
afterAll(() => server?.stop());

describe(`Apache httpd with KeepAliveTimeout 5 s and MaxKeepAliveRequests 100${available === true ? '' : ` (skipped: ${available})`}`, () => {
  test.skipIf(available !== true)('ask: two requests use one connection', TOGETHER, async () => {
    expect(await askIt(server.httpsUrl, server.ca)).toMatchObject({ same: true, reason: null });
  });

  test.skipIf(available !== true)('ask: a gap longer than the timeout costs the connection', TOGETHER, async () => {
    expect(await askIt(server.url, server.ca, { gapMs: 6000 })).toMatchObject({ same: false, reason: { code: 'N05' } });
  });

  test.skipIf(available !== true)('probe: its hints, its timeout, its number of requests, its 304', DISTURBED, async () => {
    const report = await probeIt(server.httpsUrl, server.ca, { capMs: 7000, maxRequests: 200 });
    expect(report.idle).toMatchObject({ state: 'closes', how: 'fin', hintSeconds: 5 });
    expectIdle(report, 5000);
    // It says max=100 in the first response and so serves 101 (modules/http/http_protocol.c, ap_set_keepalive).
    expect(report.maxRequests).toMatchObject({ state: 'policy', counts: [101, 101], announced: true, hintMax: 100 });
    expect(report.conditions.find(({ name }) => name === '304 Not Modified')).toMatchObject({ status: 304, outcome: 'kept' });
    expect(outcomes(report)).toMatchObject({ GET: 'kept', HEAD: 'kept', 'Connection: close': 'closed', 'HTTP/1.0': 'closed', '1.0 + keep-alive': 'kept' });
    expect(report.closing.state, 'it reads on behind its FIN, so that no response is lost').toBe('lingers');
    expect(report.advice[0]).toBe('Set the client’s idle timeout below 4 s: the server closes after 5.0 s and says so (Keep-Alive: timeout=5).');
    expect(report.tls!.versions.every(({ resumed }) => resumed === true)).toBe(true);
  });
});
