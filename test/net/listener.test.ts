import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as secureConnect, type TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../src/demo/certificate.js';
import { RequestError } from '../../src/errors.js';
import { listen, type CountedListener, type ListenOptions } from '../../src/net/listener.js';

describe('a listener', () => {
  const opened: CountedListener[] = [];
  const open = async (options: Partial<ListenOptions> = {}): Promise<CountedListener> => {
    const listener = await listen({ onSocket: echo, ...options });
    opened.push(listener);
    return listener;
  };
  afterEach(() => Promise.all(opened.splice(0).map((listener) => listener.close())));

  it('counts the connections it accepted, those still open, and the requests of each', async () => {
    const listener = await open();
    const [one, other] = [await opening(connect(listener.port, listener.host)), await opening(connect(listener.port, listener.host))];
    await saying(one, 'a');
    await saying(other, 'a');
    await saying(other, 'b');
    expect(listener.counts()).toEqual({ connections: 2, open: 2, requests: 3, tlsFull: 0, tlsResumed: 0, tlsFailed: 0 });
    one.destroy();
    await until(() => listener.counts().open === 1);
    expect([...listener.perConnection()].sort()).toEqual([1, 2]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('tells full handshakes of %s from resumed and failed ones, and sees each of them end', async (version) => {
    const { key, cert, ca } = await makeCertificate({ names: ['127.0.0.1'] });
    const kinds: string[] = [];
    const listener = await open({ tls: { key, cert }, onSocket: (socket, connection) => (kinds.push(connection.handshake), echo(socket, connection)) });
    const to = { port: listener.port, host: listener.host, ca, minVersion: version, maxVersion: version } as const;

    let session: Buffer | undefined;
    const first = await opening(secureConnect(to).on('session', (newest) => (session = newest)), 'secureConnect');
    await saying(first, 'a');
    await until(() => session !== undefined);
    const second = await opening(secureConnect({ ...to, session }), 'secureConnect');
    await saying(second, 'a');
    expect((second as TLSSocket).isSessionReused()).toBe(true);
    const silent = connect(listener.port, listener.host);
    silent.end();
    const plain = connect(listener.port, listener.host);
    plain.write('GET / HTTP/1.1\r\n\r\n');
    await Promise.all([ending(silent), ending(plain)]);
    await until(() => listener.counts().open === 2);
    expect(listener.counts()).toEqual({ connections: 4, open: 2, requests: 2, tlsFull: 1, tlsResumed: 1, tlsFailed: 2 });
    expect(kinds).toEqual(['full', 'resumed']);

    first.destroy();
    second.end();
    await until(() => listener.counts().open === 0);
  });

  it.each(['plain', 'secure'])('lets a %s peer end its side first and still hear the answer', async (kind) => {
    const { key, cert, ca } = await makeCertificate({ names: ['127.0.0.1'] });
    const listener = await open({
      ...(kind === 'secure' && { tls: { key, cert } }),
      onSocket: (socket) => {
        socket.resume();
        socket.on('end', () => setImmediate(() => socket.end('late answer')));
      },
    });
    const to = { port: listener.port, host: listener.host, allowHalfOpen: true };
    const socket = kind === 'secure' ? secureConnect({ ...to, ca }) : connect(to);
    socket.end('question');
    expect(await text(socket)).toBe('late answer');
  });

  it('destroys what is open when it closes, and then refuses', async () => {
    const { key, cert, ca } = await makeCertificate({ names: ['127.0.0.1'] });
    const listener = await listen({ onSocket: echo, tls: { key, cert } });
    const socket = await opening(secureConnect({ port: listener.port, host: listener.host, ca }), 'secureConnect');
    await saying(socket, 'a');
    const closed = ending(socket);
    await listener.close();
    await closed;
    const [error] = (await once(connect(listener.port, listener.host), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('says so when its port is taken', async () => {
    const { port } = await open();
    await expect(open({ port })).rejects.toThrow(RequestError);
  });
});

function echo(socket: Socket, connection: { countRequest(): void }): void {
  socket.on('data', (bytes) => {
    connection.countRequest();
    socket.write(bytes);
  });
  socket.on('end', () => socket.end());
}

async function opening(socket: Socket, event = 'connect'): Promise<Socket> {
  await once(socket, event);
  return socket;
}

/** However it ends. */
function ending(socket: Socket): Promise<void> {
  return new Promise((done) => socket.on('error', () => {}).on('close', () => done()).resume());
}

async function saying(socket: Socket, words: string): Promise<void> {
  socket.write(words);
  expect(String((await once(socket, 'data'))[0])).toBe(words);
}

async function text(socket: Socket): Promise<string> {
  let all = '';
  for await (const bytes of socket) all += String(bytes);
  return all;
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await sleep(10);
  expect(holds()).toBe(true);
}
