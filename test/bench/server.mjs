/** The nginx that everybody is measured against: 12 bytes, http and https, nothing logged, every connection kept for as long as its client likes. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate } from '../../dist/demo/certificate.js';
import { cores, pinned } from './process.mjs';

export const WORKERS = 2;
/** A client that closes first leaves its port waiting for a minute, to the cost of whoever connects next: so every run goes to another address. */
const ADDRESSES = Array.from({ length: 40 }, (_, index) => `127.0.0.${index + 1}`);

export function nginxVersion() {
  const { stderr } = spawnSync(nginx(), ['-v'], { encoding: 'utf8' });
  return /nginx\/(\S+)/.exec(stderr ?? '')?.[1];
}

/** Starts it on the cores that are not the load's. @throws Error with what nginx said when it does not start */
export async function startServer() {
  const home = await mkdtemp(join(tmpdir(), 'sameconn-bench-'));
  const { key, cert } = await makeCertificate({ names: ['localhost'] });
  const ports = { http: await freePort(), https: await freePort() };
  await writeFile(join(home, 'key.pem'), key);
  await writeFile(join(home, 'cert.pem'), cert);
  await writeFile(join(home, 'nginx.conf'), configuration(home, ports));
  // The shell raises the limit of open files, and ends nginx as soon as our end of its standard input is closed, however we end.
  const watched = 'ulimit -n 40000 2>/dev/null; "$@" & server=$!; exec 3<&0; (cat <&3 >/dev/null; kill $server) & wait $server';
  const [command, ...args] = pinned(cores.server, ['sh', '-c', watched, 'sh', nginx(), '-c', join(home, 'nginx.conf'), '-e', join(home, 'error.log')]);
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  const stop = async () => {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined;
    child.stdin.end();
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  if (!(await untilListening(ports.https, child))) {
    const complaint = await readFile(join(home, 'error.log'), 'utf8').catch(() => 'no word in its error log');
    await stop();
    throw new Error(`nginx did not start: ${complaint}`);
  }
  let turn = 0;
  return { stop, target: (scheme) => ({ secure: scheme === 'https', address: ADDRESSES[turn++ % ADDRESSES.length], port: ports[scheme] }) };
}

function configuration(home, ports) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${home}/${what};`);
  return `
    daemon off;
    worker_processes ${WORKERS};
    worker_rlimit_nofile 40000;
    pid ${home}/nginx.pid;
    error_log ${home}/error.log;
    events { worker_connections 20000; }
    http {
      ${temporary.join(' ')}
      access_log off;
      keepalive_requests 1000000000;
      keepalive_time 1d;
      keepalive_timeout 1h;
      ssl_certificate ${home}/cert.pem;
      ssl_certificate_key ${home}/key.pem;
      ssl_protocols TLSv1.3;
      ssl_session_tickets on;
      ssl_session_timeout 1h;
      default_type text/plain;
      server {
        ${ADDRESSES.map((address) => `listen ${address}:${ports.http} backlog=4096; listen ${address}:${ports.https} ssl backlog=4096;`).join('\n        ')}
        location / { return 200 'hello world\\n'; }
      }
    }`;
}

function nginx() {
  return ['nginx', '/usr/sbin/nginx'].find((command) => spawnSync(command, ['-v']).error === undefined) ?? 'nginx';
}

async function freePort() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function untilListening(port, child) {
  for (let tries = 0; tries < 500 && child.exitCode === null; tries++) {
    if (await answers(port)) return true;
    await sleep(10);
  }
  return false;
}

function answers(port) {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });
}
