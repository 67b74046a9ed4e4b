import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as witnesses from './index.js';
import { nginx } from './nginx.js';
import { send, type Use } from './plain-client.js';
import type { WitnessServer } from './witness.js';

describe.each(Object.values(witnesses))('$name tells the truth about', (witness) => {
  const reason = witness.available();
  let server: WitnessServer;
  beforeAll(async () => void (reason === true && (server = await witness.start())), 120_000);
  afterAll(() => server?.stop());

  const cases: { what: string; use: Use; tls?: 'TLSv1.2' | 'TLSv1.3'; connections: number; tlsFull: number; tlsResumed: number }[] = [
    { what: '20 connections over http', use: 'fresh', connections: 20, tlsFull: 0, tlsResumed: 0 },
    { what: '20 requests over one http connection', use: 'reused', connections: 1, tlsFull: 0, tlsResumed: 0 },
    { what: '20 full handshakes of TLS 1.3', use: 'fresh', tls: 'TLSv1.3', connections: 20, tlsFull: 20, tlsResumed: 0 },
    { what: '20 full handshakes of TLS 1.2', use: 'fresh', tls: 'TLSv1.2', connections: 20, tlsFull: 20, tlsResumed: 0 },
    { what: '19 resumed handshakes of TLS 1.3 after a full one', use: 'resumed', tls: 'TLSv1.3', connections: 20, tlsFull: 1, tlsResumed: 19 },
    { what: '19 resumed handshakes of TLS 1.2 after a full one', use: 'resumed', tls: 'TLSv1.2', connections: 20, tlsFull: 1, tlsResumed: 19 },
    { what: '20 requests over one https connection', use: 'reused', tls: 'TLSv1.3', connections: 1, tlsFull: 1, tlsResumed: 0 },
  ];

  it.skipIf(reason !== true).each(cases)(`$what${reason === true ? '' : ` (skipped: ${reason})`}`, async ({ use, tls, connections, tlsFull, tlsResumed }) => {
    const scheme = tls ? 'https' : 'http';
    const before = await server.counts({ scheme });
    const sent = await send(tls ? server.httpsUrl : server.url, 20, use, server.ca, tls);
    const after = await server.counts({ scheme, requests: before.requests + 20 });

    expect(sent).toEqual({ connections, requests: 20, tlsFull, tlsResumed });
    expect({
      connections: after.connections - before.connections,
      requests: after.requests - before.requests,
      tlsFull: after.tlsFull - before.tlsFull,
      tlsResumed: after.tlsResumed - before.tlsResumed,
    }).toEqual(sent);
    expect(after.perConnection.slice(before.connections)).toEqual(Array(connections).fill(20 / connections));
  });
});

describe('nginx as we ask it to be', () => {
  const reason = nginx.available();

  it.skipIf(reason !== true)('ends a connection after the requests it was allowed', async () => {
    const server = await nginx.start({ keepaliveRequests: 5, tlsProtocols: ['TLSv1.2'] });
    try {
      const sent = await send(server.httpsUrl, 12, 'reused', server.ca);
      expect(sent.connections).toBe(3);
      expect((await server.counts({ requests: 12 })).perConnection).toEqual([5, 5, 2]);
      await expect(send(server.httpsUrl, 1, 'fresh', server.ca, 'TLSv1.3')).rejects.toThrow(/version|alert|protocol/i);
    } finally {
      await server.stop();
    }
  });
});
