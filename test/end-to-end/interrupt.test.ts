import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/result/schema.js';
import { folder, sameconn, start } from './cli.js';
import { behaviours, target } from './targets.js';

async function longRun(out: string) {
  return start(['run', `http://${await target(behaviours.answers)}/`, '--duration', '700ms', '--warmup', '0s', '--blocks', '9', '--rate', '100/s', '--connections', '4', '--out', out, '--name', 'r']);
}

const read = (out: string): Result => JSON.parse(readFileSync(join(out, 'r.json'), 'utf8')) as Result;
const journalled = (out: string): number => readFileSync(join(out, 'r.ndjson'), 'utf8').split('\n').filter((line) => line.startsWith('{"type":"round"')).length;

describe('a run that is', () => {
  test('interrupted once finishes its round and reports what is complete, marked partial, with exit code 130', async () => {
    const out = folder();
    const { child, heard, ended } = await longRun(out);
    await heard('round  1/36');
    child.kill('SIGINT');
    const { code, stderr, stdout } = await ended;
    expect(stderr).toContain('stopping after this round');
    const result = read(out);
    expect([code, result.run.complete]).toEqual([130, false]);
    expect(result.rounds.length).toBe(journalled(out));
    expect(result.rounds.length).toBeGreaterThan(0);
    expect(result.rounds.length).toBeLessThan(36);
    expect(stdout.toLowerCase()).toContain('partial');
  });

  test('interrupted twice stops at once, and its journal is whole up to the last round that ended', async () => {
    const out = folder();
    const { child, heard, ended } = await longRun(out);
    await heard('round  2/36');
    child.kill('SIGINT');
    await heard('stopping after this round');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(journalled(out)).toBeGreaterThanOrEqual(2);
    const again = folder();
    const { code } = await sameconn('report', join(out, 'r.ndjson'), '--out', again, '--quiet');
    expect(code).toBe(0);
    expect(read(again).rounds).toHaveLength(journalled(out));
  });

  test('killed loses at most the round in flight', async () => {
    const out = folder();
    const { child, heard, ended } = await longRun(out);
    await heard('round  2/36');
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    expect(existsSync(join(out, 'r.json'))).toBe(false);
    const { code, stdout } = await sameconn('report', join(out, 'r.ndjson'));
    expect(code).toBe(0);
    expect(stdout.toLowerCase()).toContain('partial');
    const result = read(out);
    expect([result.rounds.length >= 2, result.run.complete]).toEqual([true, false]);
  });
});
