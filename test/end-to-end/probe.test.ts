/** A scenario that asks for a probe, through the built program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { resultFile } from '../../src/result/schema.js';
import * as zoo from '../servers/zoo/index.js';
import { folder, sameconn, WENT_THROUGH } from './cli.js';

test('a scenario that says probe has the contract in its result, its journal and its HTML report', async () => {
  const out = folder();
  const scenario = { target: { url: await patient() }, load: { rate: '100/s', duration: '100ms', warmup: '50ms' }, blocks: 1, probe: { cap: '300ms', maxRequests: 5 } };
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

/** A server that reads requests properly, bodies included. @returns its URL */
async function patient(): Promise<string> {
  const server = await zoo.patient.start();
  onTestFinished(() => server.stop());
  return `http://127.0.0.1:${server.endpoint.port}/`;
}
