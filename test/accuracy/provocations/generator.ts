/** The generator, or the host that it runs on, is at fault. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { lacking, startTruth } from '../truth/index.js';
import { namespace, whyNoNamespace } from '../namespace.js';
import { quota, whyNoQuota } from '../quota.js';
import { afflicted } from './afflicted.js';
import { begin, run, target, type Provocation } from './provocation.js';

/** Both arms have the requests that p99 takes. */
const PAIR = ['--arm', 'reused', '--arm', 'fresh', '--rate', '1000/s', '--duration', '1100ms', '--blocks', '1', '--connections', '2000', '--max-in-flight', '4000'];

export const heldUp: Provocation = {
  what: 'the program is held up for half a second',
  gates: { G5: 'fail' },
  quick: true,
  provoke: async () => {
    const url = await target((response) => response.end('ok'));
    const running = begin(url, ['--arm', 'reused', '--rate', '500/s', '--pacing', 'timer', '--duration', '3s', '--blocks', '1']);
    await running.firstRound();
    await sleep(700);
    running.child.kill('SIGSTOP');
    await sleep(500);
    running.child.kill('SIGCONT');
    return running.result();
  },
};

export const busy: Provocation = {
  what: 'the sending thread is busy with something else for 200 ms of every 600',
  gates: { G2: 'fail', G5: 'fail' },
  lacking,
  provoke: async () => run((await startTruth([{ delaysNs: [2e6] }])).url, PAIR, afflicted('busy.mjs')),
};

export const crowded: Provocation = {
  what: 'two neighbours are busy on its core',
  gates: { G6: 'fail' },
  lacking: () => (spawnSync('taskset', ['--version']).status === 0 ? lacking() : 'there is no taskset on this machine (apt-get install util-linux)'),
  provoke: async () => {
    const { url } = await startTruth([{ delaysNs: [2e6] }]);
    const pinned = ['taskset', '-c', '0'];
    for (let neighbour = 0; neighbour < 2; neighbour++) {
      const [command = '', ...words] = [...pinned, 'timeout', '30', 'sh', '-c', 'while :; do :; done'];
      const child = spawn(command, words, { stdio: 'ignore' });
      onTestFinished(() => void child.kill());
    }
    return run(url, ['--arm', 'reused', '--rate', '500/s', '--duration', '1s', '--blocks', '1'], { wrap: pinned });
  },
};

export const rationed: Provocation = {
  what: 'a CPU quota gives it half a core',
  gates: { G6: 'fail' },
  lacking: () => lacking() ?? whyNoQuota(),
  provoke: async () => run((await startTruth([{ delaysNs: [2e6] }])).url, ['--arm', 'reused', '--rate', '500/s', '--duration', '1s', '--blocks', '1'], { wrap: quota(0.5) }),
};

export const littered: Provocation = {
  what: 'garbage collection takes tens of milliseconds, ten times a second',
  gates: { G7: 'fail' },
  lacking,
  provoke: async () => run((await startTruth([{ delaysNs: [2e6] }])).url, PAIR, afflicted('garbage.mjs')),
};

export const confused: Provocation = {
  what: "a thread's clock jumps by 5 ms",
  gates: { G14: 'fail' },
  lacking,
  provoke: async () => run((await startTruth([{ delaysNs: [2e6] }])).url, ['--arm', 'reused', '--rate', '300/s', '--duration', '1s', '--blocks', '1'], afflicted('clock.mjs')),
};

export const outOfPorts: Provocation = {
  what: 'a neighbour has most of the local ports',
  gates: { G8: 'fail' },
  lacking: () => lacking() ?? whyNoNamespace(),
  provoke: async () => {
    const { wrap, set } = await namespace();
    set('net/ipv4/ip_local_port_range', '20000 20299');
    set('net/ipv4/tcp_tw_reuse', '2');
    const { url } = await startTruth([{}], { wrap });
    const [command = '', ...words] = wrap;
    const neighbour = spawn(command, [...words, process.execPath, fileURLToPath(new URL('./afflictions/neighbour.mjs', import.meta.url)), url, '250'], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void neighbour.stdin.end());
    await once(neighbour.stdout, 'data');
    return run(url, ['--arm', 'fresh:closeBy=client', '--rate', '150/s', '--pacing', 'timer', '--duration', '1s', '--blocks', '1'], { wrap });
  },
};

export const fewDescriptors: Provocation = {
  what: 'the program may open 256 files, and needs most of them',
  gates: { G9: 'warn' },
  lacking: () => (spawnSync('prlimit', ['--version']).status === 0 ? lacking() : 'there is no prlimit on this machine (apt-get install util-linux)'),
  provoke: async () => {
    const { url } = await startTruth([{ delaysNs: [500e6] }]);
    return run(url, ['--arm', 'reused', '--connections', '180', '--rate', '500/s', '--pacing', 'timer', '--duration', '1s', '--blocks', '1'], { wrap: ['prlimit', '--nofile=256'] });
  },
};
