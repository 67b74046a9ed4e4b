import type { Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, describe, expect, test } from 'vitest';
import { ownClock } from '../../src/measure/clock.js';
import { listen } from '../../src/net/listener.js';
import { probe, type ProbeOptions } from '../../src/probe/probe.js';
import { probeText } from '../../src/reporters/probe.js';
import { probeReport, type ProbeReport } from '../../src/result/probe.js';
import { scenarioFromUrl } from '../../src/scenario/from-url.js';
import { expectIdle } from '../peers/meeting.js';
import * as zoo from '../servers/zoo/index.js';
import { answer, endpointAt, member, ok, response, type Member, type Visit, type ZooServer } from '../servers/zoo/member.js';

const started: ZooServer[] = [];
afterAll(() => Promise.all(started.map((server) => server.stop())));

async function probed(who: Member, given: Partial<ProbeOptions> = {}, responseNs = 5e9): Promise<{ report: ProbeReport; server: ZooServer }> {
  const server = await who.start();
  started.push(server);
  const { endpoint } = server;
  const scenario = scenarioFromUrl(`${endpoint.secure ? 'https' : 'http'}://127.0.0.1:${endpoint.port}/`, endpoint.secure ? { ca: endpoint.tls.ca } : {});
  const options = { capNs: 400e6, maxRequests: 8, slowPath: '', badRequest: false, limits: { connections: 8, requestsPerSecond: 1000 }, ...given };
  const report = await probe({ ...scenario, timeouts: { connectNs: 5e9, responseNs, closeNs: 1e9 } }, options, ownClock());
  expect(probeReport.parse(report), 'the report keeps to its schema').toEqual(report);
  expect(report.sent.requests, 'the server counted the same').toBeGreaterThanOrEqual(server.counts().requests);
  return { report, server };
}

const rowOf = ({ conditions }: ProbeReport, name: string) => conditions.find((row) => row.name === name);

describe.concurrent('probe, of a server that', () => {
  test('keeps connections for ever: the cap is all that can be said', async () => {
    const { report } = await probed(zoo.patient);
    expect(report.idle).toMatchObject({ state: 'stays-open', capMs: 400, hintSeconds: null });
    expect(report.unused.state).toBe('stays-open');
    expect(report.maxRequests).toMatchObject({ state: 'none-seen', counts: [8] });
    expect(report.halfClose.state).toBe('answers');
    expect(report.pipelining).toMatchObject({ answered: 3, state: 'in-order' });
    expect(report.maxAge.state).toBe('none-seen');
    expect(report.backends).toMatchObject({ state: 'alike', fields: [] });
    expect([report.tls, report.http2]).toEqual([null, null]);
    expect(rowOf(report, '400 Bad Request'), 'nobody is sent nonsense unasked').toBeUndefined();
  });

  test.each([
    { who: zoo.idleClose, how: 'fin' },
    { who: zoo.idleNotice, how: '408' },
    { who: zoo.idleReset, how: 'reset' },
  ] as const)('$who.summary', async ({ who, how }) => {
    const { report } = await probed(who);
    expect(report.idle).toMatchObject({ state: 'closes', how });
    expect(report.idle.samplesMs.length).toBe(3);
    // The server's 20 ms begin when it has written. A prober that is held up reads that later and sees less of them; from its asking on it is never less (but for a timer's millisecond).
    for (const [n, [least, most]] of report.idle.boundsMs.entries()) expect([least <= report.idle.samplesMs[n]!, report.idle.samplesMs[n]! <= most, most >= 19]).toEqual([true, true, true]);
  });

  test('keeps what its hint says', async () => {
    const { report } = await probed(zoo.hint, { capNs: 3e9 });
    expect(report.idle).toMatchObject({ state: 'closes', hintSeconds: 1 });
    expectIdle(report, 1000);
    expect(report.advice[0]).toMatch(/says so \(Keep-Alive: timeout=1\)/);
  });

  test('closes after three requests, and says so', async () => {
    const { report } = await probed(zoo.closesAfter3);
    expect(report.maxRequests).toMatchObject({ state: 'policy', counts: [3, 3], announced: true });
  });

  test('ends every connection at an age, however busy it is', async () => {
    const { report } = await probed(mortal(500), { capNs: 2500e6 });
    expect(report.maxAge).toMatchObject({ state: 'closes', announced: true });
    expect(report.maxAge.agesMs.every((ageMs) => ageMs >= 450), 'a wait is never shorter than it is, but for a timer’s millisecond and the handshake’s').toBe(true);
    expect(report.advice.join(' ')).toMatch(/lives \d\.\d+ s at most, however busy it is/);
  });

  test('ends connections by their number of requests, which is no age', async () => {
    const { report } = await probed(zoo.closesAfter3, { capNs: 2500e6 });
    expect(report.maxAge).toMatchObject({ state: 'unknown', ageMs: null, detail: 'the number of requests ends a connection first' });
  });

  test.each([
    { state: 'by-request', name: ({ nth }: Visit) => `app${nth}` },
    { state: 'by-connection', name: ({ socket }: Visit) => `app${socket.remotePort}` },
    { state: 'alike', name: () => 'app' },
  ])('is several behind one address, met $state', async ({ state, name }) => {
    const { report } = await probed(member('several', 'names its backends', { answers: (visit) => void visit.socket.write(ok(`X-Served-By: ${name(visit)}`)) }));
    expect(report.backends).toMatchObject({ state, connections: 3, requestsEach: 3, fields: state === 'alike' ? [] : [{ name: 'x-served-by' }] });
    expect(/stays with one of several backends/.test(report.advice.join(' '))).toBe(state === 'by-connection');
  });

  test.each([
    { what: 'closes behind a 400', outcome: 'closed', answer: (socket: Socket) => void socket.end(response('HTTP/1.1 400 Bad Request', 'Connection: close')) },
    { what: 'keeps the connection behind a 400', outcome: 'kept', answer: (socket: Socket) => void socket.write(response('HTTP/1.1 400 Bad Request')) },
  ])('$what', async ({ outcome, answer }) => {
    const who = member('strict', 'wants HTTP', { answers: ({ socket, head }) => (/ HTTP\/1\.[01]$/m.test(head) ? void socket.write(ok()) : answer(socket)) });
    expect(rowOf((await probed(who, { badRequest: true })).report, '400 Bad Request')).toMatchObject({ status: 400, outcome });
  });

  test('closes both ways at once, or reads on behind its FIN', async () => {
    const closing = (last: (socket: Socket) => void): Member => raw((socket) => void socket.write(ok()), undefined, (socket) => socket.on('data', (bytes) => /^connection: close/im.test(bytes.toString('latin1')) && setImmediate(last, socket)));
    const [abrupt, gentle] = await Promise.all([probed(closing((socket) => socket.destroySoon())), probed(closing((socket) => socket.end()))]);
    expect([abrupt.report.closing.state, gentle.report.closing.state]).toEqual(['resets', 'lingers']);
  });

  test('closes after three requests without a word', async () => {
    const { report } = await probed(zoo.closesAfter3Silently);
    expect(report.maxRequests).toMatchObject({ state: 'policy', counts: [3, 3], announced: false });
    expect(report.advice.join(' ')).toMatch(/closes it without a word/);
  });

  test('closes after every response: there is no idle timeout to measure', async () => {
    const { report } = await probed(zoo.alwaysCloses);
    expect(report.idle).toMatchObject({ state: 'unknown', detail: expect.stringContaining('after its first response') });
    expect(report.maxRequests).toMatchObject({ state: 'policy', counts: [1, 1], announced: true });
    expect(rowOf(report, 'GET')).toMatchObject({ announced: 'close-token', outcome: 'closed', how: 'fin' });
    expect(report.advice.join(' ')).toMatch(/Turn keep-alive on/);
  });

  test('announces a close and never closes', async () => {
    const { report } = await probed(member('stays', 'says close and stays', { answers: ({ socket }) => socket.write(ok('Connection: close')) }));
    expect(rowOf(report, 'GET')).toMatchObject({ announced: 'close-token', outcome: 'announced-only' });
    expect(report.closing.state).toBe('stays-open');
    expect(report.advice.join(' ')).toMatch(/leaves it to the client/);
  });

  test.each([
    { who: zoo.http10, announced: 'http10' },
    { who: zoo.untilEof, announced: 'eof-delimited' },
  ] as const)('$who.summary', async ({ who, announced }) => {
    const { report } = await probed(who);
    expect(rowOf(report, 'GET')).toMatchObject({ announced, outcome: 'closed' });
  });

  test('forgets idle connections in silence', async () => {
    const asleep = new WeakMap<Socket, number>();
    const who = member('forgets', 'answers nothing more after a rest', {
      answers: ({ socket }) => {
        const last = asleep.get(socket);
        asleep.set(socket, performance.now());
        if (last === undefined || performance.now() - last < 300) socket.write(ok());
      },
    });
    const { report } = await probed(who, {}, 1e9);
    expect(report.idle.state).toBe('dropped');
    expect(report.advice.join(' ')).toMatch(/forgets them/);
  });

  test('answers only the first of several requests that come together', async () => {
    const who = raw((socket, heads) => {
      socket.write(ok());
      if (heads > 1) socket.end();
    });
    expect((await probed(who)).report.pipelining).toMatchObject({ state: 'first-only', sent: 3, answered: 1 });
  });

  test('refuses several requests that come together', async () => {
    const who = raw((socket, heads) => (heads > 1 ? void socket.end(response('HTTP/1.1 400 Bad Request', 'Connection: close')) : void socket.write(ok())));
    expect((await probed(who)).report.pipelining).toMatchObject({ state: 'refused', answered: 0 });
  });

  test('takes the client’s FIN for the end of everything', async () => {
    const who = raw((socket) => void setTimeout(() => socket.writable && socket.write(ok()), 30), (socket) => socket.destroy());
    expect((await probed(who)).report.halfClose.state).toBe('drops');
  });

  test.each([
    { who: zoo.ticketless, resumed: false, resumedAgain: null },
    { who: zoo.patientTls, resumed: true, resumedAgain: true },
  ])('$who.summary', async ({ who, resumed, resumedAgain }) => {
    const { report } = await probed(who);
    const spoken = report.tls!.versions.find(({ version }) => version === 'TLSv1.2')!;
    expect([spoken.spoken, spoken.resumed ?? false, spoken.resumedAgain]).toEqual([true, resumed, resumedAgain]);
    expect(report.tls).toMatchObject({ alpn: 'http/1.1', h2: false });
  });

  test('does not listen: a wrong request', async () => {
    await expect(probed(zoo.refuses)).rejects.toThrow(/nothing listens on that port/);
  });

  test.each([40, 80])('is told in lines of at most %i columns, advice first', async (width) => {
    const { report } = await probed(zoo.closesAfter3);
    const text = probeText(report, { width, color: false, unicode: true });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text).not.toMatch(/NaN|undefined|null/);
    expect(text.indexOf('advice')).toBeLessThan(text.indexOf('what was found'));
  });
});

test('a probe keeps to its limits, by the count of the server', async () => {
  const limits = { connections: 4, requestsPerSecond: 50 };
  const arrivals: number[] = [];
  let open = 0;
  let most = 0;
  const who = raw(
    (socket, heads) => {
      for (let n = 0; n < heads; n++) arrivals.push(performance.now());
      for (let n = 0; n < heads; n++) socket.write(ok());
    },
    (socket) => socket.end(),
    (socket) => {
      most = Math.max(most, ++open);
      socket.on('close', () => open--);
    },
  );
  const lateness = monitorEventLoopDelay({ resolution: 5 });
  lateness.enable();
  const { report } = await probed(who, { limits, maxRequests: 40, capNs: 300e6 });
  lateness.disable();
  expect(most).toBeLessThanOrEqual(limits.connections);
  expect(report.sent.requests).toBe(arrivals.length);
  // Any n requests in a row take as long as n − 1 of them may; what comes late on the way may arrive together with the next few.
  const bursts = arrivals.flatMap((from, i) => arrivals.slice(i).map((to, k) => k + 1 - ((to - from) / 1000) * limits.requestsPerSecond));
  expect(Math.max(...bursts)).toBeLessThanOrEqual(8 + (lateness.max / 1e9) * limits.requestsPerSecond);
});

/** Says Connection: close in the first answer on a connection that is old enough. */
function mortal(ageMs: number): Member {
  const born = new WeakMap<Socket, number>();
  return member('mortal', '', {
    answers: (visit) => {
      const { socket } = visit;
      if (!born.has(socket)) born.set(socket, performance.now());
      if (performance.now() - born.get(socket)! < ageMs) answer(visit);
      else socket.end(ok('Connection: close'));
    },
  });
}

/** A server that is told how many heads came together. Bodies are read and left alone. */
function raw(answer: (socket: Socket, heads: number) => void, onEnd: (socket: Socket) => void = (socket) => socket.end(), onSocket: (socket: Socket) => void = () => {}): Member {
  return {
    kind: 'raw',
    summary: '',
    async start() {
      const listener = await listen({
        onSocket: (socket, { countRequest }) => {
          onSocket(socket);
          socket.on('end', () => onEnd(socket));
          socket.on('data', (bytes) => {
            const heads = bytes.toString('latin1').match(/^[A-Z]+ \S+ HTTP\/1\.[01]\r$/gm)?.length ?? 0;
            for (let n = 0; n < heads; n++) countRequest();
            if (heads > 0 && socket.writable) answer(socket, heads);
          });
        },
      });
      return { endpoint: endpointAt(listener.port), counts: listener.counts, perConnection: listener.perConnection, stop: listener.close };
    },
  };
}
