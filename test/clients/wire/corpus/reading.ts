/** Reads raw bytes with the parser, cut as told, and says in words what they amount to. */
import type { ReadBuffer } from '../../../../src/clients/wire/head.js';
import { COMPLETE, ERROR, NEED_MORE, NOTHING, TRUNCATED, UNSOLICITED, UPGRADED, type ResponseParser } from '../../../../src/clients/wire/parser.js';

export interface Stream {
  readonly bytes: Buffer;
  readonly isHead?: boolean;
  readonly eof?: boolean;
}

/** @param cuts offsets where the stream is cut, in rising order @param shared every piece is put at the beginning of this buffer, as sockets do */
export function read(parser: ResponseParser, stream: Stream, cuts: Iterable<number> = [], shared?: ReadBuffer): string {
  const { bytes } = stream;
  parser.expect(stream.isHead ?? false);
  let code: number = NEED_MORE;
  let [start, consumed] = [0, 0];
  for (const cut of [...cuts, bytes.length]) {
    const next = shared === undefined ? parser.push(bytes, start, cut) : parser.push(shared.bytes, 0, bytes.copy(shared.bytes, 0, start, cut));
    consumed = parser.consumed + (shared === undefined ? 0 : start);
    if (next === NEED_MORE && consumed !== cut) throw new Error(`asks for more at ${consumed}, and was given bytes up to ${cut}`);
    if (next !== UNSOLICITED) code = next;
    if (consumed < cut) break;
    start = cut;
  }
  if (code === NEED_MORE && stream.eof) code = parser.eof();
  return inWords(parser, code, bytes.length - consumed);
}

function inWords(parser: ResponseParser, code: number, beyond: number): string {
  if (code === NEED_MORE) return 'more to come';
  if (code === NOTHING) return 'nothing';
  if (code === TRUNCATED) return 'truncated';
  if (code === ERROR) return `error: ${parser.error}`;
  if (code !== COMPLETE && code !== UPGRADED) throw new Error(`code ${code} does not end a response`);
  const words = [`${parser.status}`];
  if (code === UPGRADED) words.push('upgraded');
  else words.push(`${parser.bodyBytes} bytes`, parser.keepAlive ? 'kept' : `closes: ${parser.closeReason}`);
  if (parser.interim > 0) words.push(`after ${parser.interim} interim`);
  const { hintTimeoutSeconds: timeout, hintMax: max } = parser;
  if (timeout >= 0 || max >= 0) words.push(`hints ${[timeout >= 0 && `timeout=${timeout}`, max >= 0 && `max=${max}`].filter(Boolean).join(' ')}`);
  if (beyond > 0) words.push(`${beyond} unsolicited`);
  return words.join(', ');
}
