/** Where connections go and what goes over them. Plain data, so it can travel to a thread. */
import type { Ns } from '../define.js';

/** A literal address, resolved once for the whole run. */
export interface Endpoint {
  readonly secure: boolean;
  /** A literal IP address, or '' with a unix socket. */
  readonly address: string;
  readonly family: 0 | 4 | 6;
  readonly port: number;
  /** Path of a unix socket, or ''. */
  readonly socketPath: string;
  /** The value of the Host header: name and, unless it is the scheme's own, port. */
  readonly authority: string;
  /** Name for SNI and the certificate check; '' when the host is an address. */
  readonly servername: string;
  readonly tls: TlsSettings;
  /** Source addresses, given to connections in turn; empty: the system chooses. */
  readonly localAddress: readonly string[];
}

export interface RequestSpec {
  readonly name: string;
  readonly method: string;
  /** Path and query, beginning with `/`. */
  readonly path: string;
  /** In the order given; names as written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | FileBody | null;
  /** Share of this request among all, relative to the other weights. */
  readonly weight: number;
}

/** A body that stays on disk, as it was when the run was planned. */
export interface FileBody {
  readonly path: string;
  /** In bytes. */
  readonly length: number;
  /** When it was last changed, in ms since 1970. */
  readonly modifiedMs: number;
}

export interface TlsSettings {
  /** PEM text, or '' for the system's authorities. */
  readonly ca: string;
  readonly insecure: boolean;
  /** Name for SNI and for checking the certificate; '' for the URL's host. */
  readonly servername: string;
  /** Client certificate and key as PEM text, or ''. */
  readonly cert: string;
  readonly key: string;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** OpenSSL names, or '' for Node's defaults. */
  readonly ciphers: string;
  readonly ecdhCurve: string;
}

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

export interface Timeouts {
  /** TCP and TLS handshake together. */
  readonly connectNs: Ns;
  /** From the dispatch of a request to its last byte, waiting for a connection included. */
  readonly responseNs: Ns;
  /** How long an announced close may take before we close ourselves. */
  readonly closeNs: Ns;
}
