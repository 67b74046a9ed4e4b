/** The words that every dialect uses for what a result holds: verdicts, reasons, failures, options, the traffic. */
import type { List, OptionSpecs } from '../define.js';
import { failureKinds } from '../net/failures.js';
import { meaningOf } from '../net/reasons.js';
import * as pacers from '../pacers/index.js';
import * as policies from '../policies/index.js';
import type { ArmResult, Comparison, ExpectationOutcome, GateOutcome, Result, Verdict } from '../result/schema.js';
import { formatCount, formatDuration, formatOption, NS_PER_MS } from '../units.js';
import type { Tone } from './table.js';

/** A state in words, and how it should strike the eye. */
export interface Words {
  readonly text: string;
  readonly tone: Tone;
}

export const verdictWords: Readonly<Record<Verdict['state'], Words>> = {
  faster: { text: 'FASTER', tone: 'good' },
  'faster-small': { text: 'FASTER, PERHAPS BY LITTLE', tone: 'good' },
  slower: { text: 'SLOWER', tone: 'bad' },
  'slower-small': { text: 'SLOWER, PERHAPS BY LITTLE', tone: 'bad' },
  same: { text: 'NO PRACTICAL DIFFERENCE', tone: 'soft' },
  'cannot-tell': { text: 'CANNOT TELL', tone: 'doubt' },
  untrustworthy: { text: 'NOT TO BE TRUSTED', tone: 'bad' },
  'not-judged': { text: 'NOT JUDGED', tone: 'soft' },
};

export const comparisonWords: Readonly<Record<Comparison['state'], Words>> = {
  faster: { text: 'faster', tone: 'good' },
  'faster-small': { text: 'faster, small', tone: 'good' },
  slower: { text: 'slower', tone: 'bad' },
  'slower-small': { text: 'slower, small', tone: 'bad' },
  same: { text: 'same', tone: 'soft' },
  'cannot-tell': { text: 'cannot tell', tone: 'doubt' },
};

export const gateWords: Readonly<Record<GateOutcome['state'], Words>> = {
  pass: { text: 'passed', tone: 'good' },
  warn: { text: 'warning', tone: 'doubt' },
  fail: { text: 'FAILED', tone: 'bad' },
  'not-measured': { text: 'not measured', tone: 'soft' },
};

export const expectationWords: Readonly<Record<ExpectationOutcome['state'], Words>> = {
  met: { text: 'met', tone: 'good' },
  failed: { text: 'FAILED', tone: 'bad' },
  'cannot-tell': { text: 'cannot tell', tone: 'doubt' },
};

/** `held in 6 of 6 rounds`, `NOT held in 2 of 6 rounds`. */
export function promiseWords({ promise }: ArmResult): Words {
  if (promise.rounds === 0) return { text: 'not tested: no rounds', tone: 'soft' };
  if (promise.held) return { text: `held in ${promise.rounds} of ${promise.rounds} rounds`, tone: 'good' };
  return { text: `NOT held in ${promise.broken} of ${promise.rounds} rounds`, tone: 'bad' };
}

/** Why connections were opened, as a clause: `because the server closed the one before while it was idle (server-idle-close)`. */
export { because as openedBecause } from '../analysis/reasons.js';

/** Where the end of a connection is not what opened the next one, in the words of that. */
const ENDS: Readonly<Record<string, string>> = {
  policy: 'it had carried its share',
  'connect-failed': 'its TLS handshake did not succeed',
  'round-end': 'the round was over',
  stopped: 'the run was stopped',
};

/** Why connections ended, as a clause: `because the round was over (round-end)`. */
export function closedBecause(label: string): string {
  const [reason = label] = label.split('/');
  const meaning = Object.hasOwn(ENDS, reason) ? ENDS[reason] : meaningOf(label)?.replace('the one before', 'it');
  return meaning === undefined ? `because of ${label}` : `because ${meaning} (${label})`;
}

/** The sentence of a failure kind; a kind of a later version stands for itself. */
export function failureWords(kind: string): string {
  return Object.hasOwn(failureKinds, kind) ? failureKinds[kind as keyof typeof failureKinds] : kind.replaceAll('-', ' ');
}

/** The options of an arm in the units people write: `connections` `32`, `gap` `1s`. */
export function policyOptions(arm: { readonly policy: string; readonly options: Result['arms'][number]['options'] }): readonly { readonly name: string; readonly value: string }[] {
  const specs = memberOf(policies, arm.policy)?.options;
  return Object.entries(arm.options).map(([name, value]) => ({ name, value: formatOption(specs?.[name], value) }));
}

/** What the policy does, or its name when this version does not know it. */
export function policySummary(policy: string): string {
  return memberOf(policies, policy)?.summary ?? policy;
}

/** How requests were sent, in one sentence without a full stop: `Open loop, Poisson arrivals at 500/s; latency is counted from the instant each request was due`. */
export function trafficSentence({ plan }: Result): string {
  const specs = memberOf(pacers, plan.pacer)?.options;
  const settings = Object.entries(plan.options).map(([name, value]) => ({ name, value: formatOption(specs?.[name], value) }));
  const value = (name: string): string => settings.find((setting) => setting.name === name)?.value ?? '?';
  const arrivals: Readonly<Record<string, () => string>> = {
    constant: () => `evenly spaced arrivals at ${value('rate')}`,
    poisson: () => `Poisson arrivals at a mean of ${value('rate')}`,
    ramp: () => `a rate from ${value('from')} to ${value('to')} over ${value('over')}`,
    steps: () => `rates in steps of ${value('steps')}`,
    closed: () => `${value('inFlight')} requests in flight, each followed by the next`,
  };
  const how = Object.hasOwn(arrivals, plan.pacer) ? arrivals[plan.pacer]!() : `${plan.pacer} (${settings.map(({ name, value }) => `${name} ${value}`).join(', ')})`;
  return plan.model === 'open'
    ? `Open loop, ${how}; latency is counted from the instant each request was due`
    : `Closed loop, ${how}; requests wait for responses, so latency says little about users`;
}

/** `6 blocks of 3 arms, 18 rounds: 1s warm-up and 3s measured in each`. */
export function experimentSentence({ plan, rounds, arms }: Result): string {
  const ms = (value: number): string => formatDuration(value * NS_PER_MS);
  const arm = `${counted(arms.length, 'arm')}${arms.length > 1 && plan.blocks > 1 ? ', interleaved' : ''}`;
  return `${counted(plan.blocks, 'block')} of ${arm}; ${counted(rounds.length, 'round')}, each ${ms(plan.warmupMs)} of warm-up and ${ms(plan.windowMs)} measured`;
}

/** What every arm asked for: `GET https://host/path`, or the count of kinds of request. */
export function targetWords({ target }: Result): string {
  const [only, ...others] = target.requests;
  if (only === undefined || others.length > 0) return target.requests.length === 0 ? target.url : `${target.requests.length} kinds of request to ${target.url}`;
  let url = target.url;
  try {
    url = new URL(only.path, target.url).href;
  } catch {
    // the URL as written is the truth that there is
  }
  return `${only.method} ${url}`;
}

/** `1 round`, `18 rounds`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The names of arms in a sentence: `reused, fresh and resumed`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function memberOf<T extends { readonly kind: string; readonly options: OptionSpecs }>(list: List<T>, kind: string): T | undefined {
  return Object.values(list).find((member) => member.kind === kind);
}
