/** Targets that misbehave, each in one way: raw sockets on a loopback port of their own. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { makeCertificate } from '../../src/demo/certificate.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** What a target does with a connection; `turn` counts the heads it has seen on all connections, from 1. */
type Behaviour = (socket: Socket, turn: () => number) => void;

/** Answers properly this often, then does `then` with every further request. */
export function after(answers: number, then: (socket: Socket) => void): Behaviour {
  return (socket, turn) => {
    socket.on('data', () => (turn() <= answers ? socket.write(OK) : then(socket)));
  };
}

export const behaviours = {
  answers: after(Infinity, () => {}),
  'closes at once': (socket) => socket.end(),
  resets: (socket) => socket.on('data', () => socket.resetAndDestroy()),
  'answers garbage': (socket) => socket.on('data', () => socket.write('\x00\x01\x02 this is no http\r\n\r\n')),
  'never answers': (socket) => socket.resume(),
  'says close always': (socket) => socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok')),
} satisfies Record<string, Behaviour>;

/** @returns the address, `127.0.0.1:port` */
export async function target(behave: Behaviour): Promise<string> {
  return listen(createServer(serve(behave)));
}

/** The same over TLS. @returns the address and the authority to trust */
export async function tlsTarget(behave: Behaviour, names = ['127.0.0.1'], notAfter?: Date): Promise<{ address: string; ca: string }> {
  const { key, cert, ca } = await makeCertificate(notAfter ? { names, notAfter } : { names });
  return { address: await listen(createTlsServer({ key, cert }, serve(behave))), ca };
}

function serve(behave: Behaviour): (socket: Socket) => void {
  let turns = 0;
  return (socket) => {
    socket.on('error', () => {});
    behave(socket, () => ++turns);
  };
}

async function listen(server: Server): Promise<string> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket.on('close', () => open.delete(socket))));
  server.on('tlsClientError', () => {});
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
