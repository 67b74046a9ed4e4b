/** A table as data, before any dialect: the terminal, Markdown and HTML each draw the same one. */

/** How a cell should strike the eye; the words in it say the same without colour. */
export type Tone = 'good' | 'bad' | 'doubt' | 'soft';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly label: string;
  readonly align: 'text' | 'number';
  /** The arm that this column is about. */
  readonly arm?: string;
  /** Left out where the page is too narrow for all columns. */
  readonly optional?: true;
}

export interface Row {
  /** The first cell is the row's header. */
  readonly cells: readonly Cell[];
  /** The arm that this row is about. */
  readonly arm?: string;
  /** Where a page has more about this row: `#run-2`. */
  readonly link?: string;
  /** `part`: a share of the row above it. `heading`: names the rows below it. */
  readonly role?: 'part' | 'heading';
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** What the signs in the cells mean, in sentences. */
  readonly notes?: readonly string[];
}

export function cell(text: string, tone?: Tone): Cell {
  return tone === undefined ? { text } : { text, tone };
}

/** A row of plain cells. */
export function row(...texts: readonly (string | Cell)[]): Row {
  return { cells: texts.map((text) => (typeof text === 'string' ? { text } : text)) };
}

/** The table without the columns that a narrow page can do without. */
export function withoutOptional(table: Table): Table {
  const keep = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => !table.columns[index]?.optional);
  return { ...table, columns: keep(table.columns), rows: table.rows.map((row) => ({ ...row, cells: keep(row.cells) })) };
}

/** The same table in parts of at most `most` columns beside the first, as even as can be, so that each fits a narrow page. */
export function inParts(table: Table, most: number): readonly Table[] {
  const others = table.columns.length - 1;
  if (others <= most) return [table];
  const parts = Math.ceil(others / most);
  const size = Math.ceil(others / parts);
  return Array.from({ length: parts }, (_, part) => {
    const keep = <T>(cells: readonly T[]): T[] => [...cells.slice(0, 1), ...cells.slice(1 + part * size, 1 + (part + 1) * size)];
    return { ...table, columns: keep(table.columns), rows: table.rows.map((row) => ({ ...row, cells: keep(row.cells) })), notes: part === parts - 1 ? (table.notes ?? []) : [] };
  });
}
