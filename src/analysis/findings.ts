/** How a gate comes to its outcome: it gathers findings, each a value against its limits, and the worst counts. */
import type { GateOutcome } from '../result/schema.js';
import type { Evidence, Gate } from './gate.js';

/** One measured value against its limits: above the first it is worth a caveat, above the second there is no verdict. */
export interface Finding {
  readonly value: number;
  readonly unit: string;
  /** Absent: nothing to warn of. */
  readonly warnAbove?: number;
  /** Absent: never a reason to distrust the run. */
  readonly failAbove?: number;
  /** What was measured, and where: arm, round, quantile. */
  readonly detail: string;
  readonly remedy: string;
}

/**
 * A gate from its findings. None: not measured, and `unmeasured` says why. The outcome is that of the worst finding, with the limit that it broke, or the
 * nearest one when it broke none.
 */
export function defineGate(gate: { id: string; title: string; unmeasured: (evidence: Evidence) => string; find: (evidence: Evidence) => readonly Finding[] }): Gate {
  const { id, title } = gate;
  return {
    id,
    title,
    check(evidence) {
      const judged = gate.find(evidence).filter(({ value }) => Number.isFinite(value)).map(judge);
      const worst = judged.reduce<Judged | null>((a, b) => (a === null || isWorse(b, a) ? b : a), null);
      if (worst === null) return { id, title, state: 'not-measured', value: null, limit: null, unit: '', detail: gate.unmeasured(evidence), remedy: '' };
      const { state, limit, finding } = worst;
      const alike = judged.filter((other) => other.state === state).length - 1;
      const others = state === 'pass' || alike === 0 ? '' : ` (and ${alike} more like it)`;
      return { id, title, state, value: rounded(finding.value), limit: rounded(limit), unit: finding.unit, detail: `${finding.detail}${others}`, remedy: state === 'pass' ? '' : finding.remedy };
    },
  };
}

interface Judged {
  readonly state: 'pass' | 'warn' | 'fail';
  readonly limit: number;
  readonly finding: Finding;
}

function judge(finding: Finding): Judged {
  const { value, warnAbove = Infinity, failAbove = Infinity } = finding;
  if (value > failAbove) return { state: 'fail', limit: failAbove, finding };
  if (value > warnAbove) return { state: 'warn', limit: warnAbove, finding };
  return { state: 'pass', limit: Math.min(warnAbove, failAbove), finding };
}

const RANK: Readonly<Record<GateOutcome['state'], number>> = { 'not-measured': -1, pass: 0, warn: 1, fail: 2 };

/** The graver state; within one state, the value that is the larger multiple of its limit. */
function isWorse(a: Judged, b: Judged): boolean {
  if (a.state !== b.state) return RANK[a.state] > RANK[b.state];
  return excess(a) > excess(b);
}

function excess({ limit, finding }: Judged): number {
  return limit > 0 ? finding.value / limit : finding.value;
}

/** To 6 significant digits: more would only repeat the noise of a clock. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
