import type { ArmResult } from '../../result/schema.js';
import { formatCount } from '../../units.js';
import { beyondChance } from '../chance.js';
import { defineGate, type Finding } from '../findings.js';
import type { Evidence } from '../gate.js';
import { ONE_ARM, percent } from '../gate-words.js';
import { observedRounds } from '../rounds.js';

const REMEDY = 'find out why the target answers the arms differently: only the same work can be compared';

/**
 * G15. Did all arms do the same work? The share of each status, beyond chance (two standard errors), and the mean size of a response: a difference above 0.1 % is
 * worth a caveat. Another TLS version or cipher is no verdict. Address and protocol (HTTP/1.1, the only one offered) are the same for all arms by construction.
 */
export const sameWork = defineGate({
  id: 'G15',
  title: 'all arms did the same work',
  unmeasured: ({ arms }) => (arms.length < 2 ? ONE_ARM : 'fewer than two arms got responses'),
  find(evidence) {
    const answered = evidence.arms.filter(({ totals }) => responses(totals.requests.statuses) > 0);
    return answered.flatMap((a, index) => answered.slice(index + 1).flatMap((b) => [...statuses(a, b), size(a, b), ...tls(evidence, a, b)]));
  },
});

function responses(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function statuses(a: ArmResult, b: ArmResult): Finding[] {
  const [ofA, ofB] = [a, b].map(({ totals }) => totals.requests.statuses) as [Record<string, number>, Record<string, number>];
  return [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])].map((status) => {
    const [hitsA, hitsB] = [{ hits: ofA[status] ?? 0, of: responses(ofA) }, { hits: ofB[status] ?? 0, of: responses(ofB) }];
    const detail = `${a.name} got status ${status} in ${percent(hitsA.hits / hitsA.of)} of its responses, ${b.name} in ${percent(hitsB.hits / hitsB.of)}`;
    return { value: 100 * beyondChance(hitsA, hitsB), unit: '% of the responses', warnAbove: 0.1, detail, remedy: REMEDY };
  });
}

function size(a: ArmResult, b: ArmResult): Finding {
  const [ofA, ofB] = [a, b].map(({ totals: { requests } }) => requests.bytesIn / responses(requests.statuses)) as [number, number];
  const apart = ofA === ofB ? 0 : Math.abs(ofA - ofB) / Math.max(ofA, ofB);
  return { value: 100 * apart, unit: '%', warnAbove: 0.1, detail: `a response had ${formatCount(ofA)} bytes in ${a.name} and ${formatCount(ofB)} in ${b.name}, on average`, remedy: REMEDY };
}

function tls(evidence: Evidence, a: ArmResult, b: ArmResult): Finding[] {
  const [ofA, ofB] = [a, b].map((arm) => [...new Set(observedRounds(evidence, arm).flatMap(({ observed }) => observed.tls))].sort()) as [string[], string[]];
  if (ofA.length === 0 || ofB.length === 0) return [];
  const differ = ofA.filter((kind) => !ofB.includes(kind)).length + ofB.filter((kind) => !ofA.includes(kind)).length;
  const detail = `${a.name} spoke ${ofA.join(', ')}${differ === 0 ? ', as did' : ';'} ${b.name}${differ === 0 ? '' : ` spoke ${ofB.join(', ')}`}`;
  return [{ value: differ, unit: 'kinds', failAbove: 0, detail, remedy: 'fix the version with tls.minVersion and tls.maxVersion' }];
}
