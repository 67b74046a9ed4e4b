import { describe, expect, test } from 'vitest';
import { grid, showProgress } from '../../src/commands/progress.js';
import type { Io } from '../../src/io.js';
import { columns } from '../../src/reporters/text.js';
import { scenarioFromUrl } from '../../src/scenario/from-url.js';
import { plan } from '../../src/scenario/plan.js';
import { fakeIo } from '../fakes/io.js';
import { fakeRun } from '../fakes/raw-run.js';

const planned = plan(scenarioFromUrl('http://host.test/', { blocks: '3' }), 7, 4);
const { record, rounds } = fakeRun({ blocks: 3 });
const COUNTS = { planned: 400, sent: 390, completed: 380, lost: 2, inFlight: 1, opened: 16, tlsFull: 0, tlsResumed: 0, open: 16 };

function watched(wanted: Partial<Io>): { heard: string[]; progress: ReturnType<typeof showProgress> } {
  const heard: string[] = [];
  return { heard, progress: showProgress(planned, fakeIo({ stderr: (text) => void heard.push(text), ...wanted }), false) };
}

describe('the grid of blocks', () => {
  test('shows what ran, what runs and what is to come, block by block', () => {
    const letters = planned.rounds.map(({ arm }) => 'AB'[arm]);
    expect(grid(planned, planned.rounds[5]!, 80)).toBe(`block 2/3  ${letters.slice(0, 4).join('')} ${letters[4]}[${letters[5]}]·· ····`);
  });
  test('keeps the present block in sight where there is no room for all', () => {
    const long = plan(scenarioFromUrl('http://host.test/', { blocks: '40' }), 7, 4);
    for (const round of long.rounds) {
      const text = grid(long, round, 60);
      expect(columns(text)).toBeLessThanOrEqual(60);
      expect(text).toContain(`[${'AB'[round.arm]}]`);
    }
  });
});

describe('on a terminal', () => {
  const live = { live: true };

  test('a call of the engine is one redraw of two lines, each within the width; the end of a round draws nothing', () => {
    const { heard, progress } = watched(live);
    progress.begun(record, planned);
    const before = heard.length;
    for (const round of planned.rounds.slice(0, 3)) {
      progress.progress(round, COUNTS, 5e8);
      progress.progress(round, COUNTS, 7.5e8);
      progress.ended(rounds[round.index]!);
    }
    const drawn = heard.slice(before);
    expect(drawn).toHaveLength(6);
    for (const text of drawn) {
      const lines = text.replace(/^\r(\u001b\[1A)?\u001b\[J/, '').split('\n');
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(columns(line)).toBeLessThan(80);
    }
    expect(drawn[5]).toMatch(/round {2}3\/12 (reused|fresh) · \d+ s left · 507\/s · p50 [\d.]+ ms {2}p99 [\d.]+ ms · 2 lost · 16/);
  });

  test('nothing live is left when the run is over, and a word of its own line stays', () => {
    const { heard, progress } = watched(live);
    progress.progress(planned.rounds[0]!, COUNTS, 5e8);
    progress.say('stopping');
    progress.progress(planned.rounds[0]!, COUNTS, 6e8);
    progress.over();
    progress.over();
    expect(screenOf(heard.join(''))).toEqual(['stopping', '']);
  });
});

describe('elsewhere', () => {
  test('a round is one line, without a control character', () => {
    const { heard, progress } = watched({});
    progress.begun(record, planned);
    for (const round of rounds) {
      progress.progress(planned.rounds[round.index]!, COUNTS, 5e8);
      progress.ended(round);
    }
    progress.over();
    expect(heard).toHaveLength(1 + rounds.length);
    for (const line of heard) expect(line).toMatch(/^[^\u0000-\u0009\u000b-\u001f]+\n$/);
  });

  test('is ASCII where the locale is not UTF-8', () => {
    for (const where of [{}, { live: true }]) {
      const { heard, progress } = watched({ ...where, style: { width: 80, color: false, unicode: false } });
      progress.begun(record, planned);
      progress.progress(planned.rounds[0]!, COUNTS, 5e8);
      progress.ended(rounds[0]!);
      expect(heard.join('')).toMatch(/^[\x20-\x7e\n\r\u001b]+$/);
    }
  });

  test('--quiet says nothing', () => {
    const io = fakeIo();
    const progress = showProgress(planned, io, true);
    progress.begun(record, planned);
    progress.ended(rounds[0]!);
    progress.over();
    expect(io.said.stderr).toBe('');
  });
});

/** What a terminal shows after these texts: line ends, carriage returns, up, and erase to the end. */
function screenOf(text: string): string[] {
  const lines = [''];
  let [row, column] = [0, 0];
  for (const [token] of text.matchAll(/\u001b\[1A|\u001b\[J|[^]/gu)) {
    if (token === '\u001b[1A') row = Math.max(0, row - 1);
    else if (token === '\u001b[J') lines.splice(row, lines.length, (lines[row] ?? '').slice(0, column));
    else if (token === '\r') column = 0;
    else if (token === '\n') {
      row++;
      column = 0;
      lines[row] ??= '';
    } else {
      lines[row] = (lines[row] ?? '').slice(0, column) + token + (lines[row] ?? '').slice(column + token.length);
      column++;
    }
  }
  return lines;
}
