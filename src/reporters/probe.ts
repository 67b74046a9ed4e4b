/** What a probe found, in words: the same entries for the screen and for the HTML report. */
import type { ProbedCondition, ProbedWait, ProbeReport } from '../result/probe.js';
import { formatCount, formatMs } from '../units.js';
import type { Style } from './reporter.js';
import { Screen, type Entry } from './screen.js';
import { cell, row, type Cell, type Table } from './table.js';
import { clip, legible, mapStrings } from './text.js';

/** The whole probe for a screen: advice first, then what it rests on. */
export function probeText(report: ProbeReport, style: Style): string {
  const screen = new Screen(style);
  const told = mapStrings(report, (text) => clip(legible(text), 400));
  screen.line([`${told.url}`, 'plain', true], ['  '], [`${told.address}${told.server === '' ? '' : ` (${told.server})`}`, 'soft']);
  screen.gap();
  screen.line(['advice', 'soft']);
  for (const advice of told.advice) screen.prose(`· ${advice}`);
  if (told.advice.length === 0) screen.prose('Nothing stands in the way of reuse here.');
  screen.gap();
  screen.line(['what was found', 'soft']);
  screen.entries(probeEntries(told));
  screen.gap();
  const table = conditionsTable(told.conditions);
  screen.line([table.caption, 'soft']);
  screen.table(table);
  for (const note of table.notes ?? []) screen.prose(note, 'soft');
  screen.gap();
  screen.prose(politeness(told), 'soft');
  return screen.text();
}

export function probeEntries(report: ProbeReport): readonly Entry[] {
  const { idle, unused, maxRequests, maxAge, pipelining, halfClose, closing, backends, tls, http2, addresses } = report;
  const hint = idle.hintSeconds === null ? 'no Keep-Alive: timeout is sent' : `Keep-Alive: timeout=${idle.hintSeconds} is sent`;
  return [
    { label: cell('idle timeout'), ...waitWords(idle, hint) },
    { label: cell('unused'), ...waitWords(unused, 'a connection that never carried a request') },
    { label: cell('requests'), ...shareWords(maxRequests) },
    { label: cell('age'), ...ageWords(maxAge) },
    { label: cell('pipelining'), ...pipeliningWords(pipelining) },
    { label: cell('half-close'), says: HALF_CLOSE[halfClose.state], detail: halfClose.detail },
    { label: cell('its FIN'), says: CLOSING[closing.state], detail: closing.detail },
    { label: cell('backends'), ...backendWords(backends) },
    ...(tls === null ? [] : [{ label: cell('TLS'), ...tlsWords(tls) }]),
    ...(http2 === null ? [] : [{ label: cell('HTTP/2'), ...http2Words(http2) }]),
    ...(addresses.length < 2 ? [] : [{ label: cell('addresses'), ...addressWords(addresses) }]),
  ];
}

/** What keeps a connection and what ends it. */
export function conditionsTable(conditions: readonly ProbedCondition[]): Table {
  const details = conditions.filter(({ detail }) => detail !== '');
  return {
    caption: 'what ends a connection',
    columns: [{ label: 'after', align: 'text' }, { label: 'status', align: 'text' }, { label: 'announced', align: 'text' }, { label: 'connection', align: 'text' }, { label: 'closed after', align: 'number' }],
    rows: conditions.map(({ name, status, announced, outcome, closedAfterMs, how }) =>
      row(name, status === 0 ? '–' : String(status), announced === '' ? 'no' : ANNOUNCED[announced], outcomeWords(outcome, how), closedAfterMs === null ? '–' : `${formatMs(closedAfterMs)} ms`),
    ),
    notes: ['The bodies of POST go to a path that is not there, where nobody reads them.', ...details.map(({ name, detail }) => `${name}: ${detail}.`)],
  };
}

/** How gently it was asked. */
export function politeness({ sent, limits }: ProbeReport): string {
  return `${formatCount(sent.requests)} requests over ${formatCount(sent.connections)} connections; GET, HEAD, and POST to a path that is not there; never more than ${limits.connections} connections at once and ${limits.requestsPerSecond} requests/s.`;
}

const ANNOUNCED: Readonly<Record<Exclude<ProbedCondition['announced'], ''>, string>> = { 'close-token': 'close', http10: 'HTTP/1.0', 'eof-delimited': 'no length' };

const HALF_CLOSE: Readonly<Record<ProbeReport['halfClose']['state'], Cell>> = {
  answers: cell('a request followed by a FIN is answered', 'good'),
  drops: cell('a request followed by a FIN is dropped', 'doubt'),
  unknown: cell('not tried', 'soft'),
};

const CLOSING: Readonly<Record<ProbeReport['closing']['state'], Cell>> = {
  lingers: cell('behind its FIN the server reads on for a while', 'good'),
  resets: cell('what comes behind its FIN is answered by an RST'),
  'stays-open': cell('no FIN comes', 'doubt'),
  unknown: cell('not tried', 'soft'),
};

function waitWords(wait: ProbedWait, aside: string): { says: Cell; detail: string } {
  const { state, medianMs, how, capMs, detail } = wait;
  const also = [aside, detail].filter((part) => part !== '').join('; ');
  switch (state) {
    case 'closes':
      return { says: cell(`${seconds(medianMs ?? 0)}, by ${how === 'reset' ? 'an RST' : how === '408' ? 'a 408 and a FIN' : 'a FIN'}`), detail: `${samplesOf(wait)}; ${also}` };
    case 'stays-open':
      return { says: cell(`≥ ${seconds(capMs)}: still open when we stopped waiting`), detail: also };
    case 'dropped':
      return { says: cell(`dropped in silence within ${seconds(capMs)}`, 'bad'), detail: also };
    case 'unknown':
      return { says: cell('not measured', 'soft'), detail };
  }
}

/** How far the samples lie apart, and how closely they are known when this process noticed things late. */
function samplesOf({ samplesMs, boundsMs }: ProbedWait): string {
  const [least, most] = [samplesMs[0]!, samplesMs.at(-1)!];
  const seen = samplesMs.length === 1 ? 'one connection' : `${samplesMs.length} connections: ${seconds(least)} to ${seconds(most)}`;
  const unsure = Math.max(...boundsMs.map(([from, to]) => to - from));
  return unsure > WORTH_SAYING_MS ? `${seen}, known within ${formatMs(unsure)} ms` : seen;
}

const WORTH_SAYING_MS = 100;

function ageWords({ state, ageMs, agesMs, announced, paceMs, capMs, detail }: ProbeReport['maxAge']): { says: Cell; detail: string } {
  const pace = `a request every ${seconds(paceMs)}`;
  switch (state) {
    case 'closes':
      return { says: cell(`${seconds(ageMs ?? 0)}, however busy${announced ? '' : ', and no word before the end'}`, announced ? undefined : 'doubt'), detail: `${agesMs.map(seconds).join(' and ')}, ${pace}${announced ? '; the last response says Connection: close' : ''}` };
    case 'none-seen':
      return { says: cell(`≥ ${seconds(ageMs ?? capMs)}: no limit seen`), detail: [pace, detail].filter((part) => part !== '').join('; ') };
    case 'unknown':
      return { says: cell('not measured', 'soft'), detail };
  }
}

function shareWords({ state, counts, announced, hintMax, detail }: ProbeReport['maxRequests']): { says: Cell; detail: string } {
  const [count = 0] = counts;
  const hint = hintMax === null ? '' : `Keep-Alive: max=${hintMax} in the first response`;
  const also = [announced ? 'the last response says Connection: close' : '', hint, detail].filter((part) => part !== '').join('; ');
  switch (state) {
    case 'policy':
      return { says: cell(`${formatCount(count)} on a connection${announced ? '' : ', and no word before the end'}`, announced ? undefined : 'doubt'), detail: also };
    case 'varies':
      return { says: cell(`${counts.map(formatCount).join(' and ')} on two connections`, 'doubt'), detail: also };
    case 'none-seen':
      return { says: cell(`≥ ${formatCount(count)}: no limit seen`), detail: also };
    case 'unknown':
      return { says: cell('not measured', 'soft'), detail };
  }
}

function pipeliningWords({ state, sent, answered, aloneMs, togetherMs, detail }: ProbeReport['pipelining']): { says: Cell; detail: string } {
  const says: Readonly<Record<typeof state, Cell>> = {
    serial: cell('serial: requests are handled one after another'),
    concurrent: cell('concurrent: handled side by side, answered in order'),
    'in-order': cell('all answered, in order'),
    'first-only': cell(`only ${answered} of ${sent} are answered`, 'doubt'),
    refused: cell('refused', 'doubt'),
    unknown: cell('not tried', 'soft'),
  };
  const timing = aloneMs === null || togetherMs === null ? '' : `one alone took ${formatMs(aloneMs)} ms, ${sent} together ${formatMs(togetherMs)} ms`;
  return { says: says[state], detail: [timing, detail].filter((part) => part !== '').join('; ') };
}

function tlsWords({ versions, alpn, alone }: NonNullable<ProbeReport['tls']>): { says: Cell; detail: string } {
  const spoken = versions.filter((version) => version.spoken);
  const each = spoken.map(({ version, sessions, resumed, resumedAgain }) => {
    const again = resumed === true ? (resumedAgain === true ? 'resumed, and again' : 'resumed once only') : sessions === 0 ? 'no session given' : 'not resumed';
    return `${version.replace('TLSv', 'TLS ')}: ${again}`;
  });
  const kept = [...new Set(spoken.flatMap(({ ticketSeconds }) => (ticketSeconds === null ? [] : [duration(ticketSeconds)])))];
  const chosenOf = (chosen: string): string => (chosen === '' ? 'nothing' : chosen);
  const detail = [
    ...(kept.length === 0 ? [] : [`a session may be kept for ${kept.join(', or ')}`]),
    `of h2 and http/1.1 the server chooses ${chosenOf(alpn)}`,
    ...alone.map(({ offered, chosen, failure }) => `of ${offered} alone ${failure === '' ? chosenOf(chosen) : `it ends the handshake (${failure})`}`),
  ];
  return { says: cell(each.length === 0 ? 'neither TLS 1.2 nor TLS 1.3' : each.join('; '), each.length === 0 ? 'bad' : undefined), detail: detail.join('; ') };
}

function backendWords({ state, connections, requestsEach, fields, detail }: ProbeReport['backends']): { says: Cell; detail: string } {
  const says: Readonly<Record<typeof state, Cell>> = {
    alike: cell('none can be told from another'),
    'by-connection': cell('a connection stays with one of several'),
    'by-request': cell('one connection meets several'),
    unknown: cell('not tried', 'soft'),
  };
  const differing = fields.map(({ name, values }) => `${name}: ${values.join(', ')}`);
  return { says: says[state], detail: state === 'unknown' ? detail : [`${connections} connections, ${requestsEach} requests each`, ...differing].join('; ') };
}

function http2Words({ settings, pingMs, requests, idle, detail }: NonNullable<ProbeReport['http2']>): { says: Cell; detail: string } {
  const ended = (state: 'goaway' | 'closed', code: number | null): string => (state === 'closed' ? 'closed without a GOAWAY' : code === null || code === 0 ? 'a GOAWAY' : `a GOAWAY of code ${code}`);
  const count = `${formatCount(requests.carried)} requests`;
  const said = [
    requests.state === 'unknown' ? '' : requests.state === 'none-seen' ? `${count} or more` : `${ended(requests.state, requests.code)} after ${count}`,
    idle.state === 'unknown' ? '' : idle.state === 'stays-open' ? `idle for ${seconds(idle.capMs)} or longer` : `${ended(idle.state, idle.code)} after ${seconds(idle.afterMs ?? 0)} idle`,
  ].filter((part) => part !== '');
  const streams = settings?.maxConcurrentStreams ?? null;
  const allows = settings === null ? [] : [streams === null ? 'streams without limit' : `${formatCount(streams)} streams at once`, `window ${formatCount(settings.initialWindowSize)} bytes`];
  const ping = pingMs === null ? 'no answer to PING' : `PING answered in ${formatMs(pingMs)} ms`;
  const says = said.length === 0 ? cell('chosen, and no request was answered', 'bad') : cell(said.join('; '));
  return { says, detail: [...allows, ping, detail].filter((part) => part !== '').join('; ') };
}

function addressWords(addresses: ProbeReport['addresses']): { says: Cell; detail: string } {
  const answering = addresses.filter(({ failure }) => failure === '');
  const each = addresses.map(({ address, status, failure, server, resumed }) => {
    const session = resumed === null ? '' : resumed ? ', session of the first resumed' : ', session of the first not resumed';
    return `${address} ${failure === '' ? status : failure}${server === '' ? '' : ` (${server})`}${session}`;
  });
  return { says: cell(`${answering.length} of ${addresses.length} answer`, answering.length < addresses.length ? 'doubt' : undefined), detail: each.join('; ') };
}

function outcomeWords(outcome: ProbedCondition['outcome'], how: ProbedCondition['how']): Cell {
  switch (outcome) {
    case 'kept':
      return cell('kept', 'good');
    case 'closed':
      return cell(how === 'reset' ? 'reset' : 'closed');
    case 'announced-only':
      return cell('left open', 'doubt');
    case 'no-answer':
      return cell(how === 'reset' ? 'reset, no answer' : 'no answer', 'bad');
    case 'failed':
      return cell('not tried', 'soft');
  }
}

function duration(s: number): string {
  return s >= 3600 && s % 3600 === 0 ? `${s / 3600} h` : s >= 60 && s % 60 === 0 ? `${s / 60} min` : `${s} s`;
}

function seconds(ms: number): string {
  return ms < 100 ? `${formatMs(ms)} ms` : `${(ms / 1000).toFixed(2).replace(/\.?0+$/, '')} s`;
}
