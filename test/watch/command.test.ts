/** The command as a person runs it: what it prints while it watches, and after. */
import { describe, expect, test } from 'vitest';
import { folder, sameconn, start } from '../end-to-end/cli.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WatchReport } from '../../src/watch/report.js';

/** A client in Node, in a file: it has the address in SAMECONN_URL. */
function client(code: string): readonly string[] {
  const file = join(folder(), 'client.mjs');
  writeFileSync(file, `import { get } from 'node:http'; const url = process.env.SAMECONN_URL; ${code}`);
  return [process.execPath, file];
}

const closing = (times: number): readonly string[] =>
  client(`for (let n = 0; n < ${times}; n++) await new Promise((done) => get(url, { agent: false }, (response) => response.resume().on('close', done)));`);

test('each new connection is told as it comes, with its verdict, its evidence and how sure that is', async () => {
  const { code, stderr, stdout } = await sameconn('watch', '--', ...closing(3));
  expect(stderr).toMatch(/^watching on http:\/\/127\.0\.0\.1:\d+\n/);
  expect(stderr).toContain('connection 1 of no User-Agent: S01 first: no connection of this client was known (exact)\n');
  expect(stderr).toContain('connection 2 of no User-Agent: S03 client-said-close: the request said `Connection: close` (exact)\n');
  expect(stdout).toMatch(/^No: 3 requests used 3 connections; 1 connection would have done\. Each time the\nclient itself asked/);
  expect(code).toBe(1);
});

test('of many connections the first fifty are told, and that more follow', async () => {
  const { stderr, stdout } = await sameconn('watch', '--json', '--', ...closing(80));
  expect(stderr.split('\n').filter((line) => line.startsWith('connection '))).toHaveLength(50);
  expect(stderr).toContain('further connections only count');
  const { list, connections, requests } = JSON.parse(stdout) as WatchReport;
  expect([list.length, connections, requests]).toEqual([80, 80, 80]);
  expect(list[1]).toEqual({ id: 2, client: '', openedMs: expect.any(Number), requests: 1, verdict: 'S03', end: { ms: expect.any(Number), by: 'server', signal: 'fin', phase: 'idle' } });
});

test('with --quiet nothing is said but the answer', async () => {
  const { stderr, stdout, code } = await sameconn('watch', '--quiet', '--', ...client(`await new Promise((done) => get(url, (response) => response.resume().on('close', done)));`));
  expect([stderr, stdout.split('\n')[0], code]).toEqual(['', 'Yes: 1 request used 1 connection.', 0]);
});

test('it ends with --duration, when no client came as well', async () => {
  const { code, stdout } = await sameconn('watch', '--quiet', '--duration', '100ms');
  expect([code, stdout]).toEqual([1, 'Nothing to judge: no request came.\n']);
});

test('Ctrl-C ends it with the answer', async () => {
  const watch = start(['watch']);
  await watch.heard('Ctrl-C ends it');
  watch.child.kill('SIGINT');
  const { code, stdout } = await watch.ended;
  expect([code, stdout]).toEqual([1, 'Nothing to judge: no request came.\n']);
});

test('who can reach it is said when it listens to more than this machine', async () => {
  const { stderr } = await sameconn('watch', '--listen', '0.0.0.0:0', '--duration', '50ms');
  expect(stderr).toContain('note: 0.0.0.0 can be reached from other machines');
});

describe('a wrong word is refused with its remedy:', () => {
  test.each([
    [['--listen', 'here'], '--listen: "here" is no address'],
    [['--target', 'ftp://x'], 'is not an http or https URL'],
    [['--target', 'http://x', '--exam'], 'exclude each other'],
    [['--body', 'much'], '--body: "much" is no size'],
    [['--cert', 'x.pem'], '--cert and --key go together'],
    [['--ca', '/there/is/none.pem', '--target', 'https://x'], 'name a PEM file'],
    [['--', 'there-is-no-such-program'], 'there-is-no-such-program cannot be started'],
  ])('%j', async (words, complaint) => {
    const { code, stderr, stdout } = await sameconn('watch', ...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(complaint);
  });
});
