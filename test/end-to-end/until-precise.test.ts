import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/result/schema.js';
import { folder, sameconn, start, WENT_THROUGH } from './cli.js';
import { behaviours, target } from './targets.js';

const SHORT = ['--arm', 'reused', '--arm', 'fresh', '--duration', '80ms', '--warmup', '0s', '--rate', '500/s', '--connections', '4', '--name', 'r'];
const read = (out: string): Result => JSON.parse(readFileSync(join(out, 'r.json'), 'utf8')) as Result;

describe('a run that goes on until it is precise', () => {
  test('ends when it is, is complete, and its journal tells the same', async () => {
    const out = folder();
    const { code, stdout, stderr } = await sameconn('run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--quick', '--until-precision', '10s', '--json', '--out', out);
    expect(WENT_THROUGH).toContain(code);
    const result = JSON.parse(stdout) as Result;
    expect(result.precision).toMatchObject({ ended: 'precise', blocks: 6, askedMs: 10_000, blocksNeeded: null });
    expect([result.run.complete, result.plan.blocks, result.rounds.length]).toEqual([true, 6, 24]);
    expect(stderr).toContain('until ± 10000 ms: 6 to 60 blocks');
    expect(stderr).toMatch(/^6 blocks: ± [\d.]+ ms at p\d+, ± 10000 ms asked$/m);
    const again = folder();
    expect((await sameconn('report', join(out, 'r.ndjson'), '--out', again, '--quiet')).code).toBe(0);
    expect(read(again)).toEqual(read(out));
  });

  test('ends after the most blocks allowed when it never is, and says how many it would have taken', async () => {
    const out = folder();
    const { code, stdout } = await sameconn('run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--until-precision', '1us', '--max-blocks', '7', '--out', out);
    expect(WENT_THROUGH).toContain(code);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/Ended after 7 blocks, the most that were allowed: ± 0\.001 ms was asked, and there was ± [\d.]+ ms at p50\. About [\d,]+ blocks would be needed\. For p99 the rounds are too short/);
    expect(read(out).precision).toMatchObject({ ended: 'max-blocks', blocks: 7 });
  });

  test('interrupted is a partial run that says how precise it was by then', async () => {
    const out = folder();
    const { child, heard, ended } = start(['run', `http://${await target(behaviours.answers)}/`, ...SHORT, '--until-precision', '1us', '--out', out]);
    await heard('round 2 ');
    child.kill('SIGINT');
    const { code } = await ended;
    const { run, precision } = read(out);
    expect([code, run.complete, precision?.ended]).toEqual([130, false, 'interrupted']);
  });
});
