import { platform } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ownClock } from '../../src/measure/clock.js';
import { listen, type CountedListener } from '../../src/net/listener.js';
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/result/probe.js';
import { scenarioFromUrl } from '../../src/scenario/from-url.js';
import { good } from '../servers/zoo/certificates.js';
import { endpointAt, ok } from '../servers/zoo/member.js';
import { readRequests } from '../servers/zoo/reading.js';

const skipped = platform() === 'linux' ? '' : ' (skipped: only Linux has all of 127.0.0.0/8 on its loopback)';

describe(`probe, of a name with several addresses${skipped}`, () => {
  test.skipIf(skipped !== '')('asks each, and shows where the session of the first is not resumed: the keys of their tickets differ', async () => {
    const keys = [Buffer.alloc(48, 1), Buffer.alloc(48, 2), Buffer.alloc(48, 1)] as const;
    const first = await serve('127.0.0.1', 0, keys[0]);
    await serve('127.0.0.2', first.port, keys[1]);
    await serve('127.0.0.3', first.port, keys[2]);
    const { addresses, advice, address } = await probed(first.port, ['127.0.0.1', '127.0.0.2', '127.0.0.3']);
    expect(address).toBe(`127.0.0.1:${first.port}`);
    expect(addresses).toEqual([
      { address: '127.0.0.1', status: 200, server: '127.0.0.1', failure: '', resumed: null },
      { address: '127.0.0.2', status: 200, server: '127.0.0.2', failure: '', resumed: false },
      { address: '127.0.0.3', status: 200, server: '127.0.0.3', failure: '', resumed: true },
    ]);
    expect(advice.join(' ')).toMatch(/their ticket keys differ/);
  });

  test.skipIf(skipped !== '')('goes on where the first takes no connection, and says so', async () => {
    const second = await serve('127.0.0.2', 0, Buffer.alloc(48, 1));
    const { addresses, advice, address } = await probed(second.port, ['127.0.0.1', '127.0.0.2']);
    expect(address, 'everything else is asked there').toBe(`127.0.0.2:${second.port}`);
    expect(addresses).toMatchObject([{ address: '127.0.0.1', failure: 'refused' }, { address: '127.0.0.2', status: 200, failure: '' }]);
    expect(advice.join(' ')).toMatch(/127\.0\.0\.1 does not answer: clients that begin there wait/);
  });

  test.skipIf(skipped !== '')('is a wrong request when none of them answers', async () => {
    const { port, close } = await listen({ host: '127.0.0.2', onSocket: () => {} });
    await close();
    await expect(probed(port, ['127.0.0.1', '127.0.0.2'])).rejects.toThrow(/refused/);
  });
});

/** A TLS server at one address that says its address as its name. */
async function serve(host: string, port: number, ticketKeys: Buffer): Promise<CountedListener> {
  const { server } = await good();
  const listener = await listen({ host, port, tls: { ...server, ticketKeys }, onSocket: (socket) => readRequests(socket, false, () => void socket.write(ok(`Server: ${host}`))) });
  onTestFinished(() => listener.close());
  return listener;
}

async function probed(port: number, hosts: readonly string[]): Promise<ProbeReport> {
  const { ca } = await good();
  const endpoints = hosts.map((address) => ({ ...endpointAt(port, ca), address }));
  const options = { capNs: 300e6, maxRequests: 3, slowPath: '', badRequest: false, limits: { connections: 8, requestsPerSecond: 1000 } };
  return probe(scenarioFromUrl(`https://localhost:${port}/`, { ca }), options, ownClock(), () => Promise.resolve(endpoints));
}
