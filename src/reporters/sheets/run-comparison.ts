import type { Change, RunComparison, RunDifference, RunSide, Saving } from '../../result/run-comparison-schema.js';
import type { Comparison } from '../../result/schema.js';
import { formatCount, formatMs, quantileName } from '../../units.js';
import { figure as figureText } from '../facts.js';
import { drawForest } from '../html/charts/forest.js';
import { cell, row, type Cell, type Column, type Row, type Table } from '../table.js';
import { clip, legible, mapStrings } from '../text.js';
import { comparisonWords, counted, verdictWords, type Words } from '../words.js';
import type { Sheet, SheetPart, SheetSection } from './sheet.js';

/** Two runs on one sheet: what each arm takes in b, what became of each saving, what was counted, and in what the runs differ. */
export function sheetOfComparison(written: RunComparison): Sheet {
  const comparison = mapStrings(written, legible);
  const { a, b, verdict, warning, arms, baseline, tool, schemaVersion } = comparison;
  return {
    kind: 'two runs compared',
    title: `${clip(b.name, 60)} against ${clip(a.name, 60)}`,
    warning,
    verdict: { ...verdictWords[verdict.state], sentence: verdict.sentence, untrusted: verdict.state === 'untrustworthy' },
    lead: [sideLine('a', a), sideLine('b', b)],
    arms: arms.map(({ name }) => name),
    baseline,
    sections: [changes(comparison), ...savings(comparison), counts(comparison), differences(comparison), runs(comparison), METHOD],
    version: tool.version,
    footer: `comparison format ${schemaVersion}`,
  };
}

function sideLine(letter: string, { name, startedAt, blocks, complete, target }: RunSide): string {
  return `${letter}: ${clip(name, 80)}, ${clip(startedAt, 40)}, ${counted(blocks, 'complete block')}${complete ? '' : ', stopped early'}, ${clip(target, 120)}`;
}

// ---------------------------------------------------------------------------------------------- latency

const UNKNOWN: Words = { text: 'not judged', tone: 'doubt' };

function changes({ changes: all, declared, runToRunMs }: RunComparison): SheetSection {
  const table: Table = {
    caption: 'response time in ms; b − a above 0: slower in b',
    columns: changeColumns('b − a'),
    rows: all.map((change) => changeRow(`${clip(change.arm, 12)} ${quantileName(change.quantile)}`, change, stateWords(change.state))),
    notes: notesOf(all.map((change) => ({ ...change, at: `${change.arm} at ${quantileName(change.quantile)}` }))),
  };
  const drawn = all.flatMap((change) => (change.estimateMs === null ? [] : [asComparison(change, change.arm)]));
  const day = runToRunMs === null ? 'by how far the arm that moved least has moved' : `by the ${formatMs(runToRunMs)} ms that were declared to lie between runs of the same thing`;
  return {
    id: 'changes',
    title: 'What each arm takes in b',
    parts: [
      drawn.length === 0
        ? { kind: 'table', table }
        : {
            kind: 'figure',
            figure: {
              id: 'changes-drawing',
              title: 'b − a, with intervals that include what may lie between the runs',
              finding: `${all.filter(({ estimateMs }) => estimateMs !== null).map(inWords).join('; ')}.`,
              draw: (size, marks) => drawForest(drawn, marks, size, { wide: 'ms more in b than in a: right of 0 is slower, the shaded band is the margin', narrow: 'ms more in b; right is slower' }),
              data: table,
            },
          },
      { kind: 'prose', text: declared.sentence },
      { kind: 'prose', text: `The interval is that of the blocks, widened ${day}, and by how far a level moved inside a run.` },
    ],
  };
}

function savings({ savings: all, baseline }: RunComparison): SheetSection[] {
  if (all.length === 0) return [];
  const words = (state: Saving['state']): Words => (state === 'not-judged' ? UNKNOWN : SAVING_WORDS[state]);
  const table: Table = {
    caption: `saved against ${clip(baseline, 40)}, in ms; b − a above 0: more is saved in b`,
    columns: changeColumns('b − a'),
    rows: all.map((saving) => changeRow(`${clip(saving.candidate, 12)} ${quantileName(saving.quantile)}`, saving, words(saving.state))),
    notes: notesOf(all.map((saving) => ({ ...saving, at: `${saving.candidate} at ${quantileName(saving.quantile)}` }))),
  };
  return [{
    id: 'savings',
    title: 'What each arm saves',
    parts: [{ kind: 'table', table }, { kind: 'prose', text: 'Each saving is a difference inside interleaved blocks of one run, so what moved all arms of a run alike is not in it.' }],
  }];
}

const SAVING_WORDS: Readonly<Record<Comparison['state'], Words>> = {
  faster: { text: 'saves more', tone: 'good' },
  'faster-small': { text: 'more, small', tone: 'good' },
  slower: { text: 'saves less', tone: 'bad' },
  'slower-small': { text: 'less, small', tone: 'bad' },
  same: { text: 'same', tone: 'soft' },
  'cannot-tell': { text: 'cannot tell', tone: 'doubt' },
};

function changeColumns(difference: string): readonly Column[] {
  return [
    { label: 'arm', align: 'text' },
    { label: 'a', align: 'number' },
    { label: 'b', align: 'number' },
    { label: difference, align: 'number' },
    { label: 'interval', align: 'number' },
    { label: 'blocks alone', align: 'number', optional: true },
    { label: 'margin', align: 'number', optional: true },
    { label: 'verdict', align: 'text' },
  ];
}

function changeRow(who: string, change: Omit<Change, 'arm'>, { text, tone }: Words): Row {
  return row(who, figureText(change.aMs), figureText(change.bMs), figureText(change.estimateMs), brackets(change.ci), brackets(change.blocks), formatMs(change.marginMs), cell(text, tone));
}

/** One sentence for each reason, with whom it concerns. */
function notesOf(all: readonly { readonly at: string; readonly detail: string }[]): readonly string[] {
  const reasons = [...new Set(all.map(({ detail }) => detail).filter((detail) => detail !== ''))];
  return reasons.slice(0, 8).map((reason) => `${clip(all.filter(({ detail }) => detail === reason).map(({ at }) => at).join(', '), 160)}: ${clip(reason, 240)}`);
}

function inWords(change: Change): string {
  return `${clip(change.arm, 24)} at ${quantileName(change.quantile)}: ${formatMs(change.estimateMs ?? 0)} ms ${brackets(change.ci)} (${stateWords(change.state).text})`;
}

function stateWords(state: Change['state']): Words {
  return state === 'not-judged' ? UNKNOWN : comparisonWords[state];
}

function brackets(interval: { readonly lowMs: number; readonly highMs: number } | null): string {
  return interval === null ? '–' : `[${formatMs(interval.lowMs)}, ${formatMs(interval.highMs)}]`;
}

/** As the forest plot reads it: b − a as it is. */
function asComparison({ quantile, estimateMs, ci, marginMs, state }: Change, arm: string): Comparison {
  const interval = ci && { ...ci, level: 0, method: '' };
  return { baseline: '', candidate: arm, metric: 'response', quantile, estimateMs, ci: interval, marginMs, state: state === 'not-judged' ? 'cannot-tell' : state, primary: state !== 'not-judged', detail: '' };
}

// ---------------------------------------------------------------------------------------------- counts

function counts({ arms }: RunComparison): SheetSection {
  const amount = (count: number, tone: 'bad' | 'doubt'): Cell => (count > 0 ? cell(formatCount(count), tone) : cell('0'));
  const table: Table = {
    caption: 'counted in the measured windows',
    columns: [
      { label: 'arm', align: 'text' },
      ...['handshakes/100', 'opened', 'completed', 'errors', 'shed'].map((label): Column => ({ label, align: 'number' })),
      ...['TLS full', 'TLS resumed'].map((label): Column => ({ label, align: 'number', optional: true })),
      { label: 'promise', align: 'text' },
    ],
    rows: arms.flatMap(({ name, ...sides }) => (['a', 'b'] as const).map((letter): Row => {
      const side = sides[letter];
      const promise = side.promiseHeld === null ? cell('not tested', 'soft') : side.promiseHeld ? cell('held', 'good') : cell('NOT held', 'bad');
      return row(`${clip(name, 14)} ${letter}`, figureText(side.handshakesPer100), formatCount(side.opened), formatCount(side.completed), amount(side.failed + side.aborted, 'bad'), amount(side.shed, 'doubt'), formatCount(side.tlsFull), formatCount(side.tlsResumed), promise);
    })),
  };
  return { id: 'counts', title: 'Handshakes, errors, promises', parts: [{ kind: 'table', table }] };
}

// ---------------------------------------------------------------------------------------------- circumstances

function differences({ differences: all, notCompared: { onlyInA, onlyInB } }: RunComparison): SheetSection {
  const alone = ([['a', onlyInA], ['b', onlyInB]] as const).flatMap(([run, names]) => (names.length === 0 ? [] : [`Only in ${run}, and not compared: ${clip(names.join(', '), 300)}.`]));
  const parts: SheetPart[] = all.length === 0 ? [{ kind: 'prose', text: 'Nothing that was asked differs, and nothing of the host, the target and the versions.' }] : [{ kind: 'table', table: differencesTable(all) }];
  return { id: 'differences', title: 'In what the runs differ', parts: [...parts, ...alone.map((text): SheetPart => ({ kind: 'prose', text }))] };
}

function differencesTable(all: readonly RunDifference[]): Table {
  return {
    caption: 'settings and circumstances that the runs do not share',
    columns: [{ label: 'what', align: 'text' }, { label: 'a', align: 'text' }, { label: 'b', align: 'text' }, { label: '', align: 'text' }],
    rows: all.map(({ what, a, b, arm, hinders }) => row(clip(arm === null ? what : `${arm}: ${what}`, 60), clip(a, 200), clip(b, 200), hinders ? cell('no verdict', 'bad') : cell('noted', 'soft'))),
    notes: all.some(({ hinders }) => hinders) ? ['“no verdict”: with this the latencies are not those of the same work.'] : [],
  };
}

function runs({ a, b }: RunComparison): SheetSection {
  return {
    id: 'runs',
    title: 'Each run by itself',
    parts: [{
      kind: 'entries',
      entries: ([['a', a], ['b', b]] as const).map(([letter, { verdict, failedChecks }]) => ({
        label: cell(letter),
        says: Object.hasOwn(verdictWords, verdict.state) ? verdictWords[verdict.state as keyof typeof verdictWords] : cell(clip(verdict.state, 40)),
        details: [verdict.sentence, ...(failedChecks.length === 0 ? [] : [`failed checks: ${failedChecks.join(', ')}`])],
      })),
    }],
  };
}

const METHOD: SheetSection = {
  id: 'reading',
  title: 'How to read this',
  parts: [
    'Blocks of two runs are two samples, not pairs: the change is the median of all differences b − a (Hodges and Lehmann), its interval that of the exact rank-sum test, at the level at which all declared quantiles together err in 5 % or what the blocks allow, widened where neighbouring blocks resemble each other (“blocks alone”).',
    'That interval knows how blocks differ, not how runs do. Two runs give one difference of levels, and no spread of it. So the interval of the verdict also holds the reading that the day did what the arm that moved least shows, and how far a level moved inside a run. When all arms move alike it reaches 0: whether the target changed or the day, two runs cannot tell. One run with both as arms can.',
  ].map((text) => ({ kind: 'prose', text })),
};
