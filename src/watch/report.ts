/** What was seen of all clients, and the answer: plain data for every way of printing it. */
import type { Ns } from '../define.js';
import { nsToMs } from '../units.js';
import { AT_ONCE_NS } from './cause.js';
import type { WatchedClient } from './client.js';
import { EXAM_REQUESTS, type Exam, type Grade } from './exam.js';
import { stackByIdleTimeout, stackByPoolCap } from './fingerprints.js';
import { judge, type Confidence } from './judge.js';
import { connectionReport, type ConnectionReport } from './listed.js';
import type { Observer } from './observer.js';
import { VERDICTS } from './verdicts.js';

export interface WatchReport {
  readonly schemaVersion: 1;
  /** `yes`: no connection was opened that a client that reuses its connections would not have needed. */
  readonly answer: 'yes' | 'no' | 'nothing-seen';
  readonly requests: number;
  /** Connections that carried a request, and those that carried none. */
  readonly connections: number;
  readonly neverUsed: number;
  /** Connections that any client would have opened: the first, and those for requests that ran side by side. */
  readonly needed: number;
  readonly peakOpen: number;
  readonly tls: { readonly full: number; readonly resumed: number; readonly failed: number };
  /** CONNECT tunnels through us; those whose client offered to resume a TLS session, and whose server took it. What else passes in them is not to be seen. */
  readonly tunnels: { readonly count: number; readonly offered: number; readonly accepted: number };
  readonly clients: readonly ClientReport[];
  /** The first 1,000 connections. */
  readonly list: readonly ConnectionReport[];
  /** What clients sent that cannot be answered, by kind, and connections turned away. */
  readonly refused: Readonly<Record<string, number>>;
  /** What the client made of the reuse exam; null when it sat none. */
  readonly exam: ExamReport | null;
}

export interface ExamReport {
  readonly grades: readonly Grade[];
  /** Requests of the series that did not come. */
  readonly missing: number;
  /** Most requests that the client had under way at one time: its concurrency, or its limit of connections. 0 when it was not tried: too few requests came. */
  readonly atOnce: number;
  /** Idle connections that the client keeps when more fall idle at one time, or null when it was not seen to close any for that. */
  readonly poolCap: number | null;
  /** ms after which the client closes an idle connection, or null when it was not seen to. */
  readonly idleTimeoutMs: number | null;
  /** The stack whose idle timeout, or pool cap, that is, or ''. */
  readonly stack: string;
}

export interface ClientReport {
  readonly address: string;
  readonly userAgent: string;
  readonly requests: number;
  readonly connections: number;
  /** Requests on a connection that had carried one before. */
  readonly reuses: number;
  readonly peakOpen: number;
  readonly verdicts: readonly VerdictReport[];
}

export interface VerdictReport {
  readonly code: string;
  readonly name: string;
  readonly count: number;
  readonly needed: boolean;
  readonly meaning: string;
  readonly evidence: string;
  readonly confidence: Confidence;
  readonly advice: string;
}

/** Clients in the order of what they could have saved. */
export function reportOf(observer: Observer, refused: Readonly<Record<string, number>>, exam: Exam | null = null): WatchReport {
  const clients = observer.clients.map(clientReport).sort((a, b) => avoidable(b) - avoidable(a) || b.requests - a.requests);
  const connections = clients.reduce((sum, client) => sum + client.connections, 0);
  const excess = clients.reduce((sum, client) => sum + avoidable(client), 0);
  return {
    schemaVersion: 1,
    answer: observer.requests === 0 ? 'nothing-seen' : excess === 0 ? 'yes' : 'no',
    requests: observer.requests,
    connections,
    neverUsed: observer.neverUsed,
    needed: connections - excess,
    peakOpen: observer.peakOpen,
    tls: { full: observer.tlsFull, resumed: observer.tlsResumed, failed: observer.tlsFailed },
    tunnels: { ...observer.tunnels },
    clients,
    list: observer.listed.map(connectionReport),
    refused,
    exam: exam === null ? null : examReport(exam, observer),
  };
}

function examReport(exam: Exam, observer: Observer): ExamReport {
  const { atOnce } = exam.gathered();
  const kept = poolCap(observer);
  const idleNs = idleTimeout(observer, exam.lastNs);
  const stack = idleNs !== null ? stackByIdleTimeout(idleNs)?.stack : kept !== null ? stackByPoolCap(kept) : null;
  return {
    grades: exam.grades(),
    missing: Math.max(0, EXAM_REQUESTS - observer.requests),
    atOnce,
    poolCap: kept,
    idleTimeoutMs: idleNs === null ? null : nsToMs(idleNs),
    stack: stack ?? '',
  };
}

/** What the client's pool held when it was full; of several clients, the busiest. */
function poolCap({ clients }: Observer): number | null {
  const [busiest] = [...clients].sort((a, b) => b.requests - a.requests);
  const kept = busiest?.keptWhenFull.quantile(0.5) ?? NaN;
  return Number.isNaN(kept) ? null : kept;
}

/**
 * How long the client keeps an idle connection, ns: the median of those that it closed after waiting. One that it closed last, with nothing after, counts only when its
 * process lived on, or, when we did not start it, when a known stack waits just so long: it may have gone with its process.
 */
function idleTimeout({ listed, exitedNs }: Observer, lastNs: Ns): Ns | null {
  const waited = listed.flatMap(({ end, kept }) => {
    if (end?.by !== 'client' || end.phase !== 'idle' || !kept || end.idleNs <= AT_ONCE_NS) return [];
    const livedOn = end.atNs < lastNs || (exitedNs === null ? stackByIdleTimeout(end.idleNs) !== null : end.atNs < exitedNs - 2 * AT_ONCE_NS);
    return livedOn ? [end.idleNs] : [];
  });
  return waited.sort((a, b) => a - b)[waited.length >> 1] ?? null;
}

/** Connections that a client that reuses them would not have opened. */
export function avoidable({ verdicts }: ClientReport): number {
  return verdicts.reduce((sum, { needed, count }) => sum + (needed ? 0 : count), 0);
}

function clientReport(client: WatchedClient): ClientReport {
  const { address, userAgent, requests, connections, reuses, peakOpen } = client;
  const verdicts = judge(client).map(({ verdict, count, evidence, confidence }) => {
    const { code, name, needed, meaning, advice } = VERDICTS[verdict];
    return { code, name, count, needed, meaning, evidence, confidence, advice };
  });
  return { address, userAgent, requests, connections, reuses, peakOpen, verdicts };
}
