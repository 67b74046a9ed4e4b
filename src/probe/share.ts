/** How many requests one connection may carry. */
import type { ProbeReport } from '../result/probe.js';
import type { Prober } from './prober.js';
import { OpenFailure } from './socket.js';

/** One request after another until the server ends the connection, and the same again on a second one: equal numbers are a policy. */
export async function maxRequests(prober: Prober): Promise<ProbeReport['maxRequests']> {
  let hintMax: number | null = null;
  const carry = (): Promise<Share> =>
    prober.with(async (connection) => {
      for (let carried = 0; carried < prober.maxRequests; carried++) {
        const response = await prober.exchange(connection);
        if (response === null) return { carried, announced: false, ended: true };
        if (carried === 0 && response.hintMax >= 0) hintMax = response.hintMax;
        if (response.announced !== '') return { carried: carried + 1, announced: true, ended: true };
      }
      return { carried: prober.maxRequests, announced: false, ended: false };
    });
  try {
    const shares = [await carry()];
    if (shares[0]!.ended && shares[0]!.carried > 0) shares.push(await carry());
    const counts = shares.map(({ carried }) => carried);
    const [first, second] = shares;
    const announced = shares.some((share) => share.announced);
    if (!first!.ended) return { state: 'none-seen', counts, announced, hintMax, detail: '' };
    if (first!.carried === 0) return { state: 'unknown', counts, announced, hintMax, detail: 'not one request was answered' };
    return second!.carried === first!.carried
      ? { state: 'policy', counts, announced, hintMax, detail: '' }
      : { state: 'varies', counts, announced, hintMax, detail: 'the two connections ended after different numbers: a maximum age, or another reason than a count' };
  } catch (error) {
    if (error instanceof OpenFailure) return { state: 'unknown', counts: [], announced: false, hintMax, detail: `the connection could not be opened (${error.kind})` };
    throw error;
  }
}

interface Share {
  readonly carried: number;
  readonly announced: boolean;
  readonly ended: boolean;
}
