/** One verdict after the other, on a clock that stands still: the same wire, the same verdict, however busy the machine. */
import { describe, expect, test } from 'vitest';
import { WatchBench } from './bench.js';

describe('a client that opens a connection', () => {
  test('S01: for its first request', () => {
    const bench = new WatchBench();
    const only = bench.exchange(bench.open());
    bench.pass(100);
    bench.exchange(only);
    expect(bench.verdicts()).toBe('S01 × 1');
    expect(bench.report()).toMatchObject({ answer: 'yes', requests: 2, connections: 1, needed: 1 });
  });

  test('S02: while the others are busy', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 4; i++) {
      bench.ask(bench.open());
      bench.pass(1);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S02 × 3');
    expect(bench.report().answer).toBe('yes');
  });

  test('S02: while one is idle that comes into use again at once', () => {
    const bench = new WatchBench();
    const first = bench.exchange(bench.open());
    bench.pass(1);
    bench.exchange(bench.open());
    bench.exchange(first);
    bench.pass(30);
    expect(bench.verdicts()).toBe('S01 × 1, S02 × 1');
  });

  test.each([
    ['says `Connection: close`', { saysClose: true }],
    ['speaks HTTP/1.0 without `Connection: keep-alive`', { minor: 0 as const }],
  ])('S03: because it %s', (_, head) => {
    const bench = new WatchBench();
    for (let i = 0; i < 5; i++) {
      const connection = bench.exchange(bench.open(), head, { announced: 'close-token' });
      bench.observer.ended(connection, 'server', 'fin');
      bench.pass(10);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S03 × 4');
  });

  test.each(['close-token', 'http10', 'eof-delimited'] as const)('S04: because the answer announced the end (%s)', (announced) => {
    const bench = new WatchBench();
    for (let i = 0; i < 3; i++) {
      bench.observer.ended(bench.exchange(bench.open(), {}, { announced }), 'server', 'fin');
      bench.pass(10);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S04 × 2');
  });

  test('S04: because the answer announced the end, though the end itself has not come yet', () => {
    const bench = new WatchBench();
    const all = [];
    for (let i = 0; i < 3; i++) {
      all.push(bench.exchange(bench.open(), {}, { announced: 'close-token' }));
      bench.pass(40);
    }
    for (const one of all) bench.observer.ended(one, 'server', 'fin');
    expect(bench.verdicts()).toBe('S01 × 1, S04 × 2');
  });

  test('S05: because the server closed the idle one', () => {
    const bench = new WatchBench();
    const first = bench.exchange(bench.open());
    bench.pass(5000).observer.ended(first, 'server', 'fin');
    bench.pass(1000).exchange(bench.open());
    expect(bench.verdicts()).toBe('S01 × 1, S05 × 1');
    expect(bench.report().clients[0]!.verdicts.find(({ code }) => code === 'S05')!.evidence).toContain('after 5.0 s');
  });

  test('S06: because its pool holds two of ten', () => {
    const bench = new WatchBench();
    for (let burst = 0; burst < 4; burst++) {
      const idle = [...(bench.observer.clients[0]?.idle ?? [])];
      for (const one of idle) bench.ask(one);
      const all = [...idle, ...Array.from({ length: 10 - idle.length }, () => bench.open())];
      for (const one of all.slice(idle.length)) bench.ask(one);
      bench.pass(30);
      for (const one of all) bench.answer(one);
      bench.pass(1);
      for (const one of all.slice(2)) bench.observer.ended(one, 'client', 'fin');
      bench.pass(150);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S02 × 9, S06 × 24');
    expect(bench.report().clients[0]!.verdicts.find(({ code }) => code === 'S06')!.evidence).toContain('it kept 2,');
  });

  test.each([1, 80])('S07: because it is made anew for each request, whether its closes are seen at once or late on a busy machine (%i ms and more)', (ms) => {
    const bench = new WatchBench();
    for (let i = 0; i < 6; i++) {
      const one = bench.exchange(bench.open());
      bench.pass(ms * (i + 1)).observer.ended(one, 'client', 'fin');
      bench.pass(5);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S07 × 5');
  });

  test('S08: though one lies idle that is never used again', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 5; i++) {
      bench.exchange(bench.open());
      bench.pass(50);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S08 × 4');
  });

  test('S08: though one lies idle that goes only when the whole process goes', () => {
    const bench = new WatchBench();
    const all = [];
    for (let i = 0; i < 5; i++) {
      all.push(bench.exchange(bench.open()));
      bench.pass(2);
    }
    for (const one of all) bench.observer.ended(one, 'client', 'fin');
    bench.pass(500);
    expect(bench.verdicts()).toBe('S01 × 1, S08 × 4');
  });

  test('S09: after a reset in the middle of an answer', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 4; i++) {
      const one = bench.open();
      bench.ask(one);
      bench.begin(one, { bodyBytes: 1 << 20, bytes: 200_000 });
      bench.pass(1).observer.ended(one, 'client', 'reset');
      bench.pass(1);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S09 × 3');
  });

  test('S09: after a reset that follows a whole answer, even when the next connection came first', () => {
    const bench = new WatchBench();
    let before = bench.exchange(bench.open(), {}, { bytes: 1 << 20 });
    for (let i = 0; i < 3; i++) {
      bench.pass(5);
      const next = bench.open();
      bench.pass(5).observer.ended(before, 'client', 'reset');
      before = bench.exchange(next, {}, { bytes: 1 << 20 });
    }
    bench.pass(200);
    expect(bench.verdicts()).toBe('S01 × 1, S09 × 3');
  });

  test('S09: after resets that come late, when the next connection is already open, as on a busy machine', () => {
    const bench = new WatchBench();
    let late = null;
    for (let i = 0; i < 12; i++) {
      const one = bench.open();
      bench.ask(one);
      bench.begin(one, { bodyBytes: 8 << 20, bytes: 200_000 });
      bench.pass(10);
      if (late !== null) bench.observer.ended(late, 'client', 'reset');
      late = i % 4 === 1 ? one : null;
      if (late === null) bench.observer.ended(one, 'client', 'reset');
      bench.pass(1);
    }
    bench.pass(2000);
    expect(bench.verdicts()).toBe('S01 × 1, S09 × 11');
  });

  test('S09: after the only other one, whose reset comes late', () => {
    const bench = new WatchBench();
    const first = bench.open();
    bench.ask(first);
    bench.begin(first, { bodyBytes: 8 << 20, bytes: 200_000 });
    bench.pass(10).ask(bench.open());
    bench.pass(10).observer.ended(first, 'client', 'reset');
    bench.pass(2000);
    expect(bench.verdicts()).toBe('S01 × 1, S09 × 1');
  });

  test('S02: while it reads others, though it gives each of them up before its end', () => {
    const bench = new WatchBench();
    const begun = () => {
      const one = bench.open();
      bench.ask(one);
      bench.begin(one, { bodyBytes: 8 << 20, bytes: 200_000 });
      return one;
    };
    const workers = [begun()];
    for (let i = 0; i < 3; i++) {
      bench.pass(5);
      workers.push(begun());
    }
    for (let round = 0; round < 5; round++) {
      for (const [place, one] of workers.entries()) {
        bench.pass(5).observer.ended(one, 'client', 'reset');
        workers[place] = begun();
      }
    }
    bench.pass(2000);
    expect(bench.verdicts()).toBe('S01 × 1, S02 × 3, S09 × 20');
  });

  test('S08: for each but the first, though the first answer was still coming when the second opened', () => {
    const bench = new WatchBench();
    const first = bench.open();
    bench.ask(first);
    bench.begin(first, { bytes: 1000, bodyBytes: 1 << 20 });
    for (let i = 0; i < 5; i++) {
      bench.pass(2).exchange(bench.open());
      if (i === 0) bench.pass(2).observer.answerEnded(first, false);
    }
    bench.pass(100);
    expect(bench.verdicts()).toBe('S01 × 1, S08 × 5');
  });

  test('S09: while it has stopped reading another', () => {
    const bench = new WatchBench();
    const first = bench.open();
    bench.ask(first);
    bench.begin(first, { bodyBytes: 1 << 24, bytes: 1 << 22 });
    bench.stuck(first, 65_536);
    bench.pass(50);
    bench.exchange(bench.open());
    bench.pass(50);
    expect(bench.verdicts()).toBe('S01 × 1, S09 × 1');
  });

  test('S09: while another answer, all of which its kernel has taken, lies unread in its socket', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 4; i++) {
      bench.unread(bench.exchange(bench.open(), {}, { bytes: 1 << 20, bodyBytes: 1 << 20 }), 100_000);
      bench.pass(50);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S09 × 3');
    expect(bench.report().clients[0]!.verdicts[0]!.evidence).toBe('97.7 KiB of an answer of 1.0 MiB lay unread in the client’s socket, and stayed there');
  });

  test('S02: while it still reads another answer, all of which its kernel has taken', () => {
    const bench = new WatchBench();
    const first = bench.exchange(bench.open(), {}, { bytes: 1 << 20, bodyBytes: 1 << 20 });
    bench.unread(first, 100_000);
    bench.pass(50).exchange(bench.open());
    bench.unread(first, 0);
    bench.pass(500);
    expect(bench.verdicts()).toBe('S01 × 1, S02 × 1');
  });

  test('S10: after it closed the idle one, always at the same time', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 4; i++) {
      const one = bench.exchange(bench.open());
      bench.pass(4000 + i).observer.ended(one, 'client', 'fin');
      bench.pass(100);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S10 × 3');
    expect(bench.report().clients[0]!.verdicts.find(({ code }) => code === 'S10')).toMatchObject({ confidence: 'strong', evidence: expect.stringContaining('undici') });
  });

  test('S10: with an idle timeout far below a second', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 5; i++) {
      const one = bench.exchange(bench.open());
      bench.pass(200).observer.ended(one, 'client', 'fin');
      bench.pass(100);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S10 × 4');
  });

  test('S11: after each had carried the same number of requests', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 4; i++) {
      const one = bench.open();
      for (let n = 0; n < 3; n++) bench.pass(5).exchange(one);
      bench.observer.ended(one, 'client', 'fin');
      bench.pass(5);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S11 × 3');
  });

  test('S12: after it gave up waiting', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 3; i++) {
      const one = bench.open();
      bench.ask(one);
      bench.pass(1000).observer.ended(one, 'client', 'fin');
      bench.pass(5);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S12 × 2');
  });

  test('S13: for another name', () => {
    const bench = new WatchBench();
    bench.exchange(bench.open());
    bench.pass(50);
    bench.exchange(bench.open(), { host: 'b.test' });
    bench.pass(50);
    expect(bench.verdicts()).toBe('S01 × 1, S13 × 1');
  });

  test('S14: to send once more what a close had lost', () => {
    const bench = new WatchBench();
    const first = bench.exchange(bench.open());
    bench.pass(50).ask(first, { target: '/again' });
    bench.observer.ended(first, 'server', 'fin');
    bench.pass(10).exchange(bench.open(), { target: '/again' });
    expect(bench.verdicts()).toBe('S01 × 1, S14 × 1');
  });

  test('S15: and never uses it, which explains no other', () => {
    const bench = new WatchBench();
    bench.observer.ended(bench.open(), 'client', 'fin');
    bench.pass(50).exchange(bench.open());
    expect(bench.verdicts()).toBe('S01 × 1');
    expect(bench.report()).toMatchObject({ neverUsed: 1, connections: 1, list: [{ verdict: 'S15' }, { verdict: 'S01' }] });
  });

  test('S16: and never finishes the handshake', () => {
    const bench = new WatchBench();
    const failed = bench.open();
    failed.phase = 'handshake';
    bench.observer.ended(failed, 'client', 'fin');
    expect(bench.report()).toMatchObject({ answer: 'nothing-seen', tls: { failed: 1 }, list: [{ verdict: 'S16' }] });
  });

  test('S17: after an answer that came before the body', () => {
    const bench = new WatchBench();
    const first = bench.exchange(bench.open(), { method: 'POST', body: 1 << 20 }, { early: true, status: 413 });
    bench.observer.ended(first, 'client', 'fin');
    bench.pass(5).exchange(bench.open());
    expect(bench.verdicts()).toBe('S01 × 1, S17 × 1');
  });

  test('S18: after 100 Continue', () => {
    const bench = new WatchBench();
    const first = bench.open();
    bench.ask(first, { method: 'POST', expectsContinue: true, body: 10 });
    first.interim = true;
    bench.observer.ended(first, 'client', 'fin');
    bench.pass(5).exchange(bench.open());
    expect(bench.verdicts()).toBe('S01 × 1, S18 × 1');
  });

  test('S19: while one is idle that comes into use again much later', () => {
    const bench = new WatchBench();
    const first = bench.exchange(bench.open());
    bench.pass(50).exchange(bench.open());
    bench.pass(3000).exchange(first);
    bench.pass(100);
    expect(bench.verdicts()).toBe('S01 × 1, S19 × 1');
  });

  test('S02, likely: though others are idle, when each is used again after a think time, as by workers of their own', () => {
    const bench = new WatchBench();
    const workers: ReturnType<typeof bench.open>[] = [];
    for (let i = 0; i < 10; i++) {
      workers.push(bench.exchange(bench.open()));
      bench.pass(300);
    }
    for (let round = 0; round < 3; round++) for (const one of workers) bench.pass(300).exchange(one);
    expect(bench.verdicts()).toBe('S01 × 1, S02 × 9');
    expect(bench.report()).toMatchObject({ answer: 'yes', clients: [{ verdicts: [{ code: 'S02', confidence: 'likely', evidence: expect.stringContaining('a user of its own') }, { code: 'S01' }] }] });
  });

  test('S20: after the other had gone without a word', () => {
    const bench = new WatchBench();
    const first = bench.exchange(bench.open());
    bench.pass(5000).observer.ended(first, 'client', 'timeout');
    bench.pass(5).exchange(bench.open());
    expect(bench.verdicts()).toBe('S01 × 1, S20 × 1');
  });

  test('S21: after all it had went at one time', () => {
    const bench = new WatchBench();
    for (let run = 0; run < 3; run++) {
      const all = [bench.open(), bench.open(), bench.open()];
      for (const one of all) bench.ask(one);
      bench.pass(20);
      for (const one of all) bench.answer(one);
      bench.pass(20);
      for (const one of all) bench.exchange(one);
      bench.pass(20 * run + 5);
      for (const one of all) bench.observer.ended(one, 'client', 'fin');
      bench.pass(200);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S02 × 2, S21 × 6');
  });

  test('S22: after the other became something else', () => {
    const bench = new WatchBench();
    const first = bench.open();
    bench.ask(first);
    bench.begin(first, { status: 101 });
    bench.observer.upgraded(first);
    bench.pass(500).observer.ended(first, 'client', 'fin');
    bench.pass(5).exchange(bench.open());
    expect(bench.verdicts()).toBe('S01 × 1, S22 × 1');
    expect(bench.report().answer).toBe('yes');
  });

  test('S07, likely: after a tunnel that it ended itself', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 3; i++) {
      const tunnel = bench.open();
      bench.ask(tunnel, { method: 'CONNECT', target: 'x.test:443' });
      bench.observer.tunnelled(tunnel);
      bench.pass(100).observer.ended(tunnel, 'client', 'fin');
      bench.pass(5);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S07 × 2');
    expect(bench.report().tunnels).toEqual({ count: 3, offered: 0, accepted: 0 });
  });

  test('S07, likely: after a tunnel whose end is seen only when the next is open', () => {
    const bench = new WatchBench();
    let before = null;
    for (let i = 0; i < 3; i++) {
      const tunnel = bench.open();
      bench.ask(tunnel, { method: 'CONNECT', target: 'x.test:443' });
      bench.begin(tunnel);
      bench.observer.tunnelled(tunnel);
      bench.pass(5);
      if (before !== null) bench.observer.ended(before, 'server', 'fin');
      before = tunnel;
      bench.pass(100);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S07 × 2');
  });

  test('S23: after a hint that leaves it no time', () => {
    const bench = new WatchBench();
    for (let i = 0; i < 3; i++) {
      const one = bench.exchange(bench.open(), {}, { hintSeconds: 1 });
      bench.pass(1).observer.ended(one, 'client', 'fin');
      bench.pass(5);
    }
    expect(bench.verdicts()).toBe('S01 × 1, S23 × 2');
  });

  test('S24: after the server broke off', () => {
    const bench = new WatchBench();
    const first = bench.open();
    bench.ask(first);
    bench.begin(first, { bytes: 50, bodyBytes: 100 });
    bench.observer.ended(first, 'server', 'fin');
    bench.pass(5).exchange(bench.open());
    expect(bench.verdicts()).toBe('S01 × 1, S24 × 1');
  });
});

test('one end explains one opening: the second of two is needed', () => {
  const bench = new WatchBench();
  const first = bench.exchange(bench.open(), {}, { announced: 'close-token' });
  bench.observer.ended(first, 'server', 'fin');
  bench.pass(10);
  const two = [bench.open(), bench.open()];
  for (const one of two) bench.ask(one);
  bench.pass(50);
  expect(bench.verdicts()).toBe('S01 × 1, S02 × 1, S04 × 1');
});

test('a client that opens a connection and closes the last one in the same turn of the loop had closed it first', () => {
  const bench = new WatchBench();
  const first = bench.exchange(bench.open());
  bench.pass(1);
  const second = bench.open();
  bench.observer.ended(first, 'client', 'fin');
  bench.exchange(second);
  bench.pass(100);
  expect(bench.verdicts()).toBe('S01 × 1, S07 × 1');
});
