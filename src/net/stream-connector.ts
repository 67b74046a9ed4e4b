/** Connections on the sockets of `net` and `tls`: what undici needs, and everybody with a unix socket or a Node that has no handles for us. */
import net from 'node:net';
import tls from 'node:tls';
import { enterEnd, isReset, PROTOCOLS, secureContextOf, type ConnectedSocket, type ConnectionOwner, type Connector, type ConnectorOptions } from './connector.js';
import type { Endpoint } from './endpoint.js';
import type { SystemError } from './failures.js';
import type { Connection, Ledger } from './ledger.js';

/** A socket of `net` or `tls`. One set of functions serves all of them: none is made per connection. */
export type StreamSocket = net.Socket & {
  -readonly [Key in keyof ConnectedSocket]: ConnectedSocket[Key];
} & {
  ledger: Ledger;
  failedWith: SystemError | null;
  /** Under TLS: the TCP socket, where one is kept apart so that it can be reset. */
  tcp: net.Socket | null;
};

/** A connector to one endpoint. @param buffer what all sockets read into; without it they emit `data` */
export function streamConnector(endpoint: Endpoint, ledger: Ledger, { keepSessions, resettable }: ConnectorOptions, buffer?: Uint8Array): Connector<StreamSocket> {
  const { localAddress } = endpoint;
  const where: net.NetConnectOpts = endpoint.socketPath !== '' ? { path: endpoint.socketPath } : { host: endpoint.address, port: endpoint.port, family: endpoint.family, autoSelectFamily: false };
  const read = (buffer === undefined ? {} : { onread: { buffer, callback: onRead } }) as net.SocketConstructorOpts;
  const plain = { ...read, ...NET_DEFAULTS, noDelay: true };
  let turn = 0;
  const source = (): { localAddress?: string } => (localAddress.length === 0 ? {} : { localAddress: localAddress[turn++ % localAddress.length]! });
  const adopt = (stream: net.Socket, connection: Connection, owner: ConnectionOwner): StreamSocket => {
    const socket = stream as StreamSocket;
    socket.connection = connection;
    socket.owner = owner;
    socket.ledger = ledger;
    socket.failedWith = null;
    socket.tcp = null;
    socket.lingering = -1;
    socket.send = send;
    socket.reset = reset;
    socket.on('end', onEnd);
    socket.on('error', onError);
    socket.on('close', onClose);
    return socket;
  };

  if (!endpoint.secure) {
    return {
      open(connection, owner) {
        const socket = adopt(new net.Socket(plain), connection, owner);
        socket.on('connect', onConnectPlain);
        socket.connect((localAddress.length === 0 ? where : { ...where, ...source() }) as net.SocketConnectOpts);
        return socket;
      },
    };
  }

  const secure: tls.ConnectionOptions = {
    secureContext: secureContextOf(endpoint),
    servername: endpoint.servername,
    rejectUnauthorized: !endpoint.tls.insecure,
    ALPNProtocols: PROTOCOLS,
  };
  if (resettable) {
    const bare = { ...NET_DEFAULTS, noDelay: true };
    return {
      open(connection, owner, session) {
        const tcp = new net.Socket(bare).connect({ ...where, ...source() } as net.SocketConnectOpts);
        const socket = adopt(tls.connect({ ...secure, host: endpoint.address, socket: tcp, ...(session === undefined ? {} : { session }) }), connection, owner);
        socket.tcp = tcp;
        if (buffer !== undefined) socket.on('data', onData); // a TLS socket over another socket knows no onread
        return listenTls(socket);
      },
    };
  }
  return {
    open(connection, owner, session) {
      const options = { ...where, ...secure, ...read, ...source() } as tls.ConnectionOptions;
      if (session !== undefined) options.session = session;
      const socket = adopt(tls.connect(options), connection, owner);
      socket.setNoDelay(true); // as an option of `connect` it is not heard
      return listenTls(socket);
    },
  };

  function listenTls(socket: StreamSocket): StreamSocket {
    socket.on('connect', onConnectTls);
    socket.on('secureConnect', onSecureConnect);
    if (keepSessions) socket.on('session', onSession);
    return socket;
  }
}

/** What `net.Socket` sets in its copy of the options anyway. Named here, V8 knows the copy's shape; else it makes a new one for each socket, which costs 10 µs (Node 20). */
const NET_DEFAULTS = { allowHalfOpen: false, emitClose: false, autoDestroy: true, decodeStrings: false };

function send(this: StreamSocket, bytes: Uint8Array): boolean {
  this.write(bytes, (error) => {
    if (!error && !atOnce) this.owner.drained(this);
  });
  const atOnce = this.writableLength === 0;
  return atOnce;
}

function reset(this: StreamSocket): void {
  (this.tcp ?? this).resetAndDestroy();
}

function onConnectPlain(this: StreamSocket): void {
  noteAddresses(this);
  this.ledger.connected(this.connection);
  this.owner.ready(this.connection, this);
}

function onConnectTls(this: StreamSocket): void {
  noteAddresses(this);
  this.ledger.connected(this.connection);
}

/** What costs a system call is asked only when somebody listens for it. */
function noteAddresses(socket: StreamSocket): void {
  if (socket.ledger.onEnd === null) return;
  socket.connection.localPort = socket.localPort ?? 0;
  socket.connection.localAddress = socket.localAddress ?? '';
}

function onSecureConnect(this: StreamSocket): void {
  if (this.connection.securedNs >= 0) return; // TLS 1.2 can shake hands again
  const socket = this as unknown as tls.TLSSocket;
  this.ledger.tlsFacts ??= { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name };
  this.ledger.secured(this.connection, socket.isSessionReused());
  this.owner.ready(this.connection, this);
}

function onRead(this: StreamSocket, bytes: number, buffer: Uint8Array): boolean {
  this.owner.received(this, buffer, bytes);
  return true;
}

function onData(this: StreamSocket, bytes: Buffer): void {
  this.owner.received(this, bytes, bytes.length);
}

function onSession(this: StreamSocket, session: Buffer): void {
  this.owner.session(session);
}

function onEnd(this: StreamSocket): void {
  this.connection.peerEnded('eof');
  this.owner.peerEnded(this.connection, this);
}

function onError(this: StreamSocket, error: NodeJS.ErrnoException): void {
  this.failedWith = error;
  if (isReset(error)) this.connection.peerEnded('reset');
}

function onClose(this: StreamSocket): void {
  if (this.ledger.onEnd !== null) {
    this.connection.bytesIn = this.bytesRead;
    this.connection.bytesOut = this.bytesWritten;
  }
  enterEnd(this.ledger, this.connection, this.failedWith);
  this.owner.gone(this.connection, this.failedWith, this);
}
