/** An answer for a screen: the sentence, what else was seen, where the time went, and each connection from its beginning to its end. */
import type { Style } from '../reporters/reporter.js';
import { Screen } from '../reporters/screen.js';
import { row, type Table } from '../reporters/table.js';
import { clip, legible, mapStrings } from '../reporters/text.js';
import { meaningOf } from '../net/reasons.js';
import { formatMs } from '../units.js';
import type { Answer, AskedConnection } from './answer.js';
import { endOf, path } from './words.js';

export function answerText(answer: Answer, style: Style): string {
  const screen = new Screen(style);
  const { same, sentence, remarks, requests, connections } = mapStrings(answer, legible);
  screen.prose(clip(sentence, 700), same ? 'good' : 'bad');
  for (const remark of remarks) screen.prose(clip(remark, 500));
  screen.gap();
  screen.line(['where the time went, in ms', 'soft']);
  screen.table(timelineTable(requests));
  screen.gap();
  screen.line(['connections', 'soft']);
  screen.entries(connections.map((connection) => ({ label: { text: `${connection.id}` }, says: { text: path(connection) }, detail: story(connection) })));
  return screen.text();
}

function timelineTable(requests: Answer['requests']): Table {
  const number = (label: string) => ({ label, align: 'number' as const });
  const ms = (value: number | null): string => (value === null ? '–' : formatMs(value));
  return {
    caption: 'where the time went, in ms',
    columns: [{ label: 'request', align: 'text' }, { label: 'status', align: 'text' }, number('conn.'), { ...number('at'), optional: true }, number('lookup'), number('connect'), number('TLS'), number('first byte'), number('body'), number('total')],
    rows: requests.map(({ method, url, status, failure, connection, atMs, timeline }) => {
      const { lookupMs, connectMs, tlsMs, firstByteMs, bodyMs, totalMs } = timeline;
      const { pathname, search } = new URL(url);
      return row(`${method} ${pathname}${search}`, failure === '' ? String(status) : failure, connection === null ? '–' : String(connection), ms(atMs), ms(lookupMs), ms(connectMs), ms(tlsMs), ms(firstByteMs), ms(bodyMs), ms(totalMs));
    }),
  };
}

function story(connection: AskedConnection): string {
  const { tls, openedBecause, carried } = connection;
    const meaning = openedBecause.label === 'initial' ? 'it was the first of its origin' : (meaningOf(openedBecause.label) ?? openedBecause.label);
  const handshake = tls === null ? '' : tls.resumed ? 'TLS session resumed; ' : 'full TLS handshake; ';
  return `opened because ${meaning} (${openedBecause.code} ${openedBecause.label}); ${handshake}carried ${carried} request${carried === 1 ? '' : 's'}; ${endOf(connection)}`;
}
