import type { ArmOfRun, History, QuantileOfRun, RunOfHistory } from '../../result/history-schema.js';
import { formatCount, formatMs } from '../../units.js';
import { figure as figureText } from '../facts.js';
import { drawHistory, type RunPoint } from '../html/charts/history.js';
import { cell, row, type Cell, type Column, type Row, type Table } from '../table.js';
import { clip, legible, mapStrings } from '../text.js';
import { counted, verdictWords } from '../words.js';
import type { Sheet, SheetEntry, SheetSection } from './sheet.js';

/** Several runs on one sheet, for a review: each arm from run to run, then what every run said of itself. */
export function sheetOfHistory(written: History): Sheet {
  const history = mapStrings(written, legible);
  const { runs, arms, warning, baseline, tool, schemaVersion } = history;
  const [first, last] = [runs[0], runs.at(-1)];
  return {
    kind: 'history',
    title: counted(runs.length, 'run'),
    warning,
    verdict: null,
    lead: [`from ${clip(first?.startedAt ?? '', 40)} (${clip(first?.name ?? '', 80)}) to ${clip(last?.startedAt ?? '', 40)} (${clip(last?.name ?? '', 80)})`, `arms: ${clip(arms.join(', '), 240)}`],
    arms,
    baseline,
    sections: [runsSection(history), ...arms.map((arm, index) => armSection(history, arm, index))],
    version: tool.version,
    footer: `history format ${schemaVersion}`,
  };
}

function runsSection({ runs }: History): SheetSection {
  return { id: 'runs', title: 'Runs', parts: [{ kind: 'entries', entries: runs.map(runEntry) }] };
}

function runEntry({ name, startedAt, complete, report, verdict, checks, expectations, changed }: RunOfHistory, index: number): SheetEntry {
  const failed = [...checks.failed.map((check) => `${check} FAILED`), ...expectations.failed.map((text) => `expectation FAILED: ${text}`)];
  const trust = `${checks.passed} of ${counted(checks.all, 'check')} passed${checks.warned.length === 0 ? '' : `, ${counted(checks.warned.length, 'warning')}`}`;
  const expected = expectations.all === 0 ? '' : `; ${expectations.met} of ${counted(expectations.all, 'expectation')} met`;
  return {
    id: `run-${index + 1}`,
    label: cell(`${index + 1} ${clip(name, 80)}`),
    says: Object.hasOwn(verdictWords, verdict.state) ? verdictWords[verdict.state as keyof typeof verdictWords] : cell(clip(verdict.state, 40)),
    details: [
      `${clip(startedAt, 40)}${complete ? '' : ', stopped early'}; ${trust}${expected}`,
      clip(verdict.sentence, 500),
      ...(failed.length === 0 ? [] : [clip(failed.join(', '), 300)]),
      ...(changed.length === 0 ? [] : [`otherwise than run ${index}: ${clip(changed.join(', '), 500)}`]),
    ],
    ...(report === null ? {} : { link: { href: report, text: 'its report' } }),
  };
}

function armSection({ runs }: History, name: string, index: number): SheetSection {
  const each = runs.map((run, nth) => ({ run: nth + 1, of: run.arms.find((arm) => arm.name === name) }));
  const present = each.flatMap(({ run, of }) => (of ? [{ run, of }] : []));
  const data = armTable(name, present);
  const points = each.map(({ run, of }): RunPoint => ({ run, p50: of?.p50 ?? null, p99: of?.p99 ?? null }));
  const id = `arm-${index + 1}`;
  if (!points.some(({ p50 }) => p50 !== null)) return { id, title: clip(name, 60), parts: [{ kind: 'table', table: data }] };
  return {
    id,
    title: clip(name, 60),
    parts: [{
      kind: 'figure',
      figure: {
        id: `${id}-drawing`,
        title: `p50 and p99 of ${clip(name, 60)}, run by run`,
        finding: finding(present),
        note: 'Filled: p50 of the run. Hollow: its p99. Bars: from its fastest round to its slowest. The numbers are those of the runs above.',
        draw: (size, marks) => drawHistory(points, marks.get(name), size),
        data,
      },
    }],
  };
}

interface Present {
  readonly run: number;
  readonly of: ArmOfRun;
}

function finding(present: readonly Present[]): string {
  const quantile = (at: 'p50' | 'p99'): string => `${at} ${between(present.flatMap(({ of }) => (of[at] ? [of[at].ms] : [])))} ms`;
  return `From run to run ${quantile('p50')}, ${quantile('p99')}, handshakes per 100 requests ${between(present.flatMap(({ of }) => (of.handshakesPer100 === null ? [] : [of.handshakesPer100])))}.`;
}

/** `5.70 to 7.88`, or `100` where that is all there is. */
function between(values: readonly number[]): string {
  return [...new Set([Math.min(...values), Math.max(...values)].map(formatMs))].join(' to ');
}

function armTable(name: string, present: readonly Present[]): Table {
  const spread = (quantile: QuantileOfRun | null): string => (quantile === null ? '–' : `${formatMs(quantile.lowMs)} to ${formatMs(quantile.highMs)}`);
  const value = (quantile: QuantileOfRun | null): string => (quantile === null ? '–' : `${quantile.thin ? '~' : ''}${formatMs(quantile.ms)}`);
  const amount = (count: number, tone: 'bad' | 'doubt'): Cell => (count === 0 ? cell('0') : cell(formatCount(count), tone));
  const number = (label: string, optional = false): Column => ({ label, align: 'number', ...(optional ? { optional: true } : {}) });
  return {
    caption: `${clip(name, 60)}, run by run; times in ms, with the fastest and the slowest round`,
    columns: [{ label: 'run', align: 'text' }, number('p50'), number('rounds, p50', true), number('p99'), number('rounds, p99', true), number('handshakes/100'), number('completed', true), number('errors'), number('shed'), { label: 'promise', align: 'text' }],
    rows: present.map(({ run, of }): Row => ({ ...row(String(run), value(of.p50), spread(of.p50), value(of.p99), spread(of.p99), figureText(of.handshakesPer100), formatCount(of.completed), amount(of.errors, 'bad'), amount(of.shed, 'doubt'), promise(of)), link: `#run-${run}` })),
    notes: present.some(({ of }) => of.p50?.thin || of.p99?.thin) ? ['~ fewer than 20 samples lie beyond this quantile'] : [],
  };
}

function promise({ promiseHeld }: ArmOfRun): Cell {
  if (promiseHeld === null) return cell('not tested', 'soft');
  return promiseHeld ? cell('held', 'good') : cell('NOT held', 'bad');
}
