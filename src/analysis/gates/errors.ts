import type { ArmResult } from '../../result/schema.js';
import { formatCount } from '../../units.js';
import { beyondChance } from '../chance.js';
import { defineGate, type Finding } from '../findings.js';
import { percent } from '../gate-words.js';

const REMEDY = 'find out why requests fail (the report lists them by kind); if a status is the right answer, say so in target.expectStatus';

/**
 * G4. Did the requests succeed? The share that failed, by status or by socket: above 0 it is worth a caveat, above 1 % there is no verdict, nor when the arms
 * differ by more than 0.1 %. Their difference is taken less twice its standard error, since one failure more or less in a short run is chance.
 */
export const errors = defineGate({
  id: 'G4',
  title: 'requests succeeded',
  unmeasured: () => 'no request was planned',
  find({ arms }) {
    const tried = arms.filter(({ totals }) => totals.requests.planned > 0);
    const shares = tried.map((arm): Finding => {
      const bad = failures(arm);
      const { planned, failures: kinds } = arm.totals.requests;
      const [commonest] = Object.entries(kinds).toSorted(([, a], [, b]) => b - a);
      const mostly = bad > 0 && commonest ? `, mostly: ${commonest[0]}` : '';
      return { value: (100 * bad) / planned, unit: '%', warnAbove: 0, failAbove: 1, detail: `${arm.name}: ${formatCount(bad)} of ${formatCount(planned)} requests failed (${percent(bad / planned)}${mostly})`, remedy: REMEDY };
    });
    const differences = tried.flatMap((a, index) => tried.slice(index + 1).map((b): Finding => {
      const [ofA, ofB] = [a, b].map((arm) => ({ hits: failures(arm), of: arm.totals.requests.planned })) as [Hits, Hits];
      const detail = `${a.name} failed in ${percent(ofA.hits / ofA.of)} and ${b.name} in ${percent(ofB.hits / ofB.of)} of its requests`;
      return { value: 100 * beyondChance(ofA, ofB), unit: '%', failAbove: 0.1, detail, remedy: REMEDY };
    }));
    return [...shares, ...differences];
  },
});

type Hits = Parameters<typeof beyondChance>[0];

function failures({ totals: { requests } }: ArmResult): number {
  return requests.failed + requests.aborted;
}
