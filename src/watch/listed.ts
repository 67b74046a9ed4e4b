/** Connections one by one: in the report's list, and as lines while they come. */
import { legible } from '../reporters/text.js';
import { nsToMs } from '../units.js';
import type { WatchedConnection } from './connection.js';
import { judgeCause, type Judged } from './judge.js';
import { VERDICTS } from './verdicts.js';

export interface ConnectionReport {
  readonly id: number;
  /** The `User-Agent` of its first request; null when none came. */
  readonly client: string | null;
  /** ms since the watch began. */
  readonly openedMs: number;
  readonly requests: number;
  /** The code of the verdict on its opening, or null while there is none. */
  readonly verdict: string | null;
  /** null while it is open. */
  readonly end: { readonly ms: number; readonly by: 'client' | 'server'; readonly signal: string; readonly phase: string } | null;
}

export function connectionReport(connection: WatchedConnection): ConnectionReport {
  const { id, client, openedNs, requests, end } = connection;
  return {
    id,
    client: client?.userAgent ?? null,
    openedMs: nsToMs(openedNs),
    requests,
    verdict: codeOf(connection),
    end: end === null ? null : { ms: nsToMs(end.atNs), by: end.by, signal: end.signal, phase: end.phase },
  };
}

/** What is thought of an opening so far: `connection 7 of Go-http-client/1.1: S09 body-not-drained: a reset came … (strong)`. */
export function openingLine(connection: WatchedConnection): string {
  const judged = judgedOpening(connection);
  if (judged === null) return '';
  const { code, name } = VERDICTS[judged.verdict];
  return `connection ${connection.id} of ${legible(connection.client!.userAgent || 'no User-Agent')}: ${code} ${name}: ${legible(judged.evidence)} (${judged.confidence})`;
}

function codeOf(connection: WatchedConnection): string | null {
  if (connection.handshake === 'failed') return VERDICTS.handshakeFailed.code;
  if (connection.end?.phase === 'unused') return VERDICTS.neverUsed.code;
  const judged = judgedOpening(connection);
  return judged === null ? null : VERDICTS[judged.verdict].code;
}

function judgedOpening({ client, cause }: WatchedConnection): Judged | null {
  const count = cause === null ? undefined : client?.causes.get(cause);
  return cause === null || count === undefined ? null : judgeCause(cause, count, client!);
}
