/** Real clients, watched as a person would: `sameconn watch -- client`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WatchReport } from '../../src/watch/report.js';
import { openTarget } from '../../src/demo/target.js';
import { folder, sameconn } from '../end-to-end/cli.js';
import { builtGo, here } from './programs.js';

interface Watched extends WatchReport {
  readonly code: number | null;
  /** The verdict that most avoidable connections got, as in `S03 × 19`; '' when there is none. */
  readonly worst: string;
}

async function watched(command: readonly string[], ...options: string[]): Promise<Watched> {
  const { code, stdout, stderr } = await sameconn('watch', '--json', '--quiet', ...options, '--', ...command);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as WatchReport;
  const [worst] = verdictsOf(report).filter(({ needed }) => !needed).sort((a, b) => b.count - a.count);
  return { ...report, code, worst: worst === undefined ? '' : `${worst.code} × ${worst.count}` };
}

/** The question of the exam that only a client with several requests at one time can be asked. */
const SEVERAL = 'several requests at one time';

/** The kernel takes a body of 1 MiB whole: only its own table shows that it lies unread. */
const LEFT_UNREAD = process.platform === 'linux' ? 'S09' : 'S08';

const failedAt = (exam: WatchReport['exam']): string[] => exam!.grades.filter(({ asked, passed }) => passed < asked).map(({ question }) => question);

const verdictsOf = (report: WatchReport) => report.clients.flatMap(({ verdicts }) => verdicts);

/** A command line for a shell, which knows the address as $SAMECONN_URL. */
const shell = (line: string): readonly string[] => ['sh', '-c', line];
const node = (code: string): readonly string[] => [process.execPath, '-e', code];

const go = here('go', 'version');

describe.skipIf(!go)('Go', () => {
  const client = (way: string): readonly string[] => shell(`"${builtGo('clients.go')}" "$SAMECONN_URL" ${way}`);

  test('uses one connection when it reads each body to its end', async () => {
    const { answer, requests, connections, code } = await watched(client('read'));
    expect({ answer, requests, connections, code }).toEqual({ answer: 'yes', requests: 20, connections: 1, code: 0 });
  });

  test('opens a connection for each request when it closes large bodies unread', async () => {
    const { answer, connections, worst, code } = await watched(client('close-unread'));
    expect({ answer, connections, worst, code }).toEqual({ answer: 'no', connections: 20, worst: 'S09 × 19', code: 1 });
  });

  test('leaves a connection behind for each body that it never closes', async () => {
    const { connections, worst } = await watched(client('leak'));
    expect({ connections, worst }).toEqual({ connections: 20, worst: `${LEFT_UNREAD} × 19` });
  });

  test('keeps two idle connections, and closes the others of ten at once', async () => {
    const report = await watched(client('pool'));
    expect([report.answer, report.requests, report.worst.slice(0, 3)]).toEqual(['no', 100, 'S06']);
    expect(verdictsOf(report).find(({ code }) => code === 'S06')).toMatchObject({ confidence: 'strong', evidence: expect.stringContaining('it kept 2,') });
  });

  test('abandons a connection with each new Transport', async () => {
    const { connections, worst } = await watched(client('new-transport'));
    expect({ connections, worst }).toEqual({ connections: 20, worst: 'S08 × 19' });
  });

  test('says close itself with DisableKeepAlives', async () => {
    const { connections, worst } = await watched(client('no-keep-alive'));
    expect({ connections, worst }).toEqual({ connections: 20, worst: 'S03 × 19' });
  });

  test('passes the exam', async () => {
    const { exam, code } = await watched(client('exam'), '--exam');
    expect(failedAt(exam)).toEqual([]);
    expect(exam!.grades.filter(({ asked }) => asked === 0)).toEqual([expect.objectContaining({ question: SEVERAL, otherwise: 'the client sends one request after another' })]);
    expect([exam!.missing, exam!.atOnce, exam!.poolCap, code]).toEqual([0, 1, null, 0]);
  });

  test('shows its pool of two in the exam', async () => {
    const { exam, code } = await watched(client('exam-pool'), '--exam');
    expect(failedAt(exam)).toEqual([SEVERAL]);
    expect(exam).toMatchObject({ poolCap: 2, stack: 'Go’s DefaultTransport', idleTimeoutMs: null });
    expect(exam!.atOnce).toBeGreaterThan(2);
    expect(code).toBe(1);
  });
});

describe.skipIf(!go)('two client.Get in Go, against a Go server behind the watch', () => {
  const startServer = async (): Promise<string> => {
    const server = spawn(builtGo('server/main.go'), ['127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void server.kill());
    const [url] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    return url;
  };

  test('use the same connection when the first body is read to its end', async () => {
    const { answer, requests, connections } = await watched([builtGo('read/main.go')], '--target', await startServer());
    expect({ answer, requests, connections }).toEqual({ answer: 'yes', requests: 2, connections: 1 });
  });

  test('use two when it is closed unread', async () => {
    const { code, stdout } = await sameconn('watch', '--quiet', '--target', await startServer(), '--', builtGo('unread/main.go'));
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/^No: 2 requests used 2 connections; 1 connection would have done\. Once the client gave the connection up before the answer was read to its end/);
    expect(code).toBe(1);
  });
});

describe.skipIf(!here('curl'))('curl', () => {
  test('uses one connection for two addresses of one command', async () => {
    const { answer, requests, connections } = await watched(shell('curl -s $SAMECONN_URL/a $SAMECONN_URL/b'));
    expect({ answer, requests, connections }).toEqual({ answer: 'yes', requests: 2, connections: 1 });
  });

  test('shows in the exam that it sends five at one time, and uses their connections again', async () => {
    const { exam } = await watched(shell('curl -s --parallel --parallel-max 5 -o /dev/null "$SAMECONN_URL/[1-60]" 2>&1'), '--exam');
    expect(exam).toMatchObject({ atOnce: 5, poolCap: null });
    expect(failedAt(exam)).toEqual([]);
    expect(exam!.grades.find(({ question }) => question === SEVERAL)!.asked).toBeGreaterThan(0);
  });

  test('cannot share a connection between two commands', async () => {
    const { connections, worst } = await watched(shell('curl -s $SAMECONN_URL/a; curl -s $SAMECONN_URL/b'));
    expect({ connections, worst }).toEqual({ connections: 2, worst: 'S07 × 1' });
  });
});

describe.skipIf(!here('curl'))('curl, through the watch as its proxy', () => {
  const targetAnd = async (line: (urls: { http: string; https: string; ca: string }) => string) => {
    const target = await openTarget();
    onTestFinished(() => target.close());
    const ca = join(folder(), 'ca.pem');
    writeFileSync(ca, target.ca);
    const report = await watched(shell(line({ http: `http://127.0.0.1:${target.http.port}`, https: `https://127.0.0.1:${target.https.port}`, ca })), '--as-proxy');
    return { ...report, counts: target.counts() };
  };

  test('uses one connection for two plain requests', async () => {
    const { answer, requests, connections, tunnels, counts } = await targetAnd(({ http }) => `curl -sf ${http}/a ${http}/b`);
    expect({ answer, requests, connections, tunnels: tunnels.count }).toEqual({ answer: 'yes', requests: 2, connections: 1, tunnels: 0 });
    expect(counts.http).toMatchObject({ connections: 1, requests: 2 });
  });

  test('uses one tunnel for two requests over TLS, which only the target sees', async () => {
    const { answer, tunnels, counts } = await targetAnd(({ https, ca }) => `curl -sf --cacert ${ca} ${https}/a ${https}/b`);
    expect({ answer, tunnels }).toEqual({ answer: 'yes', tunnels: { count: 1, offered: 0, accepted: 0 } });
    expect(counts.https).toMatchObject({ connections: 1, requests: 2, tlsFull: 1, tlsResumed: 0 });
  });

  test('opens a tunnel for each when it says close in it, and resumes its TLS session', async () => {
    const { answer, worst, tunnels, counts, code } = await targetAnd(({ https, ca }) => `curl -sf --cacert ${ca} -H 'Connection: close' ${https}/a ${https}/b ${https}/c`);
    expect({ answer, worst, code }).toEqual({ answer: 'no', worst: 'S07 × 2', code: 1 });
    const { tlsFull, tlsResumed } = counts.https;
    expect(tunnels).toEqual({ count: 3, offered: expect.any(Number), accepted: tlsResumed }); // read in passing, and as the target itself counts them
    expect([tunnels.offered > 0, tlsResumed > 0, tlsFull + tlsResumed]).toEqual([true, true, 3]);
  });

  test('is told that a target it does not trust was not spoken with', async () => {
    const { tunnels, counts } = await targetAnd(({ https }) => `curl -s ${https}/a`);
    expect(tunnels).toEqual({ count: 1, offered: 0, accepted: 0 });
    expect(counts.https.requests).toBe(0);
  });
});

test.skipIf(!here('curl'))('curl that does not trust the certificate is told so', async () => {
  const { code, stdout } = await sameconn('watch', '--quiet', '--tls', '--', ...shell('curl -s $SAMECONN_URL/'));
  expect(stdout).toMatch(/^Nothing to judge: no request came, as 1 TLS handshake failed/);
  expect(code).toBe(1);
});

describe('Node', () => {
  const requestsWith = (options: string): readonly string[] =>
    node(`const http = require('http'); let n = 0;
      const next = () => ++n <= 20 && http.get(process.env.SAMECONN_URL, ${options}, (response) => response.resume().on('close', next)); next();`);

  test('uses one connection with its own agent', async () => {
    const { answer, requests } = await watched(requestsWith('{}'));
    expect({ answer, requests }).toEqual({ answer: 'yes', requests: 20 });
  });

  test('says close itself without an agent', async () => {
    const { connections, worst } = await watched(requestsWith('{ agent: false }'));
    expect({ connections, worst }).toEqual({ connections: 20, worst: 'S03 × 19' });
  });

  test('uses its connections again with fetch', async () => {
    const { answer, requests } = await watched(node('(async () => { for (let n = 0; n < 20; n++) await (await fetch(process.env.SAMECONN_URL)).text(); })()'));
    expect({ answer, requests }).toEqual({ answer: 'yes', requests: 20 });
  });

  test('does not get a connection back from a fetch whose body it never reads', async () => {
    const { connections, answer, worst } = await watched(node(`(async () => { const kept = []; for (let n = 0; n < 5; n++) kept.push(await fetch(process.env.SAMECONN_URL + '/bytes/1MiB')); })()`));
    expect([answer, connections, worst]).toEqual(['no', 5, `${LEFT_UNREAD} × 4`]);
  });

  test('fails the exam at the short hint only, with fetch', async () => {
    const { exam } = await watched(
      node(`(async () => { for (let n = 0; n < 22; n++) { try { await (await fetch(process.env.SAMECONN_URL)).text(); } catch {} await new Promise((done) => setTimeout(done, 20)); } })()`),
      '--exam',
    );
    expect(failedAt(exam)).toEqual(['a short hint: Keep-Alive: timeout=1']);
  });

  test('shows its limit of four connections, its pool of two and its idle timeout in the exam', async () => {
    const { exam } = await watched(
      node(`const http = require('http'); const agent = new http.Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 2, timeout: 1500 });
        const get = () => new Promise((done) => http.get(process.env.SAMECONN_URL, { agent }, (response) => response.resume().on('close', done)).on('error', done));
        (async () => {
          for (let n = 0; n < 18; n++) await get();
          for (let burst = 0; burst < 3; burst++) {
            await Promise.all(Array.from({ length: 4 }, get));
            await new Promise((done) => setTimeout(done, 100));
          }
          await get();
          setTimeout(() => {}, 3000);
        })();`),
      '--exam',
    );
    expect(failedAt(exam)).toEqual(['a short hint: Keep-Alive: timeout=1', SEVERAL]);
    expect(exam).toMatchObject({ atOnce: 4, poolCap: 2, stack: '' });
    expect(exam!.idleTimeoutMs).toBeGreaterThan(1400);
  });
});

describe.skipIf(!here('python3'))('Python', () => {
  test('says close itself with urllib', async () => {
    const { connections, worst } = await watched(['python3', '-c', 'import os, urllib.request\nfor i in range(10): urllib.request.urlopen(os.environ["SAMECONN_URL"]).read()']);
    expect({ connections, worst }).toEqual({ connections: 10, worst: 'S03 × 9' });
  });

  test('uses one connection with http.client', async () => {
    const { answer, requests, connections } = await watched([
      'python3',
      '-c',
      'import os, http.client\nc = http.client.HTTPConnection(os.environ["SAMECONN_URL"][7:])\nfor i in range(10):\n  c.request("GET", "/")\n  c.getresponse().read()',
    ]);
    expect({ answer, requests, connections }).toEqual({ answer: 'yes', requests: 10, connections: 1 });
  });

  test('passes the exam with http.client, one request after another', async () => {
    const { exam, code } = await watched(
      [
        'python3',
        '-c',
        'import os, http.client\nc = http.client.HTTPConnection(os.environ["SAMECONN_URL"][7:])\nfor i in range(20):\n  try:\n    c.request("GET", "/")\n    c.getresponse().read()\n  except Exception:\n    c.close()',
      ],
      '--exam',
    );
    expect([failedAt(exam), exam!.atOnce, exam!.missing, code]).toEqual([[], 1, 0, 0]);
  });
});

describe('load testers', () => {
  test.skipIf(!here('wrk', '-v'))('wrk uses its connections again', async () => {
    const { answer, connections } = await watched(shell('wrk -d 1 -c 8 -t 1 $SAMECONN_URL/'));
    expect({ answer, connections }).toEqual({ answer: 'yes', connections: 8 });
  });

  test.skipIf(!here('hey', '-h'))('hey uses its connections again', async () => {
    const { answer, requests } = await watched(shell('hey -n 500 -c 5 $SAMECONN_URL/'));
    expect({ answer, requests }).toEqual({ answer: 'yes', requests: 500 });
  });

  const ab = here('ab', '-V');
  test.skipIf(!ab)('ab opens a connection for each request', async () => {
    const { connections, answer, worst } = await watched(shell('ab -q -n 200 -c 5 $SAMECONN_URL/'));
    expect([answer, connections, worst.slice(0, 3)]).toEqual(['no', 200, 'S03']);
  });

  test.skipIf(!ab)('ab -k uses its connections again', async () => {
    const { answer, connections } = await watched(shell('ab -q -k -n 200 -c 5 $SAMECONN_URL/'));
    expect({ answer, connections }).toEqual({ answer: 'yes', connections: 5 });
  });
});
