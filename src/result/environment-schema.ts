/** Of what scenario and on what host a run was made: parts of the result file. */
import { z } from 'zod';
import { latency } from './distribution-schema.js';

const count = z.int().min(0);
const ms = z.number();

/** Which scenario it was, when it came from a file. */
export const scenarioOrigin = z.object({
  file: z.string().describe('as it was named'),
  sha256: z.string().describe('of its text, in hex'),
  commit: z.string().nullable().describe('HEAD of the git repository around it; null: none. The file may have been changed since: its digest tells'),
});

/** How the host is set where it matters to connections. What a system does not tell is null or missing. */
export const hostSettings = z.object({
  governors: z.array(z.string()).describe('CPU frequency governors in use, each once'),
  openFiles: z.object({ soft: count.nullable(), hard: count.nullable() }).describe('limit of file descriptors; null: unlimited, or not told'),
  cpuQuota: z.number().nullable().describe('in cores, of the tightest control group around the process; null: none, or not told'),
  sysctl: z.record(z.string(), z.string()).describe('kernel settings by their sysctl names'),
});

/** What the instrument itself adds and how late it sends on one host, as `sameconn selftest` measured it against a target that does nothing. */
export const hostFloor = z.object({
  measuredAt: z.string(),
  ratePerS: z.number().describe('requests a second, evenly spaced, while it was measured'),
  bareMs: z.object({ p50: ms, p99: ms }).describe('a request on a bare socket, nothing parsed: the median of the blocks'),
  addedMs: z.object({ p50: ms, p99: ms }).describe('what the wire client takes longer than that: the median of the blocks'),
  blocks: z.array(z.object({ p50: ms, p99: ms })).describe('added in each block, in ms'),
  lateMs: latency.describe('dispatched − intended'),
});

export type HostFloor = z.infer<typeof hostFloor>;
export type HostSettings = z.infer<typeof hostSettings>;
export type ScenarioOrigin = z.infer<typeof scenarioOrigin>;
