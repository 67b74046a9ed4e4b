/** What a probe finds out about a server's keep-alive contract: what `sameconn probe --json` prints, and what a result may hold. Times in ms. */
import { z } from 'zod';

const ms = z.number();
/** For what later versions ask: files from before have no answer. */
const NOT_ASKED = 'not asked by the version that probed';
/** How the end of a connection was seen: a FIN, a FIN after an unasked 408, an RST. */
const how = z.enum(['fin', '408', 'reset']);

const wait = z.object({
  /** `unknown`: there was nothing to wait with, and `detail` says why. `dropped`: no end was seen, and the connection no longer worked. */
  state: z.enum(['closes', 'stays-open', 'dropped', 'unknown']),
  /** One for each connection that the server ended. */
  samplesMs: z.array(ms),
  /** In the same order: the shortest and the longest time that each can have been, however late this process noticed what came. */
  boundsMs: z.array(z.tuple([ms, ms])).default([]),
  medianMs: ms.nullable(),
  how: how.nullable(),
  /** How long was waited at most. */
  capMs: ms,
  detail: z.string(),
});

const condition = z.object({
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

const http2 = z.object({
  /** Of the server; null: it sets no limit. */
  settings: z.object({ maxConcurrentStreams: z.number().nullable(), initialWindowSize: z.number(), maxFrameSize: z.number(), maxHeaderListSize: z.number().nullable() }).nullable(),
  /** Until a PING came back; null: it did not. */
  pingMs: ms.nullable(),
  /** 0: no answer. */
  status: z.number(),
  requests: z.object({
    /** `goaway`: announced. `closed`: without a word. `none-seen`: as many as we may send were carried. */
    state: z.enum(['goaway', 'closed', 'none-seen', 'unknown']),
    carried: z.number(),
    /** The error code of the GOAWAY: 0 is NO_ERROR. */
    code: z.number().nullable(),
  }),
  idle: z.object({ state: z.enum(['goaway', 'closed', 'stays-open', 'unknown']), afterMs: ms.nullable(), code: z.number().nullable(), capMs: ms }),
  detail: z.string(),
});

export const probeReport = z.object({
  url: z.string(),
  address: z.string(),
  /** The value of the Server field, or ''. */
  server: z.string(),
  limits: z.object({ connections: z.number(), requestsPerSecond: z.number(), capMs: ms, maxRequests: z.number() }),
  sent: z.object({ connections: z.number(), requests: z.number() }),
  /** `hintSeconds`: the server's own `Keep-Alive: timeout`. */
  idle: wait.extend({ hintSeconds: z.number().nullable() }),
  unused: wait,
  maxRequests: z.object({
    /** `policy`: two connections ended after the same number. `none-seen`: as many as we may send were carried. */
    state: z.enum(['policy', 'varies', 'none-seen', 'unknown']),
    /** Requests answered on each connection that was tried. */
    counts: z.array(z.number()),
    /** The last response said that it was the last. */
    announced: z.boolean(),
    hintMax: z.number().nullable(),
    detail: z.string(),
  }),
  maxAge: z.object({
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
  }).default({ state: 'unknown', ageMs: null, agesMs: [], announced: false, paceMs: 0, capMs: 0, detail: NOT_ASKED }),
  conditions: z.array(condition),
  pipelining: z.object({
    /** `in-order`: all are answered, too fast to tell whether one after another. */
    state: z.enum(['serial', 'concurrent', 'in-order', 'first-only', 'refused', 'unknown']),
    sent: z.number(),
    answered: z.number(),
    aloneMs: ms.nullable(),
    togetherMs: ms.nullable(),
    detail: z.string(),
  }),
  halfClose: z.object({ state: z.enum(['answers', 'drops', 'unknown']), detail: z.string() }),
  /** What becomes of bytes that reach the server after its FIN. `resets`: they are answered by an RST, which may destroy a response on its way. */
  closing: z.object({ state: z.enum(['lingers', 'resets', 'stays-open', 'unknown']), detail: z.string() }).default({ state: 'unknown', detail: NOT_ASKED }),
  /** Fields by which one backend can be told from another. */
  backends: z.object({
    /** `by-connection`: a connection stays with its backend. `by-request`: one connection meets several. */
    state: z.enum(['alike', 'by-connection', 'by-request', 'unknown']),
    connections: z.number(),
    requestsEach: z.number(),
    /** Only those that differ. */
    fields: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
    detail: z.string(),
  }).default({ state: 'unknown', connections: 0, requestsEach: 0, fields: [], detail: NOT_ASKED }),
  tls: z
    .object({
      versions: z.array(
        z.object({
          version: z.enum(['TLSv1.2', 'TLSv1.3']),
          spoken: z.boolean(),
          /** Sessions that the server gave on the first connection. */
          sessions: z.number(),
          /** The first of them, offered on a second connection and again on a third; null: not tried. */
          resumed: z.boolean().nullable(),
          resumedAgain: z.boolean().nullable(),
          /** How long a client may keep the first session, as the server says; null: it does not. */
          ticketSeconds: z.number().nullable().default(null),
        }),
      ),
      /** What the server chose from `h2, http/1.1`; '' when it chose nothing. */
      alpn: z.string(),
      h2: z.boolean(),
      /** What it chose when only one was offered; a failure when that ended the handshake. */
      alone: z.array(z.object({ offered: z.string(), chosen: z.string(), failure: z.string() })).default([]),
    })
    .nullable(),
  /** null: not offered. */
  http2: http2.nullable().default(null),
  addresses: z.array(
    z.object({
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
