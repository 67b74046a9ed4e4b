import { describe, expect, test } from 'vitest';
import type { Observer } from '../../src/watch/observer.js';
import { renderWatch } from '../../src/watch/text.js';
import { openingLine } from '../../src/watch/listed.js';
import { columns } from '../../src/reporters/text.js';
import { WatchBench } from './bench.js';

const text = (bench: WatchBench, width = 80): string => renderWatch(bench.report(), { width });
const sentence = (bench: WatchBench): string => text(bench, 10_000).split('\n')[0]!;

/** Requests whose large answers are given up. */
function givenUp(times: number, userAgent = 'Go-http-client/1.1'): WatchBench {
  const bench = new WatchBench();
  for (let i = 0; i < times; i++) {
    const one = bench.open();
    bench.ask(one, { userAgent });
    bench.begin(one, { bytes: 300_000, bodyBytes: 1 << 20 });
    bench.pass(1).observer.ended(one, 'client', 'reset');
    bench.pass(1);
  }
  return bench;
}

test('the answer stands first, with the reason and what to do', () => {
  expect(sentence(givenUp(200))).toBe(
    'No: 200 requests used 200 connections; 1 connection would have done. Each time the client gave the connection up before the answer was read to its end (a reset came in the middle of an answer of 1.0 MiB, of which 293.0 KiB were out). ' +
      'Read every body to its end: in Go, io.Copy(io.Discard, resp.Body) before Close (since Go 1.27, Close itself reads up to 256 KiB); in undici, await body.dump() or consume it; in fetch, read or cancel the body.',
  );
});

test('yes is said with its numbers', () => {
  const bench = new WatchBench();
  const one = bench.open();
  for (let i = 0; i < 1234; i++) bench.exchange(one);
  expect(sentence(bench)).toBe('Yes: 1,234 requests used 1 connection.');
});

describe('when nothing came', () => {
  test('that is said', () => expect(sentence(new WatchBench())).toBe('Nothing to judge: no request came.'));

  test('failed handshakes are given as the reason', () => {
    const bench = new WatchBench();
    const failed = bench.open();
    failed.phase = 'handshake';
    bench.observer.ended(failed, 'client', 'fin');
    expect(sentence(bench)).toContain('as 1 TLS handshake failed. Trust the server’s authority');
  });
});

test.each([60, 80, 100])('no line is wider than %i columns, whatever a client calls itself', (width) => {
  const bench = givenUp(3, `\u001b[31mevil\u0007 ${'漢字'.repeat(50)} ${'x'.repeat(300)}`);
  for (const line of text(bench, width).split('\n')) expect(columns(line), line).toBeLessThanOrEqual(width);
});

test('what a client calls itself reaches no terminal as it is', () => {
  const bench = givenUp(2, '\u001b]0;owned\u0007\u001b[2J\r\n\u202emoc');
  const shown = text(bench) + openingLine(bench.observer.listed[0]!);
  // eslint-disable-next-line no-control-regex
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test('more clients than a screen holds are summed up', () => {
  const bench = new WatchBench();
  for (let i = 0; i < 14; i++) bench.exchange(bench.open(), { userAgent: `client ${i}` });
  expect(text(bench)).toContain('and 4 clients more, with 0 avoidable connections');
});

test('tunnels are told with their sessions', () => {
  const bench = new WatchBench();
  const observer: Observer = bench.observer;
  const tunnel = bench.open();
  bench.ask(tunnel, { method: 'CONNECT', target: 'x.test:443' });
  observer.tunnelled(tunnel);
  observer.tunnelHello(tunnel, { servername: 'x.test', protocols: [], offersResumption: true });
  observer.tunnelAnswer(tunnel, true);
  expect(text(bench, 200)).toContain('1 tunnel: 1 offered to resume a TLS session, 1 did. The requests in them are not to be seen.');
});
