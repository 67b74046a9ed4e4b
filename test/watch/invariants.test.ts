/** Whatever clients do, and in whatever order it reaches us: nothing is counted twice, nothing is lost. */
import { assert, constantFrom, array, integer, oneof, property, record, type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import type { Announcement, WatchedConnection } from '../../src/watch/connection.js';
import { WatchBench } from './bench.js';

/** A step of a history. `of` chooses the connection; a step that it cannot take is left out. */
type Step =
  | { readonly does: 'open' | 'begin' | 'early' | 'upgrade' | 'secure'; readonly of: number }
  | { readonly does: 'ask'; readonly of: number; readonly agent: string; readonly host: string; readonly saysClose: boolean }
  | { readonly does: 'answer'; readonly of: number; readonly announced: Announcement; readonly hintSeconds: number; readonly bytes: number }
  | { readonly does: 'end'; readonly of: number; readonly by: 'client' | 'server'; readonly signal: 'fin' | 'reset' | 'timeout' }
  | { readonly does: 'pass'; readonly ms: number };

const of = integer({ min: 0, max: 6 });
const step: Arbitrary<Step> = oneof(
  { weight: 3, arbitrary: record({ does: constantFrom('open' as const), of }) },
  { weight: 1, arbitrary: record({ does: constantFrom('begin' as const, 'early' as const, 'upgrade' as const, 'secure' as const), of }) },
  {
    weight: 5,
    arbitrary: record({ does: constantFrom('ask' as const), of, agent: constantFrom('a', 'a', 'a', 'a', 'b', ''), host: constantFrom('a.test', 'a.test', 'a.test', 'b.test'), saysClose: constantFrom(false, false, false, true) }),
  },
  {
    weight: 4,
    arbitrary: record({
      does: constantFrom('answer' as const),
      of,
      announced: constantFrom<Announcement>('', '', '', 'close-token', 'http10', 'eof-delimited'),
      hintSeconds: constantFrom(-1, 1, 60),
      bytes: constantFrom(0, 100, 1 << 20),
    }),
  },
  { weight: 3, arbitrary: record({ does: constantFrom('end' as const), of, by: constantFrom('client' as const, 'server' as const), signal: constantFrom('fin' as const, 'reset' as const, 'timeout' as const) }) },
  { weight: 3, arbitrary: record({ does: constantFrom('pass' as const), ms: constantFrom(0, 1, 10, 60, 300, 5000) }) },
);

function take(bench: WatchBench, all: WatchedConnection[], one: Step): void {
  if (one.does === 'pass') return void bench.pass(one.ms);
  if (one.does === 'open') return void all.push(bench.open());
  const live = all.filter(({ end }) => end === null);
  const connection = live[one.of % live.length];
  if (connection === undefined) return;
  const { phase } = connection;
  const { observer } = bench;
  switch (one.does) {
    case 'ask':
      if (phase === 'unused' || phase === 'idle') bench.ask(connection, { userAgent: one.agent, host: one.host, saysClose: one.saysClose });
      break;
    case 'begin':
      if (phase === 'reading') bench.begin(connection, { bodyBytes: 1 << 24, bytes: 1 << 20 });
      break;
    case 'answer':
      if (phase === 'reading') bench.answer(connection, one);
      else if (phase === 'answering') observer.answerEnded(connection, false);
      break;
    case 'early':
      if (phase === 'reading') bench.answer(connection, { early: true, status: 413 });
      else if (connection.early) observer.requestEndedLate(connection);
      break;
    case 'upgrade':
      if (phase === 'answering') observer.upgraded(connection);
      break;
    case 'secure':
      if (phase === 'unused' && connection.requests === 0) observer.secured(connection, one.of % 2 === 0);
      break;
    case 'end':
      observer.ended(connection, one.by, one.signal);
      break;
  }
}

test('each opening has one verdict, and requests and connections add up, after any history', () => {
  assert(
    property(array(step, { maxLength: 150, size: 'max' }), (steps) => {
      const bench = new WatchBench();
      const all: WatchedConnection[] = [];
      for (const one of steps) take(bench, all, one);
      const { observer } = bench;
      const report = bench.report();
      const used = all.filter(({ requests }) => requests > 0);
      expect(report.connections).toBe(used.length);
      expect(report.requests).toBe(all.reduce((sum, { requests }) => sum + requests, 0));
      expect(observer.open).toBe(all.filter(({ end }) => end === null).length);
      expect(report.peakOpen).toBeLessThanOrEqual(all.length);
      expect(report.connections + report.neverUsed + all.filter(({ requests, end }) => requests === 0 && end === null).length).toBe(all.length);
      let avoidable = 0;
      for (const client of report.clients) {
        const own = report.list.filter((listed) => listed.client === client.userAgent && listed.requests > 0);
        expect(own.length).toBe(client.connections);
        expect(own.reduce((sum, { requests }) => sum + requests, 0)).toBe(client.requests);
        expect(client.requests - client.reuses).toBe(client.connections);
        for (const { code, count } of client.verdicts) expect(own.filter(({ verdict }) => verdict === code).length, code).toBe(count);
        expect(client.verdicts.reduce((sum, { count }) => sum + count, 0)).toBe(client.connections);
        avoidable += client.verdicts.reduce((sum, { needed, count }) => sum + (needed ? 0 : count), 0);
      }
      expect(report.needed).toBe(report.connections - avoidable);
      expect(report.answer).toBe(report.requests === 0 ? 'nothing-seen' : avoidable === 0 ? 'yes' : 'no');
      expect(bench.report()).toEqual(report); // what is over is over
    }),
    { numRuns: 400 },
  );
});
