import { choose, withDefaults, type AnyOptions, type ConnectionRules, type Policy } from '../../define.js';
import * as policies from '../../policies/index.js';
import type { ArmResult, PromiseOutcome } from '../../result/schema.js';
import { formatCount } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { percent, some } from '../gate-words.js';
import { because, isExpected } from '../reasons.js';

/**
 * G10. Was each arm what its name says?
 * - Connections kept: those that had to be opened again in the measured window, because the one before had ended, as a share of its requests. Above 0.1 % is worth
 *   a caveat, above 1 % no verdict: the arm did not reuse. Connections that a growing pool opens (at most its size) are part of the policy and not counted.
 * - A connection for each request: openings against requests, warm-up included; a single one too many or too few is no verdict.
 * - Handshakes of the other kind, full for resumed or resumed for full, as a share of all: above 0.1 % is no verdict.
 * Whose doing it was stands in the detail: often the server's, and then a finding about the server, but the arm is still not the arm that was asked for.
 */
export const purity = defineGate({
  id: 'G10',
  title: 'each arm was what it promises',
  unmeasured: () => 'no arm sent a request',
  find: ({ arms }) => arms.filter(({ totals, promise }) => promise.rounds > 0 && totals.requests.sent > 0).flatMap((arm) => {
    const rules = rulesOf(arm);
    return [rules.requestsPerConnection === 1 ? openings(arm) : reopenings(arm, rules), ...tlsKind(arm)];
  }),
});

function rulesOf({ policy, options }: ArmResult): ConnectionRules {
  const chosen = choose<Policy>(policies, policy, 'policy');
  return chosen.rules(withDefaults(chosen.options, Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as AnyOptions));
}

function reopenings({ name, totals: { requests, connections } }: ArmResult, { requestsPerConnection }: ConnectionRules): Finding {
  const causes = Object.entries(connections.openedBecause).filter(([code, count]) => !isExpected(code) && count > 0).toSorted(([, a], [, b]) => b - a);
  const reopened = causes.reduce((sum, [, count]) => sum + count, 0);
  const [code = ''] = causes[0] ?? [];
  const why = code === '' ? '' : `, ${because(code)}${causes.length > 1 ? ', mostly' : ''}: ${DOERS[doerOf(code)]}`;
  const kept = requestsPerConnection === Infinity;
  const failing = kept && reopened > 0.01 * requests.sent ? '; the arm did not reuse' : '';
  return {
    value: (100 * reopened) / requests.sent,
    unit: '% of the requests',
    warnAbove: 0.1,
    failAbove: 1,
    detail: `${name}: ${some(reopened, 'connection')} had to be opened again for ${some(requests.sent, 'request')}${why}${failing}`,
    remedy: doerOf(code) === 'server' ? 'if that is how the server works, compare it as an arm of its own (policy: capped, with the number of requests that it allows), else raise the limit of the server' : 'raise timeouts.response, lower the rate, or mend what breaks the connections',
  };
}

function openings({ name, promise }: ArmResult): Finding {
  const opened = promise.facts.find(({ what }) => what === 'opened');
  const broken = opened !== undefined && !opened.held;
  const off = broken ? Math.max(1, breach(opened)) : 0;
  const detail = `${name}: ${formatCount(opened?.actual ?? 0)} connections for ${formatCount(opened?.max ?? 0)} requests`;
  return { value: off, unit: 'connections', failAbove: 0, detail, remedy: 'a connection for each request is ours to keep: please report this with the result file' };
}

function tlsKind({ name, promise }: ArmResult): Finding[] {
  const [full, resumed] = (['tlsFull', 'tlsResumed'] as const).map((kind) => promise.facts.find(({ what }) => what === kind));
  if (!full || !resumed || full.actual + resumed.actual === 0) return [];
  const wrong = Math.max(0, full.actual - full.max) + Math.max(0, resumed.actual - resumed.max);
  // Beyond what the pool may open, a connection too many is a finding above and not one of kind.
  const ofKind = resumed.max === 0 ? resumed.actual : Math.min(wrong, full.actual);
  const share = ofKind / (full.actual + resumed.actual);
  const kind = resumed.max === 0 ? 'resumed, where all should be full' : 'full, where they should be resumed';
  return [{
    value: 100 * share,
    unit: '% of the handshakes',
    failAbove: 0.1,
    detail: `${name}: ${formatCount(ofKind)} of ${formatCount(full.actual + resumed.actual)} TLS handshakes (${percent(share)}) were ${kind}`,
    remedy: resumed.max === 0 ? 'please report this with the result file' : 'the server refused its own sessions: enable session tickets, share their keys between its machines, or leave this arm out',
  }];
}

function breach({ actual, min, max }: PromiseOutcome['facts'][number]): number {
  return Math.max(0, min - actual, actual - max);
}

type Doer = 'server' | 'generator' | 'unknown';

const DOERS: Readonly<Record<Doer, string>> = { server: "the server's doing", generator: 'our own doing', unknown: 'whose doing is not known' };

function doerOf(code: string): Doer {
  const reason = code.split('/')[0] ?? '';
  if (['server-announced-close', 'server-idle-close', 'stale-reuse', 'peer-abort', 'protocol-error', 'early-response', 'upgrade'].includes(reason)) return 'server';
  return ['local-timeout', 'body-lost'].includes(reason) ? 'generator' : 'unknown';
}
