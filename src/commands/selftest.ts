import { startDemoTarget } from '../demo/start.js';
import { environment } from '../engine/environment.js';
import { RequestError } from '../errors.js';
import { compareCounts, COUNTED, type CountsOutcome } from '../floor/counts.js';
import { measureLatency } from '../floor/latency.js';
import { storeFloor } from '../floor/store.js';
import type { Io } from '../io.js';
import { quantileFigure } from '../reporters/facts.js';
import { floorFigures, signed } from '../reporters/floor.js';
import { ascii } from '../reporters/text.js';
import type { HostFloor } from '../result/schema.js';
import { formatCount, formatDuration, formatMs, NS_PER_S, parseDuration } from '../units.js';
import { toolVersion, undiciVersion } from '../version.js';
import { defineCommand } from './command.js';

/** Measures what sameconn itself adds on this host, and keeps it for the reports of this host. */
export const selftest = defineCommand({
  name: 'selftest',
  summary: 'measure what sameconn itself adds on this host, and keep it for the reports of this host',
  declare: (declaration) => {
    declaration
      .option('--duration <time>', 'how long to measure; a shorter time gives a coarser floor', '20s')
      .option('--no-store', 'do not keep the outcome for later reports')
      .option('--json', 'print only the outcome’s JSON on stdout')
      .option('--quiet', 'print nothing but errors');
  },
  async run({ options }, io) {
    const durationNs = durationOf(String(options['duration']));
    const [json, quiet] = [options['json'] === true, options['quiet'] === true];
    const tell = (text: string): void => (quiet || json ? undefined : io.stderr(text));
    const identity = { version: toolVersion, undiciVersion, id: 'selftest', startedAt: io.now(), command: ['sameconn', ...io.argv] };
    const target = await startDemoTarget();
    try {
      tell(`selftest against an embedded target, about ${formatDuration(durationNs)}: counts, then latency; leave the host alone meanwhile\n`);
      const counts = await compareCounts(target, durationNs * COUNTS_WINDOW, identity, io.cores());
      const floor = await measureLatency(target.httpUrl, durationNs * LATENCY_WINDOW, io.now);
      const equal = counts.every((outcome) => outcome.equal);
      const storedAt = equal && options['store'] !== false ? stored(floor, io) : null;
      if (json) io.stdout(`${JSON.stringify({ tool: { name: 'sameconn', version: toolVersion }, environment: environment(), floor, counts, equal, storedAt }, null, 2)}\n`);
      else if (!quiet) io.stdout(inGlyphs(text(floor, counts, storedAt), io));
      if (equal) return 0;
      io.stderr('sameconn: the target did not count what we counted: results of this installation cannot be trusted; please report it\n');
      return 3;
    } finally {
      await target.stop();
    }
  },
});

/** Shares of the whole time that one window takes: 12 windows with a quarter of warm-up for latency, 6 with a tenth for the counts. */
const LATENCY_WINDOW = 0.05;
const COUNTS_WINDOW = 0.015;
/** The lateness from which a run, too, is warned of. */
const QUIET_LATE_MS = 1;
const SHORTEST_NS = NS_PER_S;

function durationOf(given: string): number {
  const parsed = parseDuration(given);
  if (!parsed.ok) throw new RequestError(`--duration: ${parsed.complaint}`);
  if (parsed.value < SHORTEST_NS) throw new RequestError(`--duration: ${given} is too short to measure anything`, `give at least ${formatDuration(SHORTEST_NS)}`);
  return parsed.value;
}

/** A floor that cannot be kept is still worth being told. @returns where it is kept, or null */
function stored(floor: HostFloor, io: Io): string | null {
  try {
    return storeFloor(io, floor);
  } catch (error) {
    io.stderr(`note: the floor cannot be kept for later reports (${error instanceof Error ? error.message : String(error)})\n`);
    return null;
  }
}

function text(floor: HostFloor, counts: readonly CountsOutcome[], storedAt: string | null): string {
  const equal = counts.every((outcome) => outcome.equal);
  const { bareMs, addedMs, blocks, lateMs } = floor;
  const of = (name: 'p50' | 'p99'): string => blocks.map((block) => signed(block[name])).join(', ');
  return [
    `floor on this host: ${floorFigures(floor)}`,
    '',
    `added by the wire client to a request on a bare socket, over ${blocks.length} blocks`,
    `  p50  ${signed(addedMs.p50)} ms on top of ${formatMs(bareMs.p50)} ms  (blocks: ${of('p50')})`,
    `  p99  ${signed(addedMs.p99)} ms on top of ${formatMs(bareMs.p99)} ms  (blocks: ${of('p99')})`,
    `late, of ${formatCount(lateMs.count)} requests at ${floor.ratePerS}/s`,
    `  p50 ${quantileFigure(lateMs, 'p50')} ms, p99 ${quantileFigure(lateMs, 'p99')} ms, p99.9 ${quantileFigure(lateMs, 'p999')} ms, max ${formatMs(lateMs.max)} ms`,
    `${equal ? 'counts equal' : 'COUNTS DIFFER'}: ours and the target’s own, over https`,
    `  ${''.padEnd(8)}${HEADS.map((head) => head.padStart(15)).join('')}`,
    ...counts.map(({ policy, ours, target }) => `  ${policy.padEnd(8)}${COUNTED.map((what) => compared(ours[what], target[what]).padStart(15)).join('')}`),
    '',
    ...(lateMs.p99 > QUIET_LATE_MS ? ['This host was busy meanwhile: most of this is its noise.', 'Measure again when it is quiet.'] : []),
    storedAt === null ? 'not kept for later reports' : `kept for the reports of this host: ${storedAt}`,
    '',
  ].join('\n');
}

const HEADS = ['requests', 'opened', 'TLS full', 'TLS resumed'];

function compared(ours: number, target: number): string {
  return `${formatCount(ours)} ${ours === target ? '=' : '≠'} ${formatCount(target)}`;
}

function inGlyphs(words: string, { style }: Io): string {
  return style.unicode ? words : ascii(words);
}
