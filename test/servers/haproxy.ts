/** The real HAProxy in front of another server. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../src/demo/certificate.js';
import { spawnWatched, stopWatched } from './child.js';
import { freePorts, untilListening } from './ports.js';

export interface HaproxyOptions {
  /** The server behind it: an http URL of loopback. */
  readonly behind: string;
  /** `timeout http-keep-alive`, as HAProxy writes it: `2s`. */
  readonly keepAlive: string;
}

export interface HaproxyServer {
  readonly url: string;
  readonly httpsUrl: string;
  readonly ca: string;
  stop(): Promise<void>;
}

export const haproxy = {
  name: 'haproxy',
  available: (): true | string => find() !== undefined || 'there is no HAProxy on this machine (apt-get install haproxy)',
  start,
};

async function start(options: HaproxyOptions): Promise<HaproxyServer> {
  const home = await mkdtemp(join(tmpdir(), 'sameconn-haproxy-'));
  const { key, cert, ca } = await makeCertificate({ names: ['localhost', '127.0.0.1'] });
  const [http = 0, https = 0] = await freePorts(2);
  await writeFile(join(home, 'both.pem'), `${cert}\n${key}`);
  await writeFile(join(home, 'haproxy.cfg'), configuration(home, http, https, options));
  const child = spawnWatched(find() ?? 'haproxy', ['-db', '-f', join(home, 'haproxy.cfg')]);
  const stop = async (): Promise<void> => {
    await stopWatched(child);
    await rm(home, { recursive: true, force: true });
  };
  if (!(await untilListening(https, () => child.exitCode !== null))) {
    const complaint = spawnSync(find() ?? 'haproxy', ['-c', '-f', join(home, 'haproxy.cfg')]).stderr.toString();
    await stop();
    throw new Error(`HAProxy did not start: ${complaint}`);
  }
  return { url: `http://127.0.0.1:${http}/`, httpsUrl: `https://127.0.0.1:${https}/`, ca, stop };
}

function configuration(home: string, http: number, https: number, { behind, keepAlive }: HaproxyOptions): string {
  return `
global
  nbthread 1
  maxconn 200
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-request 30s
  timeout http-keep-alive ${keepAlive}
frontend both
  bind 127.0.0.1:${http}
  bind 127.0.0.1:${https} ssl crt ${home}/both.pem alpn h2,http/1.1
  default_backend behind
backend behind
  server one ${new URL(behind).host}
`;
}

function find(): string | undefined {
  return ['haproxy', '/usr/sbin/haproxy'].find((command) => spawnSync(command, ['-v']).status === 0);
}
