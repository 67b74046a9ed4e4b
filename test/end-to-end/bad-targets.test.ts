import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as clients from '../../src/clients/index.js';
import type { Result } from '../../src/result/schema.js';
import { folder, sameconn, start } from './cli.js';
import { after, behaviours, target, tlsTarget } from './targets.js';

const LOAD = ['--duration', '200ms', '--warmup', '0s', '--blocks', '1', '--rate', '100/s', '--connections', '4', '--quiet'];

/** A scenario with short timeouts. */
function scenario(out: string, url: string): string {
  const path = join(out, 'scenario.yaml');
  writeFileSync(path, `target: { url: "${url}" }\ntimeouts: { connect: 200ms, response: 400ms, close: 200ms }\n`);
  return path;
}

describe('before any load, a target that cannot work is refused with exit code 2 and a sentence', () => {
  const cases: readonly { what: string; url: () => Promise<string>; says: RegExp }[] = [
    { what: 'nothing listens', url: async () => 'http://127.0.0.1:1/', says: /connection was refused.*\(refused\); start the target/ },
    { what: 'the name does not resolve', url: async () => 'http://no-such-host.invalid/', says: /no-such-host\.invalid does not resolve/ },
    { what: 'it closes at once', url: async () => `http://${await target(behaviours['closes at once'])}/`, says: /closed the connection before the whole response \(closed\)/ },
    { what: 'it resets', url: async () => `http://${await target(behaviours.resets)}/`, says: /reset the connection before the whole response \(reset\)/ },
    { what: 'it answers garbage', url: async () => `http://${await target(behaviours['answers garbage'])}/`, says: /not valid HTTP\/1\.1 \(protocol\)/ },
    { what: 'it never answers', url: async () => `http://${await target(behaviours['never answers'])}/`, says: /did not come in time.*\(response-timeout\); timeouts\.response is 400ms/ },
    { what: 'https is spoken to an http port', url: async () => `https://${await target(behaviours['answers garbage'])}/`, says: /does not speak TLS here.*\(tls-protocol\).*write http:/ },
    { what: 'https is spoken to a port that never finishes the handshake', url: async () => `https://${await target(behaviours['never answers'])}/`, says: /not ready in time \(timeouts\.connect\) \(connect-timeout\)/ },
    { what: 'http is spoken to an https port', url: async () => `http://${(await tlsTarget(behaviours.answers)).address}/`, says: /does this port speak https/ },
    { what: 'the certificate’s authority is unknown', url: async () => `https://${(await tlsTarget(behaviours.answers)).address}/`, says: /certificate was not accepted \(tls-certificate\).*--ca FILE/ },
    { what: 'the certificate is for another name', url: async () => `https://${(await tlsTarget(behaviours.answers, ['other.test'])).address}/`, says: /\(tls-certificate\)/ },
    { what: 'the status is not an expected one', url: async () => `http://${await target((socket) => socket.on('data', () => socket.write('HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n')))}/`, says: /answered 404, and 2xx or 3xx is expected/ },
  ];

  describe.each(Object.values(clients))('with the $kind client', ({ kind }) => {
    test.each(cases)('$what', async ({ url, says }) => {
      const out = folder();
      const { code, stderr, stdout } = await sameconn('run', scenario(out, await url()), ...LOAD, '--client', kind, '--out', join(out, 'reports'));
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect([code, stdout]).toEqual([2, '']);
      expect(existsSync(join(out, 'reports')) ? readdirSync(join(out, 'reports')) : []).toEqual([]);
    });
  });

  const isolated = spawnSync('unshare', ['-rn', 'true']).status === 0;
  if (!isolated) console.warn('skipped: this system lets nobody make a network namespace (unshare -rn), so there is no unreachable network');
  test.skipIf(!isolated)('the network cannot be reached', async () => {
    const { code, stderr } = await start(['run', 'http://192.0.2.1/', ...LOAD, '--out', folder()], {}, ['unshare', '-rn']).ended;
    expect(stderr).toMatch(/could not be reached \(unreachable\)/);
    expect(code).toBe(2);
  });
});

describe('under load, a failure of the target is data', () => {
  const cases: readonly { what: string; url: () => Promise<string>; kinds: readonly string[] }[] = [
    { what: 'stops answering', url: async () => target(after(3, () => {})), kinds: ['response-timeout', 'wait-timeout'] },
    { what: 'begins to reset', url: async () => target(after(3, (socket) => socket.resetAndDestroy())), kinds: ['reset', 'stale'] },
    { what: 'begins to close without an answer', url: async () => target(after(3, (socket) => socket.end())), kinds: ['closed', 'stale'] },
    { what: 'begins to answer garbage', url: async () => target(after(3, (socket) => socket.write('garbage\r\n\r\n'))), kinds: ['protocol'] },
    { what: 'begins to answer 503', url: async () => target(after(3, (socket) => socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n'))), kinds: ['status'] },
    { what: 'breaks off its answers', url: async () => target(after(3, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))), kinds: ['closed'] },
  ];

  describe.each(Object.values(clients))('with the $kind client', ({ kind }) => {
    test.each(cases)('a target that $what', async ({ url, kinds }) => {
      const out = folder();
      const { code, stderr } = await sameconn('run', scenario(out, `http://${await url()}/`), ...LOAD, '--client', kind, '--out', out, '--name', 'r');
      expect([stderr, code]).toEqual(['', 3]); // so many failures leave no verdict
      const { arms } = JSON.parse(readFileSync(join(out, 'r.json'), 'utf8')) as Result;
      const failures = arms.flatMap((arm) => Object.entries(arm.totals.requests.failures));
      expect(failures.length).toBeGreaterThan(0);
      expect(failures.filter(([failure]) => !kinds.includes(failure))).toEqual([]);
    });

    test('a target that says Connection: close every time breaks the promise of reused, and the report says why', async () => {
      const out = folder();
      const { code, stdout } = await sameconn('run', `http://${await target(behaviours['says close always'])}/`, ...LOAD.slice(0, -1), '--client', kind, '--out', out, '--name', 'r');
      const { arms } = JSON.parse(readFileSync(join(out, 'r.json'), 'utf8')) as Result;
      const reused = arms.find((arm) => arm.policy === 'reused')!;
      expect(code).toBe(3); // an arm that is not what its name says leaves no verdict either
      expect(reused.promise.held).toBe(false);
      expect(Object.keys(reused.totals.connections.openedBecause)).toContain('server-announced-close/always');
      expect(stdout).toContain('NOT held');
    });
  });
});
