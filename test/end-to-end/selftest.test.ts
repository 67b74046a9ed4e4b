import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CountsOutcome } from '../../src/floor/counts.js';
import { startDemoTarget } from '../../src/demo/start.js';
import { hostFloor } from '../../src/result/environment-schema.js';
import type { Result } from '../../src/result/schema.js';
import { folder, sameconn, start, WENT_THROUGH } from './cli.js';
import { behaviours, target } from './targets.js';

const SHORT = ['--duration', '250ms', '--warmup', '50ms', '--blocks', '1', '--arm', 'reused', '--rate', '100/s'];

describe('sameconn selftest', () => {
  test('measures the floor, finds equal counts at both ends, and the next run of this host tells the floor', async () => {
    const state = folder();
    const { code, stdout, stderr } = await start(['selftest', '--duration', '1s', '--json'], { XDG_STATE_HOME: state }).ended;
    expect([code, stderr]).toEqual([0, '']);
    const outcome = JSON.parse(stdout) as { floor: unknown; counts: CountsOutcome[]; equal: boolean; storedAt: string };
    const floor = hostFloor.parse(outcome.floor);
    expect([floor.blocks.length, floor.lateMs.count]).toEqual([3, 6 * 50]);
    expect(floor.bareMs.p50).toBeGreaterThan(0);
    expect(outcome.counts.map(({ policy, equal }) => [policy, equal])).toEqual([['reused', true], ['fresh', true], ['resumed', true]]);
    const [reused, fresh, resumed] = outcome.counts.map(({ ours }) => ours);
    expect(fresh!.opened).toBe(fresh!.requests);
    expect(fresh!.tlsFull).toBe(fresh!.opened);
    expect(reused!.requests).toBe(fresh!.requests);
    expect(resumed!.tlsFull + resumed!.tlsResumed).toBe(resumed!.opened);
    expect(readdirSync(join(state, 'sameconn', 'floors'))).toEqual([outcome.storedAt.split('/').at(-1)]);

    const run = (): Promise<{ code: number | null; stdout: string; stderr: string }> => target(behaviours.answers).then((address) => start(['run', `http://${address}/`, ...SHORT, '--json', '--out', folder()], { XDG_STATE_HOME: state }).ended);
    const told = await run();
    expect(WENT_THROUGH).toContain(told.code);
    expect((JSON.parse(told.stdout) as Result).environment.floor).toEqual(floor);

    writeFileSync(outcome.storedAt, '{ "floor": ');
    const ignored = await run();
    expect(WENT_THROUGH).toContain(ignored.code);
    expect((JSON.parse(ignored.stdout) as Result).environment.floor).toBeNull();
    expect(ignored.stderr).toContain('is damaged');
  });

  test('finds out a target that counts one request more than we sent', async () => {
    const { compareCounts } = (await import('../../dist/floor/counts.js')) as typeof import('../../src/floor/counts.js');
    const honest = await startDemoTarget();
    let asked = 0;
    const liar = { ...honest, counts: async () => { const { http, https } = await honest.counts(); return { http, https: { ...https, requests: https.requests + asked++ } }; } };
    try {
      const identity = { version: '0', undiciVersion: '0', id: 'x', startedAt: new Date(0), command: [] };
      const [reused] = await compareCounts(liar, 50e6, identity, 1);
      expect([reused!.equal, reused!.target.requests - reused!.ours.requests, reused!.target.opened - reused!.ours.opened]).toEqual([false, 1, 0]);
    } finally {
      await honest.stop();
    }
  });

  test('prints lines that fit a narrow screen, and keeps nothing when asked so', async () => {
    const state = folder();
    const shown = await start(['selftest', '--duration', '1s', '--no-store'], { XDG_STATE_HOME: state }).ended;
    expect([shown.code, readdirSync(state)]).toEqual([0, []]);
    expect(shown.stdout).toMatch(/^floor on this host: [+−]\S+ ms p50, [+−]\S+ ms p99, late p99 ~?\S+ ms at 1000\/s\n/);
    expect(shown.stdout).toContain('\ncounts equal: ');
    expect(Math.max(...shown.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test.each([['--duration', '10ms'], ['--duration', 'soon']])('refuses %s %s', async (...words) => {
    const { code, stdout, stderr } = await sameconn('selftest', ...words);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('--duration')]);
  });
});
