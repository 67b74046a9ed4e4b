/** What every section of the page draws from, and the pieces that they share. */
import { Histogram } from '../../measure/histogram.js';
import type { Result } from '../../result/schema.js';
import { armLabel } from '../summary.js';
import { legible, mapStrings } from '../text.js';
import type { Cell, Column, Row, Table, Tone } from '../table.js';
import { key, marksOf, type Mark } from './marks.js';
import { html, type Fragment, type Markup } from './template.js';

/** How each arm is told from the others. */
export interface Marked {
  readonly marks: ReadonlyMap<string, Mark>;
}

export interface Report extends Marked {
  /** As the file holds it. */
  readonly written: Result;
  /** With every string made legible: what is drawn. */
  readonly result: Result;
  readonly detail: Detail;
  /** The response times of each round, decoded once; in the order of `result.rounds`. */
  readonly responses: readonly Histogram[];
}

/** What a page that would be too large goes without. */
export interface Detail {
  /** The thin curve of every round. */
  readonly curves: boolean;
  /** The figures for programs. */
  readonly data: boolean;
  /** Most rows of the table of rounds. */
  readonly rounds: number;
}

export function reportOf(written: Result): Report {
  const result = mapStrings(written, legible);
  return { written, result, detail: { curves: true, data: true, rounds: Infinity }, marks: marksOf(result), responses: result.rounds.map(({ histograms }) => Histogram.decode(histograms.response)) };
}

/** A part of the page, with a heading that can be linked to. */
export function section(id: string, title: string, ...content: readonly Fragment[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}</section>
`;
}

/** The name of an arm beside its line and marker. */
export function armName({ marks }: Marked, name: string): Markup {
  const mark = marks.get(name);
  return html`<span class="arm">${mark ? key(mark) : null}<bdi>${armLabel(name)}</bdi></span>`;
}

/** The arms with their lines and markers, for under a drawing that has no room for names. */
export function armsKey(report: Report): Markup {
  return html`<p class="keys">${report.result.arms.map(({ name }) => armName(report, name))}</p>`;
}

const SYMBOLS: Readonly<Record<Tone, string>> = { good: '✓', bad: '✗', doubt: '?', soft: '' };

/** A state: a symbol, a word, a colour. */
export function state({ text, tone }: Cell): Markup {
  if (tone === undefined) return html`${text}`;
  return html`<span class="state ${tone}">${SYMBOLS[tone] === '' ? null : html`<span aria-hidden="true">${SYMBOLS[tone]}</span> `}${text}</span>`;
}

/** A table, in a frame of its own that scrolls sideways when the page is narrow. */
export function tableView(table: Table, report: Marked): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${table.caption}"><table${allNumbers(table.columns) ? html` class="numbers"` : null}>
<caption><span>${table.caption}</span></caption>
<thead><tr>${table.columns.map((column) => headView(column, report))}</tr></thead>
<tbody>
${table.rows.map((row) => rowView(row, table.columns, report))}</tbody></table></div>
${(table.notes ?? []).map((note) => html`<p class="note">${note}</p>`)}`;
}

function headView(column: Column, report: Marked): Markup {
  if (column.label === '') return html`<td></td>`;
  return html`<th scope="col"${className(column)}>${column.arm === undefined ? column.label : armName(report, column.arm)}</th>`;
}

function rowView({ cells, arm, link, role }: Row, columns: readonly Column[], report: Marked): Markup {
  const [first, ...others] = cells;
  if (role === 'heading') return html`<tr class="heading"><th scope="rowgroup" colspan="${columns.length}">${first?.text ?? ''}</th></tr>
`;
  const quiet = allNumbers(columns); // the table's class says it for every cell
  const name = arm !== undefined ? armName(report, arm) : html`${first?.text ?? ''}`;
  const header = link === undefined ? name : html`<a class="more" href="${link}">${name}</a>`;
  return html`<tr${role === 'part' ? html` class="part"` : null}><th scope="row">${header}</th>${others.map((cell, index) => html`<td${quiet ? null : className(columns[index + 1])}>${state(cell)}</td>`)}</tr>
`;
}

/** Every column but the first holds numbers. */
function allNumbers([, ...others]: readonly Column[]): boolean {
  return others.every(({ align }) => align === 'number');
}

function className(column: Column | undefined): Fragment {
  return column?.align === 'number' ? html` class="number"` : null;
}
