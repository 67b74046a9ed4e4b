import { describe, expect, it } from 'vitest';
import { readBuffer } from '../../../src/clients/wire/head.js';
import { COMPLETE, ERROR, NEED_MORE, NOTHING, ResponseParser, TRUNCATED, UNSOLICITED, UPGRADED } from '../../../src/clients/wire/parser.js';
import { corpus } from './corpus/index.js';
import { read } from './corpus/reading.js';
import { head, OK } from './corpus/response.js';

const HELLO = Buffer.from(head(OK, 'Content-Length: 5') + 'hello');

describe('the corpus', () => {
  it('holds at least 150 responses, each under its own name', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(150);
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
  });

  const parser = new ResponseParser();
  const shared = readBuffer(1024 * 1024);
  const sharing = new ResponseParser(shared);
  it.each(corpus)('$name: $gives', ({ raw, gives, head: isHead = false, eof = false }) => {
    const stream = { bytes: Buffer.from(raw, 'latin1'), isHead, eof };
    expect(read(new ResponseParser(), stream), 'whole').toBe(gives);
    expect(read(parser, stream), 'whole, by a parser that has read others').toBe(gives);
    expect(read(parser, stream), 'whole, by a parser that has just read the same').toBe(gives);
    expect(read(sharing, stream, [], shared), 'whole, in the buffer that all sockets share').toBe(gives);
    expect(read(sharing, stream, [], shared), 'the same once more').toBe(gives);
    for (const cut of cutsWorthTrying(raw.length)) {
      expect(read(parser, stream, [cut]), `cut at ${cut}`).toBe(gives);
      expect(read(sharing, stream, [cut], shared), `cut at ${cut}, in the shared buffer`).toBe(gives);
    }
    expect(read(parser, stream, everyByte(raw.length)), 'byte by byte').toBe(gives);
  });
});

describe('a parser', () => {
  it('says where a response ends in the buffer that holds it', () => {
    const parser = new ResponseParser();
    parser.expect(false);
    const shared = Buffer.concat([Buffer.from('stale bytes'), HELLO, Buffer.from('!\n')]);
    expect(parser.push(shared, 11, shared.length)).toBe(COMPLETE);
    expect(parser.consumed).toBe(11 + HELLO.length);
    expect(parser.headBytes).toBe(HELLO.length - 5);
    expect(parser.bodyBytes).toBe(5);
  });

  it('never looks beyond the end that it is given', () => {
    const parser = new ResponseParser();
    parser.expect(false);
    const end = HELLO.indexOf('\r\n\r\n');
    expect(parser.push(HELLO, 0, end)).toBe(NEED_MORE);
    expect(parser.headersDone).toBe(false);
    parser.expect(false);
    expect(parser.push(HELLO, 0, 20)).toBe(NEED_MORE); // inside a name, the line end lies in the buffer but not yet in the stream
    expect(parser.consumed).toBe(20);
  });

  it('reads plain Uint8Arrays as well', () => {
    const parser = new ResponseParser();
    for (let n = 0; n < 3; n++) {
      parser.expect(false);
      expect(parser.push(new Uint8Array(HELLO), 0, HELLO.length)).toBe(COMPLETE);
    }
  });

  it('tells nothing, a beginning and a head apart', () => {
    const parser = new ResponseParser();
    parser.expect(false);
    expect([parser.started, parser.headersDone, parser.status]).toEqual([false, false, 0]);
    expect(parser.push(Buffer.from('\r\n'), 0, 2)).toBe(NEED_MORE);
    expect(parser.started).toBe(false);
    parser.push(HELLO, 0, 1);
    expect([parser.started, parser.headersDone]).toEqual([true, false]);
    parser.push(HELLO, 1, HELLO.length - 1);
    expect([parser.headersDone, parser.status, parser.bodyBytes, parser.keepAlive]).toEqual([true, 200, 4, false]);
    expect(parser.push(HELLO, HELLO.length - 1, HELLO.length)).toBe(COMPLETE);
    expect(parser.keepAlive).toBe(true);
  });

  it('has started once an interim response has come', () => {
    const parser = new ResponseParser();
    parser.expect(false);
    const interim = Buffer.from(head('HTTP/1.1 100 Continue'));
    expect(parser.push(interim, 0, interim.length)).toBe(NEED_MORE);
    expect([parser.started, parser.headersDone, parser.interim, parser.status]).toEqual([true, false, 1, 0]);
    expect(parser.eof()).toBe(TRUNCATED);
  });

  it('forgets the response before', () => {
    const parser = new ResponseParser();
    const full = { bytes: Buffer.from(head('HTTP/1.0 404 No', 'Connection: close', 'Keep-Alive: timeout=9, max=9') + 'body'), eof: true };
    expect(read(parser, full)).toBe('404, 4 bytes, closes: close-token, hints timeout=9 max=9');
    parser.expect(false);
    expect([parser.status, parser.bodyBytes, parser.headBytes, parser.closeReason, parser.hintTimeoutSeconds, parser.hintMax]).toEqual([0, 0, 0, '', -1, -1]);
    expect(parser.eof()).toBe(NOTHING);
    expect(read(parser, { bytes: HELLO })).toBe('200, 5 bytes, kept');
  });

  it('knows a head again only when every byte of it is the same', () => {
    const parser = new ResponseParser();
    const one = (length: number, isHead = false): string => {
      const bytes = Buffer.from(head(OK, `Content-Length: ${length}`) + 'x'.repeat(isHead ? 0 : length));
      return read(parser, { bytes, isHead });
    };
    expect([one(5), one(5), one(6), one(6, true), one(6), one(11)]).toEqual([
      '200, 5 bytes, kept',
      '200, 5 bytes, kept',
      '200, 6 bytes, kept',
      '200, 0 bytes, kept',
      '200, 6 bytes, kept',
      '200, 11 bytes, kept',
    ]);
  });

  it('sees a difference in the last byte of a head', () => {
    const parser = new ResponseParser();
    const fields = ['X-Padding: x', 'Content-Length: 2'];
    const swapped = Buffer.from(head(OK, ...fields).replace(/2\r\n\r\n$/, '2\r\n\rx'));
    expect(read(parser, { bytes: Buffer.from(head(OK, ...fields) + 'ok') })).toBe('200, 2 bytes, kept');
    expect(read(parser, { bytes: swapped })).toBe('error: bare CR');
    expect(read(parser, { bytes: Buffer.from(head(OK, ...fields) + 'ok') })).toBe('200, 2 bytes, kept');
  });

  it('reads on when every head differs, and when they are the same again', () => {
    const parser = new ResponseParser();
    for (let n = 0; n < 2000; n++) {
      const [id, length] = n < 1000 ? [n, n % 7] : [0, 3];
      const bytes = Buffer.from(head(OK, `X-Request-Id: ${id}`, `Content-Length: ${length}`) + 'x'.repeat(length));
      expect(read(parser, { bytes })).toBe(`200, ${length} bytes, kept`);
    }
  });

  it('knows a head again after trailers and after errors', () => {
    const parser = new ResponseParser();
    const start = head(OK, 'Transfer-Encoding: chunked', 'Connection: close');
    const good = { bytes: Buffer.from(start + '1\r\nx\r\n0\r\nConnection: x\r\nContent-Length: 4\r\n\r\n') };
    expect(read(parser, good)).toBe('200, 1 bytes, closes: close-token');
    expect(read(parser, { bytes: Buffer.from(start + '0\r\nbad name: x\r\n\r\n') })).toBe('error: bad field name');
    expect(read(parser, { bytes: Buffer.from(start + 'x') })).toBe('error: bad chunk size');
    expect(read(parser, good)).toBe('200, 1 bytes, closes: close-token');
  });

  it('calls bytes unsolicited when no response is expected', () => {
    const parser = new ResponseParser();
    expect(parser.push(HELLO, 0, HELLO.length)).toBe(UNSOLICITED);
    expect(parser.consumed).toBe(0);
    read(parser, { bytes: HELLO });
    expect(parser.push(HELLO, 3, HELLO.length)).toBe(UNSOLICITED);
    expect(parser.consumed).toBe(3);
    expect(parser.status).toBe(200);
    parser.reset();
    expect([parser.status, parser.keepAlive, parser.eof()]).toEqual([0, false, NOTHING]);
    expect(parser.push(HELLO, 0, HELLO.length)).toBe(UNSOLICITED);
  });

  it('stays at the end it has come to', () => {
    const parser = new ResponseParser();
    expect(read(parser, { bytes: Buffer.from('garbage') })).toBe('error: not HTTP');
    expect([parser.push(HELLO, 0, HELLO.length), parser.consumed, parser.eof(), parser.keepAlive]).toEqual([ERROR, 0, ERROR, false]);
    expect(read(parser, { bytes: Buffer.from(head('HTTP/1.1 101 Switching Protocols')) })).toBe('101, upgraded');
    expect([parser.push(HELLO, 0, HELLO.length), parser.consumed, parser.eof(), parser.keepAlive]).toEqual([UPGRADED, 0, UPGRADED, false]);
    expect(read(parser, { bytes: HELLO })).toBe('200, 5 bytes, kept');
    expect(parser.eof()).toBe(COMPLETE);
  });

  it('bears empty pushes anywhere', () => {
    const parser = new ResponseParser();
    const stream = { bytes: Buffer.from(head(OK, 'Transfer-Encoding: chunked') + '1\r\nx\r\n0\r\n\r\n') };
    expect(read(parser, stream, Array.from({ length: stream.bytes.length * 2 }, (_, n) => n >> 1))).toBe('200, 1 bytes, kept');
  });

  it('counts a body beyond 4 GiB', () => {
    const parser = new ResponseParser();
    const start = Buffer.from(head(OK, 'Content-Length: 6442450944'));
    const part = Buffer.alloc(64 * 1024 * 1024);
    parser.expect(false);
    expect(parser.push(start, 0, start.length)).toBe(NEED_MORE);
    for (let n = 1; n < 96; n++) expect(parser.push(part, 0, part.length)).toBe(NEED_MORE);
    expect(parser.push(part, 0, part.length)).toBe(COMPLETE);
    expect(parser.bodyBytes).toBe(6_442_450_944);
  });
});

/** Every offset of a response up to 2 KiB; of a longer one those near either end and a hundred between. */
function cutsWorthTrying(length: number): number[] {
  const step = Math.max(1, Math.floor(length / 100));
  return everyByte(length + 1).filter((cut) => length <= 2048 || cut < 100 || cut > length - 100 || cut % step === 0);
}

function everyByte(length: number): number[] {
  return Array.from({ length }, (_, cut) => cut);
}
