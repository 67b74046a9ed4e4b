/** Does the server handle the requests of one connection one after another? */
import type { ProbeReport } from '../result/probe.js';
import { NS_PER_MS, nsToMs } from '../units.js';
import type { Prober } from './prober.js';
import type { RawConnection } from './raw.js';
import { OpenFailure } from './socket.js';

/** Requests in one segment. */
const TOGETHER = 3;
/** Below this the server's own share of an answer is too small to tell one after another from side by side. */
const SLOW_ENOUGH_NS = 20 * NS_PER_MS;

/**
 * Some requests at once on one connection, against one alone. With S the server's own share of an answer (the answer's time less a round trip), k requests take
 * (k − 1)·S longer when they are handled one after another, and no longer when they are handled side by side.
 */
export async function pipelining(prober: Prober): Promise<ProbeReport['pipelining']> {
  const nothing = { sent: TOGETHER, answered: 0, aloneMs: null, togetherMs: null, detail: '' };
  const variant = prober.slowPath === '' ? {} : { path: prober.slowPath };
  try {
    return await prober.with(async (connection) => {
      const alone = await timed(prober, connection, variant);
      if (alone === null) return { ...nothing, state: 'unknown', detail: 'a request alone got no answer that keeps the connection' };
      await prober.limiter.requests(TOGETHER);
      const responses = Array.from({ length: TOGETHER }, () => connection.response(prober.timeouts.responseNs));
      const sentNs = prober.clock.nowNs();
      connection.write(Buffer.concat(Array.from({ length: TOGETHER }, () => prober.request(variant))));
      const answers = (await Promise.all(responses)).filter((response) => response !== null);
      const answered = answers.filter(({ status }) => status !== 400).length;
      const aloneMs = nsToMs(alone);
      if (answered === 0) return { ...nothing, state: 'refused', aloneMs, detail: answers.length > 0 ? 'answered 400' : 'no answer' };
      if (answered < TOGETHER) return { ...nothing, state: 'first-only', answered, aloneMs, detail: '' };
      const together = answers.at(-1)!.doneNs - sentNs;
      const share = alone - connection.connectNs;
      const timing = { ...nothing, answered, aloneMs, togetherMs: nsToMs(together) };
      if (share < SLOW_ENOUGH_NS) return { ...timing, state: 'in-order', detail: 'too fast to tell one after another from side by side; a slow path tells it' };
      const longer = (together - alone) / ((TOGETHER - 1) * share);
      return { ...timing, state: longer > 0.65 ? 'serial' : longer < 0.35 ? 'concurrent' : 'in-order', detail: '' };
    });
  } catch (error) {
    if (error instanceof OpenFailure) return { ...nothing, state: 'unknown', detail: `the connection could not be opened (${error.kind})` };
    throw error;
  }
}

/** The shorter of two exchanges alone: the first may have paid for something that later ones do not. */
async function timed(prober: Prober, connection: RawConnection, variant: { path?: string }): Promise<number | null> {
  let shortest: number | null = null;
  for (let n = 0; n < 2; n++) {
    await prober.limiter.requests(1);
    const answer = connection.response(prober.timeouts.responseNs);
    const sentNs = prober.clock.nowNs();
    connection.write(prober.request(variant));
    const response = await answer;
    if (response === null || response.announced !== '') return null;
    shortest = Math.min(shortest ?? Infinity, response.doneNs - sentNs);
  }
  return shortest;
}

/** Sends a request and a FIN behind it: a client that has nothing more to ask still wants its answer. */
export async function halfClose(prober: Prober): Promise<ProbeReport['halfClose']> {
  try {
    return await prober.with(async (connection) => {
      await prober.limiter.requests(1);
      const answer = connection.response(prober.timeouts.responseNs);
      connection.write(prober.request());
      connection.halfClose();
      const response = await answer;
      if (response !== null) return { state: 'answers', detail: '' };
      return { state: 'drops', detail: connection.end === null ? 'no answer came' : `${connection.end.how === 'reset' ? 'reset' : 'closed'} without an answer` };
    });
  } catch (error) {
    if (error instanceof OpenFailure) return { state: 'unknown', detail: `the connection could not be opened (${error.kind})` };
    throw error;
  }
}
