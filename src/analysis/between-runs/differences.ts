/** In what two runs differ before any request is sent: what was asked, of whom, from where. */
import type { OptionSpecs } from '../../define.js';
import * as pacers from '../../pacers/index.js';
import * as policies from '../../policies/index.js';
import type { RunDifference } from '../../result/run-comparison-schema.js';
import type { HostSettings, Result } from '../../result/schema.js';
import { formatCount, formatDuration, formatOption, NS_PER_MS } from '../../units.js';
import { USUAL } from '../comparisons.js';
import { marginWords, quantileWords } from './declared.js';

/**
 * Every setting and circumstance that the two runs do not share, those first that hinder: with another load, another policy or other requests the
 * latencies are not those of the same work. Another target, TLS version or host may be the very thing that is compared: told, not forbidden.
 */
export function differencesOf(a: Result, b: Result): RunDifference[] {
  const arms = a.arms.filter(({ name }) => b.arms.some((arm) => arm.name === name)).map(({ name }) => name);
  return [
    ...differing('load', true, load(a), load(b)),
    ...arms.flatMap((arm) => differing('arm', true, armOf(a, arm), armOf(b, arm), arm)),
    ...differing('target', false, target(a), target(b)),
    ...differing('environment', false, ...environments(a, b)),
    ...differing('setting', false, settings(a), settings(b)),
  ];
}

/** `rate 500/s → 200/s`, `reused: connections 32 → 64`. */
export function inWords({ what, a, b, arm }: RunDifference): string {
  return `${arm === null ? '' : `${arm}: `}${what} ${a} → ${b}`;
}

/** What is written of a setting, by its name; '' where a run has none. */
type Facts = Readonly<Record<string, string>>;

function differing(kind: RunDifference['kind'], hinders: boolean, a: Facts, b: Facts, arm: string | null = null): RunDifference[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter((what) => a[what] !== b[what]).map((what) => ({ what, a: a[what] ?? 'none', b: b[what] ?? 'none', arm, kind, hinders }));
}

function load({ plan, target }: Result): Facts {
  const weighed = (weight: number): string => (target.requests.length > 1 ? ` (weight ${weight})` : '');
  const sent = target.requests.map(({ method, path, weight, bodyBytes }) => `${method} ${path}${bodyBytes > 0 ? ` with ${formatCount(bodyBytes)} bytes` : ''}${weighed(weight)}`);
  return {
    pacer: plan.pacer,
    ...options(pacers, plan.pacer, plan.options),
    requests: sent.join(', '),
    headers: Object.entries(target.headers).map(([name, value]) => `${name}: ${value}`).join(', ') || 'none',
    'completed means': plan.expectStatus.join(', '),
    encryption: target.tls !== null || /^https:/i.test(target.url) ? 'TLS' : 'none',
  };
}

function armOf({ arms }: Result, wanted: string): Facts {
  const arm = arms.find(({ name }) => name === wanted);
  return arm ? { policy: arm.policy, client: arm.client, ...options(policies, arm.policy, arm.options) } : {};
}

function target({ target: { url, address, tls } }: Result): Facts {
  return {
    target: originOf(url),
    address,
    'TLS version': tls?.protocol ?? 'none',
    cipher: tls?.cipher ?? 'none',
    certificate: tls === null ? 'none' : tls.verified ? 'verified' : 'NOT verified',
  };
}

/** What only one of the two runs wrote down, because a later version made it, is no difference. */
function environments(a: Result, b: Result): readonly [Facts, Facts] {
  const known = a.environment.settings !== undefined && b.environment.settings !== undefined;
  return [environment(a, known), environment(b, known)];
}

function environment({ environment: host, tool }: Result, withSettings: boolean): Facts {
  return {
    host: host.hostname,
    cores: String(host.cores),
    processor: host.cpu,
    memory: `${(host.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    system: `${host.os}, kernel ${host.kernel}`,
    sameconn: tool.version,
    Node: tool.node,
    undici: tool.undici,
    OpenSSL: tool.openssl,
    ...(withSettings && host.settings ? settingsOf(host.settings) : {}),
  };
}

function settingsOf({ governors, openFiles, cpuQuota, sysctl }: HostSettings): Facts {
  return {
    'CPU governor': governors.join(', ') || 'not told',
    'CPU quota': cpuQuota === null ? 'none' : `${cpuQuota} cores`,
    'file descriptors': openFiles.soft === null ? 'no limit told' : formatCount(openFiles.soft),
    ...sysctl,
  };
}

/** Of every run that was made before this could be said. */
const WASHOUT_BEFORE_MS = 100;

function settings({ plan }: Result): Facts {
  const ms = (value: number): string => formatDuration(value * NS_PER_MS);
  const declared = plan.declared ?? USUAL;
  return {
    baseline: plan.baseline,
    'most in flight': formatCount(plan.maxInFlight),
    workers: String(plan.workers),
    pacing: plan.pacing,
    'warm-up': ms(plan.warmupMs),
    'pause between rounds': ms(plan.washoutMs ?? WASHOUT_BEFORE_MS),
    'measured window': ms(plan.windowMs),
    blocks: String(plan.blocks),
    'verdict rests on': quantileWords(declared),
    margin: marginWords(declared),
    timeouts: `connect ${ms(plan.timeoutsMs.connect)}, response ${ms(plan.timeoutsMs.response)}`,
  };
}

function options(list: Readonly<Record<string, { readonly kind: string; readonly options: OptionSpecs }>>, kind: string, values: Result['plan']['options']): Facts {
  const specs = Object.values(list).find((member) => member.kind === kind)?.options;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, formatOption(specs?.[name], value)]));
}

/** Its path is among the requests. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
