import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { monotonicClock } from '../../src/measure/clock.js';
import { Sample } from '../../src/measure/sample.js';
import { BareSockets } from '../../src/net/bare.js';
import { inTime } from '../fakes/exchange.js';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n';

/** Bare sockets to a server that does this with every request. */
async function bareTo(answer: (socket: Socket) => void) {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.on('error', () => {}).on('data', () => answer(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const bare = new BareSockets({ address: '127.0.0.1', port: (server.address() as AddressInfo).port }, Buffer.from('GET / HTTP/1.1\r\n\r\n'), monotonicClock(process.hrtime.bigint()));
  onTestFinished(async () => {
    await bare.close();
    await new Promise((done) => server.close(done));
  });
  const send = (): Promise<Sample> =>
    inTime('an exchange to be over', (done) => {
      const sample = new Sample();
      sample.done = done;
      sample.begin(0, 0, 0, true);
      bare.exchange(sample);
    });
  return { bare, send, connections: () => connections };
}

describe('bare sockets', () => {
  test('keep one connection for requests one after another, and end an exchange at its last byte', async () => {
    const { send, connections } = await bareTo((socket) => socket.write(`${HEAD}body`));
    const samples = [await send(), await send(), await send()];
    expect(samples.map(({ status, failure, ordinal }) => [status, failure, ordinal])).toEqual([[200, '', 1], [200, '', 2], [200, '', 3]]);
    expect(samples.every(({ sentNs, doneNs }) => doneNs >= sentNs)).toBe(true);
    expect(connections()).toBe(1);
  });

  test('wait for a response that comes in pieces, the first one included', async () => {
    const pieces = ['HTTP/1.1 200 OK\r\nContent-', 'Length: 4\r\n\r\nbo', 'dy'];
    const { send, connections } = await bareTo((socket) => pieces.forEach((piece, index) => setTimeout(() => socket.write(piece), 5 * index)));
    expect([(await send()).failure, (await send()).failure, connections()]).toEqual(['', '', 1]);
  });

  test('open another connection while one is busy', async () => {
    const { send, connections } = await bareTo((socket) => socket.write(`${HEAD}body`));
    await Promise.all([send(), send()]);
    expect(connections()).toBe(2);
  });

  test('tell of a connection that ends in the middle', async () => {
    const { send } = await bareTo((socket) => socket.end('HTTP/1.1 200 OK\r\n'));
    expect((await send()).failure).toBe('closed');
  });

  test('fail what is under way when they are closed', async () => {
    const { bare, send } = await bareTo(() => {});
    const under = send();
    await bare.close();
    expect((await under).failure).toBe('stopped');
  });
});
