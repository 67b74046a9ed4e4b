import type { Ns } from '../../define.js';
import type { Clock } from '../../measure/clock.js';
import type { ConnectedSocket } from '../../net/connector.js';

/**
 * Connections that carry nothing more and wait for the server's FIN; those that wait in vain are closed by us and marked so. They stand in a ring: a Map that is
 * added to and deleted from leaves old tables behind, each of which keeps the next and whoever stood in it, so that closed sockets outlived one collection of
 * garbage after the other (pauses of 10 ms, 3 times a second at 18,000 connections/s).
 */
export class Linger {
  /** In the order of their deadlines, since all wait equally long; null where one has left. An entry's number, modulo this length, is its place. */
  #waiting: (ConnectedSocket | null)[] = new Array<null>(64).fill(null);
  #untilNs = new Float64Array(64);
  #first = 0;
  #next = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly patienceNs: Ns,
  ) {}

  /** @param nowNs when its last response was there */
  add(socket: ConnectedSocket, nowNs: Ns): void {
    if (this.#next - this.#first === this.#waiting.length) this.#grow();
    socket.lingering = this.#next++;
    const place = this.#place(socket.lingering);
    this.#waiting[place] = socket;
    this.#untilNs[place] = nowNs + this.patienceNs;
    this.#timer ??= setInterval(() => this.#expire(), Math.min(50, Math.max(1, this.patienceNs / 4e6)));
  }

  /** The socket is gone. */
  delete(socket: ConnectedSocket): void {
    if (socket.lingering < 0) return;
    this.#waiting[this.#place(socket.lingering)] = null;
    socket.lingering = -1;
    while (this.#first < this.#next && this.#waiting[this.#place(this.#first)] === null) this.#first++;
  }

  #expire(): void {
    const nowNs = this.clock.nowNs();
    for (; this.#first < this.#next; this.#first++) {
      const place = this.#place(this.#first);
      const socket = this.#waiting[place]!;
      if (socket === null) continue;
      if (this.#untilNs[place]! > nowNs) return;
      this.#waiting[place] = null;
      socket.lingering = -1;
      socket.connection.neverClosed = true;
      socket.destroy();
    }
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #place(number: number): number {
    return number % this.#waiting.length;
  }

  #grow(): void {
    const { length } = this.#waiting;
    const waiting = new Array<ConnectedSocket | null>(2 * length).fill(null);
    const untilNs = new Float64Array(2 * length);
    for (let number = this.#first; number < this.#next; number++) {
      waiting[number % (2 * length)] = this.#waiting[number % length]!;
      untilNs[number % (2 * length)] = this.#untilNs[number % length]!;
    }
    this.#waiting = waiting;
    this.#untilNs = untilNs;
  }
}
