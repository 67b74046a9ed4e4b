/**
 * Many clients at one time on `sameconn watch`: is it still there, how much memory does it take, and does it count what the clients count?
 *
 *   node test/soak/watch.mjs [connections] [seconds] [pause in ms]
 *
 * The watch runs in a process of its own, as the built program; the clients run in this one. Each sends a request, reads the answer, pauses, and so on.
 * Prints one line of JSON; exit code 1 when the counts differ.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const connections = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? 60);
const PAUSE_MS = Number(process.argv[4] ?? 5000);
const REQUEST = 'GET /bytes/100 HTTP/1.1\r\nHost: soak.test\r\nUser-Agent: soak\r\n\r\n';
/** Clients that connect at one time. */
const WAVE = 200;

const watch = spawn(process.execPath, [fileURLToPath(new URL('../../bin/sameconn.js', import.meta.url)), 'watch', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
process.on('exit', () => watch.kill('SIGKILL'));
let printed = '';
watch.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
const ended = once(watch, 'close');
const [line] = await once(createInterface({ input: watch.stderr }), 'line');
const port = Number(/:(\d+)/.exec(line.replace(/.*\/\//, ''))[1]);

const client = { connections: 0, requests: 0, broken: 0 };
const usage = { mostMiB: 0 };
let over = false;
let stop;
const stopped = new Promise((done) => (stop = done));
const sockets = new Set();
const atWork = [];
for (let opened = 0; opened < connections; opened += WAVE) atWork.push(...(await Promise.all(Array.from({ length: Math.min(WAVE, connections - opened) }, open))).map(converse));
const atOnce = sockets.size;
const watchMemory = setInterval(() => (usage.mostMiB = Math.max(usage.mostMiB, residentMiB(watch.pid))), 200);
await wait(seconds * 1000);
over = true;
stop();
await Promise.all(atWork);
clearInterval(watchMemory);
usage.mostMiB = Math.max(usage.mostMiB, residentMiB(watch.pid));
for (const socket of sockets) socket.destroy();
watch.kill('SIGINT');
await ended;

const { answer, requests, connections: seen, peakOpen, refused } = JSON.parse(printed);
const equal = requests === client.requests && seen === client.connections && peakOpen === atOnce && client.broken === 0;
console.log(JSON.stringify({ seconds, pauseMs: PAUSE_MS, atOnce, client, watch: { answer, requests, connections: seen, peakOpen, refused }, residentMiB: usage.mostMiB, equal }));
process.exitCode = equal ? 0 : 1;

async function open() {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  sockets.add(socket);
  client.connections++;
  return socket;
}

async function converse(socket) {
  let awaited = null;
  let text = '';
  socket.on('error', () => {}).on('close', () => {
    if (!over) client.broken++;
    awaited?.();
  });
  socket.on('data', (bytes) => {
    text += bytes;
    const body = text.indexOf('\r\n\r\n') + 4;
    if (body < 4 || text.length < body + 100) return;
    text = '';
    awaited?.();
  });
  while (!over && !socket.destroyed) {
    const answered = new Promise((done) => (awaited = done));
    socket.write(REQUEST);
    client.requests++;
    await answered;
    await Promise.race([wait(over ? 0 : PAUSE_MS), stopped]);
  }
}

function residentMiB(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
}
