/** Free ports for servers that cannot be told to choose one themselves. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_MS = 10_000;

/** So many free ports of loopback, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => reserve()));
  return Promise.all(held.map(({ release }) => release()));
}

/** A free port, held until it is released. */
async function reserve(): Promise<{ release(): Promise<number> }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { release: () => new Promise((done) => server.close(() => done(port))) };
}

/** True once somebody listens there; false when that takes too long, or nobody will. */
export async function untilListening(port: number, gaveUp: () => boolean): Promise<boolean> {
  for (const until = performance.now() + READY_MS; performance.now() < until && !gaveUp(); await sleep(10)) {
    if (await answers(port)) return true;
  }
  return false;
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
