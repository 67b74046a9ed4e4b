/** The pause between two rounds: lets the last connections of one arm end, and their ports come back, before the next arm begins. */
import type { Ns } from '../define.js';
import { NS_PER_S } from '../units.js';

export const WASHOUT_MS = 100;
const LONGEST_NS = 60 * NS_PER_S; // TIME_WAIT lasts as long
const LOOK_EVERY_MS = 250;
/** Of the local ports: more of them in TIME_WAIT, and the next arm would find fewer than the last one did. */
export const TAKEN_SHARE = 0.1;

export interface Washout {
  /** Sockets in TIME_WAIT that hold a local port toward the target; null: they hold none for long, or it cannot be told. */
  readonly portsTaken: () => number | null;
  /** Local ports to connect from; null: unknown. */
  readonly ports: number | null;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly nowNs: () => Ns;
  readonly interrupted: () => boolean;
}

/** Waits 100 ms, and on until under a tenth of the ports is taken, for 60 s at most. */
export async function washOut({ portsTaken, ports, sleep, nowNs, interrupted }: Washout): Promise<void> {
  const untilNs = nowNs() + LONGEST_NS;
  await sleep(WASHOUT_MS);
  const most = (ports ?? Infinity) * TAKEN_SHARE;
  while (!interrupted() && nowNs() < untilNs && (portsTaken() ?? 0) > most) await sleep(LOOK_EVERY_MS);
}
