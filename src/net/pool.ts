import type { ConnectionRules, Ns } from '../define.js';
import type { Clock } from '../measure/clock.js';
import type { Sample } from '../measure/sample.js';
import type { Timeouts } from './endpoint.js';
import type { FailureKind } from './failures.js';
import type { Connection, Ledger } from './ledger.js';

/** How a slot reaches the target: one link for each slot, made by a client. */
export interface Link {
  /** Carries `slot.sample`: opens a connection first when `slot.connection` is null. Ends in exactly one `pool.completed` or `pool.failed`. */
  carry(): void;
  /** Gives up the exchange that is under way; the link ends its connection. The pool has already told the sample. */
  abandon(): void;
  /** Closes the slot's idle connection, if there is one. */
  close(): void;
}

/** A place for one connection at a time: what it carries now, and the connection before it. */
export class Slot {
  /** The connection that is open or being opened; null when the next exchange must open one. */
  connection: Connection | null = null;
  predecessor: Connection | null = null;
  /** The newest TLS session that the server gave to this slot. */
  session: Buffer | undefined;
  sample: Sample | null = null;
  restedNs: Ns = 0;
  link!: Link;
  /** Among the idle slots. */
  idle = false;

  constructor(readonly index: number) {}
}

/**
 * Carries out the connection rules of one worker, whatever the client: hands each exchange to the most recently used slot that is idle and rested, else to an
 * empty slot, else lets it wait in turn. Keeps the books of every exchange and every connection. Allocates nothing per exchange.
 */
export class Pool {
  readonly slots: readonly Slot[];
  readonly #idle: Slot[] = [];
  readonly #empty: Slot[] = [];
  readonly #resting: Slot[] = [];
  #waitingHead: Sample | null = null;
  #waitingTail: Sample | null = null;
  #inUse = 0;
  #closing: (() => void) | null = null;
  #restTimer: NodeJS.Timeout | null = null;
  readonly #sweep: NodeJS.Timeout;

  constructor(
    readonly rules: ConnectionRules,
    readonly ledger: Ledger,
    readonly clock: Clock,
    readonly timeouts: Timeouts,
    makeLink: (slot: Slot, pool: Pool) => Link,
  ) {
    this.slots = Array.from({ length: rules.connections }, (_, index) => new Slot(index));
    for (const slot of this.slots) slot.link = makeLink(slot, this);
    for (let i = this.slots.length - 1; i >= 0; i--) this.#empty.push(this.slots[i]!);
    // One sweep for all timeouts: no timer is made per exchange.
    const periodMs = Math.min(50, Math.max(2, Math.min(timeouts.connectNs, timeouts.responseNs) / 10e6));
    this.#sweep = setInterval(() => this.#expire(), periodMs);
    this.#sweep.unref();
  }

  exchange(sample: Sample): void {
    if (this.#closing !== null) return this.#refuse(sample, 'stopped');
    if (this.#waitingHead === null) {
      const slot = this.#freeSlot();
      if (slot !== null) return this.#start(slot, sample);
    }
    sample.next = null;
    if (this.#waitingTail === null) this.#waitingHead = sample;
    else this.#waitingTail.next = sample;
    this.#waitingTail = sample;
    if (this.#resting.length > 0) this.#wakeWhenRested();
  }

  async close(): Promise<void> {
    if (this.#closing !== null) return;
    await new Promise<void>((resolve) => {
      this.#closing = resolve;
      for (let sample = this.#takeWaiting(); sample !== null; sample = this.#takeWaiting()) this.#refuse(sample, 'stopped');
      for (const slot of this.slots) {
        if (slot.sample !== null) this.#giveUp(slot, 'stopped');
        slot.link.close();
      }
      this.#resolveWhenGone();
    });
    clearInterval(this.#sweep);
    if (this.#restTimer !== null) clearTimeout(this.#restTimer);
  }

  // ---- called by links

  /** A connection is begun for the slot's exchange: enters it in the ledger. */
  opening(slot: Slot): Connection {
    const connection = this.ledger.begin(slot.sample?.measured ?? false, slot.predecessor);
    slot.connection = connection;
    slot.predecessor = connection;
    return connection;
  }

  /** The head of the slot's request was written on its connection. */
  sent(slot: Slot, connection: Connection): void {
    const sample = slot.sample!;
    const nowNs = this.clock.nowNs();
    sample.sentNs = nowNs;
    sample.ordinal = ++connection.carried;
    if (connection.carried === 1) {
      sample.connectNs = connection.connectedNs - connection.attemptNs;
      if (connection.securedNs >= 0) sample.tlsNs = connection.securedNs - connection.connectedNs;
    } else this.ledger.reused(connection, nowNs);
    connection.phase = 'awaiting';
    if (this.ledger.strip !== null) this.ledger.strip.sent(connection, nowNs);
  }

  /** True when the exchange under way is the last that its connection may carry. */
  isLast(connection: Connection): boolean {
    return connection.carried >= this.rules.requestsPerConnection;
  }

  /** The slot's exchange is over, with a whole response. @param reusable the slot's connection can carry another one. @param nowNs when the last byte was there */
  completed(slot: Slot, connection: Connection, reusable: boolean, nowNs: Ns): void {
    const sample = slot.sample!;
    sample.doneNs = nowNs;
    connection.completed++;
    connection.idleSinceNs = nowNs;
    connection.phase = 'idle';
    if (connection.request >= 0) this.ledger.strip?.done(connection, nowNs);
    if (!reusable) slot.connection = null;
    this.#free(slot, nowNs);
    sample.done(sample);
  }

  /** The slot's exchange is over without a response. Its connection, if any, is not used again. */
  failed(slot: Slot, kind: FailureKind): void {
    const sample = slot.sample;
    if (sample === null) return;
    sample.doneNs = this.clock.nowNs();
    sample.failure = kind;
    if (slot.connection !== null && slot.connection.request >= 0) this.ledger.strip?.done(slot.connection, sample.doneNs);
    slot.connection = null;
    this.#free(slot, sample.doneNs);
    sample.done(sample);
  }

  /** A connection is closed and entered in the ledger. */
  gone(slot: Slot, connection: Connection): void {
    if (slot.connection === connection) {
      slot.connection = null;
      if (slot.idle) this.#moveToEmpty(slot);
    }
    if (this.#closing !== null) this.#resolveWhenGone();
  }

  // ---- the slots

  #start(slot: Slot, sample: Sample): void {
    slot.sample = sample;
    if (++this.#inUse > this.ledger.peakNeeded) this.ledger.peakNeeded = this.#inUse;
    slot.link.carry();
  }

  #freeSlot(): Slot | null {
    if (this.#resting.length > 0) this.#wakeRested(this.clock.nowNs());
    for (;;) {
      const idle = this.#idle.pop();
      if (idle === undefined) return this.#empty.pop() ?? null;
      idle.idle = false;
      if (!idle.connection!.ending) return idle;
      idle.connection = null; // its end was seen, though its socket is not closed yet
      this.#empty.push(idle);
    }
  }

  #free(slot: Slot, nowNs: Ns): void {
    slot.sample = null;
    this.#inUse--;
    if (slot.connection !== null && this.rules.restNs > 0 && this.#closing === null) {
      slot.restedNs = nowNs + this.rules.restNs;
      slot.idle = true;
      this.#resting.push(slot);
      const next = this.#waitingHead !== null ? this.#freeSlot() : null;
      if (next !== null) this.#start(next, this.#takeWaiting()!);
      else if (this.#waitingHead !== null) this.#wakeWhenRested();
      return;
    }
    const waiting = this.#takeWaiting();
    if (waiting !== null) return this.#start(slot, waiting);
    if (slot.connection === null) this.#empty.push(slot);
    else {
      slot.idle = true;
      this.#idle.push(slot);
    }
  }

  #moveToEmpty(slot: Slot): void {
    const idleAt = this.#idle.lastIndexOf(slot);
    if (idleAt >= 0) this.#idle.splice(idleAt, 1);
    else this.#resting.splice(this.#resting.indexOf(slot), 1);
    slot.idle = false;
    const waiting = this.#takeWaiting();
    if (waiting !== null) this.#start(slot, waiting);
    else this.#empty.push(slot);
  }

  #takeWaiting(): Sample | null {
    const sample = this.#waitingHead;
    if (sample === null) return null;
    this.#waitingHead = sample.next;
    if (this.#waitingHead === null) this.#waitingTail = null;
    sample.next = null;
    return sample;
  }

  #wakeRested(nowNs: Ns): void {
    while (this.#resting.length > 0 && this.#resting[0]!.restedNs <= nowNs) this.#idle.push(this.#resting.shift()!);
  }

  #wakeWhenRested(): void {
    if (this.#restTimer !== null || this.#resting.length === 0) return;
    const waitMs = Math.max(0, (this.#resting[0]!.restedNs - this.clock.nowNs()) / 1e6);
    this.#restTimer = setTimeout(() => {
      this.#restTimer = null;
      while (this.#waitingHead !== null) {
        const slot = this.#freeSlot();
        if (slot === null) break;
        this.#start(slot, this.#takeWaiting()!);
      }
      if (this.#waitingHead !== null) this.#wakeWhenRested();
    }, Math.ceil(waitMs));
  }

  // ---- the end of patience

  #expire(): void {
    const nowNs = this.clock.nowNs();
    const { connectNs, responseNs } = this.timeouts;
    while (this.#waitingHead !== null && nowNs - this.#waitingHead.dispatchedNs > responseNs) this.#refuse(this.#takeWaiting()!, 'wait-timeout');
    for (const slot of this.slots) {
      const { sample, connection } = slot;
      if (sample === null) continue;
      if (sample.sentNs < 0 && connection !== null && connection.openedNs < 0 && nowNs - connection.attemptNs > connectNs) this.#giveUp(slot, 'connect-timeout');
      else if (nowNs - sample.dispatchedNs > responseNs) this.#giveUp(slot, 'response-timeout');
    }
  }

  #giveUp(slot: Slot, kind: FailureKind): void {
    const { connection, link } = slot;
    if (connection !== null) {
      connection.endLocally(kind === 'stopped' ? 'stopped' : 'local-timeout');
      if (connection.openedNs < 0) connection.failure = kind;
    }
    link.abandon(); // before the slot is free: freeing it may start the next exchange
    this.failed(slot, kind);
  }

  #refuse(sample: Sample, kind: FailureKind): void {
    sample.doneNs = this.clock.nowNs();
    sample.failure = kind;
    sample.done(sample);
  }

  #resolveWhenGone(): void {
    if (this.ledger.underWay === 0) this.#closing?.();
  }
}
