/** The yardstick for what a client adds: bare sockets, the same pacing and the same choice of connection, waiting for the bytes and nothing else. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { quantile } from './numbers.mjs';
import { responseBytes } from './response-bytes.mjs';

const { target, connections, rate, warmupMs, windowMs } = JSON.parse(process.argv[2]);
const { address: host, port } = target;
const request = Buffer.from(`GET / HTTP/1.1\r\nhost: ${host}:${port}\r\n\r\n`);
const SPIN_MS = 1.5; // as the drive does it: sleep until then, and turn

const expected = await responseBytes(target, request);
const buffer = Buffer.allocUnsafeSlow(65_536);
const idle = [];
for (let i = 0; i < connections; i++) idle.push(await open());
const serviceUs = new Float64Array(Math.ceil((rate * (warmupMs + windowMs)) / 1000));
let done = 0;
let sent = 0;
const started = performance.now() + 10;
turn();

function turn() {
  const now = performance.now() - started;
  while (sent < serviceUs.length && dueMs(sent) <= now && idle.length > 0) { // held up for long, more are due than there are connections: they leave as answers come
    sent++;
    const socket = idle.pop();
    socket.left = expected;
    socket.sentMs = performance.now();
    socket.write(request);
  }
  if (sent === serviceUs.length) return;
  const wait = dueMs(sent) - (performance.now() - started);
  if (wait > SPIN_MS + 1) setTimeout(turn, Math.floor(wait - SPIN_MS));
  else setImmediate(turn);
}

function dueMs(n) {
  return ((n + 0.5) / rate) * 1000;
}

async function open() {
  const socket = connect({ host, port, noDelay: true, onread: { buffer, callback: (bytes) => received(socket, bytes) } });
  await once(socket, 'connect');
  return socket;
}

function received(socket, bytes) {
  socket.left -= bytes;
  if (socket.left > 0) return true;
  serviceUs[done++] = (performance.now() - socket.sentMs) * 1000;
  idle.push(socket);
  if (done === serviceUs.length) report();
  return true;
}

function report() {
  const measured = serviceUs.slice(Math.round((rate * warmupMs) / 1000)).sort();
  console.log(JSON.stringify({ service: { p50: quantile(measured, 0.5), p99: quantile(measured, 0.99) } }));
  process.exit();
}
