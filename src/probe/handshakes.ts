/** What the server's TLS offers, and what each of the name's addresses does. */
import type { Endpoint, TlsVersion } from '../net/endpoint.js';
import type { ProbeReport } from '../result/probe.js';
import type { Prober } from './prober.js';
import { OpenFailure } from './socket.js';
import { ticketLifetime } from './ticket.js';

const VERSIONS: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];
const OFFERS: readonly (readonly string[])[] = [['h2', 'http/1.1'], ['h2'], ['http/1.1']];
const MOST_ADDRESSES = 4;

/** Versions, session resumption once and again with the same ticket, ALPN. null over plain http. */
export async function tlsFacts(prober: Prober): Promise<ProbeReport['tls']> {
  if (!prober.endpoint.secure) return null;
  const versions = await Promise.all(VERSIONS.map((version) => resumption(prober, version)));
  const [both, ...alone] = await Promise.all(OFFERS.map((offer) => chosen(prober, offer)));
  return { versions, alpn: both!.chosen, h2: both!.chosen === 'h2', alone };
}

/** What becomes of one ALPN offer. A connection that is opened for it alone carries no request. */
async function chosen(prober: Prober, offer: readonly string[]): Promise<NonNullable<ProbeReport['tls']>['alone'][number]> {
  const offered = offer.join(', ');
  try {
    return { offered, chosen: await prober.with(({ alpn }) => Promise.resolve(alpn), { alpn: offer }), failure: '' };
  } catch (error) {
    if (error instanceof OpenFailure) return { offered, chosen: '', failure: error.kind };
    throw error;
  }
}

async function resumption(prober: Prober, version: TlsVersion): Promise<NonNullable<ProbeReport['tls']>['versions'][number]> {
  const sessions = await opened(sessionsOf(prober, version));
  if (sessions === null) return { version, spoken: false, sessions: 0, resumed: null, resumedAgain: null, ticketSeconds: null };
  const [session] = sessions;
  const resumes = (): Promise<boolean | null> => (session === undefined ? Promise.resolve(null) : opened(resumesAt(prober, session, version)));
  const resumed = await resumes();
  return { version, spoken: true, sessions: sessions.length, resumed, resumedAgain: resumed === true ? await resumes() : null, ticketSeconds: session === undefined ? null : ticketLifetime(session) };
}

/** The sessions given by one connection that carries a request: TLS 1.3 gives them after the handshake. */
function sessionsOf(prober: Prober, version?: TlsVersion): Promise<readonly Buffer[]> {
  return prober.with(
    async (connection) => {
      await prober.exchange(connection);
      return connection.sessions;
    },
    version === undefined ? {} : { version },
  );
}

function resumesAt(prober: Prober, session: Buffer, version?: TlsVersion): Promise<boolean> {
  return prober.with(
    async (connection) => {
      await prober.exchange(connection); // a connection that carries nothing would look like an error in the server's log
      return connection.resumed;
    },
    { session, ...(version === undefined ? {} : { version }) },
  );
}

/** One exchange with each address of the name; over TLS with a session of the first, which shows whether they share their ticket keys. */
export async function addresses(prober: Prober, endpoints: readonly Endpoint[]): Promise<ProbeReport['addresses']> {
  const session = prober.endpoint.secure && endpoints.length > 1 ? (await opened(sessionsOf(prober)))?.[0] : undefined;
  return Promise.all(
    endpoints.slice(0, MOST_ADDRESSES).map(async (endpoint) => {
      const there = prober.to(endpoint);
      const row = { address: endpoint.address, status: 0, server: '', failure: '', resumed: null };
      try {
        return await there.with(async (connection) => {
          const { resumed } = connection;
          const response = await there.exchange(connection);
          const other = session !== undefined && endpoint !== prober.endpoint;
          return { ...row, status: response?.status ?? 0, server: response?.field('server') ?? '', failure: response === null ? 'closed' : '', resumed: other ? resumed : null };
        }, session === undefined ? {} : { session });
      } catch (error) {
        if (error instanceof OpenFailure) return { ...row, failure: error.kind };
        throw error;
      }
    }),
  );
}

async function opened<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OpenFailure) return null;
    throw error;
  }
}
