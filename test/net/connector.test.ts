import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeAuthority, makeCertificate } from '../../src/demo/certificate.js';
import { runRound } from '../fakes/assignment.js';
import { senders } from '../fakes/senders.js';
import type { Flags } from '../../src/scenario/from-url.js';
import type { Scenario } from '../../src/scenario/scenario.js';

// A connection for each request: however busy the machine, none waits for another.
const FEW = { pacer: 'constant', rate: '50/s', duration: '200ms', connections: '16' };

async function listening(server: Server, where: { host: string; port: number } | { path: string } = { host: '127.0.0.1', port: 0 }): Promise<number> {
  await new Promise<void>((done) => server.listen(where, done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return 'path' in where ? 0 : (server.address() as AddressInfo).port;
}

/** An https server that answers with what it saw of the handshake. */
async function https(options: object): Promise<{ url: string; seen: { protocol: string; cipher: string; subject: string; servername: unknown }[] }> {
  const seen: { protocol: string; cipher: string; subject: string; servername: unknown }[] = [];
  const server = createHttps(options, (_request, response) => {
    const socket = response.socket as TLSSocket;
    seen.push({ protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name, subject: String(socket.getPeerCertificate().subject?.CN ?? ''), servername: (socket as { servername?: unknown }).servername });
    response.end('ok');
  });
  server.on('tlsClientError', () => {});
  return { url: `https://127.0.0.1:${await listening(server)}/`, seen };
}

describe.each(senders)('connections of $name', ({ client: sender }) => {
  const client = sender.kind;
  const over = (change: (scenario: Scenario) => Scenario) => change;
  const round = (url: string, flags: Flags, change?: (scenario: Scenario) => Scenario) => runRound(url, flags, change, sender);

  test('spread over the source addresses that are given, in turn', async () => {
    const from = new Map<string, number>();
    const server = createHttp((_request, response) => void response.end('ok'));
    server.on('connection', (socket) => from.set(socket.remoteAddress ?? '', (from.get(socket.remoteAddress ?? '') ?? 0) + 1));
    const url = `http://127.0.0.1:${await listening(server)}/`;
    await round(url, { ...FEW, client, arm: ['fresh'] }, over((scenario) => ({ ...scenario, target: { ...scenario.target, localAddress: ['127.0.0.2', '127.0.0.3'] } })));
    expect([from.get('127.0.0.2'), from.get('127.0.0.3'), from.size]).toEqual([5, 5, 2]);
  });

  test.each([
    ['http', 'server', 'eof'],
    ['http', 'client', 'eof'],
    ['http', 'reset', 'reset'],
    ['https', 'server', 'eof'],
    ['https', 'client', 'eof'],
    ['https', 'reset', 'reset'],
  ] as const)('over %s, closed by %s, end for the server by %s', async (scheme, closeBy, seen) => {
    const ends: string[] = [];
    const answer = (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse): void => void response.end(request.headers.connection ?? '');
    const { key, cert, ca } = await makeCertificate({ names: ['127.0.0.1'] });
    const server = scheme === 'https' ? createHttps({ key, cert }, answer) : createHttp(answer);
    server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      let how = 'eof';
      socket.on('error', () => (how = 'reset'));
      socket.on('close', () => ends.push(how));
    });
    server.on('clientError', (_error, socket) => socket.destroy());
    const port = await listening(server);
    const before = ourSockets(port); // the port may have had another owner a minute ago
    const url = `${scheme}://127.0.0.1:${port}/`;
    const { connections, requests } = await round(url, { ...FEW, client, arm: [`fresh:closeBy=${closeBy}`], ca });
    // A reset leaves nothing behind on our side, where a close would wait for a minute. (A busy Node server may overlook a reset over TLS: the kernel does not.)
    if (closeBy === 'reset') await expect.poll(() => ourSockets(port, before)).toEqual([]);
    else await expect.poll(() => ends.length).toBe(10);
    if (closeBy === 'client' && client === 'wire' && scheme === 'http' && process.platform === 'linux') expect(ourSockets(port, before).length).toBe(10);
    expect(requests).toMatchObject({ planned: 10, completed: 10, failures: {} });
    expect([connections.opened, new Set(ends)]).toEqual([10, new Set([seen])]);
    const side = closeBy === 'server' && client === 'wire' ? 'server' : 'client'; // undici closes its own side at once
    expect(connections.closedBy).toEqual({ [`policy/${side}`]: 10 });
  });

  test('go to a unix socket when there is one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sameconn-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'app.sock');
    let hosts = '';
    await listening(createHttp((request, response) => void response.end((hosts = request.headers.host ?? ''))), { path });
    const { requests } = await round('http://app.test/', { ...FEW, client, arm: ['reused'] }, over((scenario) => ({ ...scenario, target: { ...scenario.target, socketPath: path } })));
    expect([requests.completed, hosts]).toEqual([10, 'app.test']);
  });

  test('keep to the TLS versions, ciphers and names that are given', async () => {
    const { key, cert, ca } = await makeCertificate({ names: ['api.test'] });
    const { url, seen } = await https({ key, cert });
    const { requests } = await round(url, { ...FEW, client, arm: ['fresh'], ca }, over((scenario) => ({ ...scenario, tls: { ...scenario.tls, servername: 'api.test', maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305', ecdhCurve: 'P-256' } })));
    expect(requests.completed).toBe(10);
    expect(seen[0]).toEqual({ protocol: 'TLSv1.2', cipher: 'ECDHE-ECDSA-CHACHA20-POLY1305', subject: '', servername: 'api.test' });
  });

  test('show the client certificate that is given', async () => {
    const authority = await makeAuthority();
    const { key, cert, ca } = await makeCertificate({ names: ['127.0.0.1'] });
    const ours = await makeCertificate({ names: ['load.test'], ca: authority });
    const { url, seen } = await https({ key, cert, ca: [authority.cert], requestCert: true, rejectUnauthorized: false });
    const { requests } = await round(url, { ...FEW, client, arm: ['reused'], ca }, over((scenario) => ({ ...scenario, tls: { ...scenario.tls, key: ours.key, cert: ours.cert } })));
    expect([requests.completed, seen[0]?.subject]).toEqual([10, 'load.test']);
  });

  test('fail each exchange once when nothing listens, however many wait for their turn', async () => {
    const { requests, connections } = await round('http://127.0.0.1:1/', { client, arm: ['reused:connections=1'], pacer: 'constant', rate: '2000/s', duration: '100ms' });
    expect([requests.failures, connections.connectFailed, connections.openedBecause]).toEqual([{ refused: 200 }, 200, { initial: 1, 'connect-failed/refused': 199 }]);
  });

  test('verify the certificate unless told not to', async () => {
    const { key, cert } = await makeCertificate({ names: ['127.0.0.1'] });
    const { url } = await https({ key, cert });
    const strict = await round(url, { ...FEW, client, arm: ['reused'] });
    const lax = await round(url, { ...FEW, client, arm: ['reused'], insecure: true });
    expect([strict.requests.failures, lax.requests.completed]).toEqual([{ 'tls-certificate': 10 }, 10]);
  });

  test.each([
    ['of another name', { names: ['other.test'] }, ''],
    ['of another address', { names: ['127.0.0.9'] }, ''],
    ['of another name than the one that is asked for', { names: ['127.0.0.1'] }, 'api.test'],
  ] as const)('refuse a certificate %s, each time, and keep no session of it', async (_what, { names }, servername) => {
    const { key, cert, ca } = await makeCertificate({ names: [...names] });
    const { url, seen } = await https({ key, cert });
    const strict = await round(url, { ...FEW, client, arm: ['resumed'], ca }, over((scenario) => ({ ...scenario, tls: { ...scenario.tls, servername } })));
    expect([strict.requests.failures, seen.length, strict.connections.tlsResumed, strict.connections.tlsFull]).toEqual([{ 'tls-certificate': 10 }, 0, 0, 0]);
  });

  test('go on when a server of TLS 1.2 asks for the handshake once more', async () => {
    const { key, cert, ca } = await makeCertificate({ names: ['127.0.0.1'] });
    let again = 0;
    const server = createHttps({ key, cert, maxVersion: 'TLSv1.2' }, (request, response) => {
      (request.socket as TLSSocket).renegotiate({ rejectUnauthorized: false }, (error) => {
        if (error === null) again++;
        response.end('ok');
      });
    });
    const url = `https://127.0.0.1:${await listening(server)}/`;
    const { requests, connections } = await round(url, { ...FEW, client, arm: ['fresh'], ca });
    expect([requests.completed, requests.failures, connections.opened, connections.tlsFull, again]).toEqual([10, {}, 10, 10, 10]); // two handshakes on each: one is counted
  });

  test('take a certificate whose wildcard fits, and resume what it has vouched for', async () => {
    const { key, cert, ca } = await makeCertificate({ names: ['*.api.test'] });
    const { url } = await https({ key, cert });
    const { requests, connections } = await round(url, { ...FEW, connections: '1', client, arm: ['resumed'], ca }, over((scenario) => ({ ...scenario, tls: { ...scenario.tls, servername: 'eu.api.test' } })));
    expect([requests.completed, connections.tlsFull, connections.tlsResumed]).toEqual([10, 1, 9]);
  });

  test.each([
    ['http', 5_000_000],
    ['https', 5_000_000],
    ['http', 70_000],
    ['https', 10],
  ] as const)('carry a body over %s whole, %d bytes, and are kept after it', async (scheme, size) => {
    const body = new Uint8Array(size).map((_, index) => index % 251);
    const whole: boolean[] = [];
    const answer = (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse): void => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        whole.push(Buffer.concat(parts).equals(body) && request.headers['content-length'] === String(size));
        response.end('ok');
      });
    };
    const { key, cert, ca } = await makeCertificate({ names: ['127.0.0.1'] });
    const port = await listening(scheme === 'https' ? createHttps({ key, cert }, answer) : createHttp(answer));
    const posting = over((scenario) => ({ ...scenario, target: { ...scenario.target, requests: [{ ...scenario.target.requests[0]!, method: 'POST', body }] } }));
    const { requests, connections } = await round(`${scheme}://127.0.0.1:${port}/`, { ...FEW, connections: '1', client, arm: ['reused'], ca }, posting);
    expect([requests.completed, whole.length, whole.every(Boolean), connections.opened]).toEqual([10, 10, true, 1]);
  });
});

/** All sockets of this machine that are connected to a port of loopback, those in TIME_WAIT too, as Linux tells, but for those that are known; none elsewhere. */
function ourSockets(port: number, known: readonly string[] = []): string[] {
  if (process.platform !== 'linux') return [];
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/));
  return lines.filter((fields) => fields[2] === remote).map((fields) => fields[1] ?? '').filter((local) => !known.includes(local));
}
