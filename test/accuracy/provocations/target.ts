/** The target is at fault. */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../../../src/random.js';
import { lacking, startTruth } from '../truth/index.js';
import { namespace, whyNoNamespace } from '../namespace.js';
import { begin, run, target, type Provocation } from './provocation.js';

/** Two arms that do the same, whose rounds the truth server can tell apart: neither is ever without a connection. */
const TWINS = ['--arm', 'reused', '--arm', 'capped:requests=1000000', '--rate', '500/s', '--duration', '200ms', '--warmup', '0s', '--blocks', '6'];

export const tooSlow: Provocation = {
  what: 'five times its capacity is asked, with few in flight',
  gates: { G1: 'fail', G3: 'fail' },
  quick: true,
  provoke: async () => {
    const url = await target((response) => void setTimeout(() => response.end('ok'), 50));
    return run(url, ['--arm', 'reused', '--rate', '200/s', '--connections', '2', '--max-in-flight', '2', '--pacing', 'timer', '--duration', '1s', '--blocks', '1']);
  },
};

export const picky: Provocation = {
  what: 'it refuses the first request of some connections',
  gates: { G4: 'fail', G15: 'warn' },
  quick: true,
  provoke: async () => {
    const url = await target((response, n, nth) => response.writeHead(nth === 0 && n % 10 === 9 ? 503 : 200).end('ok'));
    return run(url, ['--arm', 'reused', '--arm', 'fresh', '--rate', '200/s', '--pacing', 'timer', '--duration', '1s', '--blocks', '1']);
  },
};

export const impatient: Provocation = {
  what: 'it closes connections after 10 requests, as keepalive_requests does',
  gates: { G10: 'fail' },
  quick: true,
  provoke: async () => {
    const url = await target((response, _, nth) => response.writeHead(200, nth === 9 ? { connection: 'close' } : {}).end('ok'));
    return run(url, ['--arm', 'reused', '--rate', '300/s', '--pacing', 'timer', '--duration', '500ms', '--connections', '4', '--blocks', '1']);
  },
};

export const deaf: Provocation = {
  what: 'its accept queue is full for a while, and SYNs are lost',
  gates: { G11: 'fail' },
  lacking: () => lacking() ?? whyNoNamespace(),
  provoke: async () => {
    const { wrap } = await namespace();
    const truth = await startTruth([{}], { backlog: 2, wrap });
    const running = begin(truth.url, ['--arm', 'fresh', '--rate', '200/s', '--connections', '1000', '--pacing', 'timer', '--duration', '1500ms', '--blocks', '1'], { wrap });
    await running.firstRound();
    await sleep(500);
    process.kill(truth.pid, 'SIGSTOP');
    await sleep(600);
    process.kill(truth.pid, 'SIGCONT');
    return running.result();
  },
};

export const slowing: Provocation = {
  what: 'it becomes slower all through a round',
  gates: { G12: 'fail' },
  lacking,
  provoke: async () => {
    const { url } = await startTruth([{ rampNsPerS: 200e6 }]);
    return run(url, [...TWINS, '--duration', '250ms']);
  },
};

export const resentful: Provocation = {
  what: 'the arm that comes second in a pair pays for the first',
  gates: { G13: 'fail' },
  lacking,
  provoke: async () => {
    const { url } = await startTruth([{ delaysNs: [2e6] }, { delaysNs: [60e6] }], { order: [0, 1] });
    return run(url, TWINS);
  },
};

let moods = 0;

export const moody: Provocation = {
  what: 'it has a speed of its own in every round',
  gates: { G18: 'warn' },
  lacking,
  provoke: async () => {
    const random = randomFrom(moods++);
    const { url } = await startTruth(Array.from({ length: 24 }, () => ({ delaysNs: [1e6 + 20e6 * random()] })), { order: Array.from({ length: 24 }, (_, round) => round) });
    return run(url, TWINS);
  },
};
