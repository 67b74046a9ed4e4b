import { connect } from 'node:net';
import { connect as secureConnect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTarget, type Target } from '../../src/demo/target.js';
import { send } from '../servers/plain-client.js';

const OK = '{"ok":true,"status":200}';
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const LAST = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

let target: Target;
beforeEach(async () => void (target = await openTarget()));
afterEach(() => target.close());

describe('the embedded target and a plain client agree about', () => {
  it.each([
    { scheme: 'http', use: 'fresh', connections: 20, tlsFull: 0, tlsResumed: 0 },
    { scheme: 'http', use: 'reused', connections: 1, tlsFull: 0, tlsResumed: 0 },
    { scheme: 'https', use: 'fresh', connections: 20, tlsFull: 20, tlsResumed: 0 },
    { scheme: 'https', use: 'resumed', connections: 20, tlsFull: 1, tlsResumed: 19 },
    { scheme: 'https', use: 'reused', connections: 1, tlsFull: 1, tlsResumed: 0 },
  ] as const)('20 $use requests over $scheme', async ({ scheme, use, ...expected }) => {
    const url = `${scheme}://127.0.0.1:${target[scheme].port}/`;
    const sent = await send(url, 20, use, target.ca);
    const { connections, requests, tlsFull, tlsResumed, tlsFailed } = target.counts()[scheme];
    expect(sent).toEqual({ ...expected, requests: 20 });
    expect({ connections, requests, tlsFull, tlsResumed }).toEqual(sent);
    expect(tlsFailed).toBe(0);
    expect(target[scheme].perConnection()).toEqual(Array(expected.connections).fill(20 / expected.connections));
  });
});

describe('the embedded target answers', () => {
  it.each(['http', 'https'] as const)('pipelined requests in their order, over %s', async (scheme) => {
    const asked = ['/?status=201', '/?delay=20ms&status=202', '/', '/?size=3&close=1', '/never'];
    const answers = await converse(asked.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`), scheme);
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [201, '{"ok":true,"status":201}'],
      [202, '{"ok":true,"status":202}'],
      [200, OK],
      [200, '...'],
    ]);
    expect(target[scheme].perConnection()).toEqual([4]);
  });

  it('the same wherever the bytes are cut', async () => {
    const bytes = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n\r\n\r\nab${LAST}`;
    for (let cut = 1; cut < bytes.length; cut++) {
      const answers = await converse([bytes.slice(0, cut), bytes.slice(cut)]);
      expect(answers.map(({ status, body }) => [status, body])).toEqual([[200, OK], [200, OK]]);
    }
    expect(new Set(target.http.perConnection())).toEqual(new Set([2]));
  });

  it('a request that comes byte by byte', async () => {
    expect(await converse([...`\r\n${GET}${LAST}`])).toHaveLength(2);
  });

  it('after the whole body, which may be large, has come', async () => {
    const size = 3_000_000;
    const answers = await converse([`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`, 'x'.repeat(size), LAST]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('more than the kernel takes at once, to a client that pipelines', async () => {
    const answers = await converse([...Array(8).fill('GET /?size=4000000 HTTP/1.1\r\nHost: x\r\n\r\n'), LAST]);
    expect(answers.map(({ body }) => body.length)).toEqual([...Array(8).fill(4_000_000), OK.length]);
  });

  it.each(['http', 'https'] as const)('a client that ended its side after asking, over %s', async (scheme) => {
    expect(await converse(['GET /?delay=20ms HTTP/1.1\r\nHost: x\r\n\r\n', GET], scheme, true)).toHaveLength(2);
  });

  it('HEAD, 204 and 304 without a body', async () => {
    const raw = await exchange(['HEAD / HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /?status=204 HTTP/1.1\r\n\r\n', 'GET /?status=304 HTTP/1.1\r\nConnection: close\r\n\r\n']);
    expect(raw).toBe(
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${OK.length}\r\nConnection: keep-alive\r\n\r\n` +
        'HTTP/1.1 204 \r\nConnection: keep-alive\r\n\r\nHTTP/1.1 304 \r\nConnection: close\r\n\r\n',
    );
  });

  it('100 Continue to a client that waits for it', async () => {
    const raw = await exchange(['POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n']);
    expect(raw).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  });
});

describe('the embedded target ends a connection', () => {
  it.each([
    ['the client asks in a list of tokens', 'GET / HTTP/1.1\r\nConnection: foo, Close\r\n\r\n', 200],
    ['the query asks', 'GET /?close=1 HTTP/1.1\r\n\r\n', 200],
    ['an HTTP/1.0 client says nothing', 'GET / HTTP/1.0\r\n\r\n', 200],
    ['it cannot read the request', 'hello\r\n\r\n', 400],
    ['lengths disagree', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['a length is no number', 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400],
    ['a body comes in chunks', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', 411],
    ['a head never ends', `GET / HTTP/1.1\r\nX: ${'y'.repeat(70_000)}`, 431],
    ['HTTP/2 is spoken', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
  ])('when %s', async (_when, request, status) => {
    const answers = await converse([request, GET]);
    expect(answers).toMatchObject([{ status, head: expect.stringContaining('Connection: close') }]);
  });

  it('and does not when an HTTP/1.0 client asks to go on', async () => {
    expect(await converse(['GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', LAST])).toHaveLength(2);
  });
});

it.each(['delay=soon', 'status=100', 'status=x', 'size=-1', 'size=99999999999'])('a query the target cannot grant (%s) is refused and the connection goes on', async (query) => {
  const answers = await converse([`GET /?${query} HTTP/1.1\r\n\r\n`, LAST]);
  expect(answers.map(({ status }) => status)).toEqual([400, 200]);
  expect(JSON.parse(answers[0]?.body ?? '')).toEqual({ error: expect.stringContaining(query.split('=')[1] ?? '') });
});

interface Answer {
  status: number;
  head: string;
  body: string;
}

async function converse(pieces: readonly string[], scheme: 'http' | 'https' = 'http', ends = false): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let rest = await exchange(pieces, scheme, ends); rest !== ''; ) {
    const head = rest.slice(0, rest.indexOf('\r\n\r\n') + 4);
    const length = Number(/Content-Length: (\d+)/.exec(head)?.[1] ?? 0);
    answers.push({ status: Number(head.split(' ')[1]), head, body: rest.slice(head.length, head.length + length) });
    rest = rest.slice(head.length + length);
  }
  return answers;
}

/** Sends the pieces in packets of their own and hears until the target ends, or has nothing more to say to a half request. */
async function exchange(pieces: readonly string[], scheme: 'http' | 'https' = 'http', ends = false): Promise<string> {
  const to = { port: target[scheme].port, host: '127.0.0.1', noDelay: true, allowHalfOpen: ends };
  const socket = scheme === 'http' ? connect(to) : secureConnect({ ...to, ca: target.ca });
  let heard = '';
  const ended = new Promise<void>((done, fail) => {
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text)).on('end', done).on('error', fail);
    socket.on('data', (text: string) => text.includes('100 Continue') && done());
  });
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise(setImmediate);
  }
  if (ends) socket.end();
  await ended;
  socket.destroy();
  return heard;
}
