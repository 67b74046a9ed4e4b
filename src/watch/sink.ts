/** Listens for the clients that are to be watched. Built on bare sockets: what becomes of a connection is the client's doing, or said here. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { RequestError } from '../errors.js';
import type { Ns } from '../define.js';
import { NS_PER_MS } from '../units.js';
import type { Clock } from '../measure/clock.js';
import type { Hello, WatchedConnection } from './connection.js';
import { readClientHello } from './hello.js';
import type { Observer } from './observer.js';
import { unreadByClients } from './unread.js';

/** What is done on a connection that can carry requests; returns how to end it when it takes too long. */
export type Serve = (socket: Socket, connection: WatchedConnection) => Served;

export interface Served {
  /** A request has begun and is not whole. */
  readonly inRequest: boolean;
  /** Too slow. */
  expire(): void;
}

export interface SinkOptions {
  readonly host: string;
  readonly port: number;
  /** Key and certificate, PEM; without them the sink speaks plain HTTP. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  readonly mostConnections: number;
  /** A request, or a handshake, that does not move on for so long is given up. An idle connection is not: waiting is what it is for. */
  readonly patienceNs: Ns;
  /** The kernel's table of TCP sockets, where clients on this machine can be looked up; '' when there is none. */
  readonly readSocketTable: () => string;
}

export interface Sink {
  readonly host: string;
  readonly port: number;
  /** Connections that were turned away because too many were open. */
  readonly turnedAway: () => number;
  close(): Promise<void>;
}

/** @throws RequestError when the port is taken or not ours to take */
export async function openSink(options: SinkOptions, observer: Observer, clock: Clock, serve: Serve): Promise<Sink> {
  const { tls, mostConnections, patienceNs, readSocketTable } = options;
  const server = createServer({ noDelay: true, allowHalfOpen: true });
  const secure = tls === null ? null : createTlsServer({ ...tls, allowHalfOpen: true, ALPNProtocols: ['http/1.1'], handshakeTimeout: patienceNs / NS_PER_MS } as TlsOptions);
  const sockets = new Map<string, Entry>();
  let turnedAway = 0;
  const unreadAt = unreadByClients(readSocketTable, () => (server.address() as AddressInfo | null)?.port ?? 0, clock);

  let turning = false;
  const turn = (): void => {
    if (turning) return;
    turning = true;
    setImmediate(() => {
      turning = false;
      observer.turned();
    });
  };

  const begin = (entry: Entry): void => {
    entry.speaking.on('data', turn).on('end', turn);
    entry.served = serve(entry.speaking, entry.connection);
  };

  server.on('connection', (socket: Socket) => {
    turn();
    if (sockets.size >= mostConnections) {
      turnedAway++;
      socket.resetAndDestroy();
      return;
    }
    const key = peerOf(socket);
    const clientPort = socket.remotePort ?? 0;
    const connection = observer.accept(socket.remoteAddress ?? 'unknown', () => entry.speaking.writableLength, () => unreadAt(clientPort));
    const entry: Entry = { socket, speaking: socket, connection, served: null };
    sockets.set(key, entry);
    socket.on('error', (error: NodeJS.ErrnoException) => observer.ended(connection, 'client', error.code === 'ETIMEDOUT' ? 'timeout' : 'reset'));
    socket.on('close', () => {
      turn();
      observer.ended(connection, 'client', 'fin');
      sockets.delete(key);
    });
    if (secure === null) begin(entry);
    else {
      connection.handshake = 'under-way';
      connection.phase = 'handshake';
      peek(socket, (hello) => {
        connection.hello = hello;
        secure.emit('connection', socket);
      });
    }
  });
  secure?.on('secureConnection', (socket: TLSSocket) => {
    const entry = sockets.get(peerOf(socket));
    if (entry === undefined) return socket.destroy();
    const { connection } = entry;
    entry.speaking = socket;
    socket.allowHalfOpen = true;
    socket.on('error', (error: NodeJS.ErrnoException) => observer.ended(connection, 'client', error.code === 'ETIMEDOUT' ? 'timeout' : 'reset'));
    connection.resumed = socket.isSessionReused();
    observer.secured(connection, connection.resumed);
    begin(entry);
  });
  secure?.on('tlsClientError', (_error, socket: TLSSocket) => socket.destroy());

  const sweep = setInterval(() => {
    observer.review();
    const beforeNs = clock.nowNs() - patienceNs;
    for (const { connection, served, socket } of sockets.values()) {
      if (connection.progressNs > beforeNs) continue;
      if (served?.inRequest) served.expire();
      else if (connection.end !== null || connection.phase === 'handshake') socket.destroy();
    }
  }, SWEEP_MS);
  sweep.unref();

  await listen(server, options);
  return {
    host: options.host,
    port: (server.address() as AddressInfo).port,
    turnedAway: () => turnedAway,
    close: () =>
      new Promise((done) => {
        clearInterval(sweep);
        server.close(() => done());
        for (const { socket } of sockets.values()) socket.destroy();
      }),
  };
}

interface Entry {
  readonly socket: Socket;
  /** The same socket, or the TLS one on top of it. */
  speaking: Socket;
  readonly connection: WatchedConnection;
  served: Served | null;
}

/** Reads the client's hello and puts it back, so that the handshake begins as if nobody had looked. */
function peek(socket: Socket, begin: (hello: Hello | null) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('readable', look).on('end', giveUp);
  function giveUp(): void {
    socket.destroy(); // it left before it had said hello
  }
  function look(): void {
    const more = socket.read() as Buffer | null;
    if (more === null) return;
    bytes = Buffer.concat([bytes, more]);
    const hello = readClientHello(bytes);
    if (hello === null) return;
    socket.off('readable', look).off('end', giveUp);
    socket.unshift(bytes);
    begin(hello === 'none' ? null : hello);
  }
}

/** A connection's other end: the same for a TLS socket and for the one below it. */
const peerOf = (socket: Socket): string => `${socket.remoteAddress ?? ''}|${socket.remotePort ?? ''}`;

function listen(server: Server, { host, port }: SinkOptions): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error) => fail(new RequestError(`cannot listen on ${host}:${port} (${error.message})`, 'choose another --listen')));
    server.listen({ host, port, backlog: 65_535 }, done);
  });
}

const SWEEP_MS = 100;
