import { describe, expect, test } from 'vitest';
import { adviceOn } from '../../src/probe/advice.js';
import type { ProbeReport } from '../../src/result/probe.js';
import { UNREMARKABLE } from '../fakes/probe.js';

type Found = Omit<ProbeReport, 'advice'>;

const NOTHING: Found = UNREMARKABLE;
const closing = (ms: number, hintSeconds: number | null = null): Found => ({ ...NOTHING, idle: { ...NOTHING.idle, state: 'closes', samplesMs: [ms, ms, ms], boundsMs: [], medianMs: ms, how: 'fin', hintSeconds } });

describe('the advice of a probe', () => {
  test.each([
    [5003, null, 'Set the client’s idle timeout below 4 s: the server closes after 5.0 s and does not say so.'],
    [5003, 5, 'Set the client’s idle timeout below 4 s: the server closes after 5.0 s and says so (Keep-Alive: timeout=5).'],
    [6005, 5, 'Set the client’s idle timeout below 5 s: the server closes after 6.0 s and says 5 s (Keep-Alive: timeout=5), on the safe side.'],
    [4010, 5, 'Set the client’s idle timeout below 3 s: the server closes after 4.0 s and promises 5 s (Keep-Alive: timeout=5), which it does not keep.'],
    [75_020, null, 'Set the client’s idle timeout below 67 s: the server closes after 75.0 s and does not say so.'],
    [1000, null, 'Set the client’s idle timeout below 500 ms: the server closes after 1.0 s and does not say so.'],
  ])('idle for %i ms, hint %s', (ms, hint, sentence) => {
    expect(adviceOn(closing(ms, hint))[0]).toBe(sentence);
  });

  test('says in which order the timeouts of a chain belong', () => {
    expect(adviceOn(closing(5003))[1]).toBe(
      'A load balancer or proxy in front of it must give up idle connections sooner than the server does (AWS ALB: 60 s, Google: 600 s by default): keep the proxy’s below 4 s, or raise the server’s above the proxy’s.',
    );
    expect(adviceOn(closing(75_000))[1]).toMatch(/its idle timeout belongs below 67 s\.$/);
  });

  test('has nothing to say where nothing stands in the way', () => {
    expect(adviceOn(NOTHING)).toEqual([]);
  });

  test.each<[keyof Found, Partial<Found>, RegExp]>([
    ['maxRequests', { maxRequests: { ...NOTHING.maxRequests, state: 'policy', counts: [1, 1] } }, /^The server ends every connection after one request/],
    ['maxRequests', { maxRequests: { ...NOTHING.maxRequests, state: 'policy', counts: [100, 100], announced: true } }, /carries 100 requests, and then the server says so and closes it: at 100 requests\/s that is 1\.00 handshakes a second/],
    ['maxAge', { maxAge: { ...NOTHING.maxAge, state: 'closes', ageMs: 60_000 } }, /^A connection lives 60 s at most, however busy it is, and ends without a word/],
    ['backends', { backends: { ...NOTHING.backends, state: 'by-connection' } }, /stays with one of several backends/],
    ['addresses', { addresses: [{ address: '192.0.2.1', status: 200, server: '', failure: '', resumed: null }, { address: '192.0.2.2', status: 0, server: '', failure: 'refused', resumed: null }] }, /^192\.0\.2\.2 does not answer/],
    ['addresses', { addresses: [{ address: '192.0.2.1', status: 200, server: '', failure: '', resumed: null }, { address: '192.0.2.2', status: 200, server: '', failure: '', resumed: false }] }, /not resumed at another: their ticket keys differ/],
  ])('on %s', (_what, found, sentence) => {
    const advice = adviceOn({ ...NOTHING, ...found });
    expect(advice.length).toBe(1);
    expect(advice[0]).toMatch(sentence);
  });
});
