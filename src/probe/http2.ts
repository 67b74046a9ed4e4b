/** What a server that offers HTTP/2 does with its connections. */
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import type { Ns } from '../define.js';
import type { ProbeReport } from '../result/probe.js';
import { NS_PER_MS, nsToMs } from '../units.js';
import type { Prober } from './prober.js';
import { beginSocket, OpenFailure, ready } from './socket.js';

const FAREWELL_MS = 100;

type Facts = NonNullable<ProbeReport['http2']>;

/** Its settings, a PING, requests on one connection until a GOAWAY, and another that rests behind one request. null when the server does not choose h2. */
export async function http2Facts(prober: Prober): Promise<Facts | null> {
  const [asked, idle] = await Promise.all([withSession(prober, contract), withSession(prober, rest)]);
  const nothing: Facts = {
    settings: null,
    pingMs: null,
    status: 0,
    requests: { state: 'unknown', carried: 0, code: null },
    idle: { state: 'unknown', afterMs: null, code: null, capMs: nsToMs(prober.capNs) },
    detail: '',
  };
  if (asked === null) return null;
  return { ...nothing, ...asked, ...(idle === null ? {} : { idle }) };
}

/** A session that says how it was ended by the server. */
interface Watched {
  readonly session: ClientHttp2Session;
  /** The error code of the GOAWAY, once it has come. */
  goawayCode: number | null;
  /** When it was closed or its end announced, whichever was first. */
  endedNs: Ns | null;
  readonly over: Promise<void>;
}

async function contract(prober: Prober, watched: Watched): Promise<Pick<Facts, 'settings' | 'pingMs' | 'status' | 'requests'>> {
  const status = await get(prober, watched); // the server's settings have come before its first answer
  const { maxConcurrentStreams, initialWindowSize, maxFrameSize, maxHeaderListSize } = watched.session.remoteSettings;
  const settings = {
    maxConcurrentStreams: limit(maxConcurrentStreams),
    initialWindowSize: initialWindowSize ?? 65_535,
    maxFrameSize: maxFrameSize ?? 16_384,
    maxHeaderListSize: limit(maxHeaderListSize),
  };
  const pingMs = watched.endedNs === null ? await ping(watched.session, prober.timeouts.responseNs) : null;
  let carried = status === 0 ? 0 : 1;
  while (carried > 0 && carried < prober.maxRequests && watched.endedNs === null && (await get(prober, watched)) !== 0) carried++;
  if (carried < prober.maxRequests) await within(watched.over, FAREWELL_MS); // the end of the last stream may be told before that of the session
  const state = carried === 0 ? 'unknown' : carried === prober.maxRequests ? 'none-seen' : watched.goawayCode !== null ? 'goaway' : watched.endedNs !== null ? 'closed' : 'none-seen';
  return { settings, pingMs, status, requests: { state, carried, code: watched.goawayCode } };
}

async function rest(prober: Prober, watched: Watched): Promise<Facts['idle']> {
  const status = await get(prober, watched);
  const sinceNs = prober.clock.nowNs();
  if (status !== 0) await within(watched.over, prober.capNs / NS_PER_MS);
  const state = status === 0 ? 'unknown' : watched.goawayCode !== null ? 'goaway' : watched.endedNs !== null ? 'closed' : 'stays-open';
  return { state, afterMs: watched.endedNs === null || status === 0 ? null : nsToMs(Math.max(0, watched.endedNs - sinceNs)), code: watched.goawayCode, capMs: nsToMs(prober.capNs) };
}

/** The status of one GET; 0 when there was no whole answer. */
async function get(prober: Prober, { session }: Watched): Promise<number> {
  await prober.limiter.requests(1);
  if (session.destroyed || session.closed) return 0;
  return new Promise((resolve) => {
    let status = 0;
    const stream = session.request(prober.http2Headers());
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), prober.timeouts.responseNs / NS_PER_MS);
    stream.on('response', (headers) => (status = Number(headers[':status'] ?? 0)));
    stream.on('error', () => (status = 0));
    stream.on('close', () => {
      clearTimeout(timer);
      resolve(stream.rstCode === constants.NGHTTP2_NO_ERROR ? status : 0);
    });
    stream.resume();
  });
}

function ping(session: ClientHttp2Session, patienceNs: Ns): Promise<number | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceNs / NS_PER_MS, null);
    const sent = session.ping((error, durationMs) => {
      clearTimeout(timer);
      resolve(error === null ? durationMs : null);
    });
    if (!sent) resolve(null);
  });
}

/** Opens a session for one piece of work; null when the server does not choose h2, or the connection cannot be opened. */
async function withSession<T>(prober: Prober, work: (prober: Prober, watched: Watched) => Promise<T>): Promise<T | null> {
  const { endpoint, limiter, clock, timeouts } = prober;
  const release = await limiter.connection();
  const socket = beginSocket(endpoint, { alpn: ['h2'], halfOpen: false });
  socket.on('close', release).on('error', () => {});
  try {
    await ready(socket, clock, timeouts.connectNs);
    if (!('alpnProtocol' in socket) || socket.alpnProtocol !== 'h2') return null;
    const session = connect(`https://${endpoint.authority}`, { createConnection: () => socket });
    const watched: Watched = { session, goawayCode: null, endedNs: null, over: new Promise((done) => session.once('goaway', () => done()).once('close', () => done())) };
    const ended = (): void => void (watched.endedNs ??= clock.nowNs());
    session.on('goaway', (code) => {
      watched.goawayCode ??= code;
      ended();
    });
    session.on('close', ended).on('error', () => {});
    try {
      return await work(prober, watched);
    } finally {
      session.destroy();
    }
  } catch (error) {
    if (error instanceof OpenFailure) return null;
    throw error;
  } finally {
    socket.destroy();
  }
}

/** Absent, or as large as it can be: no limit. */
function limit(value: number | undefined): number | null {
  return value === undefined || value >= 2 ** 32 - 1 ? null : value;
}

async function within(happens: Promise<void>, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([happens, new Promise((done) => (timer = setTimeout(done, patienceMs)))]);
  clearTimeout(timer);
}
