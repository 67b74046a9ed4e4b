/** A distribution, whole or in a few figures: parts of the result file. */
import { z } from 'zod';

const count = z.int().min(0);
const ms = z.number();

/** A merged HdrHistogram in ns: the V2 compressed base64 form, with exact min, max and sum beside it because the form rounds them to its buckets. Empty: count 0 and v2 "". */
export const encodedHistogram = z.object({ v2: z.string(), min: z.number(), max: z.number(), sum: z.number(), count });

/** In ms. */
export const latency = z.object({ count, min: ms, mean: ms, p50: ms, p90: ms, p99: ms, p999: ms, max: ms });

export type EncodedHistogram = z.infer<typeof encodedHistogram>;
export type LatencySummary = z.infer<typeof latency>;
