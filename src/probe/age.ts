/** How old a connection may become that is never idle for long. */
import type { Ns } from '../define.js';
import type { ProbeReport } from '../result/probe.js';
import { NS_PER_MS, nsToMs } from '../units.js';
import type { Prober } from './prober.js';
import type { RawConnection } from './raw.js';
import { OpenFailure } from './socket.js';

/** A whole wait sends no more requests than this at first: servers that count requests allow a connection 100 or more. */
const REQUESTS = 50;
const SLOWEST_PACE_NS = 2000 * NS_PER_MS;
/** A connection is kept busy with at most ten requests a second. */
const FASTEST_PACE_NS = 100 * NS_PER_MS;

/**
 * Keeps one connection busy after another, each at half the pause of the one before, until one outlives the others or the cap is over. Two that end at the same age
 * are a policy; two that end after the same number of requests are a policy of another kind; and a rest that was too long for the first does not end the second.
 */
export async function maxAge(prober: Prober): Promise<ProbeReport['maxAge']> {
  const untilNs = prober.clock.nowNs() + prober.capNs;
  const lives: Life[] = [];
  let paceNs = Math.max(2 * FASTEST_PACE_NS, Math.min(SLOWEST_PACE_NS, prober.capNs / REQUESTS));
  try {
    while (paceNs >= FASTEST_PACE_NS && prober.clock.nowNs() < untilNs) {
      const life = await prober.with((connection) => lived(prober, connection, paceNs, untilNs));
      lives.push(life);
      const before = lives.at(-2);
      if (!life.ended || life.carried === 0 || (before !== undefined && (sameAge(before, life) || before.carried === life.carried))) break;
      paceNs = Math.min(paceNs, life.restNs) / 2;
    }
  } catch (error) {
    if (!(error instanceof OpenFailure)) throw error;
  }
  return judged(lives, prober.capNs);
}

interface Life {
  readonly paceNs: Ns;
  /** At this age it was kept still, and at the next it was over, or the waiting was. */
  readonly keptNs: Ns;
  readonly ageNs: Ns;
  readonly carried: number;
  /** It ended, and with an announcement. */
  readonly ended: boolean;
  readonly announced: boolean;
  /** How long it was idle at its end. */
  readonly restNs: Ns;
}

async function lived(prober: Prober, connection: RawConnection, paceNs: Ns, untilNs: Ns): Promise<Life> {
  const bornNs = prober.clock.nowNs();
  let idleSinceNs = bornNs;
  let carried = 0;
  const life = (ended: boolean, announced = false): Life => {
    const nowNs = connection.end?.atNs ?? prober.clock.nowNs();
    return { paceNs, keptNs: idleSinceNs - bornNs, ageNs: nowNs - bornNs, carried, ended, announced, restNs: announced ? paceNs : Math.max(0, nowNs - idleSinceNs) };
  };
  while (prober.clock.nowNs() < untilNs) {
    const response = await prober.exchange(connection);
    if (response === null) return life(true);
    carried++;
    if (response.announced !== '') return life(true, true);
    idleSinceNs = response.doneNs;
    if ((await connection.endWithin(Math.min(paceNs, Math.max(0, untilNs - idleSinceNs)))) !== null) return life(true);
  }
  return life(false);
}

/** An end shows only with the next request, or its answer: one age can have ended both when neither was kept beyond the end of the other. */
function sameAge(a: Life, b: Life): boolean {
  return a.ended && b.ended && a.carried !== b.carried && Math.max(a.keptNs, b.keptNs) <= Math.min(a.ageNs, b.ageNs);
}

function judged(lives: readonly Life[], capNs: Ns): ProbeReport['maxAge'] {
  const last = lives.at(-1);
  const before = lives.at(-2);
  const agesMs = lives.map(({ ageNs }) => nsToMs(ageNs));
  const common = { ageMs: null, agesMs, announced: false, paceMs: nsToMs(last?.paceNs ?? 0), capMs: nsToMs(capNs) };
  if (last === undefined) return { ...common, state: 'unknown', detail: 'no connection could be opened' };
  if (last.carried === 0) return { ...common, state: 'unknown', detail: 'not one request was answered' };
  if (!last.ended) return { ...common, state: 'none-seen', ageMs: nsToMs(last.ageNs), detail: '' };
  if (before === undefined) return { ...common, state: 'unknown', detail: 'one connection ended, and there was no time for a second' };
  if (sameAge(before, last)) return { ...common, state: 'closes', ageMs: nsToMs(last.ageNs), announced: last.announced, detail: '' };
  const why = before.carried === last.carried ? 'the number of requests ends a connection first' : 'connections end before they are old, even when they are kept busy';
  return { ...common, state: 'unknown', detail: why };
}
