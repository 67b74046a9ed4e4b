import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WitnessServer } from '../servers/witness.js';
import { nginx } from '../servers/nginx.js';
import { node } from '../servers/node.js';
import { askIt, DISTURBED, expectIdle, outcomes, probeIt, TOGETHER } from './meeting.js';

const available = nginx.available();
let behind: WitnessServer;
let server: WitnessServer;
let single: WitnessServer;
let mortal: WitnessServer;
beforeAll(async () => {
  if (available !== true) return;
  behind = await node.start();
  server = await nginx.start({ keepaliveTimeout: '3s', keepaliveRequests: 100, http2: true, slowUrl: behind.url.replace(/\/$/, '/slow') });
  single = await nginx.start({ keepaliveRequests: 1 });
  mortal = await nginx.start({ keepaliveTime: '1s' });
});
afterAll(() => Promise.all([server?.stop(), single?.stop(), mortal?.stop(), behind?.stop()]));

describe(`nginx with keepalive_timeout 3 s and keepalive_requests 100${available === true ? '' : ` (skipped: ${available})`}`, () => {
  test.skipIf(available !== true)('ask: two requests use one connection', TOGETHER, async () => {
    expect(await askIt(server.httpsUrl, server.ca)).toMatchObject({ same: true, reason: null });
  });

  test.skipIf(available !== true)('ask: a gap longer than the timeout costs the connection', TOGETHER, async () => {
    expect(await askIt(server.url, server.ca, { gapMs: 4000 })).toMatchObject({ same: false, reason: { code: 'N05' } });
  });

  test.skipIf(available !== true)('ask: the hundredth request is the last of a connection', TOGETHER, async () => {
    const answer = await askIt(server.url, server.ca, { repeat: 201 });
    expect(answer).toMatchObject({ same: false, reason: { code: 'N04', label: 'server-announced-close/close-token' } });
    expect(answer.sentence).toBe('No: 201 requests used 3 connections: the server answered `Connection: close` to every 100th request of a connection.');
  });

  test.skipIf(available !== true)('ask: a cap of one request is an announced close each time', TOGETHER, async () => {
    const answer = await askIt(single.url, single.ca);
    expect([answer.sentence, answer.reason?.label]).toEqual(['No: the server answered `Connection: close`.', 'server-announced-close/always']);
  });

  test.skipIf(available !== true)('probe: timeout, number of requests, serial handling and resumption are what it is configured to', DISTURBED, async () => {
    const report = await probeIt(server.httpsUrl, server.ca, { capMs: 5000, slowPath: '/slow', maxRequests: 200, badRequest: true });
    expect(report.idle).toMatchObject({ state: 'closes', how: 'fin', hintSeconds: null });
    expectIdle(report, 3000);
    expect(report.maxRequests).toMatchObject({ state: 'policy', counts: [100, 100], announced: true });
    expect(report.pipelining).toMatchObject({ state: 'serial', answered: 3 });
    expect(report.tls!.versions.map(({ spoken, resumed, resumedAgain }) => [spoken, resumed, resumedAgain])).toEqual([
      [true, true, true],
      [true, true, true],
    ]);
    expect(outcomes(report)).toMatchObject({ GET: 'kept', HEAD: 'kept', '404 Not Found': 'kept', '400 Bad Request': 'closed', 'Connection: close': 'closed', 'HTTP/1.0': 'closed', '1.0 + keep-alive': 'kept' });
    expect(report.http2).toMatchObject({ status: 200, settings: { maxConcurrentStreams: 128 }, requests: { state: 'goaway', carried: 100, code: 0 }, idle: { state: 'goaway', code: 0 } });
    expect(report.server).toMatch(/^nginx/);
    expect((await server.counts({ scheme: 'https' })).perConnection.filter((carried) => carried === 100).length, 'nginx counted the same, HTTP/2 included').toBe(3);
    expect(report.advice.join(' ')).toMatch(/A connection carries 100 requests, and then the server says so and closes it/);
  });

  test.skipIf(available !== true)('probe: keepalive_time ends a connection at its age, however busy it is', DISTURBED, async () => {
    const report = await probeIt(mortal.url, mortal.ca, { capMs: 4000, maxRequests: 20 });
    expect(report.maxAge).toMatchObject({ state: 'closes', announced: true });
    expect(report.maxAge.ageMs, 'it is told with the first answer after that second').toBeGreaterThanOrEqual(1000);
    expect(report.idle.state).toBe('stays-open');
    expect(report.advice.join(' ')).toMatch(/A connection lives \d\.\d s at most, however busy it is: let the client’s own pool renew/);
  });
});
