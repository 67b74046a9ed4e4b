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
export type ConnectedSocket = net.Socket & { connection: Connection; owner: ConnectionOwner; ledger: Ledger; failedWith: NodeJS.ErrnoException | null };

export interface OnRead {
  readonly buffer: Uint8Array;
  callback(this: ConnectedSocket, bytes: number, buffer: Uint8Array): boolean;
}

export interface Connector {
  /** Begins a connection. Never throws: every failure arrives at `owner.gone`. */
  open(connection: Connection, owner: ConnectionOwner, session: Buffer | undefined): ConnectedSocket;
}

/**
 * A connector to one endpoint. Over TLS all connections share one secure context (making one costs 0.2 ms each time).
 * @param onread read into this buffer instead of emitting `data`
 * @param keepSessions listen for TLS sessions
 */
export function connectorTo(endpoint: Endpoint, ledger: Ledger, keepSessions: boolean, onread?: OnRead): Connector {
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
  return {
    open(connection, owner, session) {
      const options = { ...where, ...secure, ...read, ...source() } as tls.ConnectionOptions;
      if (session !== undefined) options.session = session;
      const socket = adopt(tls.connect(options), connection, owner);
      socket.setNoDelay(true); // as an option of `connect` it is not heard
      socket.on('connect', onConnectTls);
      socket.on('secureConnect', onSecureConnect);
      if (keepSessions) socket.on('session', onSession);
      return socket;
    },
  };
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
  if (socket.ledger.onEnd !== null) socket.connection.localPort = socket.localPort ?? 0;
}

function onSecureConnect(this: ConnectedSocket): void {
  const socket = this as unknown as tls.TLSSocket;
  this.ledger.tlsFacts ??= { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name };
  this.ledger.secured(this.connection, socket.isSessionReused());
  this.owner.ready(this.connection, this);
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
