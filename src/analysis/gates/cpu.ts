import type { ArmResult, HostObservation } from '../../result/schema.js';
import { defineGate, type Finding } from '../findings.js';
import { NO_OBSERVATION, percent } from '../gate-words.js';
import { observedRounds, type ObservedRound } from '../rounds.js';

/**
 * G6. Did the generator get the processor time that it asked for? Over all rounds of an arm: its use of the cores, or of those that a cgroup quota allows (above
 * 80 % a caveat), time throttled by that quota (above 0.1 % no verdict), PSI "some" of the processor (above 10 % a caveat, above 25 % no verdict) and steal (above
 * 1 % a caveat, above 5 % no verdict).
 * PSI of a host holds the queues of strangers too, so it is taken together with the time for which our own threads queued (schedstat): PSI "some" of our own
 * threads is never above either, and the smaller of the two is judged.
 */
export const cpu = defineGate({
  id: 'G6',
  title: 'the generator had the processor time it needed',
  unmeasured: ({ rounds }) => (rounds.length === 0 ? 'no round was measured' : NO_OBSERVATION),
  find: (evidence) => evidence.arms.flatMap((arm) => {
    const rounds = observedRounds(evidence, arm);
    return rounds.length === 0 ? [] : findings(arm, rounds);
  }),
});

function findings({ name }: ArmResult, rounds: readonly ObservedRound[]): Finding[] {
  const elapsedMs = rounds.reduce((sum, { observed }) => sum + observed.elapsedMs, 0);
  const mean = (of: (round: ObservedRound) => number | null): number => rounds.reduce((sum, round) => sum + (of(round) ?? NaN) * round.observed.elapsedMs, 0) / elapsedMs;
  const used = mean(({ generator, observed }) => generator.cpuMs / observed.elapsedMs / coresOf(observed.host));
  const quota = rounds.some(({ observed: { host } }) => coresOf(host) < host.cores);
  const throttled = mean(({ observed }) => observed.host.throttledShare);
  const pressure = mean(({ observed }) => observed.host.pressureShare);
  const queued = mean(({ observed }) => observed.host.queuedShare);
  const steal = mean(({ observed }) => observed.host.stealShare);
  const waited = Number.isNaN(pressure) ? queued : Number.isNaN(queued) ? pressure : Math.min(pressure, queued);
  return [
    { value: 100 * used, unit: '% of the cores', warnAbove: 80, detail: `${name}: the generator used ${percent(used)} of the cores${quota ? ' that its CPU quota allows' : ''}`, remedy: quota ? 'raise the CPU limit of the container, or lower the rate' : 'run the target on another machine, or lower the rate' },
    { value: 100 * throttled, unit: '% of the time', failAbove: 0.1, detail: `${name}: a CPU quota held the generator back for ${percent(throttled)} of the time`, remedy: 'raise the CPU limit of the container, or lower the rate' },
    { value: 100 * waited, unit: '% of the time', warnAbove: 10, failAbove: 25, detail: `${name}: the generator waited for a core for ${percent(waited)} of the time`, remedy: 'stop what else runs on this machine, or run the target on another one' },
    { value: 100 * steal, unit: '% of the time', warnAbove: 1, failAbove: 5, detail: `${name}: the hypervisor gave ${percent(steal)} of the cores' time to others`, remedy: 'use a machine whose cores are not shared' },
  ];
}

/** As many as this process may use at once: a container may have a quota of fewer than the host has. */
function coresOf({ cores, quotaCores }: HostObservation): number {
  return Math.min(cores, quotaCores ?? Infinity);
}
