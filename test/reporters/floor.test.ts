import { describe, expect, test } from 'vitest';
import { floorSentence, signed } from '../../src/reporters/floor.js';
import * as reporters from '../../src/reporters/index.js';
import type { Result } from '../../src/result/schema.js';
import { FLOOR } from '../fakes/floor.js';
import { fixture } from '../fakes/results.js';

const withFloor = (floor: typeof FLOOR | null): Result => {
  const result = fixture('two-arms');
  return { ...result, environment: { ...result.environment, floor } };
};
const SHOWN = [reporters.terminal, reporters.markdown, reporters.html];
const STYLE = { width: 80, color: false, unicode: true };
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('&#39;', "'");

describe('the floor of the host', () => {
  test.each(SHOWN.map((reporter) => [reporter.kind, reporter] as const))('is told by the %s report', (_kind, reporter) => {
    const text = oneLine(reporter.render(withFloor(FLOOR), STYLE));
    expect(text).toContain('This host’s floor, measured 2026-11-22: +0.016 ms p50, +0.097 ms p99, late p99 0.220 ms at 1000/s');
  });

  test.each(SHOWN.map((reporter) => [reporter.kind, reporter] as const))('that was never measured is told by the %s report, with the command that measures it', (_kind, reporter) => {
    expect(oneLine(reporter.render(withFloor(null), STYLE))).toContain('This host’s floor: not measured; run sameconn selftest');
  });

  test('is unknown in the result of a version that did not know it', () => {
    const { floor: _none, ...environment } = withFloor(null).environment;
    expect(floorSentence({ ...withFloor(null), environment })).toContain('not measured');
  });

  test('keeps its sign when the noise of the host is larger than what is added', () => {
    expect([signed(0.07), signed(-0.02), signed(0)]).toEqual(['+0.070', '−0.020', '+0']);
  });
});
