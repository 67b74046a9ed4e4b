/** The seam of the connectors: who opens connections, and tells the ledger and the connection's owner what happens to it. */
import tls from 'node:tls';
import type { Endpoint } from './endpoint.js';
import { connectFailure, type SystemError } from './failures.js';
import type { Connection, Ledger } from './ledger.js';

export interface Connector<Socket extends ConnectedSocket = ConnectedSocket> {
  /** Begins a connection. Never throws: every failure arrives at `owner.gone`. */
  open(connection: Connection, owner: ConnectionOwner, session: Buffer | undefined): Socket;
}

/** Who a connection belongs to: told when it can carry requests, what comes on it, and when it is gone. */
export interface ConnectionOwner {
  ready(connection: Connection, socket: ConnectedSocket): void;
  /** Bytes came. They lie in a buffer that all sockets share, until this call returns. */
  received(socket: ConnectedSocket, buffer: Uint8Array, bytes: number): void;
  /** What `send` could not hand over at once is out. */
  drained(socket: ConnectedSocket): void;
  /** A TLS session that the server gave; it may come at any time after the handshake. */
  session(session: Buffer): void;
  /** The peer sent a FIN. The socket is still to be destroyed by the owner. */
  peerEnded(connection: Connection, socket: ConnectedSocket): void;
  /** The socket is closed and the ledger knows the end. `connection.failure` is set when it never became ready. */
  gone(connection: Connection, error: SystemError | null, socket: ConnectedSocket): void;
}

/** A socket that knows its connection. */
export interface ConnectedSocket {
  readonly connection: Connection;
  readonly owner: ConnectionOwner;
  /** Its number among those that wait for the server's FIN, or −1. */
  lingering: number;
  /** Sends bytes, without a word of when they are out. */
  write(bytes: Uint8Array): unknown;
  /** Sends bytes. @returns true when all are out, false when `owner.drained` is going to be called */
  send(bytes: Uint8Array): boolean;
  destroy(): void;
  /** Ends it by an RST, which leaves no TIME_WAIT. */
  reset(): void;
}

export interface ConnectorOptions {
  /** Listen for TLS sessions. */
  readonly keepSessions: boolean;
  /** Connections must be able to end by an RST. */
  readonly resettable: boolean;
}

/** The one TLS context of all connections: making one costs 0.2 ms each time. */
export function secureContextOf({ tls: { ca, cert, key, minVersion, maxVersion, ciphers, ecdhCurve } }: Endpoint): tls.SecureContext {
  return tls.createSecureContext({
    minVersion,
    maxVersion,
    ...(ca === '' ? {} : { ca }),
    ...(cert === '' ? {} : { cert }),
    ...(key === '' ? {} : { key }),
    ...(ciphers === '' ? {} : { ciphers }),
    ...(ecdhCurve === '' ? {} : { ecdhCurve }),
  });
}

/** What is offered by ALPN. */
export const PROTOCOLS = ['http/1.1'];

/** The socket of this connection is closed, after this error or none: enters it in the ledger. */
export function enterEnd(ledger: Ledger, connection: Connection, error: SystemError | null): void {
  if (connection.openedNs < 0 && connection.failure === '') {
    const tcpDone = connection.connectedNs >= 0;
    connection.failure = error !== null ? connectFailure(error, tcpDone) : tcpDone ? 'tls-closed' : 'connect-error';
  }
  ledger.ended(connection);
}

/** The peer's RST can show as either code. */
export function isReset(error: SystemError): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}
