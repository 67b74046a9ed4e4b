import { afterAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/ask/answer.js';
import { ask, type Question } from '../../src/ask/ask.js';
import { answerText } from '../../src/ask/text.js';
import { ownClock } from '../../src/measure/clock.js';
import { scenarioFromUrl } from '../../src/scenario/from-url.js';
import * as zoo from '../servers/zoo/index.js';
import type { Member, ZooServer } from '../servers/zoo/member.js';

const MS = 1e6;

interface Case {
  readonly member: Member;
  readonly repeat?: number;
  readonly gapMs?: number;
  /** null: yes. */
  readonly code: string | null;
  readonly label?: string;
  readonly sentence: RegExp;
  readonly remark?: RegExp;
  readonly connections: number;
}

const cases: readonly Case[] = [
  { member: zoo.patient, code: null, sentence: /^Yes: both went over connection 1 \(127\.0\.0\.1:\d+ → 127\.0\.0\.1:\d+\); the second saved a TCP handshake, [\d.]+ ms\.$/, connections: 1 },
  { member: zoo.patient, repeat: 5, code: null, sentence: /^Yes: all 5 went over connection 1 .*; the other 4 each saved a TCP handshake/, connections: 1 },
  { member: zoo.patientTls, code: null, sentence: /TLS 1\.3\); the second saved a TCP and a TLS handshake/, connections: 1 },
  { member: zoo.alwaysCloses, code: 'N04', label: 'server-announced-close/always', sentence: /^No: the server answered `Connection: close`\.$/, remark: /a TCP handshake, [\d.]+ ms/, connections: 2 },
  { member: zoo.closeAmongTokens, code: 'N04', sentence: /^No: the server answered `Connection: close`\.$/, connections: 2 },
  { member: zoo.closesAfter3, repeat: 6, code: 'N04', sentence: /^No: 6 requests used 2 connections: the server answered `Connection: close` to every third request of a connection\.$/, connections: 2 },
  { member: zoo.closesAfter3, repeat: 3, code: null, sentence: /^Yes: all 3/, remark: /The last response answered `Connection: close`: one more request would have needed a new connection/, connections: 1 },
  { member: zoo.closesAfter3Silently, repeat: 4, gapMs: 100, code: 'N05', sentence: /the server closed connection 1, idle, .* after its third response, without having said/, connections: 2 },
  { member: zoo.closesAfter3Silently, repeat: 3, code: null, sentence: /^Yes/, remark: /after the last response the server closed connection 1, without having said/, connections: 1 },
  { member: zoo.announcesAndStays, repeat: 3, code: 'N04', label: 'server-announced-close/close-token', sentence: /to the second request/, remark: /announced the end of connection 1 and did not close it/, connections: 2 },
  { member: zoo.http10, code: 'N04', label: 'server-announced-close/http10', sentence: /answered in HTTP\/1\.0 without keep-alive\.$/, connections: 2 },
  { member: zoo.http10Kept, code: null, sentence: /^Yes/, connections: 1 },
  { member: zoo.untilEof, code: 'N04', label: 'server-announced-close/eof-delimited', sentence: /answered without a length/, connections: 2 },
  { member: zoo.idleClose, gapMs: 300, code: 'N05', label: 'server-idle-close', sentence: /closed connection 1, idle, [\d.]+ ms after its response/, connections: 2 },
  { member: zoo.idleNotice, gapMs: 300, code: 'N05', sentence: /closed connection 1, idle/, connections: 2 },
  { member: zoo.idleReset, gapMs: 300, code: 'N07', label: 'idle-reset', sentence: /was reset [\d.]+ ms after its last response, while it was idle/, connections: 2 },
  { member: zoo.resetsAgain, code: 'N06', label: 'stale-reuse', sentence: /reset connection 1 as it was used again/, remark: /Request 2 got no answer: .* It was not sent again/, connections: 1 },
  { member: zoo.endsAgain, repeat: 3, code: 'N06', sentence: /closed connection 1 as it was used again/, connections: 2 },
  { member: zoo.resetsAtFirst, code: 'N08', label: 'peer-abort', sentence: /reset connection 1 before it had answered/, connections: 2 },
  { member: zoo.halfThenFin, code: 'N08', sentence: /closed connection 1 before it had answered/, connections: 2 },
  { member: zoo.endsAtFirst, code: 'N08', label: 'peer-abort', sentence: /closed connection 1 before it had answered/, connections: 2 },
  { member: zoo.halfThenReset, code: 'N08', sentence: /reset connection 1 before it had answered/, connections: 2 },
  { member: zoo.surplus, gapMs: 100, code: 'N10', sentence: /not valid HTTP\/1\.1/, connections: 2 },
  { member: zoo.slowDrip, code: null, sentence: /^Yes/, connections: 1 },
  { member: zoo.continues, code: null, sentence: /^Yes/, connections: 1 },
  { member: zoo.hint, gapMs: 1300, code: 'N05', sentence: /closed connection 1, idle, 1\.\d+ s after its response/, connections: 2 },
  { member: zoo.garbage, code: 'N10', sentence: /not valid HTTP\/1\.1/, connections: 2 },
  { member: zoo.switches, code: 'N16', sentence: /switched to another protocol/, connections: 2 },
];

const started: ZooServer[] = [];
afterAll(() => Promise.all(started.map((server) => server.stop())));

const start = async (member: Member): Promise<ZooServer> => {
  const server = await member.start();
  started.push(server);
  return server;
};
const targetOf = ({ endpoint }: ZooServer, host = '127.0.0.1') => {
  const scenario = scenarioFromUrl(`${endpoint.secure ? 'https' : 'http'}://${host}:${endpoint.port}/`, endpoint.tls.ca === '' ? {} : { ca: endpoint.tls.ca });
  return { ...scenario, timeouts: { connectNs: 5e9, responseNs: 5e9, closeNs: 100 * MS } };
};
const question = (targets: Question['targets'], given: Partial<Question> = {}): Question => ({ targets, repeat: 2, gapNs: 0, watchNs: 100 * MS, ...given });

describe('ask', () => {
  test.concurrent.each(cases.map((one) => [`${one.member.summary}, ${one.repeat ?? 2} requests: ${one.code ?? 'yes'}`, one] as const))('a server that %s', async (_title, { member, repeat = 2, gapMs = 0, code, label, sentence, remark, connections }) => {
    const server = await start(member);
    const answer = await ask(question([targetOf(server)], { repeat, gapNs: gapMs * MS }), ownClock());
    expect(answer.sentence).toMatch(sentence);
    expect([answer.same, answer.reason?.code ?? null]).toEqual([code === null, code]);
    if (label !== undefined) expect(answer.reason?.label).toBe(label);
    if (remark !== undefined) expect(answer.remarks.join(' ')).toMatch(remark);
    expect(answer.connections.length).toBe(connections);
    expect(answer.connections.reduce((sum, { carried }) => sum + carried, 0), 'each request was carried once').toBe(repeat);
    expect(server.counts().connections, 'the server counted the same').toBe(connections);
    expectTimelines(answer);
  });

  test.concurrent('two origins of one machine never share, and their names say in what they differ', async () => {
    const server = await start(zoo.patient);
    const answer = await ask(question([targetOf(server), targetOf(server, 'localhost')], { repeat: 1 }), ownClock());
    expect([answer.same, answer.reason]).toEqual([false, { code: 'N14', label: 'other-origin' }]);
    expect(answer.sentence).toMatch(/differ in host \(127\.0\.0\.1, localhost\), and a connection of HTTP\/1\.1 belongs to one scheme, host and port/);
    expect(answer.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    expect([answer.requests[0]!.timeline.lookupMs === null, answer.requests[1]!.timeline.lookupMs === null], 'only a name is looked up').toEqual([true, false]);
  });

  test.concurrent('two URLs of one origin share', async () => {
    const server = await start(zoo.patient);
    const { target, ...rest } = targetOf(server);
    const other = { ...rest, target: { ...target, url: `${target.url}other`, requests: [{ ...target.requests[0]!, path: '/other' }] } };
    const answer = await ask(question([{ ...rest, target }, other], { repeat: 1 }), ownClock());
    expect(answer.same).toBe(true);
    expect(answer.requests.map(({ url }) => new URL(url).pathname)).toEqual(['/', '/other']);
  });

  test.concurrent('a second handshake that resumed the session of the first is told as such', async () => {
    const server = await start(zoo.idleTlsClose);
    const answer = await ask(question([targetOf(server)], { gapNs: 300 * MS }), ownClock());
    expect(answer.connections.map(({ tls }) => tls?.resumed)).toEqual([false, true]);
    expect(answer.remarks.join(' ')).toMatch(/a short one: the session was resumed/);
  });

  test.concurrent('an origin that takes no connection is a wrong request, with a remedy', async () => {
    const server = await start(zoo.refuses);
    await expect(ask(question([targetOf(server)]), ownClock())).rejects.toThrow(/nothing listens on that port \(refused\); start the target, or correct the port/);
  });

  test.concurrent.each([
    [zoo.alerts, /the TLS handshake failed: .*is this port plain http\?/],
    [zoo.plainOnHttps, /the TLS handshake failed/],
    [zoo.closesInHandshake, /closed the connection during the TLS handshake/],
    [zoo.expiredCertificate, /certificate was not accepted .*--insecure/],
    [zoo.unknownAuthority, /certificate was not accepted .*--ca FILE/],
  ] as const)('no handshake, no answer, but a reason and a remedy: $summary', async (who, complaint) => {
    await expect(ask(question([targetOf(await start(who))]), ownClock())).rejects.toThrow(complaint);
  });

  test.concurrent('a name that does not resolve is a wrong request', async () => {
    const { target, ...rest } = targetOf(await start(zoo.patient));
    await expect(ask(question([{ ...rest, target: { ...target, url: 'http://no-such-host.invalid/' } }]), ownClock())).rejects.toThrow(/no-such-host\.invalid does not resolve/);
  });

  test.concurrent('http and https of one host differ in scheme and port', async () => {
    const [plain, secure] = await Promise.all([start(zoo.patient), start(zoo.patientTls)]);
    const answer = await ask(question([targetOf(plain), targetOf(secure)], { repeat: 1 }), ownClock());
    expect([answer.same, answer.reason?.code]).toEqual([false, 'N14']);
    expect(answer.sentence).toMatch(/differ in scheme \(http, https\) and port \(\d+, \d+\)/);
  });

  test.concurrent('one request alone is no question', async () => {
    await expect(ask(question([targetOf(await start(zoo.patient))], { repeat: 1 }), ownClock())).rejects.toThrow(/shares its connection with nobody/);
  });

  test.concurrent.each([40, 80, 100])('is told in lines of at most %i columns', async (width) => {
    const answer = await ask(question([targetOf(await start(zoo.closesAfter3))], { repeat: 4 }), ownClock());
    const text = answerText(answer, { width, color: false, unicode: true });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text.replace(/\s+/g, ' ')).toContain(answer.sentence.slice(0, 60));
    expect(text).not.toMatch(/NaN|undefined|null/);
  });
});

function expectTimelines({ requests }: Answer): void {
  for (const { ordinal, failure, timeline } of requests) {
    const { connectMs, firstByteMs, bodyMs, totalMs } = timeline;
    expect(connectMs !== null, 'who comes first on a connection pays for it').toBe(ordinal === 1);
    if (failure === '') expect((connectMs ?? 0) + firstByteMs! + bodyMs!).toBeLessThanOrEqual(totalMs + 0.001);
  }
}
