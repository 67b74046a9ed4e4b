/** The sentences of an answer. */
import { failureKinds, type FailureKind } from '../net/failures.js';
import { reasonOf } from '../net/reasons.js';
import { formatMs } from '../units.js';
import type { AskedConnection } from './answer.js';
import type { Evidence } from './judge.js';

/** The answer in one sentence. */
export function sentenceOf({ same, reason, requests, connections }: Evidence): string {
  const first = connections[0]!;
  const n = requests.length;
  if (same) {
    const who = n === 2 ? 'both' : `all ${n}`;
    return `Yes: ${who} went over connection 1 (${path(first)}); ${n === 2 ? 'the second' : `the other ${n - 1} each`} saved ${handshakes(first)}, ${formatMs(first.openingMs ?? 0)} ms.`;
  }
  if (reason?.code === 'N14') return `No: ${originsDiffer(connections)}`;
  const used = n === 2 && connections.length === 2 ? '' : `${n} requests used ${connections.length} connection${connections.length === 1 ? '' : 's'}: `;
  return `No: ${used}${whyNot(connections[0]!, connections, requests)}.`;
}

/** What else was seen: the cost, promises that were not kept, ends that came unannounced. */
export function remarksOn({ same, reason, requests, connections }: Evidence): readonly string[] {
  const remarks: string[] = [];
  const [first, second] = connections;
  if (!same && reason?.code !== 'N14' && second?.openingMs != null) {
    remarks.push(`Each further connection costs ${handshakes(second)}${second.tls?.resumed ? ' (a short one: the session was resumed)' : ''}, ${formatMs(second.openingMs)} ms the first time.`);
  }
  if (reason?.code === 'N14' && sameMachine(connections)) {
    remarks.push(`Both origins answer at ${first!.remote}. Over HTTP/2 a client may use one connection for both if the certificate names both; over HTTP/1.1 never.`);
  }
  for (const connection of connections) {
    const { id, end } = connection;
    if (end.neverClosed) remarks.push(`The server announced the end of connection ${id} and did not close it: ${ms(end.afterLastResponseMs)} after its last response it was still open, and we closed it.`);
  }
  const last = connections.at(-1);
  if (last !== undefined && reason?.code !== 'N14' && requests.every(({ failure }) => failure === '')) {
    if (same && last.end.announced !== '') remarks.push(`The last response ${announcement(last)}: one more request would have needed a new connection.`);
    if (last.end.label === 'server-idle-close' || last.end.label === 'idle-reset') {
      remarks.push(`${ms(last.end.afterLastResponseMs)} after the last response the server ${last.end.signal === 'reset' ? 'reset' : 'closed'} connection ${last.id}, without having said \`Connection: close\`: one more request would have needed a new one.`);
    }
  }
  for (const [index, { failure }] of requests.entries()) {
    if (failure !== '') remarks.push(`Request ${index + 1} got no answer: ${failureKinds[failure as FailureKind] ?? failure} (${failure}). It was not sent again.`);
  }
  return remarks;
}

/** How a connection ended, as a clause about it. */
export function endOf({ end, carried }: AskedConnection): string {
  const after = end.afterLastResponseMs === null ? '' : ` ${ms(end.afterLastResponseMs)} after its last response`;
  if (end.neverClosed) return `announced its end and stayed open; we closed it${after}`;
  switch (reasonOf(end.label) as string) {
    case 'round-end':
      return `still open${after}; we closed it`;
    case 'server-announced-close':
      return end.signal === '' ? `its end was announced, and we closed it${after}` : `its end was announced, and the server closed it${after}`;
    case 'server-idle-close':
      return `closed by the server${carried === 0 ? ' before it carried anything' : `, unannounced,${after}`}`;
    case 'idle-reset':
      return `reset${after}, while it was idle`;
    case 'stale-reuse':
      return `${end.signal === 'reset' ? 'reset' : 'closed'} by the server as request ${carried} on it was on its way`;
    case 'peer-abort':
      return `${end.signal === 'reset' ? 'reset' : 'closed'} by the server before the whole response`;
    case 'connect-failed':
      return `never opened: ${end.label.split('/')[1] ?? ''}`;
    default:
      return `given up by us (${end.label})`;
  }
}

/** `127.0.0.1:43122 → 127.0.0.1:443, TLS 1.3` */
export function path({ local, remote, tls }: AskedConnection): string {
  return `${local === '' ? '' : `${local} → `}${remote}${tls === null ? '' : `, ${tls.protocol.replace('TLSv', 'TLS ')}`}`;
}

/** Why the next request could not go over this connection, as a clause. */
function whyNot(connection: AskedConnection, connections: readonly AskedConnection[], requests: Evidence['requests']): string {
  const { id, carried, end } = connection;
  switch (reasonOf(end.label) as string) {
    case 'server-announced-close':
      return `the server ${announcement(connection)}${everyNth(connections)}`;
    case 'server-idle-close':
      return `the server closed connection ${id}, idle, ${ms(end.afterLastResponseMs)} after its ${carried === 1 ? 'response' : `${ordinal(carried)} response`}, without having said \`Connection: close\``;
    case 'idle-reset':
      return `connection ${id} was reset ${ms(end.afterLastResponseMs)} after its last response, while it was idle: by the server, or by something on the way`;
    case 'stale-reuse':
      return `the server ${end.signal === 'reset' ? 'reset' : 'closed'} connection ${id} as it was used again, and the request on it got no answer`;
    case 'peer-abort':
      return `the server ${end.signal === 'reset' ? 'reset' : 'closed'} connection ${id} before it had answered`;
    case 'local-timeout':
      return `the response on connection ${id} did not come in time, so that it could not be used again`;
    case 'protocol-error':
      return `what came on connection ${id} is not valid HTTP/1.1, so that it could not be used again`;
    case 'early-response':
      return `the response on connection ${id} was complete before its request was written, so that it could not be used again`;
    case 'upgrade':
      return `connection ${id} was switched to another protocol (101)`;
    default:
      return `a request failed (${requests.find(({ failure }) => failure !== '')?.failure ?? end.label})`;
  }
}

function announcement({ end }: AskedConnection): string {
  switch (end.announced) {
    case 'http10':
      return 'answered in HTTP/1.0 without keep-alive';
    case 'eof-delimited':
      return 'answered without a length, so that only the end of the connection ends the body';
    default:
      return 'answered `Connection: close`';
  }
}

/** When the announcement came later than with the first response: with which. */
function everyNth(connections: readonly AskedConnection[]): string {
  const [first, ...others] = connections.filter(({ end }) => end.announced !== '').map(({ carried }) => carried);
  if (first === undefined || first === 1) return '';
  return others.length > 0 && others.every((carried) => carried === first) ? ` to every ${ordinal(first)} request of a connection` : ` to the ${ordinal(first)} request`;
}

function originsDiffer(connections: readonly AskedConnection[]): string {
  const origins = [...new Set(connections.map(({ origin }) => origin))];
  const [a, b] = origins.map((origin) => new URL(origin));
  const differing = (['protocol', 'hostname', 'port'] as const).filter((part) => a![part] !== b![part]);
  const names = { protocol: 'scheme', hostname: 'host', port: 'port' };
  const parts = differing.map((part) => `${names[part]} (${show(a!, part)}, ${show(b!, part)})`);
  const others = origins.length > 2 ? `, and ${origins.length - 2} more origin${origins.length > 3 ? 's' : ''}` : '';
  return `${origins[0]} and ${origins[1]} differ in ${parts.join(' and ')}${others}, and a connection of HTTP/1.1 belongs to one scheme, host and port.`;
}

function show(url: URL, part: 'protocol' | 'hostname' | 'port'): string {
  if (part === 'port') return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return part === 'protocol' ? url.protocol.slice(0, -1) : url.hostname;
}

function sameMachine(connections: readonly AskedConnection[]): boolean {
  const places = new Map(connections.map(({ origin, remote }) => [origin, remote]));
  return [...places.keys()].every((origin) => origin.startsWith('https:')) && new Set(places.values()).size < places.size;
}

function handshakes({ tls }: AskedConnection): string {
  return tls === null ? 'a TCP handshake' : 'a TCP and a TLS handshake';
}

function ms(value: number | null): string {
  return value === null ? 'some time' : value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${formatMs(value)} ms`;
}

function ordinal(n: number): string {
  const words = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
  const end = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return words[n - 1] ?? `${n}${end}`;
}
