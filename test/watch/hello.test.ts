/** The first flights of real handshakes, read from outside. */
import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { connect, createServer as createTlsServer, type ConnectionOptions, type SecureVersion } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../src/demo/certificate.js';
import { readAcceptance, readClientHello, type ClientHello } from '../../src/watch/hello.js';

let certificate: Awaited<ReturnType<typeof makeCertificate>>;
beforeAll(async () => void (certificate = await makeCertificate({ names: ['localhost'] })));

/** A TLS server behind a wire that is listened to. */
async function startServer(): Promise<{ port: number; flights: { client: Buffer; server: Buffer }[] }> {
  const secure = createTlsServer({ key: certificate.key, cert: certificate.cert }, (socket) => void socket.on('error', () => {}).end('hi'));
  await once(secure.listen(0, '127.0.0.1'), 'listening');
  const flights: { client: Buffer; server: Buffer }[] = [];
  const wire = createServer((near: Socket) => {
    const flight = { client: Buffer.alloc(0), server: Buffer.alloc(0) };
    flights.push(flight);
    const far = connectTcp((secure.address() as AddressInfo).port, '127.0.0.1');
    near.on('error', () => {}).on('data', (bytes) => void (flight.client = Buffer.concat([flight.client, bytes])));
    far.on('error', () => {}).on('data', (bytes) => void (flight.server = Buffer.concat([flight.server, bytes])));
    near.pipe(far).pipe(near);
  });
  await once(wire.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void [wire.close(), secure.close()]);
  return { port: (wire.address() as AddressInfo).port, flights };
}

async function shake(port: number, options: ConnectionOptions): Promise<Buffer | undefined> {
  const socket = connect({ port, host: '127.0.0.1', ca: certificate.ca, servername: 'localhost', ...options });
  let session: Buffer | undefined;
  socket.on('session', (bytes: Buffer) => void (session = bytes));
  socket.resume();
  await once(socket, 'close');
  return session ?? socket.getSession();
}

describe.each(['TLSv1.2', 'TLSv1.3'] as SecureVersion[])('%s', (version) => {
  const only = { minVersion: version, maxVersion: version };

  test('says whom it wants, what it speaks, and whether it resumes; the server whether it agrees', async () => {
    const { port, flights } = await startServer();
    const session = await shake(port, { ...only, ALPNProtocols: ['h2', 'http/1.1'] });
    await shake(port, { ...only, ALPNProtocols: ['h2', 'http/1.1'], session: session! });
    const hellos = flights.map(({ client }) => readClientHello(client) as ClientHello);
    expect(hellos).toMatchObject([
      { servername: 'localhost', protocols: ['h2', 'http/1.1'], offersResumption: false },
      { servername: 'localhost', protocols: ['h2', 'http/1.1'], offersResumption: true },
    ]);
    expect(flights.map(({ server }, i) => readAcceptance(server, hellos[i]!))).toEqual([false, true]);
  });

  test('is waited for as long as it is cut short, at whichever byte', async () => {
    const { port, flights } = await startServer();
    await shake(port, only);
    const { client, server } = flights[0]!;
    const whole = readClientHello(client) as ClientHello;
    const clientEnds = 5 + client.readUInt16BE(3);
    for (let cut = 0; cut < clientEnds; cut++) expect(readClientHello(client.subarray(0, cut)), `cut at ${cut}`).toBe(null);
    const serverEnds = 5 + 4 + server.readUIntBE(6, 3);
    for (let cut = 0; cut < serverEnds; cut++) expect(readAcceptance(server.subarray(0, cut), whole), `cut at ${cut}`).toBe(null);
  });

  test('is read when its message is spread over records of one byte', async () => {
    const { port, flights } = await startServer();
    await shake(port, only);
    const { client } = flights[0]!;
    const message = client.subarray(5, 5 + client.readUInt16BE(3));
    const spread = Buffer.concat([...message].map((byte) => Buffer.from([22, 3, 1, 0, 1, byte])));
    expect(readClientHello(spread)).toEqual(readClientHello(client));
  });

  test('with any byte changed is a hello or none, never an error', async () => {
    const { port, flights } = await startServer();
    await shake(port, only);
    const { client, server } = flights[0]!;
    const whole = readClientHello(client) as ClientHello;
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), (place, value) => {
        for (const [flight, read] of [[client, readClientHello], [server, (bytes: Buffer) => readAcceptance(bytes, whole)]] as const) {
          const changed = Buffer.from(flight);
          changed[place % Math.min(changed.length, 600)] = value;
          read(changed);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('what is no handshake is told at its first byte', () => {
  expect(readClientHello(Buffer.from('G'))).toBe('none');
  expect(readClientHello(Buffer.from([21, 3, 3, 0, 2, 1, 0]))).toBe('none');
});

test('empty records, which could go on for ever, are no hello', () => {
  expect(readClientHello(Buffer.from([22, 3, 1, 0, 0]))).toBe('none');
});

test('a hello that announces more than 16 KiB is not waited for', () => {
  expect(readClientHello(Buffer.from([22, 3, 1, 0, 4, 1, 0, 0x50, 0]))).toBe('none');
});

test('any bytes at all are read without an error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readClientHello(Buffer.concat([Buffer.from([22, 3, 1]), bytes]))), { numRuns: 5000 });
});
