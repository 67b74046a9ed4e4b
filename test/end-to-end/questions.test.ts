/** The two questions, as a person asks them: words in; the sentence and the exit code out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/ask/answer.js';
import { probeReport } from '../../src/result/probe.js';
import { resultFile } from '../../src/result/schema.js';
import { folder, sameconn, WENT_THROUGH } from './cli.js';
import { behaviours, target, tlsTarget } from './targets.js';

describe.concurrent('sameconn ask', () => {
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

  test('with --quiet answers by the exit code alone, over https with --ca', async () => {
    const { address, ca } = await tlsTarget(behaviours.answers);
    const path = join(folder(), 'ca.pem');
    writeFileSync(path, ca);
    expect(await sameconn('ask', `https://${address}/`, '--ca', path, '--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect((await sameconn('ask', `https://${address}/`)).stderr).toMatch(/certificate was not accepted .*--insecure/);
  });

  test.each([
    ['http://127.0.0.1:1/', [], /refused/],
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
    const { code, stdout } = await sameconn('probe', `http://${await target(behaviours.answers)}/`, '--cap', '300ms', '--max-requests', '5');
    expect(code).toBe(0);
    expect(stdout).toMatch(/idle timeout +≥ 0\.3 s: still open/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('with --json prints one document of its schema', async () => {
    const { code, stdout } = await sameconn('probe', `http://${await target(behaviours.answers)}/`, '--cap', '300ms', '--max-requests', '5', '--json');
    expect([code, probeReport.parse(JSON.parse(stdout)).maxRequests.counts]).toEqual([0, [5]]);
  });

  test('a slow path of another server is a wrong request', async () => {
    const { code, stderr } = await sameconn('probe', 'http://127.0.0.1:1/', '--slow', 'http://elsewhere.test/');
    expect([code, stderr]).toEqual([2, expect.stringContaining('leads away from http://127.0.0.1:1')]);
  });
});

test('a scenario that says probe has the contract in its result, its journal and its HTML report', async () => {
  const out = folder();
  const scenario = { target: { url: `http://${await target(behaviours.answers)}/` }, load: { rate: '100/s', duration: '100ms', warmup: '50ms' }, blocks: 1, probe: { cap: '300ms', maxRequests: 5 } };
  writeFileSync(join(out, 's.yaml'), JSON.stringify(scenario));
  const { code } = await sameconn('run', join(out, 's.yaml'), '--out', out, '--name', 'p');
  expect(WENT_THROUGH).toContain(code);
  const result = resultFile.parse(JSON.parse(readFileSync(join(out, 'p.json'), 'utf8')));
  expect(result.probe).toMatchObject({ idle: { state: 'stays-open', capMs: 300 }, maxRequests: { state: 'none-seen', counts: [5] } });
  const html = readFileSync(join(out, 'p.html'), 'utf8');
  expect(html).toContain('<h2 id="probe-title">The server’s keep-alive contract</h2>');
  expect(html).toContain('href="#probe"');

  const again = await sameconn('report', join(out, 'p.ndjson'), '--out', out, '--name', 'again', '--quiet');
  expect(again.code).toBe(0);
  expect(readFileSync(join(out, 'again.html'), 'utf8')).toBe(html);
});
