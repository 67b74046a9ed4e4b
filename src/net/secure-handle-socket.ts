import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import type { TcpHandle, TlsHandle } from './bindings.js';
import { PROTOCOLS, type ConnectionOwner } from './connector.js';
import type { SystemError } from './failures.js';
import { HandleSocket, type HandleContext } from './handle-socket.js';
import type { Connection } from './ledger.js';

/** What all TLS connections to one endpoint have in common. */
export interface SecureContext {
  readonly context: tls.SecureContext;
  /** For SNI, or ''. */
  readonly servername: string;
  /** The name that the certificate must be for; '' takes any certificate. */
  readonly verified: string;
  readonly keepSessions: boolean;
  /** The certificate that was accepted last, as DER: most servers show the same one each time. */
  accepted: Buffer | null;
}

/** A TLS connection on handles. The certificate is checked as `tls` checks it: the chain by OpenSSL, the name by `tls.checkServerIdentity`, in every full handshake. */
export class SecureHandleSocket extends HandleSocket {
  #ssl!: OwnedTls;
  /** Came before the certificate was checked. */
  #session: Buffer | null = null;

  constructor(
    context: HandleContext,
    connection: Connection,
    owner: ConnectionOwner,
    private readonly secure: SecureContext,
    /** What the server gave for resuming, from an earlier connection. */
    private readonly ticket: Buffer | undefined,
  ) {
    super(context, connection, owner);
  }

  /** What TLS needs is set up while the SYN travels: of a session that is offered again it takes 0.3 ms, which would otherwise count as the connection's. */
  override open(): this {
    super.open();
    this.wrap();
    return this;
  }

  private wrap(): void {
    const { context, secure, ticket } = this;
    const ssl = (this.#ssl = context.bindings.wrapTls(this.tcp, secure.context.context) as OwnedTls);
    ssl.socket = this;
    ssl.onread = onRead;
    ssl.onerror = onError;
    ssl.onhandshakestart = onHandshakeStart;
    ssl.onhandshakedone = onHandshakeDone;
    ssl.useUserBuffer(context.buffer);
    ssl.setALPNProtocols(OFFERED);
    if (secure.servername !== '') ssl.setServername(secure.servername);
    if (ticket !== undefined) ssl.setSession(ticket);
    if (!secure.keepSessions) return;
    ssl.onnewsession = onNewSession;
    ssl.enableSessionCallbacks();
  }

  secured(): void {
    if (this.closing || this.connection.securedNs >= 0) return; // TLS 1.2 can shake hands again
    const error = this.secure.verified === '' ? undefined : untrusted(this.#ssl, this.secure);
    if (error !== undefined) return this.fail(error);
    const { ledger } = this.context;
    ledger.tlsFacts ??= { protocol: this.#ssl.getProtocol() ?? '', cipher: this.#ssl.getCipher().name };
    ledger.secured(this.connection, this.#ssl.isSessionReused());
    if (this.#session !== null) this.owner.session(this.#session);
    this.owner.ready(this.connection, this);
  }

  session(session: Buffer): void {
    if (this.connection.openedNs < 0) this.#session = session;
    else this.owner.session(session);
  }

  override closed(): void {
    this.#ssl.destroySSL();
    super.closed();
  }

  protected override get writer(): TlsHandle {
    return this.#ssl;
  }

  protected override listen(): void {
    this.tcp.setNoDelay(true); // the TCP handle is read by the TLS handle
  }

  /** What belongs to OpenSSL must not be freed in a call from it. */
  protected override shut(byReset: boolean): void {
    if (!byReset || this.tcp.reset(onClosed) !== 0) this.tcp.close(onClosed);
  }

  protected override stand(): void {
    this.#ssl.start();
    this.#ssl.readStart();
  }
}

type OwnedTls = TlsHandle & { socket: SecureHandleSocket };
type OwnedTcp = TcpHandle & { socket: SecureHandleSocket };

const OFFERED = offered(PROTOCOLS);

/** RFC 7301 §3.1: each name after its length. */
function offered(protocols: readonly string[]): Uint8Array {
  return Buffer.concat(protocols.map((protocol) => Buffer.from([protocol.length, ...Buffer.from(protocol)])));
}

/** Why the server's certificate is not accepted, if it is not. A resumed session was checked when it was made. */
function untrusted(ssl: TlsHandle, secure: SecureContext): SystemError | undefined {
  const broken = ssl.verifyError();
  if (broken) return broken;
  if (ssl.isSessionReused()) return undefined;
  const der = ssl.getPeerCertificate(false)?.raw;
  if (der === undefined) return { code: 'ERR_TLS_CERT_ALTNAME_INVALID' };
  if (secure.accepted?.equals(der)) return undefined;
  const refused = tls.checkServerIdentity(secure.verified, new X509Certificate(der).toLegacyObject() as tls.PeerCertificate);
  if (refused === undefined) secure.accepted = der;
  return refused as SystemError | undefined;
}

function onClosed(this: OwnedTcp): void {
  this.socket.closed();
}

function onRead(this: OwnedTls): void {
  this.socket.read();
}

function onError(this: OwnedTls, error: NodeJS.ErrnoException): void {
  this.socket.fail(error);
}

function onHandshakeStart(): void {}

function onHandshakeDone(this: OwnedTls): void {
  this.socket.secured();
}

function onNewSession(this: OwnedTls, _id: Buffer, session: Buffer): void {
  this.socket.session(session);
}
