/** The yardstick of what a client adds: requests on bare sockets, waiting for the bytes of the response and nothing else. */
import { connect, type Socket } from 'node:net';
import type { Clock } from '../measure/clock.js';
import type { Sample } from '../measure/sample.js';

/**
 * Keeps plain connections to one server whose responses are all alike, and takes the most recently used that is idle, as our pool does. How long a response is
 * it learns from the first one; after that it only counts bytes.
 */
export class BareSockets {
  readonly #idle: BareSocket[] = [];
  readonly #open = new Set<BareSocket>();
  readonly #read = { buffer: Buffer.allocUnsafeSlow(64 * 1024), callback: onRead };
  /** Bytes of a whole response; 0 until the first one has come. */
  #expected = 0;
  #closing = false;

  constructor(
    private readonly place: { readonly address: string; readonly port: number },
    private readonly request: Buffer,
    private readonly clock: Clock,
  ) {}

  exchange(sample: Sample): void {
    const socket = this.#idle.pop() ?? this.#connect();
    socket.sample = sample;
    socket.got = 0;
    sample.ordinal = ++socket.carried;
    sample.sentNs = this.clock.nowNs();
    socket.write(this.request);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#open].map((socket) => new Promise((gone) => socket.once('close', gone).destroy())));
  }

  received(socket: BareSocket, buffer: Uint8Array, bytes: number): void {
    const { sample } = socket;
    if (sample === null) return;
    socket.got += bytes;
    if (this.#expected === 0) this.#learn(socket, buffer, bytes);
    if (this.#expected === 0 || socket.got < this.#expected) return;
    socket.sample = null;
    sample.doneNs = sample.firstByteNs = this.clock.nowNs();
    sample.status = 200;
    this.#idle.push(socket);
    sample.done(sample);
  }

  #learn(socket: BareSocket, buffer: Uint8Array, bytes: number): void {
    socket.text += Buffer.from(buffer.buffer, buffer.byteOffset, bytes).toString('latin1');
    const headBytes = socket.text.indexOf('\r\n\r\n') + 4;
    const length = /^content-length: *(\d+)/im.exec(socket.text)?.[1];
    if (headBytes >= 4 && length !== undefined) this.#expected = headBytes + Number(length);
  }

  #connect(): BareSocket {
    const { address: host, port } = this.place;
    const socket = connect({ host, port, noDelay: true, onread: this.#read }) as BareSocket;
    Object.assign(socket, { owner: this, sample: null, got: 0, text: '', carried: 0 });
    this.#open.add(socket);
    socket.on('error', () => {}); // the close that follows says enough
    socket.on('close', () => this.#gone(socket));
    return socket;
  }

  #gone(socket: BareSocket): void {
    this.#open.delete(socket);
    const { sample } = socket;
    socket.sample = null;
    const idleAt = this.#idle.indexOf(socket);
    if (idleAt >= 0) this.#idle.splice(idleAt, 1);
    if (sample === null) return;
    sample.doneNs = this.clock.nowNs();
    sample.failure = this.#closing ? 'stopped' : 'closed';
    sample.done(sample);
  }
}

interface BareSocket extends Socket {
  owner: BareSockets;
  sample: Sample | null;
  /** Bytes of the response that have come. */
  got: number;
  /** The first response as it comes, as long as nobody knows its length. */
  text: string;
  carried: number;
}

/** One function for all sockets: `this` is the socket that has read. */
function onRead(this: BareSocket, bytes: number, buffer: Uint8Array): boolean {
  this.owner.received(this, buffer, bytes);
  return true;
}
