/** What an open, idle connection takes: resident memory after n of them have carried one request each, less the memory before. Run with --expose-gc. */
import { connect } from 'node:net';
import { hrtime } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import * as clients from '../../dist/clients/index.js';
import { monotonicClock } from '../../dist/measure/clock.js';
import { Sample } from '../../dist/measure/sample.js';
import { Ledger } from '../../dist/net/ledger.js';
import { endpointOf, REQUEST, TIMEOUTS } from './target.mjs';

const { kind, target, connections } = JSON.parse(process.argv[2]);
const RULES = { connections, requestsPerConnection: Infinity, restNs: 0, tlsSession: 'none', closeBy: 'client', protocol: 'http/1.1' };

const before = await residentKiB();
const open = kind === 'bare' ? openBare : openByClient;
const kept = await open(connections); // held until the memory is read
const after = await residentKiB();
console.log(JSON.stringify({ open: kept.open(), perConnectionKiB: (after - before) / connections }));
process.exit();

async function openByClient(count) {
  const clock = monotonicClock(hrtime.bigint());
  const ledger = new Ledger(clock, false);
  const client = clients[kind].open({ endpoint: endpointOf(target), rules: RULES, requests: [REQUEST], timeouts: TIMEOUTS, ledger, clock });
  await Promise.all(Array.from({ length: count }, () => exchange(client, clock)));
  return { client, open: () => ledger.open };
}

function exchange(client, clock) {
  return new Promise((done) => {
    const sample = new Sample();
    sample.done = ({ failure }) => (failure === '' ? done() : console.error(failure));
    sample.begin(0, clock.nowNs(), clock.nowNs(), true);
    client.exchange(sample);
  });
}

async function openBare(count) {
  const buffer = Buffer.allocUnsafeSlow(65_536);
  const { address: host, port } = target;
  const request = Buffer.from(`GET / HTTP/1.1\r\nhost: ${host}:${port}\r\n\r\n`);
  const sockets = [];
  await new Promise((done) => {
    let answered = 0;
    const callback = () => {
      if (++answered === count) done();
      return true;
    };
    for (let i = 0; i < count; i++) {
      const socket = connect({ host, port, noDelay: true, onread: { buffer, callback } });
      socket.on('connect', () => socket.write(request));
      sockets.push(socket);
    }
  });
  return { open: () => sockets.filter(({ destroyed }) => !destroyed).length };
}

async function residentKiB() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await sleep(100);
  }
  return process.memoryUsage.rss() / 1024;
}
