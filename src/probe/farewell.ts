/** What becomes of bytes that are still on their way when the server ends a connection. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ProbeReport } from '../result/probe.js';
import { NS_PER_MS, NS_PER_S } from '../units.js';
import type { Prober } from './prober.js';
import { OpenFailure } from './socket.js';

const CLOSE_NS = 2 * NS_PER_S;
/** Bytes are sent after the FIN now and then for so long: the first makes the server answer, a later one shows us that it did. */
const SENDINGS = 5;
const PAUSE_MS = 40;

/** Asks for the last response of a connection, and behind the server's FIN sends on: a server that has closed both ways answers with an RST, one that lingers reads on. */
export async function farewell(prober: Prober): Promise<ProbeReport['closing']> {
  try {
    return await prober.with(
      async (connection) => {
        const response = await prober.exchange(connection, { connection: 'close' });
        if (response === null) return { state: 'unknown', detail: 'a request with Connection: close got no whole answer' };
        const end = await connection.endWithin(CLOSE_NS);
        if (end === null) return { state: 'stays-open', detail: 'no FIN came within 2 s' };
        if (end.how === 'reset') return { state: 'resets', detail: 'the end itself was an RST' };
        for (let n = 0; n < SENDINGS; n++) {
          connection.write(Buffer.from('\n')); // an empty line, which is no request
          const gap = pause(Math.max(PAUSE_MS, (2 * connection.connectNs) / NS_PER_MS), 'borne' as const);
          if ((await Promise.race([connection.refused, gap])) === 'refused') return { state: 'resets', detail: '' };
        }
        return { state: 'lingers', detail: '' };
      },
      { lingers: true },
    );
  } catch (error) {
    if (error instanceof OpenFailure) return { state: 'unknown', detail: `the connection could not be opened (${error.kind})` };
    throw error;
  }
}
