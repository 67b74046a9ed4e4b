import type { Result } from '../result/schema.js';
import { declaredSentence, precisionSentence } from './declared.js';
import { floorSentence } from './floor.js';
import { latencyDrawing } from './latency-drawing.js';
import type { Reporter, Style } from './reporter.js';
import { Screen } from './screen.js';
import { armsTable, differencesTable, doubtsOf, latenessSentence, partialSentence, promisesTable, thinNotes, trustSentence } from './summary.js';
import type { Cell } from './table.js';
import { ascii, clip, legible, mapStrings } from './text.js';
import { expectationWords, experimentSentence, gateWords, targetWords, trafficSentence, verdictWords } from './words.js';

/** The result in the terminal: verdict, arms, differences, promises, trust; never wider than the screen. */
export const terminal: Reporter = {
  kind: 'terminal',
  summary: 'the verdict, the arms side by side and the promises, for a screen',
  extension: 'txt',
  render: (result, style) => {
    const screen = new Screen(style);
    draw(mapStrings(result, (text) => (style.unicode ? legible(text) : ascii(legible(text)))), style, screen);
    return screen.text();
  },
};

function draw(result: Result, style: Style, screen: Screen): void {
  const { text, tone } = verdictWords[result.verdict.state];
  screen.line([text, tone, true]);
  screen.prose(clip(result.verdict.sentence, 700));
  if (result.verdict.state === 'untrustworthy') screen.prose('The figures below are not for decisions.', 'bad');
  const partial = partialSentence(result);
  if (partial !== null) screen.prose(`PARTIAL: ${partial}`, 'doubt');
  screen.gap();
  screen.prose(clip(result.run.name, 120));
  screen.prose(clip(targetWords(result), 200), 'soft');
  screen.prose(`${clip(trafficSentence(result), 300)}; ${experimentSentence(result)}`, 'soft');
  for (const sentence of [declaredSentence(result), precisionSentence(result)]) if (sentence !== '') screen.prose(sentence, 'soft');
  if (result.arms.length > 0) {
    screen.gap();
    screen.wideTable(armsTable(result));
    for (const note of thinNotes(result)) screen.prose(note, 'soft');
    drawLatency(result, style, screen);
  }
  const differences = differencesTable(result);
  if (differences !== null) {
    screen.gap();
    screen.line([differences.caption, 'soft']);
    if (differences.rows.length > 0) screen.table(differences);
    for (const note of differences.notes ?? []) screen.prose(note, 'soft');
  }
  if (result.arms.length > 0) {
    screen.gap();
    screen.line(['promises', 'soft']);
    screen.entries(promisesTable(result).rows.map(({ cells: [arm, outcome, sentence] }) => ({
      label: arm ?? NOTHING,
      says: outcome ?? NOTHING,
      detail: sentence?.text ?? '',
    })));
  }
  if (result.expectations.length > 0) {
    screen.gap();
    screen.line(['expectations', 'soft']);
    screen.entries(result.expectations.map(({ text, state, detail }) => ({
      label: expectationWords[state],
      says: { text: clip(text, 120) },
      detail: clip(detail, 200),
    })));
  }
  screen.gap();
  screen.prose(`trust: ${trustSentence(result)}; ${latenessSentence(result)}; seed ${result.run.seed}`, 'soft');
  screen.prose(floorSentence(result), 'soft');
  screen.entries(doubtsOf(result).map(({ id, state, title, detail, remedy }) => ({
    label: gateWords[state],
    says: { text: clip(`${id} ${title}`, 80) },
    detail: clip([detail, remedy].filter((part) => part !== '').join('; '), 400),
  })));
}

function drawLatency(result: Result, style: Style, screen: Screen): void {
  const drawing = latencyDrawing(result, screen.besideLabel, style.unicode);
  if (drawing === null) return;
  screen.gap();
  screen.line(['response, ms: where the requests of each arm lie', 'soft']);
  for (const { arm, text } of drawing.rows) screen.labelled(arm, text);
  screen.labelled('', drawing.axis, 'soft');
}

const NOTHING: Cell = { text: '' };
