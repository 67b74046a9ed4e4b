/** The formats that other programs read: each is read back here by its own rules, and by its own reader where there is one. */
import { HistogramLogReader, listTags, type Histogram as LibraryHistogram } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { csv, hgrm, hlog, junit } from '../../src/reporters/index.js';
import { METRICS } from '../../src/result/schema.js';
import { fixture, fixtures, type FixtureName } from '../fakes/results.js';

const STYLE = { width: 80, color: false, unicode: true };
const names = Object.keys(fixtures) as FixtureName[];

describe('the .hlog', () => {
  test.each(['two-arms', 'four-arms', 'all-errors', 'no-tls', 'without-slices', 'unicode', 'hostile'] as const)('of %s is read back by HdrHistogram’s own reader: equal counts and times', (name) => {
    const result = fixture(name);
    const startMs = Date.parse(result.run.startedAt) || 0;
    const read = intervals(hlog.render(result, STYLE));
    let nth = 0;
    for (const round of result.rounds) {
      for (const metric of METRICS) {
        const encoded = round.histograms[metric];
        const from = startMs + round.startedAtMs + round.warmupMs;
        const own: LibraryHistogram[] = [];
        for (let count = 0; count < encoded.count; count += own.at(-1)!.totalCount) own.push(read[nth++]!);
        expect(own.reduce((sum, { totalCount }) => sum + totalCount, 0)).toBe(encoded.count);
        if (own.length === 0) continue;
        for (const { tag } of own) expect(tag.split('.').at(-1)).toBe(metric);
        expect(own.every(({ startTimeStampMsec, endTimeStampMsec }) => startTimeStampMsec >= from - 1 && endTimeStampMsec > startTimeStampMsec)).toBe(true);
        if (own.length === 1 && round.series === undefined) expect(own[0]!.endTimeStampMsec - own[0]!.startTimeStampMsec).toBeCloseTo(round.windowMs, -1);
        const highest = Math.max(...own.map(({ maxValue }) => maxValue));
        expect(Math.abs(highest - encoded.max)).toBeLessThanOrEqual(64 + Math.max(64, encoded.max / 1000)); // a bucket, and the unit by which the library rounds up
      }
    }
    expect(nth).toBe(read.length);
  });

  test('has a tag for every arm and metric that was measured', () => {
    const { rounds } = fixture('two-arms');
    const measured = rounds.flatMap(({ arm, histograms }) => METRICS.filter((metric) => histograms[metric].count > 0).map((metric) => `${arm}.${metric}`));
    expect(listTags(hlog.render(fixture('two-arms'), STYLE)).sort()).toEqual([...new Set(measured)].sort());
    const hostile = listTags(hlog.render(fixture('hostile'), STYLE));
    expect(new Set(hostile.map((tag) => tag.slice(0, tag.lastIndexOf('.')))).size).toBe(5);
    for (const tag of hostile) expect(tag).toMatch(/^[\w.-]+$/);
  });

  test('holds the response times slice by slice where a round carries them, the last for what came after the window', () => {
    const result = fixture('two-arms');
    const [first, second] = result.rounds;
    const empty = { v2: '', min: 0, max: 0, sum: 0, count: 0 };
    const series = { ...first!.series!, sliceMs: 600, response: [first!.histograms.response, empty, second!.histograms.response] };
    const read = intervals(hlog.render({ ...result, rounds: [{ ...first!, series }] }, STYLE)).filter(({ tag }) => tag.endsWith('.response'));
    const windowMs = Date.parse(result.run.startedAt) + first!.startedAtMs + first!.warmupMs;
    expect(read.map((slice) => [slice.totalCount, Math.round(slice.startTimeStampMsec - windowMs), Math.round(slice.endTimeStampMsec - windowMs)])).toEqual([
      [first!.histograms.response.count, 0, 600],
      [second!.histograms.response.count, first!.windowMs, first!.windowMs + 600],
    ]);
  });

  test('opens with the headers of format 1.3, and has no empty line', () => {
    const lines = hlog.render(fixture('two-arms'), STYLE).split('\n');
    expect(lines.slice(1, 5)).toEqual([
      '#[Histogram log format version 1.3]',
      '#[StartTime: 1767323045.000 (seconds since epoch), 2026-01-02T03:04:05.000Z]',
      '#[BaseTime: 1767323045.000 (seconds since epoch)]',
      '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ]);
    expect(lines.slice(0, -1)).not.toContain('');
  });
});

describe('the .hgrm', () => {
  test('of every arm is its response and its service time, and nothing where nothing was measured', () => {
    expect(hgrm.renderParts(fixture('two-arms'), STYLE).map(({ name }) => name)).toEqual(['reused.response', 'reused.service', 'fresh.response', 'fresh.service']);
    expect(hgrm.renderParts(fixture('no-rounds'), STYLE)).toEqual([]);
  });

  test.each(['two-arms', 'long-times', 'hostile'] as const)('of %s is what the plotter reads: value, percentile, total count, 1/(1-percentile), growing', (name) => {
    const result = fixture(name);
    for (const { name: part, text } of hgrm.renderParts(result, STYLE)) {
      const rows = plotted(text);
      expect(rows.length, part).toBeGreaterThan(20);
      rows.forEach(({ value, percentile, count, inverse }, nth) => {
        const before = rows[nth - 1];
        if (before) expect([value >= before.value, percentile >= before.percentile, count >= before.count]).toEqual([true, true, true]);
        expect(Math.abs(inverse * (1 - percentile) - 1)).toBeLessThan(0.01);
      });
    }
  });

  test('says in ms what the result says of the arm', () => {
    const result = fixture('two-arms');
    const parts = hgrm.renderParts(result, STYLE);
    for (const { name: arm, totals: { latencyMs } } of result.arms) {
      for (const metric of ['response', 'service'] as const) {
        const text = parts.find(({ name }) => name === `${arm}.${metric}`)?.text ?? '';
        const [, max, count] = /#\[Max +=\s*([\d.]+), Total count +=\s*(\d+)\]/.exec(text) ?? [];
        expect(Number(count)).toBe(latencyMs[metric].count);
        expect(Math.abs(Number(max) / latencyMs[metric].max - 1)).toBeLessThan(0.002);
        const median = plotted(text).find(({ percentile }) => percentile >= 0.5);
        expect(Math.abs(Number(median?.value) / latencyMs[metric].p50 - 1)).toBeLessThan(0.005);
      }
    }
  });
});

describe('the CSV', () => {
  test.each(names)('of %s is by RFC 4180: a row a round, as many fields in each', (name) => {
    const [head, ...rows] = records(csv.render(fixture(name), STYLE));
    expect(rows.length).toBe(fixture(name).rounds.length);
    expect([...new Set(rows.map((row) => row.length))].every((length) => length === head!.length)).toBe(true);
    expect(new Set(head).size).toBe(head!.length);
  });

  test('holds the figures of the rounds under the names of the result file', () => {
    const result = fixture('two-arms');
    const [head, ...rows] = records(csv.render(result, STYLE));
    const column = (name: string): string[] => rows.map((row) => row[head!.indexOf(name)] ?? '?');
    expect(column('arm')).toEqual(result.rounds.map(({ arm }) => arm));
    expect(column('requests.planned').map(Number)).toEqual(result.rounds.map(({ requests }) => requests.planned));
    expect(column('connections.tlsFull').map(Number)).toEqual(result.rounds.map(({ connections }) => connections.tlsFull));
    expect(column('response.count').map(Number)).toEqual(result.rounds.map(({ histograms }) => histograms.response.count));
    expect(column('response.p50Ms').every((text) => Number(text) > 0)).toBe(true);
  });

  test('leaves a time empty where there was none, and starts no formula in a spreadsheet', () => {
    const result = fixture('no-tls');
    const [head, first] = records(csv.render({ ...result, rounds: result.rounds.map((round) => ({ ...round, arm: '=cmd|"/c calc"!A1' })) }, STYLE));
    expect(first![head!.indexOf('tls.p50Ms')]).toBe('');
    expect(first![head!.indexOf('arm')]).toBe(`'=cmd|"/c calc"!A1`);
  });
});

describe('the JUnit XML', () => {
  test('counts what it holds', () => {
    for (const name of names) {
      const text = junit.render(fixture(name), STYLE);
      const tags = (tag: string): number => text.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
      const [whole, ...suites] = [...text.matchAll(/<testsuites? name="[^"]*" tests="(\d+)" failures="(\d+)" errors="(\d+)"/g)].map((match) => match.slice(1).map(Number));
      expect(whole).toEqual([tags('testcase'), tags('failure'), tags('error')]);
      expect([0, 1, 2].map((nth) => suites.reduce((sum, counts) => sum + counts[nth]!, 0))).toEqual(whole);
    }
  });

  test('a failed expectation and a broken promise are failures, a failed check is an error', () => {
    const text = junit.render(fixture('broken-promise'), STYLE);
    expect(text).toMatch(/<testcase name="reused\.opened &lt;= 32"[^>]*>\n<failure message="[^"]+" type="failure">/);
    expect(text).toMatch(/<testcase name="reused keeps the promise of reused"[^>]*>\n<failure /);
    expect(text).toMatch(/<testcase name="G10 [^"]+"[^>]*>\n<error /);
  });

  test('a run without a fault has no failure and no error; what was not measured is skipped', () => {
    expect(junit.render(fixture('three-arms'), STYLE)).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="[^"]+" tests="\d+" failures="0" errors="0"/);
    expect(junit.render(fixture('no-rounds'), STYLE)).toMatch(/<testcase name="G1 [^"]+"[^>]*>\n<skipped message=/);
  });
});

/** Every interval, with its tag and times, as the library's reader gives them. */
function intervals(text: string): readonly LibraryHistogram[] {
  const reader = new HistogramLogReader(text);
  const read: LibraryHistogram[] = [];
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) read.push(next);
  return read;
}

/** As HdrHistogram's plotFiles.html takes a file apart: lines of four numbers that no # begins. The last line of all, at infinity, has three. */
function plotted(text: string): readonly { value: number; percentile: number; count: number; inverse: number }[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => !line.startsWith('#')).map((line) => line.split(/ +/)).filter((values) => values.length === 4 && !Number.isNaN(Number(values[0])))
    .map(([value, percentile, count, inverse]) => ({ value: Number(value), percentile: Number(percentile), count: Number(count), inverse: Number(inverse) }));
}

/** RFC 4180: records end with CRLF; a field in quotes may hold anything, its own quotes doubled. Anything else throws. */
function records(text: string): string[][] {
  const all: string[][] = [];
  let record: string[] = [];
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let at = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    at = token.lastIndex;
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') {
      all.push(record);
      record = [];
    }
  }
  if (at !== text.length || record.length > 0) throw new Error(`no CSV from character ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
  return all;
}
