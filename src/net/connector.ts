/** Opens sockets and tells the ledger what happened: connected, secured (full or resumed), ended by whom. */
import net from 'node:net';
import tls from 'node:tls';
import type { Endpoint } from './endpoint.js';
import { connectFailure } from './failures.js';
import type { Connection, Ledger } from './ledger.js';

/** Who a connection belongs to: told when it can carry requests and when it is gone. */
export interface ConnectionOwner {
  ready(connection: Connection, socket: ConnectedSocket): void;
  /** A TLS session that the server gave; it may come at any time after the handshake. */
  session(session: Buffer): void;
  /** The peer sent a FIN. The socket is still to be destroyed by the owner. */
  peerEnded(connection: Connection, socket: ConnectedSocket): void;
  /** The socket is closed and the ledger knows the end. `connection.failure` is set when it never became ready. */
  gone(connection: Connection, error: NodeJS.ErrnoException | null, socket: ConnectedSocket): void;
}

/** A socket that knows its connection. One set of listener functions serves all sockets: none is made per connection. */
export type ConnectedSocket = net.Socket & {
  connection: Connection;
  owner: ConnectionOwner;
  ledger: Ledger;
  failedWith: NodeJS.ErrnoException | null;
  /** Under TLS: the TCP socket, where one is kept apart so that it can be reset. */
  tcp: net.Socket | null;
  onread: OnRead | null;
};

export interface OnRead {
  readonly buffer: Uint8Array;
  callback(this: ConnectedSocket, bytes: number, buffer: Uint8Array): boolean;
}

export interface Connector {
  /** Begins a connection. Never throws: every failure arrives at `owner.gone`. */
  open(connection: Connection, owner: ConnectionOwner, session: Buffer | undefined): ConnectedSocket;
}

export interface ConnectorOptions {
  /** Listen for TLS sessions. */
  readonly keepSessions: boolean;
  /** Connections must be able to end by an RST. Costs a little over TLS. */
  readonly resettable: boolean;
  /** Read into this buffer instead of emitting `data`. */
  readonly onread?: OnRead;
}

/** A connector to one endpoint. Over TLS all connections share one secure context (making one costs 0.2 ms each time). */
export function connectorTo(endpoint: Endpoint, ledger: Ledger, { keepSessions, resettable, onread }: ConnectorOptions): Connector {
  const { localAddress } = endpoint;
  const where: net.NetConnectOpts = endpoint.socketPath !== '' ? { path: endpoint.socketPath } : { host: endpoint.address, port: endpoint.port, family: endpoint.family, autoSelectFamily: false };
  const read = (onread === undefined ? {} : { onread }) as net.SocketConstructorOpts;
  const plain = { ...read, ...NET_DEFAULTS, noDelay: true };
  let turn = 0;
  const source = (): { localAddress?: string } => (localAddress.length === 0 ? {} : { localAddress: localAddress[turn++ % localAddress.length]! });
  const adopt = (socket: net.Socket, connection: Connection, owner: ConnectionOwner): ConnectedSocket => {
    const connected = socket as ConnectedSocket;
    connected.connection = connection;
    connected.owner = owner;
    connected.ledger = ledger;
    connected.failedWith = null;
    connected.tcp = null;
    connected.onread = null;
    connected.on('end', onEnd);
    connected.on('error', onError);
    connected.on('close', onClose);
    return connected;
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

  const secureContext = tls.createSecureContext(contextOptions(endpoint));
  const secure: tls.ConnectionOptions = {
    secureContext,
    servername: endpoint.servername,
    rejectUnauthorized: !endpoint.tls.insecure,
    ALPNProtocols: ['http/1.1'],
  };
  if (resettable) {
    const bare = { ...NET_DEFAULTS, noDelay: true };
    return {
      open(connection, owner, session) {
        const tcp = new net.Socket(bare).connect({ ...where, ...source() } as net.SocketConnectOpts);
        const socket = adopt(tls.connect({ ...secure, host: endpoint.address, socket: tcp, ...(session === undefined ? {} : { session }) }), connection, owner);
        socket.tcp = tcp;
        if (onread !== undefined) {
          socket.onread = onread;
          socket.on('data', onData); // a TLS socket over another socket knows no onread
        }
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

  function listenTls(socket: ConnectedSocket): ConnectedSocket {
    socket.on('connect', onConnectTls);
    socket.on('secureConnect', onSecureConnect);
    if (keepSessions) socket.on('session', onSession);
    return socket;
  }
}

/** Ends the connection by an RST, which leaves no TIME_WAIT. Over TLS the connector must have been made `resettable`. */
export function reset(socket: ConnectedSocket): void {
  (socket.tcp ?? socket).resetAndDestroy();
}

/** What `net.Socket` sets in its copy of the options anyway. Named here, V8 knows the copy's shape; else it makes a new one for each socket, which costs 10 µs (Node 20). */
const NET_DEFAULTS = { allowHalfOpen: false, emitClose: false, autoDestroy: true, decodeStrings: false };

function contextOptions({ tls: { ca, cert, key, minVersion, maxVersion, ciphers, ecdhCurve } }: Endpoint): tls.SecureContextOptions {
  return {
    minVersion,
    maxVersion,
    ...(ca === '' ? {} : { ca }),
    ...(cert === '' ? {} : { cert }),
    ...(key === '' ? {} : { key }),
    ...(ciphers === '' ? {} : { ciphers }),
    ...(ecdhCurve === '' ? {} : { ecdhCurve }),
  };
}

function onConnectPlain(this: ConnectedSocket): void {
  noteFacts(this);
  this.ledger.connected(this.connection);
  this.owner.ready(this.connection, this);
}

function onConnectTls(this: ConnectedSocket): void {
  noteFacts(this);
  this.ledger.connected(this.connection);
}

/** What costs a system call is asked only when somebody listens for it. */
function noteFacts(socket: ConnectedSocket): void {
  if (socket.ledger.onEnd === null) return;
  socket.connection.localPort = socket.localPort ?? 0;
  socket.connection.localAddress = socket.localAddress ?? '';
}

function onSecureConnect(this: ConnectedSocket): void {
  const socket = this as unknown as tls.TLSSocket;
  this.ledger.tlsFacts ??= { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name };
  this.ledger.secured(this.connection, socket.isSessionReused());
  this.owner.ready(this.connection, this);
}

function onData(this: ConnectedSocket, bytes: Buffer): void {
  this.onread!.callback.call(this, bytes.length, bytes);
}

function onSession(this: ConnectedSocket, session: Buffer): void {
  this.owner.session(session);
}

function onEnd(this: ConnectedSocket): void {
  this.connection.peerEnded('eof');
  this.owner.peerEnded(this.connection, this);
}

function onError(this: ConnectedSocket, error: NodeJS.ErrnoException): void {
  this.failedWith = error;
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') this.connection.peerEnded('reset');
}

function onClose(this: ConnectedSocket): void {
  const { connection, failedWith } = this;
  if (connection.openedNs < 0 && connection.failure === '') {
    connection.failure = failedWith !== null ? connectFailure(failedWith, connection.connectedNs >= 0) : connection.connectedNs >= 0 ? 'tls-closed' : 'connect-error';
  }
  connection.bytesIn = this.bytesRead;
  connection.bytesOut = this.bytesWritten;
  this.ledger.ended(connection);
  this.owner.gone(connection, failedWith, this);
}
