import { ChunkReader } from '../clients/wire/chunks.js';
import { readHead, type HeadFault, type RequestHead } from './head.js';

/** What a reader tells of the requests on one connection. Bytes handed over are only lent: they change after the call. */
export interface RequestListener {
  /** The first byte of a request is there. */
  requestBegan(): void;
  /** Its head is whole. @param bytes the head as it was sent, blank line included */
  requestHead(head: RequestHead, bytes: Buffer): void;
  /** Bytes of its body as they were sent, chunk sizes and trailers included. */
  requestBody(bytes: Buffer): void;
  requestEnded(): void;
  /** What came is no request; nothing more is read. */
  requestRefused(fault: RequestFault): void;
}

export type RequestFault = HeadFault | 'head too large' | 'bad chunk';

/** Most bytes of one head; a client that sends more is refused. */
export const MAX_HEAD_BYTES = 65_536;

/** Finds the requests in the bytes of one connection, wherever they are cut. Holds no more than one head. */
export class RequestReader {
  #phase = Phase.Between;
  /** The pieces of a head that came in several; it grows by doubling. */
  #head: Buffer | null = null;
  #headBytes = 0;
  #left = 0;
  /** Bytes of the line that is being read: a line of none ends a head. */
  #line = 0;
  readonly #chunks = new ChunkReader();

  constructor(private readonly listener: RequestListener) {}

  /** A request has begun and is not over. */
  get inRequest(): boolean {
    return this.#phase !== Phase.Between && this.#phase !== Phase.Refused;
  }

  /** Bytes of the head that is still incomplete. */
  get headBytes(): number {
    return this.#phase === Phase.Head ? this.#headBytes : 0;
  }

  push(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#phase) {
        case Phase.Between:
          while (at < bytes.length && (bytes[at] === CR || bytes[at] === LF)) at++; // empty lines before a request (RFC 9112 §2.2)
          if (at === bytes.length) return;
          this.#phase = Phase.Head;
          this.#headBytes = this.#line = 0;
          this.listener.requestBegan();
          break;
        case Phase.Head:
          at = this.#readHead(bytes, at);
          break;
        case Phase.Sized: {
          const end = Math.min(bytes.length, at + this.#left);
          this.#left -= end - at;
          this.listener.requestBody(bytes.subarray(at, end));
          at = end;
          if (this.#left === 0) this.#end();
          break;
        }
        case Phase.Chunked: {
          const end = this.#chunks.read(bytes, at, bytes.length);
          if (this.#chunks.error !== '') return this.#refuse('bad chunk');
          this.listener.requestBody(bytes.subarray(at, end));
          at = end;
          if (this.#chunks.done) {
            this.#phase = Phase.Trailers;
            this.#line = this.#headBytes = 0;
          }
          break;
        }
        case Phase.Trailers:
          at = this.#readTrailers(bytes, at);
          break;
        case Phase.Refused:
          return;
      }
    }
  }

  #readHead(bytes: Buffer, start: number): number {
    const end = this.#endOfHead(bytes, start);
    const piece = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (this.#headBytes + piece.length > MAX_HEAD_BYTES) {
      this.#refuse('head too large');
      return bytes.length;
    }
    const whole = end >= 0 && this.#headBytes === 0 ? piece : this.#keep(piece);
    if (end < 0) return bytes.length;
    this.#head = null;
    const head = readHead(whole.toString('latin1').trimEnd());
    if (typeof head === 'string') {
      this.#refuse(head);
      return bytes.length;
    }
    this.#begin(head, whole);
    return end;
  }

  #keep(piece: Buffer): Buffer {
    const needed = this.#headBytes + piece.length;
    if (this.#head === null || this.#head.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.min(MAX_HEAD_BYTES, Math.max(512, 2 * needed)));
      this.#head?.copy(larger, 0, 0, this.#headBytes);
      this.#head = larger;
    }
    piece.copy(this.#head, this.#headBytes);
    this.#headBytes = needed;
    return this.#head.subarray(0, needed);
  }

  /** Behind the blank line, or -1. An empty line ends a head; CR before LF is optional (RFC 9112 §2.2). */
  #endOfHead(bytes: Buffer, start: number): number {
    for (let i = start; i < bytes.length; i++) {
      const c = bytes[i];
      if (c === LF) {
        if (this.#line === 0) return i + 1;
        this.#line = 0;
      } else if (c !== CR) this.#line++;
    }
    return -1;
  }

  #begin(head: RequestHead, bytes: Buffer): void {
    this.#phase = head.body === 'chunked' ? Phase.Chunked : Phase.Sized;
    this.#left = head.body === 'chunked' ? 0 : head.body;
    this.#chunks.begin();
    this.listener.requestHead(head, bytes);
    if (this.#phase === Phase.Sized && this.#left === 0) this.#end();
  }

  #readTrailers(bytes: Buffer, start: number): number {
    const end = this.#endOfHead(bytes, start);
    const stop = end < 0 ? bytes.length : end;
    this.#headBytes += stop - start;
    if (this.#headBytes > MAX_HEAD_BYTES) {
      this.#refuse('head too large');
      return bytes.length;
    }
    this.listener.requestBody(bytes.subarray(start, stop));
    if (end >= 0) this.#end();
    return stop;
  }

  #end(): void {
    this.#phase = Phase.Between;
    this.listener.requestEnded();
  }

  #refuse(fault: RequestFault): void {
    this.#phase = Phase.Refused;
    this.#head = null;
    this.listener.requestRefused(fault);
  }
}

const CR = 13;
const LF = 10;

const enum Phase {
  Between,
  Head,
  Sized,
  Chunked,
  Trailers,
  Refused,
}
