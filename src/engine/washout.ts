/** The pause between two rounds: lets the last connections of one arm end, their ports come back, and the target come to rest, before the next arm begins. */
import type { Ns } from '../define.js';
import { NS_PER_MS, NS_PER_S } from '../units.js';

const LONGEST_NS = 60 * NS_PER_S; // TIME_WAIT lasts as long
const LOOK_EVERY_MS = 250;
/** Of the local ports: more of them in TIME_WAIT, and the next arm would find fewer than the last one did. */
export const TAKEN_SHARE = 0.1;

export interface Washout {
  /** How long it lasts at least. */
  readonly leastNs: Ns;
  /** Sockets in TIME_WAIT that hold a local port toward the target; null: they hold none for long, or it cannot be told. */
  readonly portsTaken: () => number | null;
  /** Local ports to connect from; null: unknown. */
  readonly ports: number | null;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly nowNs: () => Ns;
  readonly interrupted: () => boolean;
}

/** Waits as long as it must, and on while a tenth of the ports is taken, for 60 s at most. */
export async function washOut({ leastNs, portsTaken, ports, sleep, nowNs, interrupted }: Washout): Promise<void> {
  const begunNs = nowNs();
  for (let leftNs = leastNs; leftNs > 0 && !interrupted(); leftNs = begunNs + leastNs - nowNs()) await sleep(Math.min(LOOK_EVERY_MS, Math.ceil(leftNs / NS_PER_MS)));
  const most = (ports ?? Infinity) * TAKEN_SHARE;
  while (!interrupted() && nowNs() < begunNs + LONGEST_NS && (portsTaken() ?? 0) > most) await sleep(LOOK_EVERY_MS);
}
