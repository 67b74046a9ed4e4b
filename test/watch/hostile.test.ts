/** What nobody should send: it neither stops the watch nor misleads it, and is counted. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../src/demo/certificate.js';
import { WatchBench } from './bench.js';
import { get, until, watching, wire } from './watching.js';

const MS = 1e6;

/** One who behaves: it gets its answers, and the verdict on it is its own. */
async function oneWhoBehaves(port: number): Promise<void> {
  const client = await wire(port);
  for (let i = 0; i < 3; i++) {
    client.socket.write(get(`/bytes/${10 + i}`, 'User-Agent: well-behaved'));
    await client.hears(`Content-Length: ${10 + i}`);
  }
  client.socket.end();
  await client.closed;
}

const OF_ONE_WHO_BEHAVES = { userAgent: 'well-behaved', requests: 3, connections: 1, verdicts: [{ code: 'S01', count: 1 }] };

describe('over plain HTTP', () => {
  test.each([
    ['garbage', '\0\x01\x02 garbage\r\n\r\n', { 'not HTTP': 1 }],
    ['a hello of TLS', Buffer.from([22, 3, 1, 0, 3, 1, 2, 3, 10, 10]), { 'not HTTP': 1 }],
    ['a version to come', 'GET / HTTP/3.0\r\n\r\n', { 'bad version': 1 }],
    ['two lengths that differ', get('/', 'Content-Length: 1', 'Content-Length: 2'), { 'bad Content-Length': 1 }],
    ['a length and chunks', get('/', 'Content-Length: 1', 'Transfer-Encoding: chunked'), { 'Transfer-Encoding and Content-Length': 1 }],
    ['a chunk without a size', `${get('/', 'Transfer-Encoding: chunked')}zz\r\n`, { 'bad chunk': 1 }],
  ] as const)('%s is refused', async (_, bytes, refused) => {
    const watch = await watching();
    const hostile = await wire(watch.port);
    hostile.socket.write(bytes);
    await hostile.closed;
    await oneWhoBehaves(watch.port);
    const report = watch.report(true);
    expect(report.refused).toEqual(refused);
    expect(report.clients).toContainEqual(expect.objectContaining({ ...OF_ONE_WHO_BEHAVES, verdicts: [expect.objectContaining({ code: 'S01', count: 1 })] }));
  });

  test.each(['end', 'resetAndDestroy'] as const)('half a request is counted when its client leaves (%s)', async (leave) => {
    const watch = await watching();
    const hostile = await wire(watch.port);
    hostile.socket.write('GET / HTTP/1.1\r\nHost: a');
    await until(() => watch.observer.listed[0]?.phase === 'reading');
    hostile.socket[leave]();
    await until(() => watch.observer.open === 0);
    await oneWhoBehaves(watch.port);
    expect(watch.report(true)).toMatchObject({ refused: { 'half a request': 1 }, requests: 3, connections: 1 });
  });

  test('a head that has no end is cut off at 64 KiB, and what still comes is not kept', async () => {
    const watch = await watching();
    const hostile = await wire(watch.port);
    const before = process.memoryUsage().arrayBuffers;
    hostile.socket.write('GET / HTTP/1.1\r\nA: ');
    const megabyte = Buffer.alloc(1 << 20, 'a');
    for (let sent = 0; sent < 1024 && !hostile.socket.destroyed; sent++) if (!hostile.socket.write(megabyte)) await Promise.race([once(hostile.socket, 'drain'), hostile.closed]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 << 20);
    expect(hostile.heard()).toMatch(/^HTTP\/1.1 431 /);
    expect(watch.report(true).refused).toEqual({ 'head too large': 1 });
  });

  test('one who sends a byte now and then is given up after the watch’s patience', async () => {
    const watch = await watching({ patienceNs: 200 * MS });
    const hostile = await wire(watch.port);
    hostile.socket.write('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => hostile.socket.write('a: b\r\n'), 20);
    await hostile.closed;
    clearInterval(drip);
    expect(hostile.heard()).toMatch(/^HTTP\/1.1 408 /);
    expect(watch.report(true).refused).toEqual({ 'too slow': 1 });
  });

  test('one whose body drips is given up after the watch’s patience, though it never stands still', async () => {
    const watch = await watching({ patienceNs: 200 * MS });
    const hostile = await wire(watch.port);
    hostile.socket.write('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000\r\n\r\n');
    const drip = setInterval(() => hostile.socket.write('a'), 20);
    await hostile.closed;
    clearInterval(drip);
    expect(hostile.heard()).toMatch(/^HTTP\/1.1 408 /);
    expect(watch.report(true).refused).toEqual({ 'too slow': 1 });
  });

  test('one whose body comes steadily, at 500 B/s and more, is waited for', () => {
    const bench = new WatchBench();
    const slow = bench.open();
    bench.ask(slow, { method: 'POST', body: 1 << 20 });
    for (let i = 0; i < 100; i++) {
      bench.pass(1000);
      bench.observer.sent(slow, 500);
      expect(slow.progressNs).toBe(bench.clock.nowNs());
    }
    bench.pass(1000);
    bench.observer.sent(slow, 100);
    expect(bench.clock.nowNs() - slow.progressNs).toBe(800 * MS);
  });

  test('one who waits between requests is not given up', async () => {
    const watch = await watching({ patienceNs: 50 * MS });
    const slow = await wire(watch.port);
    slow.socket.write(get('/bytes/1'));
    await slow.hears('Content-Length: 1\r');
    await new Promise((done) => setTimeout(done, 400));
    slow.socket.write(get('/bytes/2'));
    await slow.hears('Content-Length: 2\r');
    expect(watch.report(true)).toMatchObject({ requests: 2, connections: 1, refused: {} });
  });

  test('one who pipelines thousands and reads nothing is read no further', async () => {
    const watch = await watching();
    const hostile = await wire(watch.port);
    hostile.socket.pause();
    const many = get('/bytes/1MiB').repeat(1000);
    for (let i = 0; i < 20; i++) hostile.socket.write(many);
    await oneWhoBehaves(watch.port);
    const asked = watch.observer.listed[0]!.requests;
    expect(asked).toBeLessThan(1000);
    hostile.socket.destroy();
  });

  test('connections above the limit are turned away at once, and the others live on', async () => {
    const watch = await watching({ mostConnections: 10 });
    const inside = await Promise.all(Array.from({ length: 10 }, () => wire(watch.port)));
    await until(() => watch.observer.open === 10);
    const outside: Socket[] = Array.from({ length: 50 }, () => connect(watch.port, '127.0.0.1').on('error', () => {}));
    await Promise.all(outside.map((socket) => new Promise((done) => socket.on('close', done))));
    inside[0]!.socket.write(get('/bytes/7'));
    await inside[0]!.hears('Content-Length: 7');
    expect(watch.report(true)).toMatchObject({ requests: 1, connections: 1, refused: { 'too many connections': 50 } });
  });

  test('a thousand names and more fill no memory, and every request is counted', async () => {
    const watch = await watching();
    const hostile = await wire(watch.port);
    for (let i = 0; i < 1100; i++) {
      const one = connect(watch.port, '127.0.0.1').on('error', () => {});
      one.end(get('/', `User-Agent: ${i}`, 'Connection: close')).resume();
      await once(one, 'close');
    }
    hostile.socket.destroy();
    const report = watch.report(true);
    expect([report.requests, report.connections, report.clients.length, report.list.length]).toEqual([1100, 1100, 1000, 1000]);
    expect(report.clients.flatMap(({ verdicts }) => verdicts).reduce((sum, { count }) => sum + count, 0)).toBe(1100);
  });
});

describe('over https', () => {
  const overTls = async (patienceNs = 30_000 * MS) => {
    const { key, cert, ca } = await makeCertificate({ names: ['localhost'] });
    return { watch: await watching({ tls: { key, cert }, patienceNs }), ca };
  };

  test.each([
    ['plain HTTP', get()],
    ['garbage', 'x'.repeat(100)],
    ['an alert', Buffer.from([21, 3, 3, 0, 2, 2, 40])],
    ['a hello that is none', Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 0])],
  ] as const)('%s is a failed handshake', async (_, bytes) => {
    const { watch, ca } = await overTls();
    const hostile = await wire(watch.port);
    hostile.socket.write(bytes);
    await hostile.closed;
    const good = connectTls({ port: watch.port, host: '127.0.0.1', servername: 'localhost', ca });
    onTestFinished(() => void good.destroy());
    good.write(get());
    await once(good, 'data');
    expect(watch.report(true)).toMatchObject({ requests: 1, connections: 1, tls: { full: 1, failed: 1 }, list: [{ verdict: 'S16' }, { verdict: 'S01' }] });
  });

  test('one who finds the certificate untrustworthy only after the handshake has used its connection for nothing', async () => {
    const { watch } = await overTls();
    const wary = connectTls({ port: watch.port, host: '127.0.0.1', servername: 'localhost', maxVersion: 'TLSv1.2' }).on('error', () => {});
    await new Promise((done) => wary.on('close', done));
    await until(() => watch.observer.open === 0);
    expect(watch.report(true)).toMatchObject({ answer: 'nothing-seen', neverUsed: 1, tls: { full: 1, failed: 0 } });
  });

  test('one who leaves before it has said hello is a failed handshake', async () => {
    const { watch } = await overTls();
    const gone = await wire(watch.port);
    gone.socket.write(Buffer.from([22, 3]));
    gone.socket.end();
    await gone.closed;
    await until(() => watch.observer.open === 0);
    expect(watch.report(true).tls.failed).toBe(1);
  });

  test.each([
    ['says nothing', Buffer.alloc(0)],
    ['sends empty records', Buffer.alloc(50, Buffer.from([22, 3, 1, 0, 0]))],
    ['stops in its hello', Buffer.from([22, 3, 1, 0, 200, 1, 0])],
  ] as const)('one who %s is given up after the watch’s patience', async (_, bytes) => {
    const { watch } = await overTls(200 * MS);
    const hostile = await wire(watch.port);
    hostile.socket.write(bytes);
    await hostile.closed;
    await until(() => watch.observer.open === 0);
    expect(watch.report(true).tls.failed).toBe(1);
  });
});
