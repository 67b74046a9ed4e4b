// Makes the sample report of the README: `npm run sample` (needs Linux, root, a C compiler and nginx). An nginx 10 ms away, TLS 1.3; reused, fresh and resumed.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from '../dist/demo/certificate.js';
import { lacking, withDelayLine } from './accuracy/delay-line/index.mjs';

const RTT_MS = 10;
const PORT = 8443;
const root = fileURLToPath(new URL('..', import.meta.url));

const missing = lacking();
if (missing !== undefined) throw new Error(missing);
execFileSync('nginx', ['-v'], { stdio: 'ignore' });

const home = await mkdtemp(join(tmpdir(), 'sameconn-sample-'));
try {
  await withDelayLine(RTT_MS, async ({ near, far }) => {
    const { key, cert, ca } = await makeCertificate({ names: [far.address] });
    await Promise.all([writeFile(join(home, 'key.pem'), key), writeFile(join(home, 'cert.pem'), cert), writeFile(join(home, 'ca.pem'), ca)]);
    await writeFile(
      join(home, 'nginx.conf'),
      `daemon off; worker_processes 1; pid ${home}/nginx.pid; error_log ${home}/error.log; events { worker_connections 4096; }
      http { access_log off; client_body_temp_path ${home}/a; proxy_temp_path ${home}/b; fastcgi_temp_path ${home}/c; uwsgi_temp_path ${home}/d; scgi_temp_path ${home}/e;
        keepalive_requests 1000000; ssl_certificate ${home}/cert.pem; ssl_certificate_key ${home}/key.pem; ssl_protocols TLSv1.3; ssl_session_tickets on;
        server { listen ${far.address}:${PORT} ssl backlog=4096; location / { return 200 'hello world\\n'; } } }`,
    );
    const server = far.start('nginx', ['-c', join(home, 'nginx.conf'), '-e', join(home, 'error.log')], { stdio: 'ignore' });
    try {
      for (let tries = 0; tries < 500 && !existsSync(join(home, 'nginx.pid')); tries++) await sleep(10);
      const words = ['bin/sameconn.js', 'run', `https://${far.address}:${PORT}/items`, '--ca', join(home, 'ca.pem'), '--rate', '200/s', '--duration', '2s', '--warmup', '1s', '--blocks', '6', '--name', 'sample', '--out', home];
      const run = near.start(process.execPath, words, { cwd: root, stdio: 'inherit' });
      const code = await new Promise((done) => run.on('exit', done));
      if (code !== 0) throw new Error(`the run ended with exit code ${code}`);
    } finally {
      server.kill();
    }
  }, { exact: true });
  for (const extension of ['html', 'json']) await cp(join(home, `sample.${extension}`), join(root, 'reports', `sample.${extension}`));
} finally {
  await rm(home, { recursive: true, force: true });
}
