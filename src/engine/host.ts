/** What the kernel tells of this host: readings before and after a round, and their difference. A system that does not tell gives null, never a guess. */
import os from 'node:os';
import type { Endpoint } from '../net/endpoint.js';
import type { HostObservation } from '../result/schema.js';
import { cpuQuota, groupPressureUs, SOME } from './cgroup.js';
import { file, folder, numberIn } from './proc.js';
import { countTimeWait } from './time-wait.js';

/** One reading; counters that only grow, so that two of them make a difference. */
export interface HostReading {
  readonly queuedNs: number | null;
  readonly pressureUs: number | null;
  readonly throttledUs: number | null;
  /** Cores' worth of time that a CPU quota allows; null: no quota. */
  readonly quotaCores: number | null;
  readonly ticks: { readonly steal: number; readonly all: number } | null;
  readonly kernel: HostObservation['kernel'];
  readonly timeWait: number | null;
  readonly openFds: number | null;
}

export function readHost(): HostReading {
  const { throttledUs, cores } = cpuQuota(file);
  return {
    queuedNs: queuedNs(),
    pressureUs: pressureUs(),
    throttledUs,
    quotaCores: cores,
    ticks: cpuTicks(),
    kernel: kernelCounts(),
    timeWait: numberIn('/proc/net/sockstat', /^TCP:.* tw (\d+)/m),
    openFds: folder('/proc/self/fd')?.length ?? null,
  };
}

/** What can be spent: local ports and file descriptors. */
export interface Budget {
  /** Local ports to connect from; null: unknown, or no ports are needed. */
  readonly ports: number | null;
  /** How long a port stays taken after we close its connection first. */
  readonly portHeldMs: number | null;
  readonly fdLimit: number | null;
  readonly openFds: number | null;
}

/**
 * Ports that sockets in TIME_WAIT hold toward the target. null where a port comes back after a second anyway, or where this cannot be read.
 * Reads the whole table of sockets only when there are as many in TIME_WAIT at all as `unless`: between rounds, never during one.
 */
export function portsInTimeWait(endpoint: Endpoint, { portHeldMs }: Budget, unless: number): number | null {
  if (portHeldMs !== TIME_WAIT_MS) return null;
  const all = numberIn('/proc/net/sockstat', /^TCP:.* tw (\d+)/m);
  if (all === null || all <= unless) return all;
  const table = file(endpoint.family === 6 ? '/proc/net/tcp6' : '/proc/net/tcp');
  return table === null ? null : countTimeWait(table, endpoint);
}

/** TIME_WAIT lasts 60 s (TCP_TIMEWAIT_LEN); where tcp_tw_reuse allows it, a port is taken again after 1 s (net/ipv4/tcp_ipv4.c, tcp_twsk_unique). */
const TIME_WAIT_MS = 60_000;
const REUSED_AFTER_MS = 1000;

export function budgetFor(endpoint: Endpoint): Budget {
  const fdLimit = numberIn('/proc/self/limits', /^Max open files\s+(\d+)/m);
  const openFds = folder('/proc/self/fd')?.length ?? null;
  const range = /^(\d+)\s+(\d+)/.exec(file('/proc/sys/net/ipv4/ip_local_port_range') ?? '');
  if (endpoint.socketPath !== '' || range === null) return { ports: null, portHeldMs: null, fdLimit, openFds };
  const reuse = numberIn('/proc/sys/net/ipv4/tcp_tw_reuse', /(\d+)/);
  const reused = reuse === 1 || (reuse === 2 && isLoopback(endpoint.address));
  const ports = (Number(range[2]) - Number(range[1]) + 1) * Math.max(1, endpoint.localAddress.length);
  return { ports, portHeldMs: reused ? REUSED_AFTER_MS : TIME_WAIT_MS, fdLimit, openFds };
}

export function hostOver(before: HostReading, after: HostReading, elapsedMs: number, budget: Budget): HostObservation {
  const grown = (from: number | null, to: number | null): number | null => (from === null || to === null ? null : Math.max(0, to - from));
  const share = (from: number | null, to: number | null, perMs: number): number | null => {
    const growth = grown(from, to);
    return growth === null || elapsedMs <= 0 ? null : growth / perMs / elapsedMs;
  };
  const { ports, portHeldMs, fdLimit } = budget;
  return {
    cores: os.availableParallelism(),
    quotaCores: after.quotaCores,
    queuedShare: share(before.queuedNs, after.queuedNs, 1e6),
    pressureShare: share(before.pressureUs, after.pressureUs, 1e3),
    throttledShare: share(before.throttledUs, after.throttledUs, 1e3),
    stealShare: stealShare(before.ticks, after.ticks),
    kernel: before.kernel && after.kernel && (Object.fromEntries(Object.entries(after.kernel).map(([name, count]) => [name, Math.max(0, count - before.kernel![name as KernelCount])])) as KernelCounts),
    timeWait: after.timeWait,
    ports,
    portHeldMs,
    openFds: before.openFds,
    fdLimit,
  };
}

type KernelCounts = NonNullable<HostObservation['kernel']>;
type KernelCount = keyof KernelCounts;

function stealShare(before: HostReading['ticks'], after: HostReading['ticks']): number | null {
  if (before === null || after === null || after.all <= before.all) return null;
  return Math.max(0, after.steal - before.steal) / (after.all - before.all);
}

/** Time that our threads were ready and waited for a core: the second figure of schedstat (Documentation/scheduler/sched-stats.rst). */
function queuedNs(): number | null {
  const threads = folder('/proc/self/task');
  if (threads === null) return null;
  const waited = threads.map((thread) => numberIn(`/proc/self/task/${thread}/schedstat`, /^\d+ (\d+)/)).filter((ns) => ns !== null);
  return waited.length === 0 ? null : waited.reduce((sum, ns) => sum + ns, 0);
}

/** `some`, total (Documentation/accounting/psi.rst): of our cgroup where it has one, since other people's queues on a large host are not ours. */
function pressureUs(): number | null {
  return groupPressureUs(file) ?? numberIn('/proc/pressure/cpu', SOME);
}

function cpuTicks(): HostReading['ticks'] {
  const line = /^cpu +(.*)$/m.exec(file('/proc/stat') ?? '');
  if (!line) return null;
  const ticks = line[1]!.split(' ').map(Number).slice(0, 8); // user … steal; guest time is part of user
  return { steal: ticks[7] ?? 0, all: ticks.reduce((sum, tick) => sum + tick, 0) };
}

function kernelCounts(): HostObservation['kernel'] {
  const counts = { ...named('/proc/net/snmp', 'Tcp'), ...named('/proc/net/netstat', 'TcpExt') };
  const names = { activeOpens: 'ActiveOpens', estabResets: 'EstabResets', retransmitted: 'RetransSegs', synRetransmitted: 'TCPSynRetrans', listenOverflows: 'ListenOverflows', listenDrops: 'ListenDrops' } as const;
  const read = Object.entries(names).map(([ours, theirs]) => [ours, counts[theirs]] as const);
  return read.every(([, count]) => count !== undefined) ? (Object.fromEntries(read) as KernelCounts) : null;
}

/** Two lines of the same prefix: names, then values. */
function named(path: string, prefix: string): Record<string, number> {
  const [names = [], values = []] = (file(path) ?? '').split('\n').filter((line) => line.startsWith(`${prefix}: `)).map((line) => line.split(' ').slice(1));
  return Object.fromEntries(names.map((name, index) => [name, Number(values[index])]));
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address === '0.0.0.0' || address === '::';
}
