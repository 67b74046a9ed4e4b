/** The parser of sameconn's own client: only what decides framing, status and reuse is understood, everything else is skipped where it lies. */
import { ChunkReader, type ChunkError } from './chunks.js';
import { HeadReader, type HeadError, type ReadBuffer } from './head.js';

/** The answer of `push` and `eof`: what the bytes so far amount to. */
export const NEED_MORE = 0;
/**
 * The response is complete; bytes from `consumed` on are unsolicited, as this client never pipelines.
 * Line ends behind a response are discarded, also when they come alone later (RFC 9112 §9.2).
 */
export const COMPLETE = 1;
/** 101: the bytes from `consumed` on belong to another protocol, and the connection is lost to HTTP. */
export const UPGRADED = 2;
/** The bytes are no HTTP/1 response, `error` says why; the connection cannot be used again. */
export const ERROR = 3;
/** The peer ended the stream in the middle of a response. */
export const TRUNCATED = 4;
/** The peer ended the stream, and not one byte of a response had come. */
export const NOTHING = 5;
/** Bytes came while no response was expected (RFC 9112 §9.2). */
export const UNSOLICITED = 6;
export type ParserCode = typeof NEED_MORE | typeof COMPLETE | typeof UPGRADED | typeof ERROR | typeof TRUNCATED | typeof NOTHING | typeof UNSOLICITED;

/**
 * Reads HTTP/1.0 and HTTP/1.1 responses of one connection as their bytes arrive, and finds where each ends and whether the connection may be used again
 * (RFC 9112 §6.3, §9.3). It gives the same answers wherever the stream is cut, allocates nothing for a response like the one before, and keeps no bytes but the last
 * short head.
 */
export class ResponseParser {
  /** Offset in the buffer last pushed behind the last byte that was read. */
  consumed = 0;
  /** Bytes of all heads of the exchange, interim responses and trailers included. */
  headBytes = 0;
  /** Interim responses (1xx) before the final one. */
  interim = 0;
  /** The head of the final response is complete. */
  headersDone = false;
  /** How the response itself announced the end of the connection. `http10` covers HTTP/1.0 with a Transfer-Encoding, which is faulty framing (RFC 9112 §6.1). */
  closeReason: CloseReason = '';
  /** Why the response was refused, in a few words, or ''. */
  error: ParserError | '' = '';

  private readonly head: HeadReader;
  private readonly chunks = new ChunkReader();
  private phase = Phase.Idle;
  private isHead = false;
  private left = 0;
  private plainBytes = 0;

  /** @param shared the buffer that most responses will lie in */
  constructor(shared?: ReadBuffer) {
    this.head = new HeadReader(shared);
  }

  /** Makes ready for a new connection: nothing is expected yet. */
  reset(): void {
    this.expect(false);
    this.phase = Phase.Idle;
  }

  /** Begins a response; `isHead` says that it answers a HEAD request, so that no body follows its head. */
  expect(isHead: boolean): void {
    this.head.begin();
    this.phase = Phase.Head;
    this.isHead = isHead;
    this.headersDone = false;
    this.consumed = this.headBytes = this.interim = this.left = this.plainBytes = 0;
    this.closeReason = '';
    this.error = '';
    this.chunks.bodyBytes = 0;
  }

  /** Reads `buffer` from `start` to `end`; the buffer may be used for something else afterwards. */
  push(buffer: Uint8Array, start: number, end: number): ParserCode {
    let i = start;
    for (;;) {
      switch (this.phase) {
        case Phase.Head:
        case Phase.Trailers: {
          const stop = this.head.read(buffer, i, end);
          this.headBytes += stop - i;
          i = stop;
          if (this.head.error !== '') return this.fail(this.head.error, i);
          if (!this.head.done) return this.stop(NEED_MORE, i);
          this.phase = this.phase === Phase.Head ? this.phaseAfterHead() : Phase.Sized; // behind the trailers nothing is left
          break;
        }
        case Phase.Sized: {
          const taken = Math.min(this.left, end - i);
          i += taken;
          this.plainBytes += taken;
          this.left -= taken;
          if (this.left > 0) return this.stop(NEED_MORE, i);
          this.phase = Phase.Done;
          return this.stop(COMPLETE, skipLineEnds(buffer, i, end));
        }
        case Phase.Chunked:
          i = this.chunks.read(buffer, i, end);
          if (this.chunks.error !== '') return this.fail(this.chunks.error, i);
          if (!this.chunks.done) return this.stop(NEED_MORE, i);
          this.head.beginTrailers();
          this.phase = Phase.Trailers;
          break;
        case Phase.UntilEof:
          this.plainBytes += end - i;
          return this.stop(NEED_MORE, end);
        case Phase.Upgraded:
          return this.stop(UPGRADED, i);
        case Phase.Failed:
          return this.stop(ERROR, i);
        case Phase.Idle:
        case Phase.Done:
          i = skipLineEnds(buffer, i, end);
          return this.stop(i < end ? UNSOLICITED : COMPLETE, i);
        default:
          return this.phase satisfies never;
      }
    }
  }

  /** The peer has ended its side of the stream. */
  eof(): ParserCode {
    switch (this.phase) {
      case Phase.UntilEof:
        this.phase = Phase.Done;
        return COMPLETE;
      case Phase.Done:
        return COMPLETE;
      case Phase.Upgraded:
        return UPGRADED;
      case Phase.Failed:
        return ERROR;
      default:
        return this.started ? TRUNCATED : NOTHING;
    }
  }

  /** Status of the final response, 0 before its head is complete. Outside 100 to 599 it is invalid and counts as a 5xx (RFC 9110 §15). */
  get status(): number {
    return this.headersDone ? this.head.status : 0;
  }

  /** The response is complete and the connection may carry another request (RFC 9112 §9.3). */
  get keepAlive(): boolean {
    return this.phase === Phase.Done && this.closeReason === '';
  }

  /** Bytes of content, without the sizes and line ends of chunks. */
  get bodyBytes(): number {
    return this.plainBytes + this.chunks.bodyBytes;
  }

  /** A byte of a response has come; empty lines before it do not count. */
  get started(): boolean {
    return this.head.started || this.interim > 0;
  }

  /** The server's `Keep-Alive: timeout`, in seconds, or -1. */
  get hintTimeoutSeconds(): number {
    return this.headersDone ? this.head.fields.hintTimeoutSeconds : -1;
  }

  /** The server's `Keep-Alive: max`, or -1. */
  get hintMax(): number {
    return this.headersDone ? this.head.fields.hintMax : -1;
  }

  /** How long the body is, in the order of RFC 9112 §6.3. */
  private phaseAfterHead(): Phase {
    const { status, minor, fields } = this.head;
    if (fields.encoded && fields.length >= 0) return this.refuse('Transfer-Encoding and Content-Length');
    if (status >= 100 && status < 200 && status !== 101) {
      if (++this.interim > MAX_INTERIM) return this.refuse('too many interim responses');
      this.head.begin();
      return Phase.Head;
    }
    this.headersDone = true;
    if (status === 101) return Phase.Upgraded;
    this.closeReason = fields.saysClose ? 'close-token' : minor === 0 && (fields.encoded || !fields.saysKeepAlive) ? 'http10' : '';
    if (this.isHead || status === 204 || status === 304) return Phase.Sized; // no body, whatever the fields say
    if (fields.chunked) {
      this.chunks.begin();
      return Phase.Chunked;
    }
    if (fields.length >= 0) {
      this.left = fields.length;
      return Phase.Sized;
    }
    if (this.closeReason === '') this.closeReason = 'eof-delimited';
    return Phase.UntilEof;
  }

  private refuse(error: ParserError): Phase {
    this.error = error;
    return Phase.Failed;
  }

  private fail(error: ParserError, stop: number): ParserCode {
    this.phase = this.refuse(error);
    return this.stop(ERROR, stop);
  }

  private stop(code: ParserCode, consumed: number): ParserCode {
    this.consumed = consumed;
    return code;
  }
}

/** How a response announces that its connection ends; '' when it does not. */
export type CloseReason = '' | 'close-token' | 'http10' | 'eof-delimited';

/** Why a response is refused, in a few words. */
export type ParserError = HeadError | ChunkError | 'Transfer-Encoding and Content-Length' | 'too many interim responses';

/** Most 1xx responses before a final one. */
export const MAX_INTERIM = 32;

const LF = 10;
const CR = 13;

const enum Phase {
  Idle,
  Head,
  Sized,
  Chunked,
  Trailers,
  UntilEof,
  Done,
  Upgraded,
  Failed,
}

function skipLineEnds(buffer: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && (buffer[i] === LF || buffer[i] === CR)) i++;
  return i;
}
