/** A screen of text, for whatever is told in a terminal: lines, sentences, entries and tables, never wider than it is. */
import { styleText } from 'node:util';
import type { Style } from './reporter.js';
import { inParts, withoutOptional, type Cell, type Table, type Tone } from './table.js';
import { ascii, columns, fit, wrapped } from './text.js';

export type Ink = Tone | 'plain';
export type Piece = readonly [text: string, ink?: Ink, bold?: boolean];

/** A name or a state, what it says, and under them why. */
export interface Entry {
  readonly label: Cell;
  readonly says: Cell;
  readonly detail: string;
}

/** Lines of text, each fitted to the width, each inked on its own: taking the colour away leaves the same text. */
export class Screen {
  readonly #lines: string[] = [];
  readonly #width: number;

  constructor(private readonly style: Style) {
    this.#width = Math.max(NARROWEST, style.width) - MARGIN.length;
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  gap(): void {
    if (this.#lines.at(-1) !== '') this.#lines.push('');
  }

  line(...pieces: readonly Piece[]): void {
    let left = this.#width;
    const inked = pieces.map(([text, ink = 'plain', bold = false], index) => {
      const last = index === pieces.length - 1;
      const shown = this.#glyphs(fit(last ? text.trimEnd() : text, left));
      left -= columns(shown);
      return this.#ink(shown, ink, bold);
    });
    this.#lines.push(`${MARGIN}${inked.join('')}`.trimEnd());
  }

  /** A sentence over as many lines as it needs. */
  prose(text: string, ink: Ink = 'plain', indent = ''): void {
    for (const line of wrapped(text, this.#width - indent.length)) this.line([`${indent}${line}`, ink]);
  }

  entries(entries: readonly Entry[]): void {
    const width = Math.min(NAME_WIDTH, Math.max(0, ...entries.map(({ label }) => columns(label.text))));
    for (const { label, says, detail } of entries) {
      this.line([padded(fit(label.text, width), width), label.tone ?? 'plain'], ['  '], [says.text, says.tone ?? 'plain']);
      if (detail !== '') this.prose(detail, 'soft', HANG);
    }
  }

  /** Characters that a drawing may take beside a label. */
  get besideLabel(): number {
    return Math.min(WIDEST_DRAWING, this.#width - LABEL_WIDTH - MARGIN.length);
  }

  /** A line behind a label, which stands where those of a wide table stand. */
  labelled(label: string, text: string, ink: Ink = 'plain'): void {
    this.line([padded(fit(label, LABEL_WIDTH - 1), LABEL_WIDTH)], [text, ink]);
  }

  /** A table with a column for each arm: when there are more than fit, it goes on below. */
  wideTable(table: Table): void {
    const most = Math.max(1, Math.floor((this.#width - LABEL_WIDTH) / (VALUE_WIDTH + 1)));
    inParts(table, most).forEach((part, index) => {
      if (index > 0) this.gap();
      const room = Math.floor((this.#width - LABEL_WIDTH) / (part.columns.length - 1)) - 1;
      this.table(part, [LABEL_WIDTH, ...part.columns.slice(1).map(({ label }) => Math.min(room, Math.max(VALUE_WIDTH, columns(label) + 1)))]);
    });
  }

  /** A table in which every column is as wide as its longest cell, or as wide as given. */
  table(whole: Table, given?: readonly number[]): void {
    const total = widthsOf(whole).reduce((sum, width) => sum + width + 2, -2);
    const table = given === undefined && total > this.#width ? withoutOptional(whole) : whole;
    const widths = given ?? widthsOf(table);
    for (const cells of linesOf(table)) {
      const pieces = cells.flatMap((cell, index): Piece[] => {
        const width = widths[index] ?? 0;
        const text = fit(cell.text, width);
        const side = table.columns[index]?.align === 'number' ? 'left' : 'right';
        return [[index === 0 ? '' : given ? ' ' : '  '], [padded(text, width, side), cell.tone ?? 'plain']];
      });
      this.line(...pieces);
    }
  }

  #glyphs(text: string): string {
    return this.style.unicode ? text : ascii(text);
  }

  #ink(text: string, ink: Ink, bold: boolean): string {
    if (!this.style.color || text.trim() === '' || (ink === 'plain' && !bold)) return text;
    const color = { good: 'green', bad: 'red', doubt: 'yellow', soft: 'gray', plain: 'reset' } as const;
    // Whether to colour was decided by the caller, so no stream is asked.
    return styleText(bold ? ['bold', color[ink]] : [color[ink]], text, { validateStream: false });
  }
}

/** The narrowest screen that a line is fitted to. */
const NARROWEST = 40;
const MARGIN = ' ';
const HANG = '    ';
const NAME_WIDTH = 18;
const WIDEST = 24;
const LABEL_WIDTH = 16;
const VALUE_WIDTH = 12;
const WIDEST_DRAWING = 62;

/** The head and the rows of a table; the parts of a row stand under it, indented. */
function linesOf({ columns: heads, rows }: Table): readonly (readonly Cell[])[] {
  const head = heads.map(({ label }): Cell => ({ text: label, tone: 'soft' }));
  const indented = (cell: Cell, index: number): Cell => (index === 0 ? { ...cell, text: `  ${cell.text}` } : cell);
  return [head, ...rows.map(({ cells, role }) => (role === 'part' ? cells.map(indented) : cells))];
}

function widthsOf(table: Table): readonly number[] {
  const lines = linesOf(table);
  return table.columns.map((_, index) => Math.min(index === 0 ? NAME_WIDTH : WIDEST, Math.max(...lines.map((cells) => columns(cells[index]?.text ?? '')))));
}

function padded(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const blank = ' '.repeat(Math.max(0, width - columns(text)));
  return side === 'left' ? blank + text : text + blank;
}
