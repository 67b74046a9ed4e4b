/**
 * The four fields that decide framing and reuse: Content-Length, Transfer-Encoding, Connection and Keep-Alive.
 * Names and values are read byte by byte, and can be cut anywhere.
 */
export class FramingFields {
  /** Content-Length in bytes, or -1 when there is none. */
  length = -1;
  /** Transfer-Encoding is present; `chunked` tells whether its last coding is chunked. */
  encoded = false;
  chunked = false;
  saysClose = false;
  saysKeepAlive = false;
  /** `Keep-Alive: timeout=…, max=…`, or -1. */
  hintTimeoutSeconds = -1;
  hintMax = -1;

  private field = Field.Connection;
  private part = Part.Start;
  private at = NOWHERE;
  private value = 0;

  clear(): void {
    this.length = this.hintTimeoutSeconds = this.hintMax = -1;
    this.encoded = this.chunked = this.saysClose = this.saysKeepAlive = false;
  }

  /** Whether the name of one of the four begins with this byte; if so, `readName` goes on behind it. */
  beginName(c: number): boolean {
    const letter = FOLD[c];
    this.at = letter === LETTER_C ? CONNECTION + 1 : letter === LETTER_T ? ENCODING + 1 : letter === LETTER_K ? HINT + 1 : NOWHERE;
    return this.at !== NOWHERE;
  }

  /** Reads on in a name as long as it can be one of the four; returns the offset where it stopped. Before `end` that means: `named`, or it is none of them. */
  readName(buffer: Uint8Array, start: number, end: number): number {
    let i = start;
    let at = this.at;
    while (i < end) {
      const c = FOLD[buffer[i] as number];
      if (c === WORDS[at]) at++;
      else if (at === CONNECTION + 3 && c === LETTER_T) at = CONTENT_LENGTH + 4; // con|nection, con|tent-length
      else break;
      i++;
      if (WORDS[at] === END) break;
    }
    this.at = at;
    return i;
  }

  /** The name that was read is one of the four, colon included; its value begins. */
  get named(): boolean {
    return WORDS[this.at] === END;
  }

  beginValue(): void {
    const { at } = this;
    this.field = at === CONNECTION_END ? Field.Connection : at === CONTENT_LENGTH_END ? Field.Length : at === ENCODING_END ? Field.Encoding : Field.Hint;
    this.part = Part.Start;
    this.at = NOWHERE;
    if (this.field === Field.Encoding) this.encoded = true;
  }

  /** One byte of a value; returns what is wrong with it, or ''. */
  valueByte(c: number): FieldError | '' {
    return this.field === Field.Length ? this.lengthByte(c) : this.listByte(c);
  }

  endValue(): FieldError | '' {
    if (this.field === Field.Length) return this.endLength();
    this.endElement();
    return '';
  }

  /** Digits; a list of equal values stands for that value (RFC 9110 §8.6, RFC 9112 §6.3). */
  private lengthByte(c: number): FieldError | '' {
    if (c === SP || c === TAB) {
      if (this.part === Part.Word) this.part = Part.After;
      return '';
    }
    if (c === COMMA) return this.endLength();
    if (c < ZERO || c > NINE || this.part === Part.After) return 'bad Content-Length';
    this.value = this.part === Part.Start ? c - ZERO : this.value * 10 + c - ZERO;
    this.part = Part.Word;
    return this.value > Number.MAX_SAFE_INTEGER ? 'bad Content-Length' : '';
  }

  private endLength(): FieldError | '' {
    if (this.part === Part.Start) return 'bad Content-Length';
    if (this.length >= 0 && this.length !== this.value) return 'different Content-Lengths';
    this.length = this.value;
    this.part = Part.Start;
    return '';
  }

  /** Lists, in which a few words matter and empty elements do not (RFC 9110 §5.6.1). */
  private listByte(c: number): FieldError | '' {
    if (c === COMMA) {
      this.endElement();
    } else if (c === SP || c === TAB) {
      if (this.part === Part.Word) this.part = Part.After;
    } else if (this.part === Part.Start) {
      this.at = wordIn(this.field, FOLD[c] as number);
      this.part = this.at === NOWHERE ? Part.Rest : Part.Word;
      this.value = -1;
    } else if (this.part === Part.Word && FOLD[c] === WORDS[this.at]) {
      this.at++;
    } else if (this.part === Part.Word && this.field === Field.Hint && WORDS[this.at] === END && c >= ZERO && c <= NINE) {
      this.value = Math.min(Math.max(this.value, 0) * 10 + c - ZERO, MAX_HINT);
    } else {
      if (c === SEMICOLON && this.at === CHUNKED_END) return 'chunked with parameters'; // "their presence SHOULD be treated as an error" (RFC 9112 §7.1)
      this.part = Part.Rest;
      this.at = NOWHERE;
    }
    return '';
  }

  private endElement(): void {
    if (this.part === Part.Start) return;
    if (this.field === Field.Encoding) this.chunked = this.at === CHUNKED_END;
    else if (this.at === CLOSE_END) this.saysClose = true;
    else if (this.at === KEPT_END) this.saysKeepAlive = true;
    else if (this.at === TIMEOUT_END && this.value >= 0) this.hintTimeoutSeconds = this.value;
    else if (this.at === MAX_END && this.value >= 0) this.hintMax = this.value;
    this.part = Part.Start;
    this.at = NOWHERE;
  }
}

/** Why a field is refused, in a few words. */
export type FieldError = 'bad Content-Length' | 'different Content-Lengths' | 'chunked with parameters';

const enum Field {
  Length,
  Encoding,
  Connection,
  Hint,
}

/** How far an element of a value has come. */
const enum Part {
  Start,
  Word,
  After,
  Rest,
}

const TAB = 9;
const SP = 32;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const SEMICOLON = 59;
const LETTER_C = 99;
const LETTER_K = 107;
const LETTER_M = 109;
const LETTER_T = 116;

/** Larger hints are cut down to this. */
const MAX_HINT = 1_000_000_000;

/** Every byte in lower case. */
const FOLD = Uint8Array.from({ length: 256 }, (_, c) => (c >= 65 && c <= 90 ? c + 32 : c));

/** The words that matter, one behind the other with END between, so that a place in a word is one number. */
const END = -1;
const NOWHERE = 0;
const TEXT = ' connection: content-length: transfer-encoding: keep-alive: close keep-alive chunked timeout= max= ';
const WORDS = Int16Array.from(TEXT, (character) => (character === ' ' ? END : character.charCodeAt(0)));
const [CONNECTION, CONNECTION_END] = placeOf('connection:');
const [CONTENT_LENGTH, CONTENT_LENGTH_END] = placeOf('content-length:');
const [ENCODING, ENCODING_END] = placeOf('transfer-encoding:');
const [HINT] = placeOf('keep-alive:');
const [CLOSE, CLOSE_END] = placeOf('close');
const [KEPT, KEPT_END] = placeOf('keep-alive');
const [CHUNKED, CHUNKED_END] = placeOf('chunked');
const [TIMEOUT, TIMEOUT_END] = placeOf('timeout=');
const [MAX, MAX_END] = placeOf('max=');

function placeOf(word: string): readonly [start: number, end: number] {
  const start = TEXT.indexOf(` ${word} `) + 1;
  return [start, start + word.length];
}

/** The place behind the first letter of the only word of a field's list that may begin so, or NOWHERE. */
function wordIn(field: Field, letter: number): number {
  if (field === Field.Connection) return letter === LETTER_C ? CLOSE + 1 : letter === LETTER_K ? KEPT + 1 : NOWHERE;
  if (field === Field.Encoding) return letter === LETTER_C ? CHUNKED + 1 : NOWHERE;
  return letter === LETTER_T ? TIMEOUT + 1 : letter === LETTER_M ? MAX + 1 : NOWHERE;
}
