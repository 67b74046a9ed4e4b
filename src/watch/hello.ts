/** The first flight of a TLS handshake, read from outside: who is asked for, and whether a session is offered and taken. RFC 8446 §4.1, RFC 5246 §7.4.1. */
import type { Hello } from './connection.js';

/** A client's hello with what is needed to read the server's. */
export interface ClientHello extends Hello {
  readonly sessionId: Buffer;
}

/** Reads a ClientHello from the first bytes of a connection: null while more bytes are needed, 'none' when this is no TLS. */
export function readClientHello(bytes: Buffer): ClientHello | null | 'none' {
  const message = handshakeMessage(bytes, CLIENT_HELLO);
  if (message === null || message === 'none') return message;
  return orNone(() => {
    const reader = new Reader(message);
    reader.skip(2 + 32); // version and random
    const sessionId = reader.vector(1);
    reader.vector(2); // cipher suites
    reader.vector(1); // compression
    const extensions = reader.extensions();
    const ticket = extensions.get(SESSION_TICKET);
    return {
      servername: servernameIn(extensions.get(SERVER_NAME)),
      protocols: protocolsIn(extensions.get(ALPN)),
      offersResumption: extensions.has(PRE_SHARED_KEY) || (ticket !== undefined && ticket.length > 0) || (sessionId.length > 0 && !extensions.has(SUPPORTED_VERSIONS)),
      sessionId,
    };
  });
}

/** Whether the server's first flight takes the session that the client offered: null while more bytes are needed, 'none' when this is no ServerHello. */
export function readAcceptance(bytes: Buffer, client: ClientHello): boolean | null | 'none' {
  const message = handshakeMessage(bytes, SERVER_HELLO);
  if (message === null || message === 'none') return message;
  return orNone(() => {
    const reader = new Reader(message);
    reader.skip(2 + 32);
    const sessionId = reader.vector(1);
    reader.skip(2 + 1); // cipher suite and compression
    const extensions = reader.left > 0 ? reader.extensions() : new Map<number, Buffer>();
    // TLS 1.3 always echoes the session id, and says by a key share of its own that it resumes; before, the echo itself says so.
    return extensions.has(SUPPORTED_VERSIONS) ? extensions.has(PRE_SHARED_KEY) : client.offersResumption && sessionId.length > 0 && sessionId.equals(client.sessionId);
  });
}

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const HANDSHAKE = 22;
const SERVER_NAME = 0;
const ALPN = 16;
const SESSION_TICKET = 35;
const PRE_SHARED_KEY = 41;
const SUPPORTED_VERSIONS = 43;
/** A hello longer than this, or in records that make it so, is not waited for. */
const MOST_BYTES = 16_384;

/** The body of the first handshake message, joined from the records that carry it. */
function handshakeMessage(bytes: Buffer, type: number): Buffer | null | 'none' {
  const parts: Buffer[] = [];
  let joined = 0;
  let needed = Infinity;
  for (let at = 0; joined < needed; ) {
    if (bytes.length > at && bytes[at] !== HANDSHAKE) return 'none';
    if (bytes.length > at + 1 && bytes[at + 1] !== 3) return 'none';
    if (at > 2 * MOST_BYTES) return 'none';
    if (bytes.length < at + 5) return null;
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (end === at + 5) return 'none'; // RFC 8446 §5.1 forbids empty ones, and they would never end
    const part = bytes.subarray(at + 5, end);
    parts.push(part);
    joined += part.length;
    if (needed === Infinity && joined >= 4) {
      const start = Buffer.concat(parts);
      if (start[0] !== type) return 'none';
      needed = 4 + start.readUIntBE(1, 3);
      if (needed > MOST_BYTES) return 'none';
    }
    if (joined < needed && bytes.length < end) return null;
    at = end;
  }
  return Buffer.concat(parts).subarray(4, needed);
}

/** Reads along a message; past its end it throws, which means that this is no hello. */
class Reader {
  #at = 0;
  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  skip(bytes: number): void {
    if (bytes > this.left) throw new RangeError('cut short');
    this.#at += bytes;
  }

  number(size: number): number {
    this.skip(size);
    return this.bytes.readUIntBE(this.#at - size, size);
  }

  /** Bytes behind their own length. */
  vector(sizeOfLength: number): Buffer {
    const length = this.number(sizeOfLength);
    this.skip(length);
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  extensions(): Map<number, Buffer> {
    const found = new Map<number, Buffer>();
    const reader = new Reader(this.vector(2));
    while (reader.left > 0) found.set(reader.number(2), reader.vector(2));
    return found;
  }
}

function servernameIn(extension: Buffer | undefined): string {
  if (extension === undefined || extension.length === 0) return '';
  const reader = new Reader(new Reader(extension).vector(2));
  reader.skip(1); // the only kind of name: a host name
  return reader.vector(2).toString('latin1');
}

function protocolsIn(extension: Buffer | undefined): string[] {
  if (extension === undefined) return [];
  const protocols: string[] = [];
  const reader = new Reader(new Reader(extension).vector(2));
  while (reader.left > 0) protocols.push(reader.vector(1).toString('latin1'));
  return protocols;
}

function orNone<T>(read: () => T): T | 'none' {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return 'none';
    throw error;
  }
}
