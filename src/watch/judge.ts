/** From causes to verdicts, with hindsight: what a close meant shows in what the client did all in all. */
import { NS_PER_MS } from '../units.js';
import { formatBytes, formatDuration } from './words.js';
import { AT_ONCE_NS, type CauseKind } from './cause.js';
import type { CauseCount, Sampled, WatchedClient } from './client.js';
import { SOCKET_BYTES } from './connection.js';
import { stackByIdleTimeout } from './fingerprints.js';
import type { VerdictKey } from './verdicts.js';

/** Several openings of one client that had the same cause. */
export interface Judged {
  readonly verdict: VerdictKey;
  readonly count: number;
  /** What was seen, in a sentence without its full stop. */
  readonly evidence: string;
  readonly confidence: Confidence;
}

/** `exact`: seen on the wire. `strong`: the pattern leaves one explanation that is known. `likely`: others are possible. */
export type Confidence = 'exact' | 'strong' | 'likely';

/** The verdicts on all openings of a client, the most frequent first. Needed ones are exact. */
export function judge(client: WatchedClient): readonly Judged[] {
  const judged = [...client.causes].map(([kind, count]) => judgeCause(kind, count, client));
  return merge(judged).sort((a, b) => b.count - a.count);
}

/** The verdict on one cause, as far as the client is known by now. */
export function judgeCause(kind: CauseKind, { count, example }: CauseCount, client: WatchedClient): Judged {
  const as = (verdict: VerdictKey, evidence: string, confidence: Confidence = 'exact'): Judged => ({ verdict, count, evidence, confidence });
  switch (kind) {
    case 'first':
      return as('first', 'no connection of this client was known');
    case 'all-busy':
      return as('needed', noneFree(client));
    case 'all-answering':
      return allAnswering(client, { count, example }, as);
    case 'unread-late':
    case 'abort-late':
      return givenUpLate(client, kind, { count, example }, as);
    case 'idle-there':
    case 'used-soon':
      return as('needed', 'the connection that was idle came into use again at once: it has a user of its own', 'likely');
    case 'unread-there':
      return as('needed', `the client still read an answer of ${formatBytes(example.answerBytes)}`, 'likely');
    case 'left-unread':
      return as('notDrained', `${formatBytes(example.leftBytes)} of an answer of ${formatBytes(example.answerBytes)} lay unread in the client’s socket, and stayed there`, 'strong');
    case 'used-in-turn':
      return usedInTurn(client, as);
    case 'another-pool':
      return as('keySplit', `idle was one for ${example.key.trim() || 'another name'}`);
    case 'not-reading':
      return as('notDrained', `${formatBytes(example.answerBytes)} were sent on the connection before, and the client had stopped reading`, 'strong');
    case 'idle-not-used':
      return idleNotUsed(client, { count, example }, as);
    case 'client-said-close':
      return as('clientSaidClose', example.last?.saysClose ? 'the request said `Connection: close`' : 'the request was HTTP/1.0 without `Connection: keep-alive`');
    case 'server-said-close':
      return as('serverSaidClose', ANNOUNCED[example.announced]);
    case 'server-closed-idle':
      return as('serverClosedIdle', `we, or the target behind us, closed it after ${formatDuration(example.end?.idleNs ?? 0)} without a request`);
    case 'server-closed-in-flight':
      return as('closedInFlight', `it ended after ${formatBytes(example.answerBytes)} of an answer`);
    case 'retried':
      return as('retried', `${example.last?.method ?? ''} ${example.last?.target ?? ''} came again on a new connection within a second`, 'strong');
    case 'unread-answer':
      return as('notDrained', unread(example), example.answerBytes > SMALL_BYTES || example.end?.phase === 'answering' ? 'strong' : 'likely');
    case 'client-abort':
      return as('aborted', ABORTED);
    case 'around-continue':
      return as('aroundContinue', 'the client closed after `100 Continue`');
    case 'early-answer':
      return as('earlyAnswer', `the answer (status ${example.status}) was out before the body had come`);
    case 'upgraded':
      return as('upgraded', `status ${example.status}`);
    case 'vanished':
      return as('vanished', 'no FIN and no reset came, and the client answered no more', 'likely');
    case 'tunnel-closed':
      return as('perRequest', `it was a tunnel to ${example.last?.target ?? ''}: what passed in it is not to be seen, ${example.end?.by === 'server' ? 'nor why the other end closed it' : 'but the client ended it'}`, 'likely');
    case 'client-closed-at-once':
      return closedAtOnce(client, as);
    case 'client-closed-soon':
      return waits(client) ? closedIdle(client, as) : closedAtOnce(client, as);
    case 'all-closed-together':
      if (steady(client.waitedAtClose)) return closedIdle(client, as);
      return client.reuses > 0 ? as('processExit', `they ended within ${formatDuration(AT_ONCE_NS)} of each other, and others were opened later`, 'strong') : closedAtOnce(client, as);
    case 'short-hint':
      return as('hintTooShort', `the answer said \`Keep-Alive: timeout=${example.hintSeconds}\``, count > 1 ? 'strong' : 'likely');
    case 'client-closed-idle':
      return closedIdle(client, as);
  }
}

type As = (verdict: VerdictKey, evidence: string, confidence?: Confidence) => Judged;

/** A client that never uses a connection again leaves every answer as it left the others: one that was still coming as well. */
function allAnswering(client: WatchedClient, { count }: CauseCount, as: As): Judged {
  for (const kind of ['left-unread', 'idle-not-used'] as const) {
    const left = client.causes.get(kind);
    if (client.reuses === 0 && left !== undefined && left.count > count) return { ...judgeCause(kind, left, client), count };
  }
  return as('needed', noneFree(client));
}

/**
 * An answer was given up just after the next connection was opened. A client that sends one request after another had already left it (its close came late, as on a busy
 * machine); one that sends them side by side needed both. Which it is shows in its other openings.
 */
function givenUpLate(client: WatchedClient, kind: 'unread-late' | 'abort-late', { count, example }: CauseCount, as: As): Judged {
  const late = (client.causes.get('unread-late')?.count ?? 0) + (client.causes.get('abort-late')?.count ?? 0);
  const oneByOne = client.gaveUpAlone >= 2 * late || client.connections === 2;
  if (!oneByOne) return as('needed', noneFree(client), 'likely');
  return kind === 'abort-late' ? as('aborted', ABORTED, 'likely') : as('notDrained', unread(example), count > 1 || client.gaveUpAlone > 0 ? 'strong' : 'likely');
}

const noneFree = ({ peakOpen }: WatchedClient): string => `no connection of the client was free${peakOpen > 1 ? `; at most ${peakOpen} were open at once` : ''}`;

const ABORTED = 'the client closed before the first byte of an answer';

function idleNotUsed(client: WatchedClient, { count, example }: CauseCount, as: As): Judged {
  const busy = (client.causes.get('all-busy')?.count ?? 0) + (client.causes.get('all-answering')?.count ?? 0);
  if (busy > count) return as('needed', 'most of the client’s requests ran side by side, and one had just ended', 'likely');
  const unused = client.reuses === 0 ? `none of ${client.connections} connections carried a second request` : `${client.reuses} of ${client.requests} requests did use a connection again`;
  return as('abandoned', `${unused}; up to ${Math.max(1, client.survivors)} lay open and idle at one time${large(example) ? `, after an answer of ${formatBytes(example.answerBytes)} that may lie unread (S09)` : ''}`, count > 1 && !large(example) ? 'strong' : 'likely');
}

/**
 * One was idle, and was used again after a pause, as the new one was: a pool does not open a connection while it holds an idle one, so each had a user of its own. Only
 * a client that also leaves connections behind, or closes them itself, has a pool that takes them in turn.
 */
function usedInTurn(client: WatchedClient, as: As): Judged {
  const { connections, usedAgain, idleAtClose, requests, reuses } = client;
  if (10 * usedAgain >= 9 * connections && 10 * idleAtClose.seen <= connections) {
    return as('needed', `${usedAgain} of ${connections} connections were used again after pauses, as if each had a user of its own: workers with a think time, or several processes or pools behind one address and name`, 'likely');
  }
  return as('dispersal', `${reuses} of ${requests} requests did use a connection again, after pauses`, 'likely');
}

function closedAtOnce(client: WatchedClient, as: As): Judged {
  const carried = client.carriedAtClose;
  const most = carried.quantile(0.5);
  if (most > 1 && most === client.mostCarried && carried.values.length >= 3 && carried.quantile(0.1) === most && carried.quantile(0.9) === most) {
    return as('clientAge', `each of them had carried ${most} requests`, 'strong');
  }
  if (client.reuses > 0 && client.peakOpen === 1) return as('processExit', 'it never had more than one open, and closed that one right after an answer', 'likely'); // no pool is too small for one
  if (client.reuses > 0) {
    const full = client.keptWhenFull.quantile(0.5);
    const kept = full > 0 ? `it kept ${full}${full === 2 ? ', as Go does unless told otherwise' : ''}` : 'others were used again';
    return as('poolCap', `the client closed ${carried.seen} usable connections itself; ${kept}`, carried.seen >= 3 ? 'strong' : 'likely');
  }
  return as('perRequest', `each connection carried one request, and the client closed it ${formatDuration(client.idleAtClose.quantile(0.5))} after the answer`, carried.seen >= 2 ? 'strong' : 'likely');
}

function closedIdle(client: WatchedClient, as: As): Judged {
  const idle = steady(client.waitedAtClose);
  const idleNs = client.waitedAtClose.quantile(0.5);
  const stack = stackByIdleTimeout(idleNs);
  const looksLike = stack === null ? '' : `, the idle timeout of ${stack.stack}`;
  if (idle) return as('clientIdle', `the client closes after ${formatDuration(idleNs)} without a request${looksLike} (${client.waitedAtClose.seen} times)`, 'strong');
  if (steady(client.ageAtClose)) return as('clientAge', `the client closes at an age of ${formatDuration(client.ageAtClose.quantile(0.5))}`, 'strong');
  return as('clientIdle', `the client closed after ${formatDuration(idleNs)} without a request${looksLike}`, 'likely');
}

/** Its closes some time after an answer come from waiting, not from a busy machine: most closes do, and they take the same time. */
function waits({ idleAtClose, waitedAtClose }: WatchedClient): boolean {
  return steady(waitedAtClose) && 2 * waitedAtClose.seen > idleAtClose.seen;
}

/** At least three values, all within 5 % of their median. */
function steady(sampled: Sampled): boolean {
  const median = sampled.quantile(0.5);
  return sampled.values.length >= 3 && sampled.quantile(0.1) > median * 0.95 && sampled.quantile(0.9) < median * 1.05 && median > 10 * NS_PER_MS;
}

function unread({ end, answerBytes, bodyBytes }: CauseCount['example']): string {
  const signal = end?.signal === 'reset' ? 'a reset came' : 'it was closed';
  return end?.phase === 'answering'
    ? `${signal} in the middle of an answer${bodyBytes < 0 ? '' : ` of ${formatBytes(bodyBytes)}`}, of which ${formatBytes(answerBytes)} were out`
    : `${signal} after an answer of ${formatBytes(answerBytes)}, which the client had not read to its end: a close that leaves nothing unread sends a FIN`;
}

function merge(judged: readonly Judged[]): Judged[] {
  const byVerdict = new Map<VerdictKey, Judged>();
  for (const one of judged) {
    const other = byVerdict.get(one.verdict);
    const larger = other === undefined || other.count < one.count ? one : other;
    byVerdict.set(one.verdict, { ...larger, count: one.count + (other?.count ?? 0) });
  }
  return [...byVerdict.values()];
}

const ANNOUNCED = {
  'close-token': 'the answer said `Connection: close`',
  http10: 'the answer was HTTP/1.0 without `Connection: keep-alive`',
  'eof-delimited': 'the answer had no length, so that only the end of the connection could end it',
  '': 'the server had announced it',
} as const;

const large = ({ answerBytes }: CauseCount['example']): boolean => answerBytes > SOCKET_BYTES;

/** An answer that a client's buffered reader may have taken whole, without its program having read it. */
const SMALL_BYTES = 4096;
