import { formatCount } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { placeOf } from '../rounds.js';

const REMEDY = 'raise the limit (ulimit -n), or lower the connections of the arm';

/**
 * G9. Were there file descriptors enough? Those open when a round began and the most connections open in it, of what RLIMIT_NOFILE allows: above 70 % is worth a
 * caveat; one that could not be had (EMFILE, ENFILE) is no verdict. What needs more than the limit is refused before the start.
 */
export const descriptors = defineGate({
  id: 'G9',
  title: 'there were file descriptors enough',
  unmeasured: () => 'this system does not tell how many files a process may open',
  find: ({ rounds }) => rounds.map((round): Finding => {
    const { requests, connections, observed } = round;
    const exhausted = (requests.failures['fds-exhausted'] ?? 0) + (requests.warmup.failures['fds-exhausted'] ?? 0);
    if (exhausted > 0) return { value: exhausted, unit: 'failures', failAbove: 0, detail: `${placeOf(round)}: ${formatCount(exhausted)} times no file could be opened (EMFILE)`, remedy: REMEDY };
    const { openFds, fdLimit } = observed?.host ?? {};
    if (openFds == null || fdLimit == null) return { value: NaN, unit: '', detail: '', remedy: '' };
    const used = openFds + connections.peakOpen;
    return { value: (100 * used) / fdLimit, unit: '% of the limit', warnAbove: 70, detail: `${placeOf(round)}: ${formatCount(used)} of ${formatCount(fdLimit)} file descriptors were in use`, remedy: REMEDY };
  }),
});
