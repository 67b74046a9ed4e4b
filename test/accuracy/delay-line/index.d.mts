import type { ChildProcess, SpawnOptions } from 'node:child_process';

/**
 * Runs `use` with two network namespaces that are `rttMs` ms of round-trip time apart (half of it each way), and takes them down when it returns or throws.
 * Processes started in them must be ended by their starter; the namespaces vanish with the last of them.
 * @throws Error when this machine lacks something for it: see `lacking`
 */
export function withDelayLine<T>(rttMs: number, use: (ends: DelayLine) => Promise<T>, options?: DelayLineOptions): Promise<T>;

export interface DelayLineOptions {
  /**
   * For measuring times and not only counts: the cores are kept from dozing off, and what is started in the namespaces goes before all others on this machine
   * (real-time priority, where that is allowed), so that it is the distance that is measured and not the neighbours.
   */
  readonly exact?: boolean;
}

/** What this machine lacks for a delay line, as a sentence; undefined when it has everything. */
export function lacking(): string | undefined;

export interface DelayLine {
  /** Where the client lives. */
  readonly near: End;
  /** Where the server lives. */
  readonly far: End;
  readonly line: {
    /** Packets that set out from now on take `ms` there and back. */
    setRtt(ms: number): Promise<void>;
    /** What has passed since the last time it was asked. */
    counts(): Promise<LineCounts>;
    /** How long exchanges took, by the line's own clock, since the last time it was asked; 4,096 of either kind at most. */
    exchanges(): Promise<LineExchanges>;
  };
}

export interface End {
  /** The IPv4 address of this end. */
  readonly address: string;
  /** The command line that runs a command line in this namespace. */
  words(...command: readonly string[]): readonly [string, ...string[]];
  /** `child_process.spawn` in this namespace. */
  start(command: string, args?: readonly string[], options?: SpawnOptions): ChildProcess;
  /** The kernel's counters of this namespace by the names that `nstat` gives them: `TcpActiveOpens`, `TcpExtListenDrops` … */
  kernelCounts(): Readonly<Record<string, number>>;
}

/** In the order in which they ended, from where the near end's packet came to where the far end's was handed on. */
export interface LineExchanges {
  /** Of connections that have ended: from the SYN to the last answer, in ns. */
  readonly wholeNs: readonly number[];
  /** From a question (any bytes) to the next answer (more than 64 bytes: no alert of TLS), on any connection, in ns. */
  readonly turnNs: readonly number[];
}

export interface LineCounts {
  /** Connections begun from the near end: TCP SYN packets, repeated ones included. */
  readonly syns: number;
  /** In both directions. */
  readonly packets: number;
  /** Packets handed on more than 0.1 ms after they were due. */
  readonly late: number;
  readonly worstNs: number;
  /** Packets that the other end did not take. */
  readonly lost: number;
}
