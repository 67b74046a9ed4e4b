import type { Clock } from '../../measure/clock.js';
import type { Ns } from '../../define.js';
import type { ConnectedSocket } from '../../net/connector.js';

/** Connections that carry nothing more and wait for the server's FIN; those that wait in vain are closed by us and marked so. */
export class Linger {
  readonly #until = new Map<ConnectedSocket, Ns>(); // in order of their deadlines, since all wait equally long
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly patienceNs: Ns,
  ) {}

  add(socket: ConnectedSocket): void {
    this.#until.set(socket, this.clock.nowNs() + this.patienceNs);
    this.#timer ??= setInterval(() => this.#expire(), Math.min(50, Math.max(1, this.patienceNs / 4e6)));
  }

  /** The socket is gone. */
  delete(socket: ConnectedSocket): void {
    if (this.#until.delete(socket) && this.#until.size === 0) this.#rest();
  }

  #expire(): void {
    const nowNs = this.clock.nowNs();
    for (const [socket, untilNs] of this.#until) {
      if (untilNs > nowNs) return;
      this.#until.delete(socket);
      socket.connection.neverClosed = true;
      socket.destroy();
    }
    this.#rest();
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
