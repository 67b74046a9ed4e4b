/** What clients on this machine have left unread in their sockets, from the kernel's own table (Linux: proc(5), /proc/net/tcp). */
import type { Ns } from '../define.js';
import type { Clock } from '../measure/clock.js';

/** Bytes that have arrived at a client's socket and were not read; null when nobody knows, as when it is on another machine. */
export type UnreadAt = (clientPort: number) => number | null;

/** @param readTable the text of the kernel's table of TCP sockets; '' where there is none */
export function unreadByClients(readTable: () => string, port: () => number, clock: Clock): UnreadAt {
  let freshUntilNs: Ns = -Infinity;
  let queues = new Map<number, number>();
  return (clientPort) => {
    const nowNs = clock.nowNs();
    if (nowNs > freshUntilNs) {
      queues = queuesTo(port(), readTable());
      const doneNs = clock.nowNs();
      freshUntilNs = doneNs + COST * (doneNs - nowNs);
    }
    return queues.get(clientPort) ?? null;
  };
}

/** Receive queues of the sockets that are connected to a port, by their own port. */
export function queuesTo(port: number, table: string): Map<number, number> {
  const queues = new Map<number, number>();
  for (const [, own, other, unread] of table.matchAll(ROW)) if (parseInt(other!, 16) === port) queues.set(parseInt(own!, 16), parseInt(unread!, 16));
  return queues;
}

/** `sl: local:port remote:port state tx_queue:rx_queue`, all hexadecimal. */
const ROW = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]{2} [0-9A-F]+:([0-9A-F]+)/gm;
/** The table is long on a busy machine: this many times as long as it took to read it passes before it is read again. */
const COST = 10;
