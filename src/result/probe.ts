/** What a probe finds out about a server's keep-alive contract: what `sameconn probe --json` prints, and what a result may hold. Times in ms. */
import { z } from 'zod';

const ms = z.number();
/** How the end of a connection was seen: a FIN, a FIN after an unasked 408, an RST. */
const how = z.enum(['fin', '408', 'reset']);

const wait = z.object({
  /** `unknown`: there was nothing to wait with, and `detail` says why. `dropped`: no end was seen, and the connection no longer worked. */
  state: z.enum(['closes', 'stays-open', 'dropped', 'unknown']),
  /** One for each connection that the server ended. */
  samplesMs: z.array(ms),
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
  tls: z
    .strictObject({
      versions: z.array(
        z.object({
          version: z.enum(['TLSv1.2', 'TLSv1.3']),
          spoken: z.boolean(),
          /** Sessions that the server gave on the first connection. */
          sessions: z.number(),
          /** The first of them, offered on a second connection and again on a third; null: not tried. */
          resumed: z.boolean().nullable(),
          resumedAgain: z.boolean().nullable(),
        }),
      ),
      /** What the server chose from `h2, http/1.1`; '' when it chose nothing. */
      alpn: z.string(),
      h2: z.boolean(),
    })
    .nullable(),
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
