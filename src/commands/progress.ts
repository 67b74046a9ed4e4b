/** What a person sees while a run goes on, on stderr: two live lines on a terminal, one line a round elsewhere. */
import type { LiveCounts } from '../engine/messages.js';
import type { RunObserver } from '../engine/run.js';
import type { Io } from '../io.js';
import { Histogram } from '../measure/histogram.js';
import { ascii, columns, fit } from '../reporters/text.js';
import type { RoundResult } from '../result/schema.js';
import type { Plan, PlannedRound } from '../scenario/plan.js';
import { formatCount, formatDuration, formatMs, NS_PER_S, nsToMs } from '../units.js';

export interface Progress extends RunObserver {
  /** A line of its own, above whatever is live. */
  say(text: string): void;
  /** Takes the live lines away. */
  over(): void;
}

export function showProgress(asked: Plan, io: Io, quiet: boolean): Progress {
  if (quiet) return { begun() {}, progress() {}, ended() {}, say() {}, over() {} };
  const live = new LiveLines(io);
  let plan = asked;
  const lastOf = new Map<string, string>(); // what an arm's last round came to
  return {
    begun(record, carriedOut) {
      plan = carriedOut;
      const { target } = record;
      live.say(`${target.url} at ${target.address}${target.tls ? `, ${target.tls.protocol}` : ''} · ${lettersOf(plan)} · ${lengthWords(plan)} · seed ${plan.seed}`);
      for (const note of plan.notes) live.say(`note: ${note}`);
    },
    // The engine calls four times a second, and nothing else draws.
    progress(round, counts, elapsedNs) {
      if (io.live) live.draw([grid(plan, round, io.style.width - 1), nowLine(plan, round, counts, elapsedNs, lastOf)]);
    },
    ended(round) {
      const figures = responseFigures(round);
      lastOf.set(round.arm, figures);
      if (!io.live) live.say(endLine(plan, round, figures));
    },
    say: (text) => live.say(text),
    over: () => live.draw([]),
  };
}

/** Lines at the end of stderr that are drawn over again. */
class LiveLines {
  #shown = 0;

  constructor(private readonly io: Io) {}

  draw(lines: readonly string[]): void {
    if (this.#shown === 0 && lines.length === 0) return;
    this.io.stderr(`${this.#clear()}${lines.map((line) => fit(this.#glyphs(line), this.io.style.width - 1)).join('\n')}`);
    this.#shown = lines.length;
  }

  say(text: string): void {
    this.io.stderr(`${this.#clear()}${this.#glyphs(text)}\n`);
    this.#shown = 0;
  }

  #clear(): string {
    return this.#shown === 0 ? '' : `\r${'\u001b[1A'.repeat(this.#shown - 1)}\u001b[J`;
  }

  #glyphs(text: string): string {
    return this.io.style.unicode ? text : ascii(text);
  }
}

/** `A reused, B fresh`: the letters of the grid. */
function lettersOf({ arms }: Plan): string {
  return arms.map(({ name }, index) => `${letter(index)} ${name}`).join(', ');
}

function letter(arm: number): string {
  return String.fromCharCode(65 + (arm % 26));
}

/** `block 2/6  ABBA BA[A]· ···· ···· ···· ····`: the rounds in their blocks, in the order in which they run. Where all have no room, those about the present one. */
export function grid(plan: Plan, present: PlannedRound, width: number): string {
  const head = `block ${present.block + 1}${isOpen(plan) ? '' : `/${plan.blocks.most}`}  `;
  const mark = (round: PlannedRound): string => (round.index < present.index ? letter(round.arm) : round.index === present.index ? `[${letter(round.arm)}]` : '·');
  const blocks = Array.from({ length: plan.blocks.most }, (_, block) => plan.rounds.filter((round) => round.block === block).map(mark).join(''));
  let from = 0;
  const text = (): string => `${from > 0 ? '… ' : ''}${blocks.slice(from).join(' ')}`;
  while (from < present.block && columns(head + text()) > width) from++;
  return fit(head + text(), width);
}

function nowLine(plan: Plan, round: PlannedRound, counts: LiveCounts, elapsedNs: number, lastOf: ReadonlyMap<string, string>): string {
  const { warmupNs, durationNs, washoutNs } = plan.scenario.load;
  const arm = plan.arms[round.arm]!.name;
  const left = plan.rounds.length - round.index;
  const leftS = Math.ceil((left * (warmupNs + durationNs) + (left - 1) * washoutNs - elapsedNs) / NS_PER_S);
  const perS = elapsedNs > 0 ? `${formatCount(counts.completed / (elapsedNs / NS_PER_S))}/s` : '';
  const handshakes = counts.tlsFull + counts.tlsResumed > 0 ? ` (TLS ${formatCount(counts.tlsFull)} full, ${formatCount(counts.tlsResumed)} resumed)` : '';
  const lost = counts.lost > 0 ? `${formatCount(counts.lost)} lost` : '';
  // What may be cut off at the edge stands last.
  const parts = [`${counter(plan, round.index)} ${arm}`, isOpen(plan) ? '' : `${Math.max(0, leftS)} s left`, perS, lastOf.get(arm) ?? '', lost, `${formatCount(counts.opened)} opened${handshakes}`];
  return parts.filter((part) => part !== '').join(' · ');
}

function endLine(plan: Plan, round: RoundResult, figures: string): string {
  const { requests, connections } = round;
  const lost = requests.failed + requests.aborted + requests.shed;
  return `${counter(plan, round.index)} ${round.arm.padEnd(10)} ${figures}  ${formatCount(requests.completed)} done  ${formatCount(connections.opened)} opened${lost > 0 ? `  ${formatCount(lost)} lost` : ''}`;
}

function responseFigures({ histograms }: RoundResult): string {
  const response = Histogram.decode(histograms.response);
  return `p50 ${formatMs(nsToMs(response.quantileNs(0.5)))} ms  p99 ${formatMs(nsToMs(response.quantileNs(0.99)))} ms`;
}

/** It may end after any block from the fewest on. */
function isOpen({ blocks }: Plan): boolean {
  return blocks.fewest < blocks.most;
}

function counter(plan: Plan, index: number): string {
  const { rounds } = plan;
  if (isOpen(plan)) return `round ${index + 1}`;
  return `round ${String(index + 1).padStart(String(rounds.length).length)}/${rounds.length}`;
}

function lengthWords(plan: Plan): string {
  const { blocks, rounds, scenario: { until } } = plan;
  if (until === null) return `${blocks.most} blocks, ${rounds.length} rounds, about ${aboutS(plan, blocks.most)} s`;
  const times = `about ${aboutS(plan, blocks.fewest)} to ${aboutS(plan, blocks.most)} s, ${formatDuration(until.maxTimeNs)} at most`;
  return `until ± ${formatMs(nsToMs(until.precisionNs))} ms: ${blocks.fewest} to ${blocks.most} blocks, ${times}`;
}

/** Until the threads of a round are at its start. */
const START_MS = 50;

function aboutS({ rounds, blocks, scenario: { load } }: Plan, blocksRun: number): number {
  return Math.ceil(((rounds.length / blocks.most) * blocksRun * (nsToMs(load.warmupNs + load.durationNs + load.washoutNs) + START_MS)) / 1000);
}
