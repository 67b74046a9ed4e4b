/** The two questions, as a person asks them: words in; the sentence and the exit code out. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Answer } from '../../src/ask/answer.js';
import { main } from '../../src/cli.js';
import { processIo } from '../../src/io.js';
import { probeReport } from '../../src/result/probe.js';
import { folder } from '../end-to-end/cli.js';
import { behaviours, target, tlsTarget } from '../end-to-end/targets.js';
import * as zoo from '../servers/zoo/index.js';
import { member, type Member } from '../servers/zoo/member.js';

/** A server of the zoo, for one test. @returns its URL */
async function stand(who: Member): Promise<string> {
  const { endpoint, stop } = await who.start();
  onTestFinished(() => stop());
  return `${endpoint.secure ? 'https' : 'http'}://127.0.0.1:${endpoint.port}/`;
}

/** A server that reads requests properly, bodies included. @returns its URL */
const patient = (): Promise<string> => stand(zoo.patient);

/** Made once, since it listens to this process's streams for good. */
const OUTSIDE = processIo([], 2);

/** The program in this process, with its words caught. */
async function sameconn(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const io = { ...OUTSIDE, style: { width: 80, color: false, unicode: true }, stdout: (text: string) => void (said.stdout += text), stderr: (text: string) => void (said.stderr += text) };
  return { code: await main(argv, io), ...said };
}

describe('sameconn ask', () => {
  test('says yes with exit code 0', async () => {
    const { code, stdout, stderr } = await sameconn('ask', `http://${await target(behaviours.answers)}/`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ Yes: both went over connection 1 \(127\.0\.0\.1:\d+ → 127\.0\.0\.1:\d+\)/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('says no with exit code 1, and in JSON why', async () => {
    const address = await target(behaviours.answers);
    const { code, stdout } = await sameconn('ask', `http://${address}/`, `http://localhost:${address.split(':')[1]}/`, '--json');
    const answer = JSON.parse(stdout) as Answer;
    expect([code, answer.same, answer.reason]).toEqual([1, false, { code: 'N14', label: 'other-origin' }]);
  });

  test('with --gap waits between two requests, and meets the idle close that comes meanwhile', async () => {
    const { code, stdout } = await sameconn('ask', await stand(zoo.idleClose), '--gap', '300ms', '--json');
    const { reason, requests } = JSON.parse(stdout) as Answer;
    expect([code, reason]).toEqual([1, { code: 'N05', label: 'server-idle-close' }]);
    expect(requests[1]!.atMs).toBeGreaterThanOrEqual(299); // a timer may fire a millisecond early
  });

  test('with --repeat asks all of them so often, in turn, each with its timeline', async () => {
    const { code, stdout } = await sameconn('ask', `${await stand(zoo.closesAfter3)}a`, `${await stand(zoo.patient)}b`, '--repeat', '3', '--json');
    const { requests, connections } = JSON.parse(stdout) as Answer;
    expect([code, requests.map(({ url }) => new URL(url).pathname)]).toEqual([1, ['/a', '/b', '/a', '/b', '/a', '/b']]);
    expect(connections.map(({ carried }) => carried)).toEqual([3, 3]);
    for (const { timeline } of requests) expect(timeline.firstByteMs! + timeline.bodyMs!).toBeLessThanOrEqual(timeline.totalMs + 0.001);
  });

  test('sends the method and the headers it is told to', async () => {
    const heads: string[] = [];
    const url = await stand(member('listens', '', { answers: ({ socket, head }) => void (heads.push(head), socket.write('HTTP/1.1 204 No Content\r\n\r\n')) }));
    expect(await sameconn('ask', url, '--method', 'DELETE', '--header', 'x-why: ask', '--quiet')).toMatchObject({ code: 0 });
    expect(heads.length).toBe(2);
    for (const head of heads) expect(head).toMatch(/^DELETE \/ HTTP\/1\.1\r\n[^]*x-why: ask/);
  });

  test('with --quiet answers by the exit code alone, over https with --ca', async () => {
    const { address, ca } = await tlsTarget(behaviours.answers);
    const path = join(folder(), 'ca.pem');
    writeFileSync(path, ca);
    expect(await sameconn('ask', `https://${address}/`, '--ca', path, '--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect((await sameconn('ask', `https://${address}/`)).stderr).toMatch(/certificate was not accepted .*--insecure/);
  });

  test.each([
    ['http://127.0.0.1:1/', [], /refused/],
    ['http://no-such-host.invalid/', [], /no-such-host\.invalid does not resolve \(E/],
    ['127.0.0.1:1', [], /write http:\/\/127\.0\.0\.1:1/],
    ['http://127.0.0.1:1/', ['--gap', '5'], /--gap: "5" has no unit/],
    ['http://127.0.0.1:1/', ['--repeat', 'twice'], /--repeat: "twice" is not a whole number/],
    ['http://127.0.0.1:1/', ['--header', 'connection: close'], /the policy says when a connection is kept/],
  ] as const)('a wrong request ends with exit code 2: %s %j', async (url, more, complaint) => {
    const { code, stdout, stderr } = await sameconn('ask', url, ...more);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(complaint);
  });
});

describe('sameconn probe', () => {
  test('tells the contract on a screen of 80 columns', async () => {
    const { code, stdout } = await sameconn('probe', await patient(), '--cap', '300ms', '--max-requests', '5');
    expect(code).toBe(0);
    expect(stdout).toMatch(/idle timeout +≥ 0\.3 s: still open/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('with --json prints one document of its schema', async () => {
    const { code, stdout } = await sameconn('probe', await patient(), '--cap', '300ms', '--max-requests', '5', '--json');
    expect([code, probeReport.parse(JSON.parse(stdout)).maxRequests.counts]).toEqual([0, [5]]);
  });

  test('sends what is no HTTP only when it is told to', async () => {
    const asked = async (...more: string[]): Promise<readonly string[]> => {
      const { stdout } = await sameconn('probe', await patient(), '--cap', '300ms', '--max-requests', '5', '--json', ...more);
      return probeReport.parse(JSON.parse(stdout)).conditions.map(({ name }) => name);
    };
    const [usually, told] = [await asked(), await asked('--bad-request')];
    expect(told).toEqual([...usually, '400 Bad Request']);
  });

  test('a target that cannot be reached is a wrong request', async () => {
    expect(await sameconn('probe', 'http://127.0.0.1:1/')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('refused') });
    expect(await sameconn('probe', await stand(zoo.alerts))).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('the TLS handshake failed') });
  });

  test('a slow path of another server is a wrong request', async () => {
    const { code, stderr } = await sameconn('probe', 'http://127.0.0.1:1/', '--slow', 'http://elsewhere.test/');
    expect([code, stderr]).toEqual([2, expect.stringContaining('leads away from http://127.0.0.1:1')]);
  });
});
