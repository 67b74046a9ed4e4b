/** The watch between a client and a real server: what either does to its connection reaches the other as it is. */
import { once } from 'node:events';
import { Agent as HttpAgent, createServer as createHttpServer, get as httpGet, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openTarget } from '../../src/demo/target.js';
import { makeCertificate } from '../../src/demo/certificate.js';
import { targetOf } from '../../src/watch/target.js';
import type { WatchReport } from '../../src/watch/report.js';
import { send } from '../servers/plain-client.js';
import { get, until, watching, wire } from './watching.js';

const codes = (report: WatchReport): string[] => report.clients.flatMap(({ verdicts }) => verdicts.map(({ code, count }) => `${code} × ${count}`)).sort();

const behind = (url: string, trust = {}) => watching({ answer: { by: 'target', target: targetOf(new URL(url)), trust } });

describe.each(['http', 'https'] as const)('before the demo target over %s', (scheme) => {
  test.each([
    ['reused', 1, ['S01 × 1']],
    ['fresh', 20, ['S01 × 1', 'S07 × 19']], // an agent without keepAlive, but with a limit of sockets, does not say that it closes
  ] as const)('%s connections are counted alike on both sides', async (use, connections, verdicts) => {
    const target = await openTarget();
    onTestFinished(() => target.close());
    const watch = await behind(`${scheme}://127.0.0.1:${target[scheme].port}/`, { ca: target.ca });
    await send(watch.url, 20, use, '');
    const report = watch.report(true);
    expect([report.requests, report.connections, codes(report)]).toEqual([20, connections, verdicts]);
    expect(target.counts()[scheme]).toMatchObject({ connections, requests: 20 });
  });
});

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('a server that closes idle connections is seen through, and its close is its own', async () => {
  const server = createHttpServer({ keepAliveTimeout: 50 }, (_, response) => response.end('x'));
  const watch = await behind(await listening(server));
  const first = await wire(watch.port);
  first.socket.write(get());
  await first.closed;
  const second = await wire(watch.port);
  second.socket.write(get());
  await second.hears('\r\n\r\nx');
  expect(codes(watch.report(true))).toEqual(['S01 × 1', 'S05 × 1']);
});

test('a server that announces a close is heard', async () => {
  const watch = await behind(await listening(createHttpServer((_, response) => response.setHeader('Connection', 'close').end('x'))));
  for (let i = 0; i < 3; i++) {
    const client = await wire(watch.port);
    client.socket.write(get());
    await client.closed;
  }
  expect(codes(watch.report(true))).toEqual(['S01 × 1', 'S04 × 2']);
});

test('a server that cannot be reached is a 502, and counted', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await once(nobody, 'listening');
  const { port } = nobody.address() as AddressInfo;
  nobody.close();
  const watch = await behind(`http://127.0.0.1:${port}/`);
  const client = await wire(watch.port);
  client.socket.write(get());
  await client.closed;
  expect(client.heard()).toMatch(/^HTTP\/1.1 502 /);
  expect(watch.report(true).refused).toEqual({ 'target unreachable': 1 });
});

test('bodies pass whole in both directions, larger than any buffer', async () => {
  const watch = await behind(await listening(createHttpServer((request, response) => void request.pipe(response))));
  const body = Buffer.alloc(12 << 20, 'abcdefg');
  const response = await fetch(watch.url, { method: 'POST', body });
  expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
});

test('a server sees its own name, and the client’s path', async () => {
  const url = await listening(createHttpServer((request, response) => response.end(`${request.headers.host} ${request.url}`)));
  const watch = await behind(url);
  expect(await (await fetch(`${watch.url}/a?b=c`)).text()).toBe(`${new URL(url).host} /a?b=c`);
});

test('a connection that becomes something else passes on every byte, and is not read any more', async () => {
  const server = createHttpServer();
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
    socket.pipe(socket);
  });
  const watch = await behind(await listening(server));
  const client = await wire(watch.port);
  client.socket.write(get('/', 'Upgrade: echo', 'Connection: Upgrade'));
  await client.hears('101 Switching');
  client.socket.write('\0no HTTP at all\n');
  await client.hears('no HTTP at all');
  client.socket.end();
  await client.closed;
  expect(watch.report(true)).toMatchObject({ refused: {}, list: [{ requests: 1, end: { by: 'client', phase: 'upgraded' } }] });
});

test('a client that pipelines without end is read only as far as its answers go', async () => {
  let asked = 0;
  const watch = await behind(await listening(createHttpServer((_, response) => setTimeout(() => response.end(`${++asked}`), 1))));
  const client = await wire(watch.port);
  client.socket.write(get().repeat(300));
  await until(() => asked === 300);
  await until(() => watch.observer.requests === 300);
  expect(watch.report(true)).toMatchObject({ requests: 300, connections: 1, refused: {} });
});

describe('as a forward proxy', () => {
  const asProxy = () => watching({ answer: { by: 'proxy', trust: {} } });

  test('it goes where the request says, and watches the client’s connection to itself', async () => {
    const url = await listening(createHttpServer((request, response) => response.end(`${request.headers.host}${request.url}`)));
    const watch = await asProxy();
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (const path of ['a', 'b', 'c']) {
      const answer = await new Promise<string>((done, fail) =>
        httpGet({ host: '127.0.0.1', port: watch.port, path: `${url}${path}`, headers: { Host: new URL(url).host }, agent }, (response) => {
          let text = '';
          response.on('data', (bytes) => (text += String(bytes))).on('close', () => done(text));
        }).on('error', fail),
      );
      expect(answer).toBe(`${new URL(url).host}/${path}`);
    }
    expect(watch.report(true)).toMatchObject({ answer: 'yes', requests: 3, connections: 1 });
  });

  test('a request that names no target is refused and counted', async () => {
    const watch = await asProxy();
    const client = await wire(watch.port);
    client.socket.write(get('/'));
    await client.closed;
    expect(client.heard()).toMatch(/^HTTP\/1.1 400 /);
    expect(watch.report(true).refused).toEqual({ 'no target named': 1 });
  });

  test('what is said in tunnels stays untouched, and shows whether TLS sessions are offered and taken', async () => {
    const { ca, key, cert } = await makeCertificate({ names: ['localhost'] });
    const server = createHttpsServer({ key, cert }, (_, response) => response.end('secret'));
    const port = new URL(await listening(server)).port;
    const watch = await asProxy();
    let session: Buffer | undefined;
    for (let i = 0; i < 3; i++) {
      const tunnel = await wire(watch.port);
      tunnel.socket.write(`CONNECT localhost:${port} HTTP/1.1\r\nHost: localhost:${port}\r\nUser-Agent: me\r\n\r\n`);
      await tunnel.hears('\r\n\r\n');
      tunnel.socket.removeAllListeners('data');
      const secure: TLSSocket = connectTls({ socket: tunnel.socket, servername: 'localhost', ca, ...(session !== undefined && { session }) });
      secure.on('session', (bytes: Buffer) => void (session = bytes));
      let text = '';
      secure.on('data', (bytes) => void (text += String(bytes)));
      secure.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      await once(secure, 'close');
      expect([text.endsWith('secret'), secure.authorized]).toEqual([true, true]);
      await until(() => watch.observer.open === 0);
    }
    expect(watch.report(true)).toMatchObject({ tunnels: { count: 3, offered: 2, accepted: 2 }, connections: 3, refused: {} });
    expect(codes(watch.report(true))).toEqual(['S01 × 1', 'S07 × 2']);
  });

  test('a tunnel’s target that cannot be reached is a 502', async () => {
    const watch = await asProxy();
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    const client = await wire(watch.port);
    client.socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`);
    await client.closed;
    expect(client.heard()).toMatch(/^HTTP\/1.1 502 /);
  });
});

test('a client over https is watched as one over http, and its handshakes are counted', async () => {
  const { ca, key, cert } = await makeCertificate({ names: ['127.0.0.1'] });
  const watch = await watching({ tls: { key, cert } });
  await send(watch.url, 6, 'resumed', ca);
  await send(watch.url, 6, 'reused', ca);
  const report = watch.report(true);
  expect(report).toMatchObject({ requests: 12, connections: 7, tls: { full: 2, resumed: 5, failed: 0 } });
});
