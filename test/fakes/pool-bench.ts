/** The pool without a network: time is vitest's, sockets are told what happens to them. */
import type { ConnectionRules } from '../../src/define.js';
import { Sample } from '../../src/measure/sample.js';
import { Ledger, type Connection } from '../../src/net/ledger.js';
import { Pool, type Link, type Slot } from '../../src/net/pool.js';

const MS = 1e6;
const RULES: ConnectionRules = { connections: 3, requestsPerConnection: Infinity, restNs: 0, tlsSession: 'none', closeBy: 'client', protocol: 'http/1.1' };
const TIMEOUTS = { connectNs: 1000 * MS, responseNs: 3000 * MS, closeNs: 1000 * MS };

/** A pool whose links do what the test says: 3 connections, patience of 1 s for a connection and 3 s for a response. Wants fake timers. */
export class PoolBench {
  readonly ledger: Ledger;
  readonly pool: Pool;
  readonly links: FakeLink[] = [];
  readonly samples: Sample[] = [];
  /** `2 on 1`: exchange 2 was begun on slot 1. */
  readonly begun: string[] = [];
  /** `2 ok`, `2 reset`. */
  readonly over: string[] = [];
  /** Connections whose socket is not closed yet. */
  readonly standing = new Set<Connection>();
  readonly #slots = new Map<Connection, Slot>();

  constructor(rules: Partial<ConnectionRules> = {}, readonly how: { readonly connects: boolean } = { connects: true }) {
    const clock = { nowNs: () => Date.now() * MS };
    this.ledger = new Ledger(clock, false);
    this.pool = new Pool({ ...RULES, ...rules }, this.ledger, clock, TIMEOUTS, (slot) => {
      const link = new FakeLink(slot, this);
      this.links.push(link);
      return link;
    });
  }

  slot(index: number): Slot {
    return this.pool.slots[index]!;
  }

  send(...requests: number[]): void {
    for (const request of requests) {
      const sample = new Sample();
      sample.done = ({ failure }) => void this.over.push(`${request} ${failure || 'ok'}`);
      const nowNs = this.pool.clock.nowNs();
      sample.begin(request, nowNs, nowNs, true);
      this.samples.push(sample);
      this.pool.exchange(sample);
    }
  }

  /** The response comes; a connection that has carried its share is closed. */
  answer(index: number): void {
    const slot = this.slot(index);
    const connection = slot.connection!;
    const last = this.pool.isLast(connection);
    if (last) connection.endLocally('policy');
    this.pool.completed(slot, connection, !last, this.pool.clock.nowNs());
    if (last) this.gone(connection);
  }

  /** The connection is reset under its exchange. */
  breakOff(index: number): void {
    const slot = this.slot(index);
    const connection = slot.connection!;
    connection.peerEnded('reset');
    this.pool.failed(slot, 'reset');
    this.gone(connection);
  }

  opened(slot: Slot): Connection {
    const connection = this.pool.opening(slot);
    this.standing.add(connection);
    this.#slots.set(connection, slot);
    if (this.how.connects) this.ledger.connected(connection);
    return connection;
  }

  /** Its socket is closed. */
  gone(connection: Connection): void {
    if (!this.standing.delete(connection)) return;
    this.ledger.ended(connection);
    this.pool.gone(this.#slots.get(connection)!, connection);
  }

  async close(): Promise<void> {
    const closing = this.pool.close();
    for (const connection of this.standing) this.gone(connection);
    await closing;
  }
}

class FakeLink implements Link {
  abandoned = 0;

  constructor(
    readonly slot: Slot,
    private readonly bench: PoolBench,
  ) {}

  carry(): void {
    this.bench.begun.push(`${this.slot.sample!.request} on ${this.slot.index}`);
    const connection = this.slot.connection ?? this.bench.opened(this.slot);
    if (connection.openedNs >= 0) this.bench.pool.sent(this.slot, connection);
  }

  abandon(): void {
    this.abandoned++;
  }

  close(): void {
    const { connection } = this.slot;
    if (connection === null) return;
    connection.endLocally('round-end');
    this.bench.gone(connection);
  }
}
