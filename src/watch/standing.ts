/** How a client stood when another connection was opened: what it could have used instead. */
import type { WatchedClient } from './client.js';
import { SOCKET_BYTES, type WatchedConnection } from './connection.js';

/** A client at the moment when another connection was opened. */
export interface Standing {
  readonly client: WatchedClient;
  /** The connections that had been idle longest: those that could have been used instead. */
  readonly idle: readonly IdleThen[];
}

/** A connection that was idle then, and how many requests it had carried. Idle as far as we see: its answer is out. */
export interface IdleThen {
  readonly connection: WatchedConnection;
  readonly requests: number;
  /** Bytes of its answer that lay unread at the client; 0 when nobody knows. */
  readonly unread: number;
}

export function standing(client: WatchedClient): Standing {
  const idle: IdleThen[] = [];
  for (const connection of client.idle) {
    const unread = connection.answerBytes > SOCKET_BYTES ? (connection.unreadBytes() ?? 0) : 0;
    if (idle.push({ connection, requests: connection.requests, unread }) === MOST_IDLE_NAMED) break;
  }
  return { client, idle };
}

const MOST_IDLE_NAMED = 4;
