/** The real Apache httpd with its event MPM, serving one file; nothing is written outside a folder of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../src/demo/certificate.js';
import { spawnWatched, stopWatched } from './child.js';
import { freePorts, untilListening } from './ports.js';

export interface ApacheOptions {
  /** Seconds. */
  readonly keepAliveTimeout?: number;
  readonly maxKeepAliveRequests?: number;
}

export interface ApacheServer {
  readonly url: string;
  readonly httpsUrl: string;
  readonly ca: string;
  stop(): Promise<void>;
}

export const apache = {
  name: 'apache',
  available: (): true | string => (find() !== undefined && existsSync(`${MODULES}/mod_ssl.so`)) || 'there is no Apache httpd with mod_ssl on this machine (apt-get install apache2-bin)',
  start,
};

const MODULES = '/usr/lib/apache2/modules';

async function start(options: ApacheOptions = {}): Promise<ApacheServer> {
  const home = await mkdtemp(join(tmpdir(), 'sameconn-apache-'));
  const { key, cert, ca } = await makeCertificate({ names: ['localhost', '127.0.0.1'] });
  const [http = 0, https = 0] = await freePorts(2);
  await chmod(home, 0o755); // httpd gives root's rights away, and must still read its page
  await mkdir(join(home, 'www'));
  await writeFile(join(home, 'www', 'index.html'), 'hello world\n');
  await writeFile(join(home, 'key.pem'), key);
  await writeFile(join(home, 'cert.pem'), cert);
  await writeFile(join(home, 'httpd.conf'), configuration(home, http, https, options));
  const child = spawnWatched(find() ?? 'apache2', ['-d', home, '-f', join(home, 'httpd.conf'), '-DFOREGROUND']);
  const stop = async (): Promise<void> => {
    await stopWatched(child);
    await rm(home, { recursive: true, force: true });
  };
  if (!(await untilListening(https, () => child.exitCode !== null))) {
    const complaint = await readFile(join(home, 'error.log'), 'utf8').catch(() => 'no word in its error log');
    await stop();
    throw new Error(`Apache did not start: ${complaint}`);
  }
  return { url: `http://127.0.0.1:${http}/`, httpsUrl: `https://127.0.0.1:${https}/`, ca, stop };
}

function configuration(home: string, http: number, https: number, { keepAliveTimeout = 5, maxKeepAliveRequests = 100 }: ApacheOptions): string {
  const modules = ['mpm_event', 'authz_core', 'dir', 'ssl', 'socache_shmcb'].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`);
  return `
    ${modules.join('\n    ')}
    ServerName localhost
    ${process.getuid?.() === 0 ? 'User www-data\n    Group www-data' : ''}
    PidFile ${home}/httpd.pid
    ErrorLog ${home}/error.log
    Mutex pthread
    DefaultRuntimeDir ${home}
    StartServers 1
    ServerLimit 1
    Listen 127.0.0.1:${http}
    Listen 127.0.0.1:${https}
    KeepAlive On
    KeepAliveTimeout ${keepAliveTimeout}
    MaxKeepAliveRequests ${maxKeepAliveRequests}
    DocumentRoot ${home}/www
    DirectoryIndex index.html
    SSLSessionCache shmcb:${home}/sessions(512000)
    <Directory ${home}/www>
      Require all granted
    </Directory>
    <VirtualHost 127.0.0.1:${https}>
      ServerName localhost
      SSLEngine on
      SSLCertificateFile ${home}/cert.pem
      SSLCertificateKeyFile ${home}/key.pem
    </VirtualHost>`;
}

function find(): string | undefined {
  return ['apache2', '/usr/sbin/apache2', 'httpd', '/usr/sbin/httpd'].find((command) => spawnSync(command, ['-v']).status === 0);
}
