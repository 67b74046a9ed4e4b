import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type SecureServerOptions, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { ownClock } from '../../src/measure/clock.js';
import { probe } from '../../src/probe/probe.js';
import { probeText } from '../../src/reporters/probe.js';
import { probeReport, type ProbeReport } from '../../src/result/probe.js';
import { scenarioFromUrl } from '../../src/scenario/from-url.js';
import { good } from '../servers/zoo/certificates.js';

const started: (() => void)[] = [];
afterAll(() => started.forEach((stop) => stop()));

describe.concurrent('probe, of a server that offers HTTP/2 and', () => {
  test('keeps its connections: settings, PING, requests and rest', async () => {
    const { http2, tls, advice } = await probed({ settings: { maxConcurrentStreams: 17, initialWindowSize: 70_000 } });
    expect(tls).toMatchObject({ alpn: 'h2', h2: true, alone: [{ offered: 'h2', chosen: 'h2', failure: '' }, { offered: 'http/1.1', chosen: 'http/1.1', failure: '' }] });
    expect(http2).toMatchObject({
      status: 200,
      settings: { maxConcurrentStreams: 17, initialWindowSize: 70_000, maxFrameSize: 16_384 },
      requests: { state: 'none-seen', carried: 6, code: null },
      idle: { state: 'stays-open', afterMs: null },
    });
    expect(http2!.pingMs).toBeGreaterThan(0);
    expect(advice.join(' ')).toMatch(/HTTP\/2 is offered/);
  });

  test('says GOAWAY after three requests', async () => {
    const { http2 } = await probed({}, (session) => {
      let streams = 0;
      session.on('stream', () => ++streams === 3 && session.close());
    });
    expect(http2).toMatchObject({ requests: { state: 'goaway', carried: 3, code: 0 } });
  });

  test('says GOAWAY to a connection that rests', async () => {
    const { http2 } = await probed({}, (session) => session.setTimeout(200, () => session.close()));
    expect(http2!.idle).toMatchObject({ state: 'goaway', code: 0 });
    expect(http2!.idle.afterMs).toBeGreaterThan(100);
  });

  test('drops a connection that rests, without a GOAWAY', async () => {
    const { http2 } = await probed({}, (session, cut) => session.setTimeout(200, cut));
    expect(http2!.idle.state).toBe('closed');
  });

  test('speaks nothing else: that is a wrong request, since all else is asked in HTTP/1.1', async () => {
    await expect(probed({ allowHTTP1: false })).rejects.toThrow(/did not work/);
  });

  test.each([40, 80])('is told in lines of at most %i columns', async (width) => {
    const text = probeText(await probed({}), { width, color: false, unicode: true });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text).toMatch(/HTTP\/2 +6 requests or more/);
    expect(text).not.toMatch(/NaN|undefined|null/);
  });
});

async function probed(options: SecureServerOptions, onSession: (session: ServerHttp2Session, cut: () => void) => void = () => {}): Promise<ProbeReport> {
  const { ca, server: papers } = await good();
  const { cert, key } = papers;
  const server: Http2SecureServer = createSecureServer({ allowHTTP1: true, cert, key, ...options } as SecureServerOptions, (request, response) => {
    request.resume();
    response.end('hello\n');
  });
  const open = new Set<Socket>();
  server.on('secureConnection', (socket: Socket) => void open.add(socket));
  server.on('session', (session) => onSession(session, () => [...open].find(({ remotePort }) => remotePort === session.socket.remotePort)?.destroy()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  started.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const scenario = scenarioFromUrl(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`, { ca });
  const report = await probe(scenario, { capNs: 600e6, maxRequests: 6, slowPath: '', badRequest: false, limits: { connections: 8, requestsPerSecond: 1000 } }, ownClock());
  expect(probeReport.parse(report), 'the report keeps to its schema').toEqual(report);
  return report;
}
