import { bullets, escaped, tableText, withinLimit } from '../markdown.js';
import { clip } from '../text.js';
import type { Sheet, SheetEntry, SheetPart } from './sheet.js';

/** A sheet for a pull request or a job summary: GitHub's Markdown, at most 16 KB. */
export function sheetInMarkdown({ title, warning, verdict, lead, sections }: Sheet): string {
  return withinLimit([
    `### ${verdict ? `${verdict.text}: ` : ''}${escaped(clip(title, 120))}`,
    `**${escaped(warning)}**`,
    ...(verdict ? [escaped(clip(verdict.sentence, 1500))] : []),
    ...(verdict?.untrusted ? ['**The figures below are not for decisions.**'] : []),
    bullets(lead.map((line) => escaped(clip(line, 300)))),
    ...sections.flatMap((section) => [`#### ${escaped(section.title)}`, ...section.parts.map(partText).filter((text) => text !== '')]),
  ]);
}

function partText(part: SheetPart): string {
  if (part.kind === 'prose') return escaped(part.text);
  if (part.kind === 'entries') return bullets(part.entries.map(entryText));
  return tableText(part.kind === 'figure' ? part.figure.data : part.table);
}

function entryText({ label, says, details }: SheetEntry): string {
  const why = clip(details.join('; '), 400);
  return `**${escaped(clip(label.text, 80))}** ${escaped(clip(says.text, 200))}${why === '' ? '' : `: ${escaped(why)}`}`;
}
