/** E11: what goes wrong in a real run is told by the gate that is there for it, every time; a gate that fails leaves no verdict, and the exit code says so. */
import { expect, test } from 'vitest';
import * as gates from '../../src/analysis/gates/index.js';
import type { GateOutcome } from '../../src/result/schema.js';
import * as provocations from './provocations/index.js';
import type { Provocation } from './provocations/provocation.js';
import { record, SHORT } from './record.js';

const TIMES = SHORT ? 1 : 10;
const RANK: Readonly<Record<GateOutcome['state'], number>> = { 'not-measured': 0, pass: 0, warn: 1, fail: 2 };

const all = Object.values<Provocation>(provocations);

test('every gate has its provocation', () => {
  const provoked = new Set(all.flatMap((provocation) => Object.keys(provocation.gates)));
  expect(Object.values(gates).map(({ id }) => id).filter((id) => !provoked.has(id))).toEqual([]);
});

for (const { what, gates: due, quick, lacking, provoke } of all) {
  if (SHORT && quick !== true) continue;
  const missing = lacking?.();
  if (missing !== undefined) console.log(`skipped: ${what}: ${missing}`);

  test.skipIf(missing !== undefined)(`${what}: ${Object.keys(due).join(' and ')}`, async () => {
    const fired = new Map(Object.keys(due).map((id) => [id, 0]));
    const told: string[] = [];
    for (let time = 0; time < TIMES; time++) {
      const result = await provoke();
      for (const [id, least] of Object.entries(due)) {
        const { state, detail } = result.gates.find((gate) => gate.id === id)!;
        if (RANK[state] >= RANK[least]) fired.set(id, fired.get(id)! + 1);
        else told.push(`${id} ${state}: ${detail}`);
      }
      if (Object.values(due).includes('fail')) expect(result.verdict.state, told.join('; ')).toBe('untrustworthy');
    }
    for (const [id, times] of fired) record({ experiment: 'E11', case: `${id}: ${what}`, bar: `${TIMES} of ${TIMES}`, measured: `${times} of ${TIMES}`, met: times === TIMES });
    expect(told).toEqual([]);
  }, TIMES * 60_000);
}
