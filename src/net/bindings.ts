/** Node's own handles to TCP and TLS, which `net` and `tls` are built upon: the same system calls, without the machinery of streams. */

import process from 'node:process';

/** One TCP socket of libuv. Calls that return a number return 0, or the negated error number of the system. */
export interface TcpHandle {
  onread: () => void;
  useUserBuffer(buffer: Uint8Array): void;
  setNoDelay(on: boolean): number;
  bind(address: string, port: number): number;
  bind6(address: string, port: number, flags: number): number;
  connect(request: ConnectRequest, address: string, port: number): number;
  connect6(request: ConnectRequest, address: string, port: number): number;
  readStart(): number;
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  getsockname(into: { address?: string; port?: number }): number;
  /** @param closed called in a later turn of the loop */
  close(closed?: () => void): void;
  /** Closes by an RST. */
  reset(closed?: () => void): number;
  /** Since it was opened. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** A TLS client upon a TCP handle. */
export interface TlsHandle extends Pick<TcpHandle, 'onread' | 'useUserBuffer' | 'readStart' | 'writeBuffer'> {
  onerror: (error: NodeJS.ErrnoException) => void;
  onhandshakestart: () => void;
  onhandshakedone: () => void;
  onnewsession: (id: Buffer, session: Buffer) => void;
  enableSessionCallbacks(): void;
  setSession(session: Buffer): void;
  setServername(name: string): void;
  setALPNProtocols(protocols: Uint8Array): void;
  start(): void;
  /** The error of the certificate chain, if there is one. */
  verifyError(): NodeJS.ErrnoException | null | undefined;
  isSessionReused(): boolean;
  getProtocol(): string | null;
  getCipher(): { readonly name: string };
  /** The certificate of the peer, as DER in `raw` and more. */
  getPeerCertificate(detailed: boolean): { readonly raw?: Buffer } | undefined;
  /** Frees what belongs to OpenSSL, without waiting for the garbage collector. */
  destroySSL(): void;
}

/** Can be used again when it is over. */
export interface ConnectRequest {
  oncomplete: ((status: number, tcp: TcpHandle, request: ConnectRequest) => void) | null;
}

/** Can be used again when it is over. */
export interface WriteRequest {
  /** −1 before it is begun, and when it is over. */
  getAsyncId(): number;
  oncomplete: ((status: number) => void) | null;
}

export interface Bindings {
  newTcp(): TcpHandle;
  readonly ConnectRequest: new () => ConnectRequest;
  readonly WriteRequest: new () => WriteRequest;
  wrapTls(tcp: TcpHandle, context: unknown): TlsHandle;
  /** How many bytes the read was that `onread` tells of; below 0: the negated error number. */
  readBytes(): number;
  /** Whether the bytes of the last write are still on their way. */
  writeIsPending(): boolean;
}

/**
 * The bindings of this Node, or null where it has none: then sockets are made by `net` and `tls`. `process.binding` is an old interface (DEP0111) that Node keeps
 * for programs like this one; it has been the same, for what is used here, from Node 12 to Node 26. The tests carry out every contract with it and without it.
 */
export const bindings: Bindings | null = bindingsOf(process as unknown as BindingProcess);

/** @param node lets one binding after the other be asked for; throws for those that it does not have */
export function bindingsOf(node: BindingProcess): Bindings | null {
  const tcp = bindingOf<TcpBinding>(node, 'tcp_wrap', ['TCP', 'TCPConnectWrap', 'constants']);
  const stream = bindingOf<StreamBinding>(node, 'stream_wrap', ['WriteWrap', 'streamBaseState', 'kReadBytesOrError', 'kLastWriteWasAsync']);
  const tls = bindingOf<TlsBinding>(node, 'tls_wrap', ['wrap']);
  if (tcp === null || stream === null || tls === null) return null;
  const { TCP, TCPConnectWrap, constants: { SOCKET } } = tcp;
  const { WriteWrap, streamBaseState, kReadBytesOrError, kLastWriteWasAsync } = stream;
  if (!['useUserBuffer', 'setNoDelay', 'bind', 'bind6', 'connect', 'connect6', 'readStart', 'writeBuffer', 'getsockname', 'close', 'reset', 'bytesRead', 'bytesWritten'].every((name) => name in TCP.prototype)) return null;
  if (!('getAsyncId' in WriteWrap.prototype)) return null;
  return {
    newTcp: () => new TCP(SOCKET),
    ConnectRequest: TCPConnectWrap,
    WriteRequest: WriteWrap,
    wrapTls: (handle, context) => tls.wrap(handle, context, false, false),
    readBytes: () => streamBaseState[kReadBytesOrError]!,
    writeIsPending: () => streamBaseState[kLastWriteWasAsync] !== 0,
  };
}

function bindingOf<B>(node: BindingProcess, name: string, needed: readonly string[]): B | null {
  let binding: object | undefined;
  try {
    binding = node.binding?.(name);
  } catch {
    return null;
  }
  return binding !== undefined && needed.every((key) => key in binding) ? (binding as B) : null;
}

export interface BindingProcess {
  binding?(name: string): object;
}

interface TcpBinding {
  readonly TCP: { new (kind: number): TcpHandle; readonly prototype: object };
  readonly TCPConnectWrap: new () => ConnectRequest;
  readonly constants: { readonly SOCKET: number };
}

interface StreamBinding {
  readonly WriteWrap: { new (): WriteRequest; readonly prototype: object };
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
}

interface TlsBinding {
  wrap(handle: TcpHandle, context: unknown, isServer: boolean, hasActiveWrite: boolean): TlsHandle;
}
