import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { History } from '../../src/result/history-schema.js';
import type { RunComparison } from '../../src/result/run-comparison-schema.js';
import { folder, sameconn, WENT_THROUGH } from './cli.js';
import { behaviours, target } from './targets.js';

const SHORT = ['--duration', '250ms', '--warmup', '50ms', '--blocks', '1', '--rate', '200/s', '--connections', '4', '--quiet'];

test('two runs of one target are compared and drawn on one page: their handshakes exactly, their latency only with blocks enough', async () => {
  const out = folder();
  const url = `http://${await target(behaviours.answers)}/`;
  for (const name of ['a', 'b']) expect(WENT_THROUGH).toContain((await sameconn('run', url, ...SHORT, '--out', out, '--name', name)).code);
  const path = (name: string): string => join(out, name);

  const compared = await sameconn('compare', path('a.json'), path('b.ndjson'), '--out', out, '--json');
  expect(WENT_THROUGH).toContain(compared.code);
  const comparison = JSON.parse(compared.stdout) as RunComparison;
  expect(comparison.warning).toMatch(/^These runs were not interleaved: b began [\d.]+(ms|s| seconds) after a had ended\./);
  expect(comparison.arms.map(({ name, a, b }) => [name, a.handshakesPer100, b.handshakesPer100])).toEqual([['reused', expect.any(Number), expect.any(Number)], ['fresh', 100, 100]]);
  expect(comparison.differences).toEqual([]);
  expect(new Set(comparison.changes.map(({ state }) => state))).toEqual(new Set(['cannot-tell'])); // one block

  const reported = await sameconn('report', path('b.json'), path('a.json'));
  expect([reported.code, reported.stderr]).toEqual([0, '']);
  expect(readdirSync(out)).toEqual(expect.arrayContaining(['a-to-b.html', 'a-to-b.json', 'a-to-b.md', 'history.html', 'history.json', 'history.md']));
  const { runs } = JSON.parse(readFileSync(path('history.json'), 'utf8')) as History;
  expect(runs.map(({ name, report }) => [name, report])).toEqual([['a', './a.html'], ['b', './b.html']]);
});
