/** A socket to an endpoint, with nothing on it yet: one TLS version, one session, one ALPN offer. */
import net from 'node:net';
import tls from 'node:tls';
import type { Ns } from '../define.js';
import type { Clock } from '../measure/clock.js';
import type { Endpoint, TlsVersion } from '../net/endpoint.js';
import { connectFailure, type FailureKind } from '../net/failures.js';
import { NS_PER_MS } from '../units.js';

export interface SocketOptions {
  readonly version?: TlsVersion;
  readonly session?: Buffer;
  readonly alpn?: readonly string[];
  /** Our side stays open behind the peer's FIN. */
  readonly halfOpen?: boolean;
}

/** The connection could not be opened. */
export class OpenFailure extends Error {
  constructor(readonly kind: FailureKind) {
    super(kind);
  }
}

/** What is known of a socket that can carry requests. */
export interface Ready {
  /** How long the TCP handshake took: about one round trip. */
  readonly connectNs: Ns;
  /** The TLS session that was offered was accepted. */
  readonly resumed: boolean;
}

export function beginSocket(endpoint: Endpoint, { version, session, alpn = ['http/1.1'], halfOpen = true }: SocketOptions): net.Socket {
  const where = endpoint.socketPath !== '' ? { path: endpoint.socketPath } : { host: endpoint.address, port: endpoint.port, autoSelectFamily: false };
  if (!endpoint.secure) return net.connect({ ...where, noDelay: true, allowHalfOpen: halfOpen });
  const { ca, cert, key, ciphers, ecdhCurve, insecure, minVersion, maxVersion } = endpoint.tls;
  const socket = tls.connect({
    ...where,
    ...(halfOpen ? HALF_OPEN : {}),
    servername: endpoint.servername,
    rejectUnauthorized: !insecure,
    ALPNProtocols: [...alpn],
    minVersion: version ?? minVersion,
    maxVersion: version ?? maxVersion,
    ...(ca === '' ? {} : { ca }),
    ...(cert === '' ? {} : { cert }),
    ...(key === '' ? {} : { key }),
    ...(ciphers === '' ? {} : { ciphers }),
    ...(ecdhCurve === '' ? {} : { ecdhCurve }),
    ...(session === undefined ? {} : { session }),
  });
  socket.setNoDelay(true);
  return socket;
}

/** Waits until a socket that was just begun can carry requests, its TLS handshake included; destroys it when it cannot. @throws OpenFailure */
export function ready(socket: net.Socket, clock: Clock, patienceNs: Ns): Promise<Ready> {
  const beganNs = clock.nowNs();
  const secure = socket instanceof tls.TLSSocket;
  return new Promise((done, fail) => {
    let connectNs = -1;
    const failed = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      socket.destroy();
      fail(new OpenFailure(connectFailure(error, connectNs >= 0)));
    };
    const failing = (code: string) => (): void => failed(Object.assign(new Error(code), { code }));
    const hungUp = failing('ECONNRESET');
    const timer = setTimeout(failing('ETIMEDOUT'), patienceNs / NS_PER_MS);
    socket.once('error', failed).once('end', hungUp);
    socket.once('connect', () => (connectNs = clock.nowNs() - beganNs));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.off('error', failed).off('end', hungUp);
      done({ connectNs, resumed: secure && socket.isSessionReused() }); // a socket that is gone has forgotten it
    });
  });
}

/** An option of `tls.connect` that its types do not know. */
const HALF_OPEN: object = { allowHalfOpen: true };
