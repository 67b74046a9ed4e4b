/** What a person sees while a run goes on, on stderr: one live line on a terminal, one line a round elsewhere. */
import type { RunObserver } from '../engine/run.js';
import type { Io } from '../io.js';
import { Histogram } from '../measure/histogram.js';
import type { Plan } from '../scenario/plan.js';
import { formatCount, formatMs, nsToMs } from '../units.js';

export function showProgress(plan: Plan, io: Io, quiet: boolean): RunObserver & { over(): void } {
  if (quiet) return { begun() {}, progress() {}, ended() {}, over() {} };
  const total = plan.rounds.length;
  const { warmupNs, durationNs } = plan.scenario.load;
  const clear = io.live ? '\r\u001b[K' : '';
  const counter = (index: number): string => `round ${String(index + 1).padStart(String(total).length)}/${total}`;
  return {
    begun(record) {
      const arms = plan.arms.map((arm) => arm.name).join(', ');
      io.stderr(`${record.target.url} at ${record.target.address}${record.target.tls ? `, ${record.target.tls.protocol}` : ''} · ${arms} · ${plan.scenario.blocks} blocks, ${total} rounds, about ${Math.ceil((total * (nsToMs(warmupNs + durationNs) + 150)) / 1000)} s · seed ${plan.seed}\n`);
      for (const note of plan.notes) io.stderr(`note: ${note}\n`);
    },
    progress(round, live, elapsedNs) {
      if (!io.live) return;
      const leftS = Math.ceil(((total - round.index) * (warmupNs + durationNs) - elapsedNs) / 1e9);
      const handshakes = live.tlsFull + live.tlsResumed > 0 ? ` (TLS ${formatCount(live.tlsFull)} full, ${formatCount(live.tlsResumed)} resumed)` : '';
      const lost = live.lost > 0 ? ` · ${formatCount(live.lost)} lost` : '';
      const line = `${counter(round.index)} ${plan.arms[round.arm]!.name} · ${formatCount(live.completed)} done · ${formatCount(live.opened)} opened${handshakes}${lost} · ${Math.max(0, leftS)} s left`;
      io.stderr(`${clear}${line.slice(0, 99)}`);
    },
    ended(round) {
      const response = Histogram.decode(round.histograms.response);
      const lost = round.requests.failed + round.requests.aborted + round.requests.shed;
      const line = `${counter(round.index)} ${round.arm.padEnd(10)} p50 ${formatMs(nsToMs(response.quantileNs(0.5)))} ms  p99 ${formatMs(nsToMs(response.quantileNs(0.99)))} ms  ${formatCount(round.requests.completed)} done  ${formatCount(round.connections.opened)} opened${lost > 0 ? `  ${formatCount(lost)} lost` : ''}`;
      io.stderr(io.live ? `${clear}${line.slice(0, 99)}` : `${line}\n`);
    },
    over() {
      io.stderr(clear);
    },
  };
}
