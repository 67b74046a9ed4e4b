/** The kinds of failure: decided by error codes and by the state of the connection, never by the text of a message. */

import type { Connection } from './ledger.js';

/** Every kind that can stand in a result, with the sentence that explains it. */
export const failureKinds = {
  dns: 'the name did not resolve',
  refused: 'the connection was refused: nothing listens on that port',
  unreachable: 'the host or network could not be reached',
  'connect-timeout': 'the connection was not ready in time (timeouts.connect)',
  'connect-error': 'the connection could not be opened',
  'ports-exhausted': 'this host ran out of local ports (EADDRNOTAVAIL)',
  'fds-exhausted': 'this process ran out of file descriptors (EMFILE)',
  'tls-certificate': 'the server’s certificate was not accepted',
  'tls-protocol': 'the TLS handshake failed: the server does not speak TLS here, or no common version or cipher',
  'tls-closed': 'the server closed the connection during the TLS handshake',
  stale: 'the server had closed an idle connection just as it was used again',
  closed: 'the server closed the connection before the whole response',
  reset: 'the server reset the connection before the whole response',
  'wait-timeout': 'no connection became free in time (timeouts.response)',
  'response-timeout': 'the whole response did not come in time (timeouts.response)',
  protocol: 'the response is not valid HTTP/1.1',
  upgrade: 'the server switched protocols (101)',
  'request-body': 'the file of the request body changed during the run, or could not be read',
  status: 'the response had an unexpected status (target.expectStatus)',
  stopped: 'the run was stopped before the response came',
} as const;

export type FailureKind = keyof typeof failureKinds;

/** As much of an error as decides what it was. */
export interface SystemError {
  readonly code?: string | undefined;
}

/** Why an exchange failed whose connection the peer ended: `stale` is a reused connection that gave no byte of response. */
export function brokenExchange(connection: Connection): FailureKind {
  if (connection.carried > 1 && connection.signalPhase === 'awaiting') return 'stale';
  return connection.signal === 'reset' ? 'reset' : 'closed';
}

/** Why a connection could not be opened. @param tcpDone the TCP connection stood, so the TLS handshake failed */
export function connectFailure(error: SystemError, tcpDone: boolean): FailureKind {
  const code = error.code ?? '';
  if (tcpDone) {
    if (code === 'ECONNRESET' || code === 'EPIPE') return 'tls-closed';
    if (code === 'ETIMEDOUT') return 'connect-timeout';
    if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'tls-protocol';
    return 'tls-certificate';
  }
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT': // a unix socket that is not there
      return 'refused';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return 'unreachable';
    case 'ETIMEDOUT':
      return 'connect-timeout';
    case 'EADDRNOTAVAIL':
      return 'ports-exhausted';
    case 'EMFILE':
    case 'ENFILE':
      return 'fds-exhausted';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'dns';
    default:
      return 'connect-error';
  }
}
