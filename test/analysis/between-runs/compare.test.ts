import { describe, expect, test } from 'vitest';
import { compareRuns, type CompareOptions } from '../../../src/analysis/between-runs/compare.js';
import { savingsOf } from '../../../src/analysis/between-runs/changes.js';
import { declaredTogether } from '../../../src/analysis/between-runs/declared.js';
import { RequestError } from '../../../src/errors.js';
import type { Change } from '../../../src/result/run-comparison-schema.js';
import { runComparison } from '../../../src/result/run-comparison-schema.js';
import { armsAt, resultAt } from '../../fakes/two-runs.js';

const UNDECLARED: CompareOptions = { runToRunMs: null, version: '0.1.0' };
const LOAD = { requests: 2000, warmup: 20 };

const today = resultAt(0, { arms: armsAt({ reused: [5, 1], fresh: [9, 1] }), ...LOAD });

function against(times: Parameters<typeof armsAt>[0], options = UNDECLARED) {
  return compareRuns(today, resultAt(26, { arms: armsAt(times), ...LOAD }), options);
}

const of = (changes: readonly Change[], arm: string, quantile = 0.5): Change => changes.find((change) => change.arm === arm && change.quantile === quantile)!;

describe('two runs of the same arms', () => {
  test('of which nothing moved: no practical difference, and the warning all the same', () => {
    const comparison = against({ reused: [5, 1], fresh: [9, 1] });
    expect(of(comparison.changes, 'reused')).toMatchObject({ state: 'same', detail: '' });
    expect(comparison.warning).toMatch(/^These runs were not interleaved: b began 26 hours after a had ended\./);
    expect(comparison.verdict.sentence).toContain('No practical difference between reused in b and reused in a: within ± ');
    expect(runComparison.parse(comparison)).toEqual(comparison);
  });

  test('of which one arm moved: that arm is slower, the other the same, and the saving is smaller by as much', () => {
    const { changes, savings, verdict } = against({ reused: [7, 1], fresh: [9, 1] });
    expect([of(changes, 'reused').state, of(changes, 'fresh').state]).toEqual(['slower', 'same']);
    expect(of(changes, 'reused').estimateMs).toBeCloseTo(2, 1);
    expect(savings.find(({ quantile }) => quantile === 0.5)).toMatchObject({ baseline: 'fresh', candidate: 'reused', state: 'slower' });
    expect(savings.find(({ quantile }) => quantile === 0.5)?.estimateMs).toBeCloseTo(-2, 1);
    expect(verdict.state).toBe('slower');
    expect(verdict.sentence).toMatch(/^Reused in b is slower than reused in a: (1\.9\d|2\.0\d) ms more at p50 \[/);
    expect(verdict.sentence).toMatch(/Reused saves less against fresh in b than in a: (1\.9\d|2\.0\d) ms less at p50 \[/);
  });

  test('of which all arms moved alike: two runs cannot tell the day from the change, and the saving is the same', () => {
    const { changes, savings, verdict } = against({ reused: [7, 1], fresh: [11, 1] });
    expect(of(changes, 'reused').blocks?.lowMs).toBeGreaterThan(1.8); // what the blocks alone would claim
    expect(of(changes, 'reused')).toMatchObject({ state: 'cannot-tell', detail: 'what may lie between the runs is as large; run both as arms of one run to know' });
    expect(savings.map(({ quantile, state }) => [quantile, state])[0]).toEqual([0.5, 'same']);
    expect(verdict.state).toBe('cannot-tell');
    expect(verdict.sentence).toContain('Reused saves the same against fresh in both runs: within ± ');
  });

  test('of which all moved, where it was declared how far runs of the same thing lie apart: slower, beyond that', () => {
    const { changes } = against({ reused: [7, 1], fresh: [11, 1] }, { ...UNDECLARED, runToRunMs: 0.5 });
    const change = of(changes, 'reused');
    expect(change.state).toBe('slower');
    expect(change.ci!.lowMs).toBeCloseTo(change.blocks!.lowMs - 0.5 - change.betweenRuns!.wanderMs, 9);
    expect(of(against({ reused: [7, 1], fresh: [11, 1] }, { ...UNDECLARED, runToRunMs: 3 }).changes, 'reused').state).toBe('cannot-tell');
  });

  test('with one arm in common have nothing to tell the day by', () => {
    const alone = { arms: armsAt({ reused: [5, 1] }), baseline: 'reused', ...LOAD };
    const later = { ...alone, arms: armsAt({ reused: [7, 1], capped: [7, 1] }) };
    const { changes, savings, notCompared, verdict } = compareRuns(resultAt(0, alone), resultAt(3, later), UNDECLARED);
    expect([changes.map(({ state }) => state), savings, notCompared]).toEqual([['cannot-tell', 'cannot-tell'], [], { onlyInA: [], onlyInB: ['capped'] }]);
    expect(of(changes, 'reused').betweenRuns?.from).toBe('reused');
    expect(verdict.state).toBe('cannot-tell');
  });

  test('at another rate are not compared by latency, and still by their handshakes', () => {
    const other = resultAt(26, { arms: armsAt({ reused: [5, 1], fresh: [9, 1] }), requests: 800, warmup: 20 });
    const { changes, differences, verdict, arms } = compareRuns(today, other, UNDECLARED);
    expect(differences.filter(({ hinders }) => hinders)).toEqual([{ what: 'rate', a: '2000/s', b: '800/s', arm: null, kind: 'load', hinders: true }]);
    expect(changes.map(({ state, detail }) => [state, detail])).toEqual(changes.map(() => ['not-judged', 'not comparable: rate 2000/s → 800/s']));
    expect(verdict).toEqual({ state: 'not-judged', sentence: expect.stringMatching(/^No verdict on the latency of reused and fresh: not comparable: rate 2000\/s → 800\/s\./) });
    expect(arms.map(({ name, a }) => [name, a.handshakesPer100])).toEqual([['reused', 0.6], ['fresh', 100]]);
  });

  test('with another option of one arm compare the other arms', () => {
    const arms = armsAt({ reused: [5, 1], fresh: [9, 1] }).map((arm) => (arm.name === 'reused' ? { ...arm, options: { connections: 8 } } : arm));
    const { changes, savings } = compareRuns(today, resultAt(26, { arms, ...LOAD }), UNDECLARED);
    expect([of(changes, 'reused').detail, of(changes, 'fresh').detail]).toEqual(['not comparable: reused: connections 32 → 8', expect.any(String)]);
    expect([of(changes, 'reused').state, of(changes, 'fresh').state === 'not-judged', savings[0]?.state]).toEqual(['not-judged', false, 'not-judged']);
  });

  test('on another host and TLS version are compared, and the difference is told', () => {
    const other = resultAt(26, { arms: armsAt({ reused: [5, 1], fresh: [9, 1] }), ...LOAD });
    const moved = { ...other, environment: { ...other.environment, hostname: 'elsewhere' }, tool: { ...other.tool, node: '24.1.0' }, target: { ...other.target, tls: { ...other.target.tls!, protocol: 'TLSv1.2' } } };
    const { differences, changes } = compareRuns(today, moved, UNDECLARED);
    expect(differences.map(({ what, a, b, hinders }) => [what, a, b, hinders])).toEqual([
      ['TLS version', 'TLSv1.3', 'TLSv1.2', false], ['host', 'fake', 'elsewhere', false], ['Node', '20.20.2', '24.1.0', false],
    ]);
    expect(of(changes, 'reused').state).toBe('same');
  });

  test('have no verdict when one of them cannot be trusted', () => {
    const other = resultAt(26, { arms: armsAt({ reused: [7, 1], fresh: [9, 1] }), ...LOAD });
    const [first] = other.gates;
    const doubtful = { ...other, gates: other.gates.map((gate) => (gate === first ? { ...gate, state: 'fail' as const } : gate)) };
    expect(compareRuns(today, doubtful, UNDECLARED).verdict).toEqual({ state: 'untrustworthy', sentence: `No verdict: run b cannot be trusted (“${first!.id} ${first!.title}” failed).` });
  });

  test('tell a promise that was kept and is kept no longer, and the handshakes it costs', () => {
    const arms = armsAt({ reused: [5, 1], fresh: [9, 1] }).map((arm) => (arm.name === 'reused' ? { ...arm, serverClosesAfter: 10 } : arm));
    const { verdict } = compareRuns(today, resultAt(26, { arms, ...LOAD }), UNDECLARED);
    expect(verdict.sentence).toMatch(/Reused kept its promise in a and does not in b \(.*\)\. Handshakes per 100 requests, reused: 0\.600 in a, 10\.\d in b\./);
  });

  test('that were cut short or have too few requests say what is missing', () => {
    const arms = armsAt({ reused: [5, 1], fresh: [9, 1] });
    const short = compareRuns(today, resultAt(26, { arms, ...LOAD, ended: 12 }), UNDECLARED);
    expect(of(short.changes, 'reused')).toMatchObject({ state: 'cannot-tell', ci: null, detail: 'needs at least 6 complete blocks in each run, has 6 and 3' });
    expect(short.verdict.sentence).toContain('Run b was stopped early; 3 complete blocks of it are compared.');
    const few = compareRuns(today, resultAt(26, { arms, ...LOAD, requests: 2000, blocks: 6, ended: 0 }), UNDECLARED);
    expect(of(few.changes, 'reused')).toMatchObject({ estimateMs: null, state: 'cannot-tell', detail: 'no block was completed' });
  });

  test('that are one run, or have no arm in common, are refused', () => {
    expect(() => compareRuns(today, today, UNDECLARED)).toThrow(RequestError);
    expect(() => compareRuns(today, resultAt(1, { arms: armsAt({ capped: [5, 1] }), baseline: 'capped' }), UNDECLARED)).toThrow('no arm in common: a has reused, fresh; b has capped');
  });

  test('that ran at the same time disturbed each other', () => {
    const other = resultAt(0, { name: 'at once', arms: armsAt({ reused: [5, 1], fresh: [9, 1] }), ...LOAD });
    expect(compareRuns(today, other, UNDECLARED).warning).toContain('they ran at the same time');
    expect(compareRuns(resultAt(26, LOAD), resultAt(0, LOAD), UNDECLARED).warning).toContain('a began 26 hours after b had ended');
  });
});

describe('what two runs declared before they began', () => {
  const declaring = (hours: number, times: Parameters<typeof armsAt>[0], quantiles: number[], marginMs: number | null) => {
    const result = resultAt(hours, { arms: armsAt(times), ...LOAD });
    return { ...result, plan: { ...result.plan, declared: { quantiles, marginMs } } };
  };
  const at = (changes: readonly Change[]): number[] => [...new Set(changes.map(({ quantile }) => quantile))];

  test('is what is judged: their quantiles, at the level for so many, and their margin', () => {
    const { changes, savings, declared } = compareRuns(declaring(0, { reused: [5, 1], fresh: [9, 1] }, [0.9], 3), declaring(26, { reused: [7, 1], fresh: [9, 1] }, [0.9], 3), UNDECLARED);
    expect([at(changes), savings.map(({ quantile }) => quantile)]).toEqual([[0.9], [0.9]]);
    expect(of(changes, 'reused', 0.9)).toMatchObject({ marginMs: 3, state: 'same' });
    const { blocks } = of(changes, 'reused', 0.9);
    expect(blocks!.level).toBeGreaterThanOrEqual(0.95);
    expect(blocks!.level).toBeLessThan(of(against({ reused: [7, 1], fresh: [9, 1] }).changes, 'reused').blocks!.level);
    expect(declared.sentence).toBe('The verdict rests on p90, with a margin of 3.00 ms, as declared before the runs.');
  });

  test('and differs: what both declared counts, and the larger margin, and both is said', () => {
    const { changes, differences, declared } = compareRuns(declaring(0, { reused: [5, 1], fresh: [9, 1] }, [0.5, 0.99], null), declaring(26, { reused: [7, 1], fresh: [9, 1] }, [0.5, 0.9], 0.5), UNDECLARED);
    expect(at(changes)).toEqual([0.5]);
    expect(changes.map(({ marginMs }) => marginMs)).toEqual([0.5, 0.5]);
    expect(declared.sentence).toBe(
      'The verdict rests on p50, with the larger of two margins, 0.1 ms or 2 %, whichever is more (a) and 0.500 ms (b), as declared before the runs. a declared p50 and p99, b p50 and p90: only what both declared counts.',
    );
    expect(differences.filter(({ kind }) => kind === 'setting').map(({ what, a, b, hinders }) => [what, a, b, hinders])).toEqual([
      ['verdict rests on', 'p50 and p99', 'p50 and p90', false], ['margin', '0.1 ms or 2 %, whichever is more', '0.500 ms', false],
    ]);
  });

  test('and has nothing in common: all of it counts, and that is said', () => {
    const { changes, declared } = compareRuns(declaring(0, { reused: [5, 1] , fresh: [9, 1] }, [0.99], null), declaring(26, { reused: [7, 1], fresh: [9, 1] }, [0.5], null), UNDECLARED);
    expect(at(changes)).toEqual([0.5, 0.99]);
    expect(declared.sentence).toMatch(/a declared p99, b p50: they have none in common, so all of them count\.$/);
  });

  test('by a file that declares nothing is the usual', () => {
    const { plan: { declared: _, ...plan }, ...undeclared } = today;
    expect(declaredTogether({ ...undeclared, plan }, today)).toMatchObject({ quantiles: [0.5, 0.99], level: 0.975 });
  });
});

test('what moves both arms of a run alike is not in the change of the saving', () => {
  const blocks = { a: today.rounds, b: resultAt(26, { arms: armsAt({ reused: [25, 1], fresh: [29, 1] }), ...LOAD }).rounds };
  const grouped = { a: byBlock(blocks.a), b: byBlock(blocks.b) };
  const [p50] = savingsOf(grouped, 'fresh', ['reused', 'fresh'], declaredTogether(today, today), () => '');
  expect(Math.abs(p50!.estimateMs!)).toBeLessThan(0.1);
  expect(p50).toMatchObject({ state: 'same', betweenRuns: { lowMs: 0, highMs: 0, from: '' } });
});

function byBlock(rounds: typeof today.rounds) {
  return [...new Set(rounds.map(({ block }) => block))].map((index) => ({ index, rounds: rounds.filter(({ block }) => block === index) }));
}
