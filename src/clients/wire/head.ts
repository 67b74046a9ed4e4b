import { FramingFields, type FieldError } from './fields.js';

/** A buffer to read into, and its memory again in words of 4 bytes. */
export interface ReadBuffer {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** @param size in bytes, a multiple of 4 */
export function readBuffer(size: number): ReadBuffer {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, words: new Int32Array(bytes.buffer) };
}

/**
 * Reads the head of a response: its status line, and of its fields those that decide framing and reuse. Everything else is skipped where it lies: values of other
 * fields are not looked at, so a control byte there, which RFC 9110 §5.5 forbids to process or forward, is neither.
 */
export class HeadReader {
  status = 0;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  minor = 1;
  readonly fields = new FramingFields();
  /** Bytes of this head so far. */
  bytes = 0;
  /** A byte of the status line has come. */
  started = false;
  done = false;
  error: HeadError | '' = '';

  private state = State.BeforeStatus;
  /** Where a folded line goes on: in a value that matters, in one that does not, or nowhere when there is no field yet. */
  private valueState = State.BeforeStatus;
  private at = 0;
  private trailers = false;

  /** The head last read in one piece: a server sends the same one again and again, until its Date moves on. */
  private known = NO_BYTES;
  private knownBytes = 0;
  private knownWords = NO_WORDS;
  private tries = TRIES;
  private fresh = true;

  /** @param shared the buffer that most heads will lie in, at its beginning, as bytes and as words */
  constructor(private readonly shared: ReadBuffer = NO_BUFFER) {}

  /** Makes ready for the head of another response. What the last one said stays until bytes of the next come. */
  begin(): void {
    this.bytes = 0;
    this.started = this.done = false;
    this.error = '';
    this.fresh = true;
  }

  /** Reads trailer fields next; none of them can change what the head said (RFC 9110 §6.5.1). */
  beginTrailers(): void {
    this.bytes = 0;
    this.done = false;
    this.state = State.LineStart;
    this.valueState = State.BeforeStatus;
    this.trailers = true;
  }

  /** Reads on from `start`; returns the offset where it stopped: at `end`, behind the blank line (`done`) or at the offending byte (`error`). */
  read(buffer: Uint8Array, start: number, end: number): number {
    const first = this.fresh;
    if (first) {
      this.fresh = false;
      if (this.repeats(buffer, start, end)) return start + this.knownBytes;
      this.clear();
    }
    const stop = this.scan(buffer, start, Math.min(end, start + MAX_HEAD_BYTES - this.bytes));
    this.bytes += stop - start;
    if (this.done) {
      if (first) this.remember(buffer, start, stop);
    } else if (this.bytes === MAX_HEAD_BYTES && this.error === '') return this.fail('head too large', stop);
    return stop;
  }

  private scan(buffer: Uint8Array, start: number, end: number): number {
    let i = start;
    let state = this.state;
    while (i < end) {
      let c = buffer[i] as number;
      switch (state) {
        case State.BeforeStatus: // empty lines left over from the response before may be discarded (RFC 9112 §2.2, §9.2)
          if (c === CR || c === LF) i++;
          else {
            this.started = true;
            state = State.Status;
          }
          break;

        case State.Status: {
          const error = this.statusByte(c);
          if (error !== '') return this.fail(error, i);
          i++;
          if (this.at > STATUS_END) state = c === CR ? State.LineLf : c === LF ? State.LineStart : State.Reason;
          break;
        }

        case State.Reason: // "a client SHOULD ignore the reason-phrase content" (RFC 9112 §4)
          while (c !== CR && c !== LF && ++i < end) c = buffer[i] as number;
          if (i < end) {
            i++;
            state = c === CR ? State.LineLf : State.LineStart;
          }
          break;

        case State.LineLf:
          if (c !== LF) return this.fail('bare CR', i); // RFC 9112 §2.2
          i++;
          state = State.LineStart;
          break;

        case State.LineStart:
          if (c === SP || c === TAB) {
            // obs-fold counts as spaces in the value before it, and before the first field there is none (RFC 9112 §5.2, §2.2)
            if (this.valueState === State.BeforeStatus) return this.fail('whitespace before fields', i);
            state = this.valueState;
            break;
          }
          if (this.valueState === State.Value) {
            const error = this.fields.endValue();
            if (error !== '') return this.fail(error, i);
          }
          i++;
          if (c === CR) {
            state = State.BlankLf;
          } else if (c === LF) {
            return this.finish(i);
          } else {
            if (TOKEN[c] === 0) return this.fail('bad field name', i - 1);
            state = this.fields.beginName(c) && !this.trailers ? State.KnownName : State.Name;
          }
          break;

        case State.BlankLf:
          if (c !== LF) return this.fail('bare CR', i);
          return this.finish(i + 1);

        case State.KnownName:
          i = this.fields.readName(buffer, i, end);
          if (this.fields.named) {
            this.fields.beginValue();
            state = this.valueState = State.Value;
          } else if (i < end) state = State.Name;
          break;

        case State.Name:
          while (TOKEN[c] !== 0 && ++i < end) c = buffer[i] as number;
          if (i === end) break;
          if (c !== COLON) return this.fail('bad field name', i); // a space before the colon included (RFC 9112 §5.1)
          i++;
          state = this.valueState = State.Skip;
          break;

        case State.Skip: {
          const lineEnd = buffer.indexOf(LF, i);
          if (lineEnd < 0 || lineEnd >= end) i = end;
          else {
            i = lineEnd + 1;
            state = State.LineStart;
          }
          break;
        }

        case State.Value:
          if (c >= SP || c === TAB) {
            const error = this.fields.valueByte(c);
            if (error !== '') return this.fail(error, i);
          } else if (c === CR) state = State.LineLf;
          else if (c === LF) state = State.LineStart;
          else return this.fail('control byte in a field', i);
          i++;
          break;
      }
    }
    this.state = state;
    return i;
  }

  /** `HTTP/1.1 200` and the byte behind it. */
  private statusByte(c: number): HeadError | '' {
    const at = this.at++;
    if (at < MINOR_AT) return c === VERSION.charCodeAt(at) ? '' : at < 5 ? 'not HTTP' : 'bad version';
    if (at === MINOR_AT) {
      this.minor = c - ZERO;
      return c === ZERO || c === ONE ? '' : 'bad version';
    }
    if (at < STATUS_AT) return c === SP ? '' : 'bad version';
    if (at === STATUS_END) return c === SP || c === CR || c === LF ? '' : 'bad status';
    this.status = this.status * 10 + c - ZERO;
    return c >= ZERO && c <= NINE ? '' : 'bad status';
  }

  /** The same bytes say the same: comparing them costs a tenth of reading them. */
  private repeats(buffer: Uint8Array, start: number, end: number): boolean {
    const size = this.knownBytes;
    if (size === 0 || end - start < size) return false;
    if (!this.isKnown(buffer, start, size)) {
      this.tries--;
      return false;
    }
    this.tries = TRIES;
    this.bytes = size;
    return (this.started = this.done = true);
  }

  private isKnown(buffer: Uint8Array, start: number, size: number): boolean {
    const { known, knownWords } = this;
    if (buffer !== this.shared.bytes || start > 0) return known.compare(buffer, start, start + size, 0, size) === 0;
    const sourceWords = this.shared.words; // to call the library for so few bytes costs more than to compare them
    const words = size >> 2;
    for (let at = 0; at < words; at++) if (knownWords[at] !== sourceWords[at]) return false;
    for (let at = words << 2; at < size; at++) if (known[at] !== buffer[at]) return false;
    return true;
  }

  private remember(buffer: Uint8Array, start: number, stop: number): void {
    const size = stop - start;
    if (size > MAX_KNOWN_BYTES) return;
    if (this.tries <= 0 && --this.tries > -REST) return; // every head differs: look again after a rest
    if (this.tries < 0) this.tries = 1;
    if (this.known.length < size) {
      this.known = Buffer.allocUnsafeSlow((size + 3) & ~3);
      this.knownWords = new Int32Array(this.known.buffer);
    }
    this.known.set(buffer.subarray(start, stop));
    this.knownBytes = size;
  }

  private clear(): void {
    this.knownBytes = 0;
    this.status = 0;
    this.minor = 1;
    this.fields.clear();
    this.state = this.valueState = State.BeforeStatus;
    this.at = 0;
    this.trailers = false;
  }

  private finish(stop: number): number {
    this.done = true;
    return stop;
  }

  private fail(error: HeadError, stop: number): number {
    this.error = error;
    return stop;
  }
}

/** Why a head is refused, in a few words. */
export type HeadError =
  | FieldError
  | 'not HTTP'
  | 'bad version'
  | 'bad status'
  | 'whitespace before fields'
  | 'bad field name'
  | 'control byte in a field'
  | 'bare CR'
  | 'head too large';

/** Most bytes of one head, and of one trailer section. */
export const MAX_HEAD_BYTES = 65_536;

/** Longest head that is remembered, and how many that differ in a row end the remembering for REST heads. */
const MAX_KNOWN_BYTES = 1024;
const TRIES = 8;
const REST = 256;
const NO_BYTES = Buffer.alloc(0);
const NO_WORDS = new Int32Array(0);
const NO_BUFFER: ReadBuffer = { bytes: NO_BYTES, words: NO_WORDS };

const enum State {
  BeforeStatus,
  Status,
  Reason,
  LineLf,
  LineStart,
  BlankLf,
  KnownName,
  Name,
  Skip,
  Value,
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SP = 32;
const ZERO = 48;
const ONE = 49;
const NINE = 57;
const COLON = 58;

/** Places in a status line, up to the byte behind the status. */
const VERSION = 'HTTP/1.';
const MINOR_AT = 7;
const STATUS_AT = 9;
const STATUS_END = 12;

/** 1 for the bytes that a field name may hold (RFC 9110 §5.6.2). */
const TOKEN = Uint8Array.from({ length: 256 }, (_, c) => Number(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/.test(String.fromCharCode(c))));
