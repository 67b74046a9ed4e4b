/** Why an arm opened as many connections as it did, in words. */
import { reasonOf } from '../net/reasons.js';
import type { ArmResult, Result } from '../result/schema.js';
import { formatCount, formatMs } from '../units.js';
import { idleGapsOf, ranked, reasonsOf, reuseBalance } from './facts.js';
import { clip } from './text.js';
import { counted, openedBecause, promiseWords } from './words.js';

/**
 * `9,412 connections where 64 would do: 98 % because the server closed after 100 requests; …. The server ended 9,348 of them. Promise held in 6 of 6 rounds.`
 * The shares are of the excess: of what was opened beyond the most that were in use at once, round by round.
 */
export function whyOpened(result: Result, arm: ArmResult): string {
  const { opened, needed, excess } = reuseBalance(result, arm);
  if (opened === 0) return 'no connection.';
  const promise = ` Promise ${promiseWords(arm).text}.`;
  if (excess === 0) return `${counted(opened, 'connection')}, warm-up included, no more than were in use at once.${endedByServer(arm)}${promise}`;
  return `${counted(opened, 'connection')}, warm-up included, where ${formatCount(needed)} would do: ${shares(arm, needed)}.${endedByServer(arm)}${promise}`;
}

/** The commonest reasons of the excess, two at most. */
function shares(arm: ArmResult, needed: number): string {
  const reasons = beyond(reasonsOf(arm), needed);
  const total = reasons.reduce((sum, { count }) => sum + count, 0);
  return reasons.slice(0, 2).map(({ name, count }) => `${share(count, total)} ${clip(because(arm, name), 160)}`).join('; ');
}

/** What is left of the reasons when the connections that any reuse needs are taken away: first those that were opened for want of one. */
function beyond(reasons: Readonly<Record<string, number>>, needed: number): ReturnType<typeof ranked> {
  const left = { ...reasons };
  let toTake = needed;
  for (const name of ['initial', 'pool-grow', ...ranked(reasons).map((reason) => reason.name)]) {
    const taken = Math.min(toTake, Object.hasOwn(left, name) ? (left[name] ?? 0) : 0);
    if (taken > 0) left[name] = (left[name] ?? 0) - taken;
    toTake -= taken;
  }
  return ranked(left);
}

function share(count: number, total: number): string {
  const percent = (100 * count) / total;
  return percent > 99.9 && count < total ? 'more than 99.9 %' : percent < 0.1 ? 'less than 0.1 %' : `${Number(percent.toPrecision(3))} %`;
}

/** The reason in words; where every connection that ended so had carried the same number of requests, that number says more. */
function because(arm: ArmResult, label: string): string {
  const reason = reasonOf(label) as string;
  const carried = carriedAlike(arm, reason);
  if (carried === null) return openedBecause(label);
  if (reason === 'policy') return carried === 1 ? 'because the policy gives every request its own' : `because the policy ends each after ${formatCount(carried)} requests`;
  if (reason === 'server-announced-close') return `because the server closed after ${carried === 1 ? 'each request' : `${formatCount(carried)} requests`} (${label})`;
  return openedBecause(label);
}

/** How many requests nearly every connection had carried that ended for this reason; null: not the same number, or none ended. */
function carriedAlike({ totals: { connections } }: ArmResult, reason: string): number | null {
  const ended = endedBy(connections, (name) => name === reason);
  const most = Math.max(0, ...Object.entries(connections.requestsPerConnection).filter(([, count]) => count > 0).map(([requests]) => Number(requests)));
  const alike = connections.requestsPerConnection[String(most)] ?? 0;
  // The file does not say which connection ended why. When as many carried the most as ended for the reason, those are the same ones.
  return ended > 0 && most > 0 && alike >= NEARLY_ALL * ended ? most : null;
}

const NEARLY_ALL = 0.98;

/** ` The server ended 9,348 of them. The server closed 12 connections that had been idle for 5.01 s (5.00 to 5.04 s).` */
function endedByServer(arm: ArmResult): string {
  const ended = endedBy(arm.totals.connections, (name, label) => BY_SERVER.includes(name) && !/\/(client-first|never-closed)$/.test(label));
  const gaps = idleGapsOf(arm).beforeServerClose;
  const said = ended === 0 ? '' : ` The server ended ${formatCount(ended)} of them.`;
  if (gaps === null) return said;
  const seconds = (ms: number): string => formatMs(ms / 1000);
  const range = gaps.count > 1 ? ` (${seconds(gaps.min)} to ${seconds(gaps.max)} s)` : '';
  return `${said} The server closed ${counted(gaps.count, 'connection')} that had been idle for ${seconds(gaps.p50)} s${range}.`;
}

const BY_SERVER: readonly string[] = ['server-announced-close', 'server-idle-close', 'stale-reuse', 'idle-reset', 'peer-abort'];

type Connections = ArmResult['totals']['connections'];

/** Warm-up and window together. */
function endedBy({ closedBy, warmup }: Connections, wanted: (reason: string, label: string) => boolean): number {
  return [closedBy, warmup.closedBy].flatMap((counts) => Object.entries(counts)).reduce((sum, [label, count]) => (wanted(reasonOf(label), label) ? sum + count : sum), 0);
}
