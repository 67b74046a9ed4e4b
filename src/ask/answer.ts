/** What `ask` finds out, as plain data: what `--json` prints. Times in ms. */

export interface Answer {
  readonly schemaVersion: 1;
  /** Every request was answered over one and the same connection. */
  readonly same: boolean;
  /** The answer in one sentence, beginning with Yes or No. */
  readonly sentence: string;
  /** Why not; null when they were. */
  readonly reason: AnswerReason | null;
  /** What else was seen that a reader of the sentence should know, in sentences. */
  readonly remarks: readonly string[];
  /** In the order of asking. */
  readonly requests: readonly AskedRequest[];
  /** In the order of opening. */
  readonly connections: readonly AskedConnection[];
}

export interface AnswerReason {
  /** N01 to N16: the reasons for which a connection is opened, net/reasons.ts; N14: another origin. */
  readonly code: string;
  /** `server-announced-close/http10` */
  readonly label: string;
}

export interface AskedRequest {
  readonly method: string;
  /** Without secrets. */
  readonly url: string;
  /** The id of the connection that carried it; null when none could be opened. */
  readonly connection: number | null;
  /** How many requests that connection had carried, this one included: 1 paid for the handshake. */
  readonly ordinal: number;
  /** 0 when there was no answer. */
  readonly status: number;
  /** The kind of failure, or ''. */
  readonly failure: string;
  readonly bodyBytes: number;
  /** When it was dispatched, from the first one on. */
  readonly atMs: number;
  readonly timeline: Timeline;
}

/** Where a request's time went; null: it paid none of that, or it did not come to that. */
export interface Timeline {
  readonly lookupMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** From the written request to the first byte of the response. */
  readonly firstByteMs: number | null;
  /** From the first byte of the response to its last. */
  readonly bodyMs: number | null;
  /** From the first look at the name to the last byte. */
  readonly totalMs: number;
}

export interface AskedConnection {
  /** From 1, over all origins. */
  readonly id: number;
  /** `https://example.com` */
  readonly origin: string;
  /** `127.0.0.1:43122`, or '' when it never stood. */
  readonly local: string;
  readonly remote: string;
  /** null over plain http, or when the handshake did not succeed. */
  readonly tls: { readonly protocol: string; readonly resumed: boolean } | null;
  readonly openedBecause: AnswerReason;
  /** From the first SYN until it could carry requests; null when it never could. */
  readonly openingMs: number | null;
  readonly carried: number;
  readonly end: ConnectionEnd;
}

export interface ConnectionEnd {
  /** The label of the end, in the words of net/reasons.ts; `round-end`: it was still open when we stopped watching. */
  readonly label: string;
  /** How the server's last response announced that the connection ends, or ''. */
  readonly announced: '' | 'close-token' | 'http10' | 'eof-delimited';
  /** What was seen of the peer: a FIN (or an RST that came together with data), an RST, or nothing. */
  readonly signal: '' | 'eof' | 'reset';
  /** From its last response to its end; null when it had none. */
  readonly afterLastResponseMs: number | null;
  /** The server announced its end and had not closed it when our patience was over. */
  readonly neverClosed: boolean;
}
