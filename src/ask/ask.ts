/** The question the project began with, asked for any URLs: do these requests use the same TCP connection? */
import { setTimeout as pause } from 'node:timers/promises';
import type { Ns } from '../define.js';
import { RequestError } from '../errors.js';
import type { Clock } from '../measure/clock.js';
import type { Scenario } from '../scenario/scenario.js';
import { NS_PER_MS } from '../units.js';
import type { Answer } from './answer.js';
import { answerTo } from './judge.js';
import { Line, type Asked } from './line.js';

/** Where one request goes, and how patient we are: the parts of a scenario that speak of it. Its first request is sent. */
export type AskedTarget = Pick<Scenario, 'target' | 'tls' | 'timeouts'>;

export interface Question {
  /** In the order of asking. */
  readonly targets: readonly AskedTarget[];
  /** How often the whole row of them is asked. */
  readonly repeat: number;
  /** Between the end of one request and the next. */
  readonly gapNs: Ns;
  /** How long the connections are watched after the last response. */
  readonly watchNs: Ns;
}

/**
 * Sends the requests one after another over one persistent client for each origin, as a client that wants to reuse its connections would, watches every socket to
 * its end, and says what was seen. Nothing is retried.
 * @throws RequestError when there are fewer than two requests, or the first connection to an origin cannot be opened
 */
export async function ask({ targets, repeat, gapNs, watchNs }: Question, clock: Clock): Promise<Answer> {
  const row = Array.from({ length: repeat }, () => targets).flat();
  if (row.length < 2) throw new RequestError('one request alone shares its connection with nobody', 'give two URLs, or --repeat 2');
  const lines = new Map<string, Line>();
  const asked: Asked[] = [];
  try {
    for (const target of row) {
      if (asked.length > 0 && gapNs > 0) await pause(gapNs / NS_PER_MS);
      const { origin } = new URL(target.target.url);
      const line = lines.get(origin) ?? new Line(origin, targets.filter((other) => new URL(other.target.url).origin === origin), clock);
      lines.set(origin, line);
      asked.push(await line.ask(target));
    }
    await Promise.race([pause(watchNs / NS_PER_MS, undefined, { ref: false }), Promise.all([...lines.values()].map((line) => line.untilAllEnded()))]);
  } finally {
    await Promise.all([...lines.values()].map((line) => line.close()));
  }
  return answerTo(asked, [...lines.values()].flatMap((line) => line.connections));
}
