import type { Style } from '../reporter.js';
import { Screen } from '../screen.js';
import { ascii, clip, mapStrings } from '../text.js';
import type { Sheet, SheetPart } from './sheet.js';

/** A sheet on a screen: the warning, the verdict, then every table; never wider than the screen. */
export function sheetOnScreen(drawn: Sheet, style: Style): string {
  const sheet = style.unicode ? drawn : mapStrings(drawn, ascii); // before the widths of columns are taken
  const screen = new Screen(style);
  screen.prose(sheet.warning, 'doubt');
  screen.gap();
  if (sheet.verdict) {
    screen.line([sheet.verdict.text, sheet.verdict.tone, true]);
    screen.prose(clip(sheet.verdict.sentence, 1500));
    if (sheet.verdict.untrusted) screen.prose('The figures below are not for decisions.', 'bad');
    screen.gap();
  }
  for (const line of sheet.lead) screen.prose(clip(line, 300), 'soft');
  for (const { title, parts } of sheet.sections) {
    screen.gap();
    screen.line([title, 'plain', true]);
    for (const part of parts) draw(part, screen);
  }
  return screen.text();
}

function draw(part: SheetPart, screen: Screen): void {
  if (part.kind === 'prose') return screen.prose(part.text, 'soft');
  if (part.kind === 'entries') return screen.entries(part.entries.map(({ label, says, details }) => ({ label, says, detail: clip(details.join('; '), 400) })));
  const table = part.kind === 'figure' ? part.figure.data : part.table;
  screen.prose(table.caption, 'soft');
  screen.table(table);
  for (const note of table.notes ?? []) screen.prose(note, 'soft');
}
