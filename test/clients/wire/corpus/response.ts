/** One raw response of the corpus: what the peer sends, and what it amounts to. */
export interface RawResponse {
  readonly name: string;
  /** The bytes, one character each (latin1). */
  readonly raw: string;
  /** What the parser makes of it, in the words of `reading.ts`. */
  readonly gives: string;
  /** It answers a HEAD request. */
  readonly head?: true;
  /** The peer ends the stream behind the bytes. */
  readonly eof?: true;
  /** Why it is so, with the section of the RFC. */
  readonly note?: string;
}

/** A head: its lines, each ended by CRLF, and the empty line. */
export function head(...lines: string[]): string {
  return [...lines, '', ''].join('\r\n');
}

/** A chunked body of these chunks, with its last chunk. */
export function chunks(...data: string[]): string {
  return [...data, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}${chunk ? '\r\n' : ''}`).join('') + '\r\n';
}

export const OK = 'HTTP/1.1 200 OK';
export const CHUNKED = 'Transfer-Encoding: chunked';
