/** From what was seen to the answer. Pure. */
import { redactUrl } from '../engine/redact.js';
import type { Endpoint } from '../net/endpoint.js';
import { reasonOf, reasons } from '../net/reasons.js';
import { nsToMs } from '../units.js';
import type { Answer, AnswerReason, AskedConnection, AskedRequest } from './answer.js';
import type { Asked, Watched } from './line.js';
import { remarksOn, sentenceOf } from './words.js';

/** @param connections every connection that was begun, in the order of opening within its origin; all have ended */
export function answerTo(asked: readonly Asked[], connections: readonly Watched[]): Answer {
  const inOrder = [...connections].sort((a, b) => a.facts.attemptNs - b.facts.attemptNs);
  const idOf = (watched: Watched): number => inOrder.indexOf(watched) + 1;
  const beganNs = asked[0]!.sample.dispatchedNs;
  const found = {
    requests: asked.map((one) => requestOf(one, one.connection.facts.openedNs >= 0 ? idOf(one.connection) : null, beganNs)),
    connections: inOrder.map((watched) => connectionOf(watched, idOf(watched))),
  };
  const reason = reasonAgainst(found.requests, found.connections);
  const evidence = { schemaVersion: 1, same: reason === null, reason, ...found } as const;
  return { ...evidence, sentence: sentenceOf(evidence), remarks: remarksOn(evidence) };
}

/** Everything but the words. */
export type Evidence = Omit<Answer, 'sentence' | 'remarks'>;

/** The first thing that kept the requests from sharing one connection, or null. */
function reasonAgainst(requests: readonly AskedRequest[], connections: readonly AskedConnection[]): AnswerReason | null {
  if (new Set(connections.map(({ origin }) => origin)).size > 1) return { code: 'N14', label: 'other-origin' };
  const second = connections[1];
  if (second !== undefined) return second.openedBecause;
  const failed = requests.some(({ failure }) => failure !== '');
  return failed ? reason(connections[0]!.end.label) : null;
}

function requestOf({ target, sample, lookupNs }: Asked, connection: number | null, beganNs: number): AskedRequest {
  const { method, path } = target.target.requests[0]!;
  const { dispatchedNs, sentNs, firstByteNs, doneNs, connectNs, tlsNs } = sample;
  const ms = (ns: number): number | null => (ns < 0 ? null : nsToMs(ns));
  const answered = sample.failure === '';
  return {
    method,
    url: redactUrl(new URL(path, target.target.url).href),
    connection,
    ordinal: sample.ordinal,
    status: sample.status,
    failure: sample.failure,
    bodyBytes: sample.bytesIn,
    atMs: nsToMs(dispatchedNs - beganNs),
    timeline: {
      lookupMs: ms(lookupNs),
      connectMs: ms(connectNs),
      tlsMs: ms(tlsNs),
      firstByteMs: firstByteNs < 0 ? null : nsToMs(firstByteNs - sentNs),
      bodyMs: firstByteNs < 0 || !answered ? null : nsToMs(doneNs - firstByteNs),
      totalMs: nsToMs(doneNs - dispatchedNs + Math.max(0, lookupNs)),
    },
  };
}

function connectionOf({ origin, endpoint, facts, ledger, endedNs }: Watched, id: number): AskedConnection {
  return {
    id,
    origin,
    local: facts.localPort === 0 ? '' : place(facts.localAddress, facts.localPort),
    remote: remoteOf(endpoint),
    tls: facts.securedNs < 0 || ledger.tlsFacts === null ? null : { protocol: ledger.tlsFacts.protocol, resumed: facts.resumed },
    openedBecause: reason(facts.reason),
    openingMs: facts.openedNs < 0 ? null : nsToMs(facts.openedNs - facts.attemptNs),
    carried: facts.carried,
    end: {
      label: facts.end,
      announced: facts.announced,
      signal: facts.signal,
      afterLastResponseMs: facts.completed === 0 ? null : nsToMs(Math.max(0, endedNs - facts.idleSinceNs)),
      neverClosed: facts.neverClosed,
    },
  };
}

function reason(label: string): AnswerReason {
  const name = reasonOf(label);
  return { code: Object.hasOwn(reasons, name) ? reasons[name].code : '', label };
}

function remoteOf({ socketPath, address, port }: Endpoint): string {
  return socketPath !== '' ? `unix:${socketPath}` : place(address, port);
}

function place(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
