/** What every server has to offer that stands witness: its address, its own count of what reached it, and a clean end. */

export interface Witness {
  readonly name: string;
  /** True, or the reason why this machine cannot run it. */
  available(): true | string;
  start(): Promise<WitnessServer>;
}

export interface WitnessServer {
  readonly url: string;
  readonly httpsUrl: string;
  /** The authority to trust for https, PEM. */
  readonly ca: string;
  counts(question?: WitnessQuestion): Promise<WitnessCounts>;
  stop(): Promise<void>;
}

export interface WitnessQuestion {
  /** Count one listener only; both when nothing is said. */
  readonly scheme?: 'http' | 'https';
  /** A witness that learns of requests late waits until it knows of this many, but not for ever. */
  readonly requests?: number;
}

export interface WitnessCounts {
  readonly connections: number;
  readonly requests: number;
  readonly tlsFull: number;
  readonly tlsResumed: number;
  /** Requests carried by each connection, in the order of opening. */
  readonly perConnection: readonly number[];
}

/** One connection, as a witness remembers it. */
export interface WitnessedConnection {
  readonly scheme: 'http' | 'https';
  readonly requests: number;
  readonly resumed: boolean;
}

export function count(all: readonly WitnessedConnection[], scheme?: 'http' | 'https'): WitnessCounts {
  const connections = all.filter((connection) => scheme === undefined || connection.scheme === scheme);
  const secured = connections.filter((connection) => connection.scheme === 'https' && connection.requests > 0);
  const perConnection = connections.map(({ requests }) => requests);
  return {
    connections: connections.length,
    requests: perConnection.reduce((sum, requests) => sum + requests, 0),
    tlsFull: secured.filter(({ resumed }) => !resumed).length,
    tlsResumed: secured.filter(({ resumed }) => resumed).length,
    perConnection,
  };
}
