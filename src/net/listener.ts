/** The wire seen from the server's end: a listener that counts what it accepted, so that a client's count has a second witness. */
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { RequestError } from '../errors.js';

export interface ListenOptions {
  /** 0, or nothing, for a free port. */
  readonly port?: number;
  readonly host?: string;
  /** Key, certificate and whatever else `tls.createServer` takes; without it the listener speaks plain TCP. */
  readonly tls?: TlsOptions;
  /** Called once a connection can carry requests: after the handshake when there is one. */
  readonly onSocket: (socket: Socket, connection: AcceptedConnection) => void;
}

export interface CountedListener {
  readonly host: string;
  readonly port: number;
  counts(): ListenerCounts;
  /** Requests carried by each connection that could carry any, in the order of their beginning. */
  perConnection(): readonly number[];
  /** Stops accepting and destroys what is open. */
  close(): Promise<void>;
}

/** `connections = tlsFull + tlsResumed + tlsFailed + handshakes under way` over TLS; the three are 0 over plain TCP. */
export interface ListenerCounts {
  readonly connections: number;
  readonly open: number;
  readonly requests: number;
  readonly tlsFull: number;
  readonly tlsResumed: number;
  readonly tlsFailed: number;
}

export interface AcceptedConnection {
  readonly handshake: 'none' | 'full' | 'resumed';
  /** To be called for every request that was read to its end. */
  countRequest(): void;
}

/**
 * Listens on loopback unless told otherwise.
 * @throws RequestError when the port is taken or not ours to take
 */
export async function listen({ port = 0, host = '127.0.0.1', tls, onSocket }: ListenOptions): Promise<CountedListener> {
  const carried: number[] = [];
  const sockets = new Set<Socket>();
  const counts = { connections: 0, requests: 0, tlsFull: 0, tlsResumed: 0, tlsFailed: 0 };

  // A peer may end its side and still wait for an answer: whoever serves the socket ends ours. Not so during a handshake, which would never fail.
  const server: Server = tls ? createTlsServer({ noDelay: true, ...tls }) : createTcpServer({ noDelay: true, allowHalfOpen: true });

  server.on('connection', (socket: Socket) => {
    counts.connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', ignore); // the close that follows is all we need to know
    if (!tls) serve(socket, 'none');
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', ignore);
    socket.allowHalfOpen = true;
    const resumed = socket.isSessionReused();
    if (resumed) counts.tlsResumed++;
    else counts.tlsFull++;
    serve(socket, resumed ? 'resumed' : 'full');
  });
  server.on('tlsClientError', () => counts.tlsFailed++);

  function serve(socket: Socket, handshake: AcceptedConnection['handshake']): void {
    const id = carried.push(0) - 1;
    const countRequest = (): void => {
      counts.requests++;
      carried[id]!++;
    };
    onSocket(socket, { handshake, countRequest });
  }

  await bind(server, host, port);
  return {
    host,
    port: (server.address() as AddressInfo).port,
    counts: () => ({ ...counts, open: sockets.size }),
    perConnection: () => carried,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error) => fail(new RequestError(`cannot listen on ${host}:${port} (${error.message})`, 'choose another port')));
    server.listen({ host, port, backlog: 4096 }, done);
  });
}

function ignore(): void {}
