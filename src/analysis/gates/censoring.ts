import { formatCount, quantileName } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { percent } from '../gate-words.js';
import { reportedQuantiles } from '../rounds.js';

const REMEDY = 'lower the rate, or raise what cut them off (timeouts.response, load.maxInFlight, the connections of the arm)';

/**
 * G3. Are the slowest requests still among the latencies? Those shed, aborted or failed have none, and they are seldom the fast ones. A share c = lost/planned
 * above 0 is worth a caveat; at c ≥ (1 − p)/2 the quantile p is only known to be above the timeout, so a run that reports it has no verdict.
 */
export const censoring = defineGate({
  id: 'G3',
  title: 'no latency was cut off',
  unmeasured: () => 'no request was planned',
  find: (evidence) =>
    evidence.arms.filter(({ totals }) => totals.requests.planned > 0).map((arm): Finding => {
      const { planned, failed, aborted, shed } = arm.totals.requests;
      const lost = failed + aborted + shed;
      const share = lost / planned;
      const highest = Math.max(0, ...reportedQuantiles(evidence, arm, false));
      const limit = (1 - highest) / 2;
      const cut = lost > 0 && share >= limit;
      const detail = `${arm.name}: ${formatCount(lost)} of ${formatCount(planned)} requests (${percent(share)}) have no latency${cut && highest > 0 ? `, so its ${quantileName(highest)} is > timeout, not judged` : ''}`;
      // A hair below the limit, so that a share equal to it is above.
      return { value: 100 * share, unit: '%', warnAbove: 0, failAbove: 100 * limit * (1 - 1e-9), detail, remedy: REMEDY };
    }),
});
