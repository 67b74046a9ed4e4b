import { frame } from '../html/frame.js';
import { figure } from '../html/charts/drawing.js';
import { marksOf } from '../html/marks.js';
import { armName, section, state, tableView, type Marked } from '../html/report.js';
import { LOGO } from '../html/sections/first-screen.js';
import { html, type Markup } from '../html/template.js';
import { clip } from '../text.js';
import type { Sheet, SheetEntry, SheetPart } from './sheet.js';

/** A sheet as one HTML file that stands alone: no network, complete without its script. */
export function sheetAsPage(sheet: Sheet): string {
  const { version, kind, title, lead, sections, footer, arms, baseline } = sheet;
  const marked: Marked = { marks: marksOf({ arms: arms.map((name) => ({ name })), plan: { baseline } }) };
  return frame({ title: clip(title, 160), version }, html`<header>
<p class="eyebrow">${LOGO}<span>sameconn</span> <span>${kind}</span></p>
<h1>${clip(title, 160)}</h1>
<p class="target">${lead.map((line, index) => html`${index > 0 ? html`<br>` : null}${clip(line, 400)}`)}</p>
</header>
<main id="main">
<div class="first">
<p class="partial">${sheet.warning}</p>
${verdict(sheet)}<p class="keys">${arms.map((name) => armName(marked, name))}</p></div>
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${sections.map(({ id, title: name, parts }) => section(id, name, ...parts.map((part) => partView(part, marked))))}</main>
<footer>sameconn ${clip(version, 30)} · ${clip(footer, 300)} · this file holds everything it needs, and asks nothing of any network</footer>
`);
}

function verdict({ verdict: said }: Sheet): Markup | null {
  if (!said) return null;
  return html`<div class="verdict ${said.untrusted ? 'untrusted' : said.tone}" role="region" aria-label="Verdict">
<p class="word">${said.text}</p>
<p>${clip(said.sentence, 1500)}</p>
${said.untrusted ? html`<p><strong>The figures below are not for decisions.</strong></p>
` : null}</div>
`;
}

function partView(part: SheetPart, marked: Marked): Markup {
  if (part.kind === 'prose') return html`<p>${part.text}</p>
`;
  if (part.kind === 'table') return tableView(part.table, marked);
  if (part.kind === 'entries') return html`<ul class="plain">
${part.entries.map(entryView)}</ul>
`;
  const { id, title, finding, draw, note, data } = part.figure;
  return figure({ id, title, finding, draw: (size) => draw(size, marked.marks), key: note === undefined ? null : html`<p class="note">${note}</p>`, data: tableView(data, marked) });
}

function entryView({ id, label, says, details, link }: SheetEntry): Markup {
  return html`<li${id === undefined ? null : html` id="${id}"`}><strong>${clip(label.text, 160)}</strong> ${state(says)}${link ? html` <a href="${link.href}">${link.text}</a>` : null}${details.map((detail) => html`<br>${clip(detail, 700)}`)}</li>
`;
}
