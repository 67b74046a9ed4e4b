/** Whether several servers answer behind one address, and what they stay with: the connection, or the request. */
import type { ProbeReport } from '../result/probe.js';
import type { Prober } from './prober.js';
import type { RawResponse } from './raw.js';
import { OpenFailure } from './socket.js';

const CONNECTIONS = 3;
const REQUESTS = 3;

/** Fields by which proxies and applications say who answered. */
const SIGNS = ['server', 'via', 'x-served-by', 'x-server', 'x-backend', 'x-backend-server', 'x-upstream', 'x-instance', 'x-instance-id', 'x-hostname', 'x-host', 'x-pod', 'x-node'];
/** Cookies by which balancers keep a client with a backend; their value names it. */
const STICKY = /^(SERVERID|SRV|ROUTEID|ROUTE|ARRAffinity|BIGipServer[^=]*)=([^;]*)/i;

/** Some requests on some connections, and the fields in which their answers differ. */
export async function backends(prober: Prober): Promise<ProbeReport['backends']> {
  const met = await Promise.all(Array.from({ length: CONNECTIONS }, () => signsOf(prober)));
  const told = met.filter((signs) => signs.length > 0);
  const common = { connections: told.length, requestsEach: Math.max(0, ...told.map((signs) => signs.length)) };
  if (told.length === 0) return { ...common, state: 'unknown', fields: [], detail: 'no connection got an answer' };
  const names = [...new Set(told.flat().flatMap((signs) => [...signs.keys()]))];
  const fields = names.map((name) => ({ name, each: told.map((connection) => new Set(connection.map((signs) => signs.get(name) ?? ''))) })).filter(({ each }) => union(each).size > 1);
  const state = fields.length === 0 ? 'alike' : fields.some(({ each }) => each.some((values) => values.size > 1)) ? 'by-request' : 'by-connection';
  return { ...common, state, fields: fields.map(({ name, each }) => ({ name, values: [...union(each)].sort() })), detail: '' };
}

type Signs = ReadonlyMap<string, string>;

async function signsOf(prober: Prober): Promise<readonly Signs[]> {
  const met: Signs[] = [];
  try {
    await prober.with(async (connection) => {
      for (let n = 0; n < REQUESTS; n++) {
        const response = await prober.exchange(connection);
        if (response === null) return;
        met.push(signs(response));
        if (response.announced !== '') return;
      }
    });
  } catch (error) {
    if (!(error instanceof OpenFailure)) throw error;
  }
  return met;
}

function signs(response: RawResponse): Signs {
  const found = new Map<string, string>();
  for (const name of SIGNS) {
    const value = response.field(name);
    if (value !== undefined) found.set(name, value);
  }
  const [, cookie, value] = STICKY.exec(response.field('set-cookie') ?? '') ?? [];
  if (cookie !== undefined && value !== undefined) found.set(`cookie ${cookie}`, value);
  return found;
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
