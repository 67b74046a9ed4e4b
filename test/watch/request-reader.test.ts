import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestHead } from '../../src/watch/head.js';
import { MAX_HEAD_BYTES, RequestReader } from '../../src/watch/request-reader.js';

interface Heard {
  readonly heads: RequestHead[];
  readonly said: string[];
  body: string;
  /** Everything handed over, in its order. */
  passed: string;
}

/** Reads pieces one after the other. */
function read(pieces: readonly Buffer[]): Heard & { reader: RequestReader } {
  const heard: Heard = { heads: [], said: [], body: '', passed: '' };
  const reader = new RequestReader({
    requestBegan: () => void heard.said.push('began'),
    requestHead: (head, bytes) => {
      heard.heads.push(head);
      heard.said.push('head');
      heard.passed += bytes.toString('latin1');
    },
    requestBody: (bytes) => {
      heard.body += bytes.toString('latin1');
      heard.passed += bytes.toString('latin1');
    },
    requestEnded: () => void heard.said.push('ended'),
    requestRefused: (fault) => void heard.said.push(fault),
  });
  for (const piece of pieces) reader.push(piece);
  return { ...heard, reader };
}

const text = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
const SIZED = text('POST /a HTTP/1.1', 'Host: a.test', 'User-Agent: x', 'Content-Length: 5', '', 'hello');
const CHUNKED = text('POST /b HTTP/1.1', 'Host: a.test', 'Transfer-Encoding: chunked', '', '5;x=y', 'hello', '0', 'Trailer: yes', '', '');
const PLAIN = text('GET /c HTTP/1.1', 'Host: a.test', '', '');
const ONE = ['began', 'head', 'ended'];

describe('requests are found', () => {
  const three = Buffer.concat([SIZED, CHUNKED, PLAIN]);

  test('wherever their bytes are cut in two', () => {
    for (let cut = 0; cut <= three.length; cut++) {
      const { said, heads, passed } = read([three.subarray(0, cut), three.subarray(cut)]);
      expect([said, heads.map(({ target }) => target), passed], `cut at ${cut}`).toEqual([[...ONE, ...ONE, ...ONE], ['/a', '/b', '/c'], three.toString('latin1')]);
    }
  });

  test('byte by byte', () => {
    expect(read([...three].map((byte) => Buffer.from([byte]))).said).toEqual([...ONE, ...ONE, ...ONE]);
  });

  test('behind empty lines, and with lines that end in LF alone', () => {
    const { said, heads } = read([Buffer.from('\r\n\n\r\nGET / HTTP/1.1\nHost: b\n\n')]);
    expect([said, heads[0]!.host]).toEqual([ONE, 'b']);
  });

  test('however they are cut into many pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(three.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), three.length];
        const { said, passed } = read(places.slice(1).map((place, i) => three.subarray(places[i], place)));
        expect([said, passed]).toEqual([[...ONE, ...ONE, ...ONE], three.toString('latin1')]);
      }),
    );
  });

  test('and an unfinished one is known as such', () => {
    expect(read([PLAIN.subarray(0, 10)]).reader.inRequest).toBe(true);
    expect(read([SIZED.subarray(0, -1)]).reader.inRequest).toBe(true);
    expect(read([PLAIN]).reader.inRequest).toBe(false);
  });
});

describe('what is no request is refused, and nothing behind it is read', () => {
  test.each([
    ['not HTTP', text('hello there', '', '')],
    ['not HTTP', Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0, 10, 10])],
    ['bad version', text('GET / HTTP/2.0', '', '')],
    ['bad field', text('GET / HTTP/1.1', 'no colon', '', '')],
    ['bad field', text('GET / HTTP/1.1', 'Host : a', '', '')],
    ['bad field', text('GET / HTTP/1.1', 'A: b', ' folded', '', '')],
    ['bad Content-Length', text('POST / HTTP/1.1', 'Content-Length: -1', '', '')],
    ['bad Content-Length', text('POST / HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2', '', '')],
    ['unknown Transfer-Encoding', text('POST / HTTP/1.1', 'Transfer-Encoding: gzip', '', '')],
    ['Transfer-Encoding and Content-Length', text('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Content-Length: 1', '', '')],
    ['bad chunk', text('POST / HTTP/1.1', 'Transfer-Encoding: chunked', '', 'xyz', '')],
  ])('%s', (fault, bytes) => {
    const { said } = read([Buffer.concat([bytes, PLAIN])]);
    expect(said.at(-1)).toBe(fault);
    expect(said.filter((word) => word === 'ended')).toEqual([]);
  });

  test('a head above 64 KiB, without keeping more of it', () => {
    const { said, reader } = read([Buffer.from('GET / HTTP/1.1\r\nA: '), ...Array.from({ length: 200 }, () => Buffer.alloc(1000, 'a'))]);
    expect([said, reader.headBytes]).toEqual([['began', 'head too large'], 0]);
  });

  test('a head of 64 KiB sharp is read', () => {
    const start = 'GET / HTTP/1.1\r\nA: ';
    const bytes = Buffer.from(`${start}${'a'.repeat(MAX_HEAD_BYTES - start.length - 4)}\r\n\r\n`);
    expect(read([bytes.subarray(0, 9), bytes.subarray(9)]).said).toEqual(ONE);
  });

  test('trailers above 64 KiB', () => {
    const start = text('POST / HTTP/1.1', 'Transfer-Encoding: chunked', '', '0', 'A: ');
    expect(read([start, ...Array.from({ length: 70 }, () => Buffer.alloc(1000, 'a'))]).said.at(-1)).toBe('head too large');
  });

  test('any bytes at all, without ever throwing', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => void read(pieces.map((piece) => Buffer.from(piece)))));
  });
});

test('a long name is cut, and remembered without the head around it', () => {
  const [head] = read([text('GET / HTTP/1.1', `User-Agent: ${'u'.repeat(10_000)}`, '', '')]).heads;
  expect(head!.userAgent).toBe('u'.repeat(256));
});

test.each([
  [['Connection: close'], { saysClose: true, saysKeepAlive: false }],
  [['Connection: Keep-Alive, TE'], { saysClose: false, saysKeepAlive: true }],
  [['Connection: te', 'connection: x, CLOSE'], { saysClose: true, saysKeepAlive: false }],
  [['Proxy-Connection: keep-alive'], { saysClose: false, saysKeepAlive: true }],
  [['Expect: 100-Continue', 'Content-Length: 3'], { expectsContinue: true, body: 3 }],
])('%j is understood', (fields, expected) => {
  expect(read([text('POST / HTTP/1.1', ...fields, '', '')]).heads[0]).toMatchObject(expected);
});
