/** Where a run took place: facts for the report, none of them secret. */
import os from 'node:os';
import type { HostSettings, RunRecord } from '../result/schema.js';
import { cpuQuota } from './cgroup.js';
import { file, folder } from './proc.js';

export function environment(): Omit<RunRecord['environment'], 'floor'> {
  return {
    os: `${os.type()} ${os.arch()}`,
    kernel: os.release(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    hostname: os.hostname(),
    settings: settings(),
  };
}

/** How the host is set where it matters to connections: read once, before the run. */
function settings(): HostSettings {
  return { governors: governors(), openFiles: openFiles(), cpuQuota: cpuQuota(file).cores, sysctl: Object.fromEntries(SYSCTLS.flatMap((name) => sysctl(name))) };
}

/** What a run over many connections meets first; names as sysctl(8) prints them, values as the kernel writes them (Documentation/networking/ip-sysctl.rst). */
const SYSCTLS = [
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_tw_reuse',
  'net.ipv4.tcp_max_tw_buckets',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_max_syn_backlog',
  'net.core.somaxconn',
  'net.ipv4.tcp_congestion_control',
  'net.ipv4.tcp_slow_start_after_idle',
] as const;

function sysctl(name: string): [string, string][] {
  const value = file(`/proc/sys/${name.replaceAll('.', '/')}`);
  return value === null ? [] : [[name, value.trim().replace(/\s+/g, ' ')]];
}

/** Each once; many virtual machines and all systems but Linux tell none. */
function governors(): string[] {
  const cores = (folder('/sys/devices/system/cpu') ?? []).filter((name) => /^cpu\d+$/.test(name));
  const read = cores.map((core) => file(`/sys/devices/system/cpu/${core}/cpufreq/scaling_governor`)?.trim() ?? '');
  return [...new Set(read.filter((name) => name !== ''))].sort();
}

/** RLIMIT_NOFILE; null: unlimited, or not told. */
function openFiles(): HostSettings['openFiles'] {
  const [, soft, hard] = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(file('/proc/self/limits') ?? '') ?? [];
  const limit = (value: string | undefined): number | null => (value === undefined || value === 'unlimited' ? null : Number(value));
  return { soft: limit(soft), hard: limit(hard) };
}
