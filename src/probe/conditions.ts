/** What makes the server end a connection: one exchange of a kind, then a look at whether the connection still works. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Ns } from '../define.js';
import type { ProbedCondition } from '../result/probe.js';
import { NS_PER_MS, NS_PER_S, nsToMs } from '../units.js';
import type { Prober } from './prober.js';
import type { RawConnection, RawResponse } from './raw.js';
import type { RequestVariant } from './request.js';
import { OpenFailure } from './socket.js';

/** A path that no server has, so that nothing is read, made or changed there. */
export const ABSENT = '/.sameconn-probe/absent';
/** How long a close that was announced or asked for may take. */
const CLOSE_NS = 2 * NS_PER_S;
/** A close that nobody announced comes within this time, or the connection is tried. Go lingers half a second between its FIN and its close. */
const SETTLE_NS = 150 * NS_PER_MS;
const KIB = 1024;

/** @param validators an ETag and a date of the usual response, for a 304 @param badRequest send one that is no HTTP, too: some servers remember who does */
export async function conditions(prober: Prober, validators: Readonly<Record<string, string>>, badRequest: boolean): Promise<ProbedCondition[]> {
  const post = (bytes: number): RequestVariant => ({ method: 'POST', path: ABSENT, more: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(bytes) } });
  const plain = (name: string, variant: RequestVariant, wanted = 0): Promise<ProbedCondition> =>
    condition(prober, name, variant.connection === 'close' || (variant.version === '1.0' && variant.connection === ''), async (connection) => {
      const response = await prober.exchange(connection, variant);
      return { response, detail: response !== null && wanted !== 0 && response.status !== wanted ? `no ${wanted} to be had` : '' };
    });
  return Promise.all([
    plain('GET', {}),
    plain('HEAD', { method: 'HEAD' }),
    plain('304 Not Modified', { more: validators }, 304),
    plain('404 Not Found', { path: ABSENT }, 404),
    plain('Connection: close', { connection: 'close' }),
    plain('HTTP/1.0', { version: '1.0', connection: '' }),
    plain('1.0 + keep-alive', { version: '1.0', connection: 'keep-alive' }),
    condition(prober, 'POST 100 KiB', false, (connection) => upload(prober, connection, post(100 * KIB), 100 * KIB)),
    condition(prober, 'POST 1 MiB', false, (connection) => upload(prober, connection, post(1024 * KIB), 1024 * KIB)),
    condition(prober, '100-continue', false, (connection) => expecting(prober, connection, post(6))),
    ...(badRequest ? [condition(prober, '400 Bad Request', false, (connection) => malformed(prober, connection))] : []),
  ]);
}

/** What the exchange under test came to. */
interface Outcome {
  readonly response: RawResponse | null;
  readonly detail: string;
}

async function condition(prober: Prober, name: string, asksToClose: boolean, exchange: (connection: RawConnection) => Promise<Outcome>): Promise<ProbedCondition> {
  const row = { name, status: 0, announced: '', closedAfterMs: null, how: null, detail: '' } as const;
  try {
    return await prober.with(async (connection) => {
      const { response, detail } = await exchange(connection);
      if (response === null) return { ...row, outcome: 'no-answer', how: connection.end?.how ?? null, detail };
      const { status, announced, doneNs } = response;
      const told = { ...row, status, announced, detail };
      const announces = announced !== '' || asksToClose;
      const end = await connection.endWithin(announces ? CLOSE_NS : SETTLE_NS);
      if (end !== null) return { ...told, outcome: 'closed', closedAfterMs: after(doneNs, end.atNs), how: end.how };
      if (announces) return { ...told, outcome: 'announced-only' };
      const again = await prober.exchange(connection);
      if (again !== null) return { ...told, outcome: 'kept' };
      return { ...told, outcome: 'closed', closedAfterMs: connection.end === null ? null : after(doneNs, connection.end.atNs), how: connection.end?.how ?? null };
    });
  } catch (error) {
    if (error instanceof OpenFailure) return { ...row, outcome: 'failed', detail: `the connection could not be opened (${error.kind})` };
    throw error;
  }
}

/** Head and body without waiting. The answer may come first; what counts is whether the connection outlives both. */
async function upload(prober: Prober, connection: RawConnection, head: RequestVariant, bytes: number): Promise<Outcome> {
  await prober.limiter.requests(1);
  const answered = connection.response(prober.timeouts.responseNs);
  connection.write(prober.request(head));
  connection.write(Buffer.alloc(bytes, 'x'));
  const response = await answered;
  return { response, detail: response === null && connection.end?.how === 'reset' ? 'the reset destroyed the answer, if there was one' : '' };
}

/** A request line without a version or a target. */
async function malformed(prober: Prober, connection: RawConnection): Promise<Outcome> {
  await prober.limiter.requests(1);
  const answered = connection.response(prober.timeouts.responseNs);
  connection.write(Buffer.from('sameconn-probe\r\n\r\n'));
  const response = await answered;
  return { response, detail: response !== null && response.status !== 400 ? 'no 400 to be had' : '' };
}

/** Waits for a 100 or the final answer before it sends the body, as a polite client does; without either the body goes out after a second. */
async function expecting(prober: Prober, connection: RawConnection, head: RequestVariant): Promise<Outcome> {
  await prober.limiter.requests(1);
  let continued = false;
  let goOn = (): void => {};
  const asked = new Promise<void>((go) => (goOn = go));
  const answered = connection.response(prober.timeouts.responseNs, false, () => {
    continued = true;
    goOn();
  });
  connection.write(prober.request({ ...head, more: { ...head.more, Expect: '100-continue' } }));
  await Promise.race([asked, answered, pause(1000, undefined, { ref: false })]);
  if (connection.end === null) connection.write(Buffer.from('hello\n'));
  return { response: await answered, detail: continued ? '100 Continue came first' : 'the final answer came without a 100' };
}

function after(fromNs: Ns, toNs: Ns): number {
  return Math.max(0, nsToMs(toNs - fromNs));
}
