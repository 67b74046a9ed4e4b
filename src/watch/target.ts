/** Where a watcher passes requests on to. */
import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

export interface Target {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** For the `Host` field. */
  readonly authority: string;
}

export interface TargetTrust {
  /** PEM of an authority to trust besides the usual ones. */
  readonly ca?: string;
  readonly insecure?: boolean;
}

export function targetOf(url: URL): Target {
  const secure = url.protocol === 'https:';
  return { secure, host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? (secure ? 443 : 80) : Number(url.port), authority: url.host };
}

/** A connection of its own; `connect` tells when it can carry bytes, `error` and `close` when it cannot. */
export function connectTo({ secure, host, port }: Target, { ca, insecure = false }: TargetTrust, onReady: () => void): Socket {
  if (!secure) return connectTcp({ host, port, noDelay: true, allowHalfOpen: true }, onReady);
  const options: ConnectionOptions & TcpNetConnectOpts = { host, port, noDelay: true, allowHalfOpen: true, rejectUnauthorized: !insecure, ALPNProtocols: ['http/1.1'] };
  if (isIP(host) === 0) options.servername = host;
  if (ca !== undefined) options.ca = ca;
  return connectTls(options, onReady);
}
