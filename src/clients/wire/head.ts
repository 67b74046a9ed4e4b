/** The head of a response and its trailers: a state machine that reads every byte once, keeps no copy, and can stop and go on between any two bytes. */

/** Why a head is refused, in a few words. */
export type HeadError =
  | 'not HTTP'
  | 'bad version'
  | 'bad status'
  | 'whitespace before fields'
  | 'bad field name'
  | 'control byte in a field'
  | 'bare CR'
  | 'bad Content-Length'
  | 'different Content-Lengths'
  | 'chunked with parameters'
  | 'head too large';

/** Most bytes of one head, and of one trailer section. */
export const MAX_HEAD_BYTES = 65_536;

/** Reads the head of a response: its status line, and of its fields the four that decide framing and reuse. Everything else is skipped where it lies. */
export class HeadReader {
  status = 0;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  minor = 1;
  /** Content-Length in bytes, or -1 when there is none. */
  length = -1;
  /** Transfer-Encoding is present; `chunked` tells whether its last coding is chunked. */
  encoded = false;
  chunked = false;
  saysClose = false;
  saysKeepAlive = false;
  /** The server's `Keep-Alive: timeout=…, max=…`, or -1. */
  hintTimeoutSeconds = -1;
  hintMax = -1;
  /** Bytes of this head so far. */
  bytes = 0;
  started = false;
  done = false;
  error: HeadError | '' = '';

  private state = State.BeforeStatus;
  private field = Field.None;
  private part = Part.Start;
  private at = 0;
  private value = 0;
  private trailers = false;

  /** The head last read in one piece: a server sends the same one again and again, until its Date moves on. */
  private known = NO_BYTES;
  private knownBytes = 0;
  private tries = TRIES;
  private fresh = true;

  /** Makes ready for the head of another response. What the last one said stays until the first byte comes. */
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
    this.field = Field.None;
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

  /** The same bytes mean the same: comparing them costs a fifth of reading them. */
  private repeats(buffer: Uint8Array, start: number, end: number): boolean {
    const size = this.knownBytes;
    if (size === 0 || end - start < size) return false;
    if (this.known.compare(buffer, start, start + size, 0, size) !== 0) {
      this.tries--;
      return false;
    }
    this.tries = TRIES;
    this.bytes = size;
    return (this.started = this.done = true);
  }

  private remember(buffer: Uint8Array, start: number, stop: number): void {
    const size = stop - start;
    if (size > MAX_KNOWN_BYTES) return;
    if (this.tries <= 0 && --this.tries > -REST) return; // every head differs: look again after a rest
    if (this.tries < 0) this.tries = 1;
    if (this.known.length < size) this.known = Buffer.allocUnsafeSlow(size);
    this.known.set(buffer.subarray(start, stop));
    this.knownBytes = size;
  }

  private clear(): void {
    this.knownBytes = 0;
    this.status = 0;
    this.minor = 1;
    this.length = -1;
    this.encoded = this.chunked = this.saysClose = this.saysKeepAlive = false;
    this.hintTimeoutSeconds = this.hintMax = -1;
    this.state = State.BeforeStatus;
    this.field = Field.None;
    this.at = 0;
    this.trailers = false;
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
          if (this.at > STATUS_LENGTH) state = c === CR ? State.StatusLf : c === LF ? State.LineStart : State.Reason;
          break;
        }

        case State.Reason: // "a client SHOULD ignore the reason-phrase content" (RFC 9112 §4)
          while (c !== CR && c !== LF && ++i < end) c = buffer[i] as number;
          if (i < end) {
            i++;
            state = c === CR ? State.StatusLf : State.LineStart;
          }
          break;

        case State.StatusLf:
        case State.LineLf: // a bare CR makes the element invalid (RFC 9112 §2.2)
          if (c !== LF) return this.fail('bare CR', i);
          i++;
          state = State.LineStart;
          break;

        case State.LineStart:
          if (c === SP || c === TAB) {
            // obs-fold continues the value; before the first field there is none to continue (RFC 9112 §5.2, §2.2)
            if (this.field === Field.None) return this.fail('whitespace before fields', i);
            state = this.valueState();
            break;
          }
          if (this.field > Field.Other) {
            const error = this.finishValue();
            if (error !== '') return this.fail(error, i);
          }
          if (c === CR) {
            i++;
            state = State.BlankLf;
          } else if (c === LF) {
            return this.finish(i + 1);
          } else {
            if (TOKEN[c] === 0) return this.fail('bad field name', i);
            this.at = firstOf(FOLD[c] as number);
            state = this.at === 0 || this.trailers ? State.Name : State.KnownName;
            i++;
          }
          break;

        case State.BlankLf:
          if (c !== LF) return this.fail('bare CR', i);
          return this.finish(i + 1);

        case State.KnownName: {
          let at = this.at;
          while (i < end && FOLD[buffer[i] as number] === WORDS[at]) i++, at++;
          if (at === CONNECTION + 3 && i < end && FOLD[buffer[i] as number] === LETTER_T) at = CONTENT_LENGTH + 3; // con|nection, con|tent-length
          else if (WORDS[at] === END) {
            this.field = at === CONNECTION_END ? Field.Connection : at === CONTENT_LENGTH_END ? Field.Length : at === ENCODING_END ? Field.Encoding : Field.Hint;
            if (this.field === Field.Encoding) this.encoded = true;
            this.part = Part.Start;
            state = this.valueState();
          } else if (i < end) state = State.Name;
          this.at = at;
          break;
        }

        case State.Name:
          while (TOKEN[c] !== 0 && ++i < end) c = buffer[i] as number;
          if (i === end) break;
          if (c !== COLON) return this.fail('bad field name', i); // a space before the colon too (RFC 9112 §5.1)
          i++;
          this.field = Field.Other;
          state = State.Skip;
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

        case State.Value: {
          if (c >= SP || c === TAB) {
            const error = this.field === Field.Length ? this.lengthByte(c) : this.listByte(c);
            if (error !== '') return this.fail(error, i);
          } else if (c === CR) state = State.LineLf;
          else if (c === LF) state = State.LineStart;
          else return this.fail('control byte in a field', i);
          i++;
          break;
        }
      }
    }
    this.state = state;
    return i;
  }

  private valueState(): State {
    return this.field === Field.Other ? State.Skip : State.Value;
  }

  private statusByte(c: number): HeadError | '' {
    const at = this.at++;
    if (at < VERSION.length) return c === VERSION[at] ? '' : at < 5 ? 'not HTTP' : 'bad version';
    if (at === VERSION.length) {
      this.minor = c - ZERO;
      return this.minor === 0 || this.minor === 1 ? '' : 'bad version';
    }
    if (at === VERSION.length + 1) return c === SP ? '' : 'bad version';
    if (at === STATUS_LENGTH) return c === SP || c === CR || c === LF ? '' : 'bad status';
    this.status = this.status * 10 + c - ZERO;
    return c >= ZERO && c <= NINE ? '' : 'bad status';
  }

  /** Content-Length: digits; a list of equal values is taken for that value (RFC 9110 §8.6, RFC 9112 §6.3). */
  private lengthByte(c: number): HeadError | '' {
    if (c === SP || c === TAB) {
      if (this.part === Part.Word) this.part = Part.After;
      return '';
    }
    if (c === COMMA) return this.finishLength();
    if (c < ZERO || c > NINE || this.part === Part.After) return 'bad Content-Length';
    this.value = this.part === Part.Start ? c - ZERO : this.value * 10 + c - ZERO;
    this.part = Part.Word;
    return this.value > Number.MAX_SAFE_INTEGER ? 'bad Content-Length' : '';
  }

  private finishLength(): HeadError | '' {
    if (this.part === Part.Start) return 'bad Content-Length';
    if (this.length >= 0 && this.length !== this.value) return 'different Content-Lengths';
    this.length = this.value;
    this.part = Part.Start;
    return '';
  }

  /** Connection, Transfer-Encoding, Keep-Alive: lists in which a few words matter (RFC 9110 §5.6.1). */
  private listByte(c: number): HeadError | '' {
    if (c === COMMA) {
      this.finishElement();
    } else if (c === SP || c === TAB) {
      if (this.part === Part.Word) this.part = Part.After;
    } else if (this.part === Part.Start) {
      this.at = firstIn(this.field, FOLD[c] as number);
      this.part = this.at === 0 ? Part.Rest : Part.Word;
      this.value = -1;
    } else if (this.part === Part.Word && FOLD[c] === WORDS[this.at]) {
      this.at++;
    } else if (this.part === Part.Word && this.field === Field.Hint && WORDS[this.at] === END && c >= ZERO && c <= NINE) {
      this.value = Math.min(Math.max(this.value, 0) * 10 + c - ZERO, MAX_HINT);
    } else {
      if (c === SEMICOLON && this.at === CHUNKED_END) return 'chunked with parameters'; // "their presence SHOULD be treated as an error" (RFC 9112 §7.1)
      this.part = Part.Rest;
      this.at = 0;
    }
    return '';
  }

  private finishElement(): void {
    if (this.part === Part.Start) return; // an empty element
    this.part = Part.Start;
    if (this.field === Field.Encoding) this.chunked = this.at === CHUNKED_END;
    else if (this.at === CLOSE_END) this.saysClose = true;
    else if (this.at === KEPT_END) this.saysKeepAlive = true;
    else if (this.at === TIMEOUT_END && this.value >= 0) this.hintTimeoutSeconds = this.value;
    else if (this.at === MAX_END && this.value >= 0) this.hintMax = this.value;
    this.at = 0;
  }

  /** A value ends where a line begins that does not continue it. */
  private finishValue(): HeadError | '' {
    if (this.field === Field.Length) return this.finishLength();
    this.finishElement();
    return '';
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

// ---------------------------------------------------------------------------------------------- states and words

const enum State {
  BeforeStatus,
  Status,
  Reason,
  StatusLf,
  LineStart,
  LineLf,
  BlankLf,
  KnownName,
  Name,
  Skip,
  Value,
}

/** Whose value is being read. */
const enum Field {
  None,
  Other,
  Length,
  Encoding,
  Connection,
  Hint,
}

/** How far an element of a list is. */
const enum Part {
  Start,
  Word,
  After,
  Rest,
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SP = 32;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const SEMICOLON = 59;
const LETTER_C = 99;
const LETTER_K = 107;
const LETTER_M = 109;
const LETTER_T = 116;

/** Longest head that is remembered, and how many that differ in a row end the remembering for REST heads. */
const MAX_KNOWN_BYTES = 1024;
const TRIES = 8;
const REST = 256;
const NO_BYTES = Buffer.alloc(0);

const VERSION = Uint8Array.from('HTTP/1.', codeOf);
/** `HTTP/1.1 200` without what follows. */
const STATUS_LENGTH = 12;
const MAX_HINT = 1_000_000_000;

/** Every byte in lower case. */
const FOLD = Uint8Array.from({ length: 256 }, (_, c) => (c >= 65 && c <= 90 ? c + 32 : c));
/** 1 for the bytes that a field name may hold (RFC 9110 §5.6.2). */
const TOKEN = Uint8Array.from({ length: 256 }, (_, c) => Number(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/.test(String.fromCharCode(c))));

/** The words that matter, one behind the other, each with END behind it: a place in a word is then one number. Place 0 is in no word. */
const END = -1;
const WORDS = Int16Array.from(' connection: content-length: transfer-encoding: keep-alive: close keep-alive chunked timeout= max= ', (c) => (c === ' ' ? END : codeOf(c)));
const CONNECTION = 1;
const CONNECTION_END = CONNECTION + 'connection:'.length;
const CONTENT_LENGTH = CONNECTION_END + 1;
const CONTENT_LENGTH_END = CONTENT_LENGTH + 'content-length:'.length;
const ENCODING = CONTENT_LENGTH_END + 1;
const ENCODING_END = ENCODING + 'transfer-encoding:'.length;
const HINT = ENCODING_END + 1;
const HINT_END = HINT + 'keep-alive:'.length;
const CLOSE = HINT_END + 1;
const CLOSE_END = CLOSE + 'close'.length;
const KEPT = CLOSE_END + 1;
const KEPT_END = KEPT + 'keep-alive'.length;
const CHUNKED = KEPT_END + 1;
const CHUNKED_END = CHUNKED + 'chunked'.length;
const TIMEOUT = CHUNKED_END + 1;
const TIMEOUT_END = TIMEOUT + 'timeout='.length;
const MAX = TIMEOUT_END + 1;
const MAX_END = MAX + 'max='.length;

/** The place behind the first letter of the only field name that may begin so, or 0. */
function firstOf(letter: number): number {
  return letter === LETTER_C ? CONNECTION + 1 : letter === LETTER_T ? ENCODING + 1 : letter === LETTER_K ? HINT + 1 : 0;
}

/** The place behind the first letter of the only word of a field's list that may begin so, or 0. */
function firstIn(field: Field, letter: number): number {
  if (field === Field.Connection) return letter === LETTER_C ? CLOSE + 1 : letter === LETTER_K ? KEPT + 1 : 0;
  if (field === Field.Encoding) return letter === LETTER_C ? CHUNKED + 1 : 0;
  return letter === LETTER_T ? TIMEOUT + 1 : letter === LETTER_M ? MAX + 1 : 0;
}

function codeOf(character: string): number {
  return character.charCodeAt(0);
}
