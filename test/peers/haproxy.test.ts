import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haproxy, type HaproxyServer } from '../servers/haproxy.js';
import { nginx } from '../servers/nginx.js';
import type { WitnessServer } from '../servers/witness.js';
import { askIt, DISTURBED, expectIdle, outcomes, probeIt, TOGETHER } from './meeting.js';

const missing = [haproxy.available(), nginx.available()].find((reason) => reason !== true);
let behind: WitnessServer;
let server: HaproxyServer;
beforeAll(async () => {
  if (missing !== undefined) return;
  behind = await nginx.start();
  server = await haproxy.start({ behind: behind.url, keepAlive: '2s' });
});
afterAll(async () => {
  await server?.stop();
  await behind?.stop();
});

describe(`HAProxy before nginx, with timeout http-keep-alive 2 s${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test.skipIf(missing !== undefined)('ask: two requests use one connection', TOGETHER, async () => {
    expect(await askIt(server.httpsUrl, server.ca)).toMatchObject({ same: true, reason: null });
  });

  test.skipIf(missing !== undefined)('ask: a gap longer than the timeout costs the connection', TOGETHER, async () => {
    expect(await askIt(server.url, server.ca, { gapMs: 3000 })).toMatchObject({ same: false, reason: { code: 'N05' } });
  });

  test.skipIf(missing !== undefined)('probe: the proxy’s own timeout is what a client meets, and it offers HTTP/2', DISTURBED, async () => {
    const report = await probeIt(server.httpsUrl, server.ca, { capMs: 4000, maxRequests: 150 });
    expect(report.idle).toMatchObject({ state: 'closes', how: 'fin', hintSeconds: null });
    expectIdle(report, 2000);
    expect(report.maxRequests).toMatchObject({ state: 'none-seen', counts: [150] });
    expect(report.tls).toMatchObject({ alpn: 'h2', h2: true, alone: [{ offered: 'h2', chosen: 'h2' }, { offered: 'http/1.1', chosen: 'http/1.1' }] });
    expect(report.http2).toMatchObject({ status: 200, requests: { state: 'none-seen', carried: 150 }, idle: { state: 'goaway', code: 0 } });
    expect(report.http2!.pingMs).toBeGreaterThan(0);
    expect(report.http2!.settings!.maxConcurrentStreams).toBe(100); // tune.h2.max-concurrent-streams
    expect(report.tls!.versions.every(({ resumed }) => resumed === true)).toBe(true);
    expect(outcomes(report)).toMatchObject({ GET: 'kept', HEAD: 'kept', 'Connection: close': 'closed' });
    expect(report.advice.join(' ')).toMatch(/HTTP\/2 is offered/);
  });
});
