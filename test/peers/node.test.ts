import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WitnessServer } from '../servers/witness.js';
import { node } from '../servers/node.js';
import { askIt, DISTURBED, expectIdle, outcomes, probeIt, TOGETHER } from './meeting.js';

let server: WitnessServer;
beforeAll(async () => void (server = await node.start({ keepAliveTimeoutMs: 5000 })));
afterAll(() => server.stop());

describe('Node’s http server with keepAliveTimeout 5 s', () => {
  test('ask: two requests use one connection, over http and https', TOGETHER, async () => {
    expect(await askIt(server.url, server.ca)).toMatchObject({ same: true, reason: null });
    expect((await askIt(server.httpsUrl, server.ca)).sentence).toMatch(/^Yes: both .* TLS 1\.3\); the second saved a TCP and a TLS handshake/);
  });

  test('ask: a gap longer than the timeout costs the connection', TOGETHER, async () => {
    const answer = await askIt(server.url, server.ca, { gapMs: 7000 });
    expect(answer).toMatchObject({ same: false, reason: { code: 'N05', label: 'server-idle-close' } });
    expect(answer.sentence).toMatch(/closed connection 1, idle, /);
  });

  test('probe: it closes a second later than it says, handles pipelined requests side by side, and resumes sessions', DISTURBED, async () => {
    const report = await probeIt(server.httpsUrl, server.ca, { capMs: 8000, slowPath: '/slow', maxRequests: 40 });
    // Node adds a buffer of one second to what it advertises (from 24.6 on: keepAliveTimeoutBuffer).
    expect(report.idle).toMatchObject({ state: 'closes', how: 'fin', hintSeconds: 5 });
    expectIdle(report, 6000);
    expect(report.unused.state).toBe('stays-open');
    expect(report.maxRequests).toMatchObject({ state: 'none-seen', counts: [40] });
    expect(report.pipelining).toMatchObject({ state: 'concurrent', answered: 3 });
    expect(report.halfClose.state).toBe('answers');
    expect(report.tls!.versions.map(({ version, spoken, resumed, resumedAgain }) => [version, spoken, resumed, resumedAgain])).toEqual([
      ['TLSv1.2', true, true, true],
      ['TLSv1.3', true, true, true],
    ]);
    expect(outcomes(report)).toMatchObject({ GET: 'kept', HEAD: 'kept', 'Connection: close': 'closed', 'HTTP/1.0': 'closed' });
    expect(report.advice[0]).toMatch(/^Set the client’s idle timeout below 5 s: the server closes after \d\.\d s and says 5 s \(Keep-Alive: timeout=5\), on the safe side\.$/);
  });
});
