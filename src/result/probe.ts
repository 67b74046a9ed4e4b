/** What a probe finds out about a server's keep-alive contract: what `sameconn probe --json` prints, and what a result may hold. Times in ms. */
import { z } from 'zod';

const ms = z.number();
/** How the end of a connection was seen: a FIN, a FIN after an unasked 408, an RST. */
const how = z.enum(['fin', '408', 'reset']);

const wait = z.strictObject({
  /** `unknown`: there was nothing to wait with, and `detail` says why. `dropped`: no end was seen, and the connection no longer worked. */
  state: z.enum(['closes', 'stays-open', 'dropped', 'unknown']),
  /** One for each connection that the server ended. */
  samplesMs: z.array(ms),
  /** In the same order: the shortest and the longest time that each can have been, however late this process noticed what came. */
  boundsMs: z.array(z.tuple([ms, ms])),
  medianMs: ms.nullable(),
  how: how.nullable(),
  /** How long was waited at most. */
  capMs: ms,
  detail: z.string(),
});

const condition = z.strictObject({
  name: z.string(),
  /** 0: no answer. */
  status: z.number(),
  /** How the response announced the end of the connection, or ''. */
  announced: z.enum(['', 'close-token', 'http10', 'eof-delimited']),
  /** `announced-only`: the end was announced, or asked for, and had not come when our patience was over. */
  outcome: z.enum(['kept', 'closed', 'announced-only', 'no-answer', 'failed']),
  /** From the response to the end; null when there was none. */
  closedAfterMs: ms.nullable(),
  how: how.nullable(),
  detail: z.string(),
});

const http2 = z.strictObject({
  /** Of the server; null: it sets no limit. */
  settings: z.strictObject({ maxConcurrentStreams: z.number().nullable(), initialWindowSize: z.number(), maxFrameSize: z.number(), maxHeaderListSize: z.number().nullable() }).nullable(),
  /** Until a PING came back; null: it did not. */
  pingMs: ms.nullable(),
  /** 0: no answer. */
  status: z.number(),
  requests: z.strictObject({
    /** `goaway`: announced. `closed`: without a word. `none-seen`: as many as we may send were carried. */
    state: z.enum(['goaway', 'closed', 'none-seen', 'unknown']),
    carried: z.number(),
    /** The error code of the GOAWAY: 0 is NO_ERROR. */
    code: z.number().nullable(),
  }),
  idle: z.strictObject({ state: z.enum(['goaway', 'closed', 'stays-open', 'unknown']), afterMs: ms.nullable(), code: z.number().nullable(), capMs: ms }),
  detail: z.string(),
});

export const probeReport = z.strictObject({
  url: z.string(),
  address: z.string(),
  /** The value of the Server field, or ''. */
  server: z.string(),
  limits: z.strictObject({ connections: z.number(), requestsPerSecond: z.number(), capMs: ms, maxRequests: z.number() }),
  sent: z.strictObject({ connections: z.number(), requests: z.number() }),
  /** `hintSeconds`: the server's own `Keep-Alive: timeout`. */
  idle: wait.extend({ hintSeconds: z.number().nullable() }),
  unused: wait,
  maxRequests: z.strictObject({
    /** `policy`: two connections ended after the same number. `none-seen`: as many as we may send were carried. */
    state: z.enum(['policy', 'varies', 'none-seen', 'unknown']),
    /** Requests answered on each connection that was tried. */
    counts: z.array(z.number()),
    /** The last response said that it was the last. */
    announced: z.boolean(),
    hintMax: z.number().nullable(),
    detail: z.string(),
  }),
  maxAge: z.strictObject({
    /** `closes`: connections that are kept busy end at this age. `none-seen`: one reached it and lived. */
    state: z.enum(['closes', 'none-seen', 'unknown']),
    ageMs: ms.nullable(),
    /** Of each connection that was kept busy, in their order. */
    agesMs: z.array(ms),
    announced: z.boolean(),
    /** Between two requests of the last one: the age of an end is known so closely. */
    paceMs: ms,
    capMs: ms,
    detail: z.string(),
  }),
  conditions: z.array(condition),
  pipelining: z.strictObject({
    /** `in-order`: all are answered, too fast to tell whether one after another. */
    state: z.enum(['serial', 'concurrent', 'in-order', 'first-only', 'refused', 'unknown']),
    sent: z.number(),
    answered: z.number(),
    aloneMs: ms.nullable(),
    togetherMs: ms.nullable(),
    detail: z.string(),
  }),
  halfClose: z.strictObject({ state: z.enum(['answers', 'drops', 'unknown']), detail: z.string() }),
  /** What becomes of bytes that reach the server after its FIN. `resets`: they are answered by an RST, which may destroy a response on its way. */
  closing: z.strictObject({ state: z.enum(['lingers', 'resets', 'stays-open', 'unknown']), detail: z.string() }),
  /** Fields by which one backend can be told from another. */
  backends: z.strictObject({
    /** `by-connection`: a connection stays with its backend. `by-request`: one connection meets several. */
    state: z.enum(['alike', 'by-connection', 'by-request', 'unknown']),
    connections: z.number(),
    requestsEach: z.number(),
    /** Only those that differ. */
    fields: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) })),
    detail: z.string(),
  }),
  tls: z
    .strictObject({
      versions: z.array(
        z.strictObject({
          version: z.enum(['TLSv1.2', 'TLSv1.3']),
          spoken: z.boolean(),
          /** Sessions that the server gave on the first connection. */
          sessions: z.number(),
          /** The first of them, offered on a second connection and again on a third; null: not tried. */
          resumed: z.boolean().nullable(),
          resumedAgain: z.boolean().nullable(),
          /** How long a client may keep the first session, as the server says; null: it does not. */
          ticketSeconds: z.number().nullable(),
        }),
      ),
      /** What the server chose from `h2, http/1.1`; '' when it chose nothing. */
      alpn: z.string(),
      h2: z.boolean(),
      /** What it chose when only one was offered; a failure when that ended the handshake. */
      alone: z.array(z.strictObject({ offered: z.string(), chosen: z.string(), failure: z.string() })),
    })
    .nullable(),
  /** null: not offered. */
  http2: http2.nullable(),
  addresses: z.array(
    z.strictObject({
      address: z.string(),
      status: z.number(),
      server: z.string(),
      failure: z.string(),
      /** A session of the first address was resumed here; null: not tried. */
      resumed: z.boolean().nullable(),
    }),
  ),
  advice: z.array(z.string()),
});

export type ProbeReport = z.infer<typeof probeReport>;
export type ProbedWait = z.infer<typeof wait>;
export type ProbedCondition = z.infer<typeof condition>;
export type ProbedEnd = z.infer<typeof how>;
