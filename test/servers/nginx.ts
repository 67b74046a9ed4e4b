/** The real nginx with two workers; its access log is the witness. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate } from '../../src/demo/certificate.js';
import { spawnWatched, stopWatched } from './child.js';
import { freePorts } from './ports.js';
import { count, type Witness, type WitnessedConnection, type WitnessServer } from './witness.js';

export interface NginxOptions {
  /** Requests after which nginx ends a connection. */
  readonly keepaliveRequests?: number;
  /** How long an idle connection is kept, as nginx writes it: `75s`. */
  readonly keepaliveTimeout?: string;
  /** How old a connection may become, as nginx writes it: `1h`. */
  readonly keepaliveTime?: string;
  /** Offers HTTP/2 over TLS. */
  readonly http2?: boolean;
  readonly tlsProtocols?: readonly ('TLSv1.2' | 'TLSv1.3')[];
  /** Where `/slow` is passed on to; nowhere when nothing is said. */
  readonly slowUrl?: string;
  /** One request of a hundred ends its connection: by turns of chance with an announcement, or without so much as an answer. */
  readonly endsConnections?: boolean;
  /** Over TLS 1.2, each of the two workers knows only the sessions that it gave itself: about half of those that are offered are refused. */
  readonly forgetsSessions?: boolean;
  /** Where it lives, this machine's loopback when nothing is said: an address, and the command line that runs a command line there. */
  readonly place?: { readonly address: string; words(...command: readonly string[]): readonly [string, ...string[]] };
}

export const nginx: Witness & { start(options?: NginxOptions): Promise<WitnessServer> } = {
  name: 'nginx',
  available: () => find() !== undefined || 'there is no nginx with TLS on this machine (apt-get install nginx-light)',
  start,
};

const LOOPBACK: NonNullable<NginxOptions['place']> = { address: '127.0.0.1', words: (command = '', ...args) => [command, ...args] };
const READY_MS = 10_000;
const SETTLED_MS = 5_000;

async function start(options: NginxOptions = {}): Promise<WitnessServer> {
  const home = await mkdtemp(join(tmpdir(), 'sameconn-nginx-'));
  const { address, words } = options.place ?? LOOPBACK;
  const { key, cert, ca } = await makeCertificate({ names: ['localhost', address] });
  const [http = 0, https = 0] = await freePorts(2);
  const ports = { http, https };
  await writeFile(join(home, 'key.pem'), key);
  await writeFile(join(home, 'cert.pem'), cert);
  await writeFile(join(home, 'nginx.conf'), configuration(home, ports, options));
  const [command, ...args] = words(find() ?? 'nginx', '-c', join(home, 'nginx.conf'), '-e', join(home, 'error.log'));
  const child = spawnWatched(command, args);
  const stop = async (): Promise<void> => {
    await stopWatched(child);
    await rm(home, { recursive: true, force: true });
  };
  // nginx writes its pid once it listens: that is seen from outside its namespace too, and costs it no connection.
  if (!(await until(() => existsSync(join(home, 'nginx.pid')) || child.exitCode !== null)) || child.exitCode !== null) {
    const complaint = await readFile(join(home, 'error.log'), 'utf8').catch(() => 'no word in its error log');
    await stop();
    throw new Error(`nginx did not start: ${complaint}`);
  }
  return {
    url: `http://${address}:${ports.http}/`,
    httpsUrl: `https://${address}:${ports.https}/`,
    ca,
    counts: async ({ scheme, requests } = {}) => count(await untilSettled(join(home, 'access.log'), ports.https, scheme, requests), scheme),
    stop,
  };
}

/** The master and the workers stay in the foreground under the watching shell; nothing is written outside `home`. */
function configuration(home: string, ports: { http: number; https: number }, options: NginxOptions): string {
  const { keepaliveRequests = 1_000_000, keepaliveTimeout = '1h', keepaliveTime = '1d', tlsProtocols = ['TLSv1.2', 'TLSv1.3'] } = options;
  const { http2 = false, endsConnections = false, forgetsSessions = false, slowUrl } = options;
  const { address } = options.place ?? LOOPBACK;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${home}/${what};`);
  return `
    daemon off;
    worker_processes 2;
    pid ${home}/nginx.pid;
    error_log ${home}/error.log;
    events { worker_connections 8192; }
    http {
      ${temporary.join(' ')}
      log_format witness '$connection $connection_requests $ssl_session_reused $ssl_protocol $server_port';
      access_log ${home}/access.log witness;
      keepalive_requests ${keepaliveRequests};
      keepalive_time ${keepaliveTime};
      keepalive_timeout ${keepaliveTimeout};
      ssl_certificate ${home}/cert.pem;
      ssl_certificate_key ${home}/key.pem;
      ssl_protocols ${forgetsSessions ? 'TLSv1.2' : tlsProtocols.join(' ')};
      ssl_session_tickets ${forgetsSessions ? 'off' : 'on'};
      ssl_session_cache ${forgetsSessions ? 'builtin' : 'shared:witness:10m'};
      ssl_session_timeout 1h;
      default_type text/plain;
      split_clients $request_id $fate { 0.5% last; 0.5% cut; * kept; }
        map $connection_requests $end { 1 kept; default $fate; } # a run whose first request of all is cut does not begin
      server {
        listen ${address}:${ports.http} backlog=4096;
        listen ${address}:${ports.https} ssl ${http2 ? 'http2 ' : ''}backlog=4096${forgetsSessions ? ' reuseport' : ''};
        location / {
          ${endsConnections ? 'if ($end = cut) { return 444; } if ($end = last) { rewrite ^ /last last; }' : ''}
          return 200 'hello world\\n';
        }
        location = /absent { return 404; }
        ${slowUrl === undefined ? '' : `location = /slow { proxy_pass ${slowUrl}; }`}
        location = /last { internal; keepalive_timeout 0; return 200 'hello world\\n'; }
      }
    }`;
}

/** nginx writes its line after the response is out: the log has settled when it holds what is expected, or grows no more. */
async function untilSettled(log: string, httpsPort: number, scheme?: 'http' | 'https', expected?: number): Promise<WitnessedConnection[]> {
  const until = performance.now() + SETTLED_MS;
  for (let before = -1; ; ) {
    const connections = readLog(await readFile(log, 'utf8'), httpsPort);
    const { requests } = count(connections, scheme);
    if (expected === undefined ? requests === before : requests >= expected) return connections;
    if (performance.now() > until) return connections;
    before = requests;
    await sleep(expected === undefined ? 100 : 20);
  }
}

/** Only connections that carried a request have a line. `$ssl_session_reused` is `r` or `.`, and `-` without TLS. */
function readLog(log: string, httpsPort: number): WitnessedConnection[] {
  const connections = new Map<string, { scheme: 'http' | 'https'; requests: number; resumed: boolean }>();
  for (const line of log.split('\n').slice(0, -1)) {
    const [id = '', , reused, , port] = line.split(' ');
    const connection = connections.get(id) ?? { scheme: Number(port) === httpsPort ? 'https' : 'http', requests: 0, resumed: reused === 'r' };
    connection.requests++;
    connections.set(id, connection);
  }
  return [...connections.values()];
}

function find(): string | undefined {
  return ['nginx', '/usr/sbin/nginx'].find((command) => String(spawnSync(command, ['-V']).stderr).includes('http_ssl_module'));
}

async function until(fine: () => boolean): Promise<boolean> {
  for (const end = performance.now() + READY_MS; performance.now() < end; await sleep(10)) if (fine()) return true;
  return fine();
}
