/**
 * Reads a chunked body up to its last chunk: sizes and data; extensions are skipped, trailers are left to the head reader.
 * Line ends are CRLF here (RFC 9112 §7.1; the leniency of §2.2 is for start lines and fields).
 */
export class ChunkReader {
  /** Bytes of content so far, without sizes and line ends. */
  bodyBytes = 0;
  /** The line of the last chunk has been read. */
  done = false;
  error: ChunkError | '' = '';

  private state = State.FirstDigit;
  private left = 0;
  private lineBytes = 0;

  begin(): void {
    this.bodyBytes = this.left = this.lineBytes = 0;
    this.done = false;
    this.error = '';
    this.state = State.FirstDigit;
  }

  /** Reads on from `start`; returns the offset where it stopped: at `end`, behind the last chunk's line (`done`) or at the offending byte (`error`). */
  read(buffer: Uint8Array, start: number, end: number): number {
    let i = start;
    while (i < end) {
      if (this.state === State.Data) {
        const taken = Math.min(this.left, end - i);
        i += taken;
        this.bodyBytes += taken;
        this.left -= taken;
        if (this.left === 0) this.state = State.DataCr;
        continue;
      }
      const error = this.frameByte(buffer[i] as number);
      if (error !== '') {
        this.error = error;
        return i;
      }
      i++;
      if (this.done) return i;
    }
    return i;
  }

  private frameByte(c: number): ChunkError | '' {
    switch (this.state) {
      case State.FirstDigit:
      case State.Digits: {
        if (++this.lineBytes > MAX_CHUNK_LINE_BYTES) return 'chunk line too large';
        const digit = HEX[c] as number;
        if (digit < 16) {
          this.left = this.left * 16 + digit;
          this.state = State.Digits;
          return this.left > Number.MAX_SAFE_INTEGER ? 'chunk too large' : '';
        }
        if (this.state === State.FirstDigit) return 'bad chunk size';
        return this.afterSize(c);
      }
      case State.Space: // whitespace before an extension is bad, and to be borne (RFC 9112 §7.1.1)
        if (++this.lineBytes > MAX_CHUNK_LINE_BYTES) return 'chunk line too large';
        return c === CR ? 'bad chunk size' : this.afterSize(c);
      case State.Extension: // "a recipient MUST ignore unrecognized chunk extensions" (RFC 9112 §7.1.1)
        if (++this.lineBytes > MAX_CHUNK_LINE_BYTES) return 'chunk line too large';
        if (c === CR) this.state = State.SizeLf;
        return c >= SP || c === TAB || c === CR ? '' : 'bad chunk extension';
      case State.SizeLf:
        if (c !== LF) return 'bad chunk size';
        this.done = this.left === 0;
        this.state = State.Data;
        return '';
      case State.DataCr:
        this.state = State.DataLf;
        return c === CR ? '' : 'bad chunk end';
      case State.DataLf:
        this.state = State.FirstDigit;
        this.lineBytes = 0;
        return c === LF ? '' : 'bad chunk end';
      case State.Data:
        return ''; // taken in one step by read
    }
  }

  private afterSize(c: number): ChunkError | '' {
    if (c === CR) this.state = State.SizeLf;
    else if (c === SEMICOLON) this.state = State.Extension;
    else if (c === SP || c === TAB) this.state = State.Space;
    else return 'bad chunk size';
    return '';
  }
}

/** Why a chunked body is refused, in a few words. */
export type ChunkError = 'bad chunk size' | 'bad chunk extension' | 'bad chunk end' | 'chunk too large' | 'chunk line too large';

/** Most bytes of the line that opens a chunk: its size and extensions. */
export const MAX_CHUNK_LINE_BYTES = 16_384;

const enum State {
  FirstDigit,
  Digits,
  Space,
  Extension,
  SizeLf,
  Data,
  DataCr,
  DataLf,
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SP = 32;
const SEMICOLON = 59;

/** The value of a hexadecimal digit, 16 for any other byte. */
const HEX = Uint8Array.from({ length: 256 }, (_, c) => {
  const value = Number.parseInt(String.fromCharCode(c), 16);
  return Number.isNaN(value) ? 16 : value;
});
