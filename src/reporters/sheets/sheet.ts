/** A sheet: what a page about several runs says, before any dialect. The terminal, Markdown and HTML each draw the same one. */
import type { Markup } from '../html/template.js';
import type { Size } from '../html/charts/drawing.js';
import type { Mark } from '../html/marks.js';
import type { Cell, Table } from '../table.js';
import type { Words } from '../words.js';

export interface Sheet {
  /** What kind of page it is, in two or three words. */
  readonly kind: string;
  readonly title: string;
  /** What must be read before any figure. */
  readonly warning: string;
  readonly verdict: (Words & { readonly sentence: string; readonly untrusted: boolean }) | null;
  /** Whose runs these are, one line each. */
  readonly lead: readonly string[];
  /** Every arm that the sheet speaks of, so that each keeps its mark. */
  readonly arms: readonly string[];
  readonly baseline: string;
  readonly sections: readonly SheetSection[];
  /** Of the program that drew it. */
  readonly version: string;
  readonly footer: string;
}

export interface SheetSection {
  /** Unique on the sheet; the page's anchor. */
  readonly id: string;
  readonly title: string;
  readonly parts: readonly SheetPart[];
}

export type SheetPart =
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'entries'; readonly entries: readonly SheetEntry[] }
  | { readonly kind: 'figure'; readonly figure: SheetFigure };

/** A name or a state, what it says, and under it why. */
export interface SheetEntry {
  /** The page's anchor, when others refer to this entry. */
  readonly id?: string;
  readonly label: Cell;
  readonly says: Cell;
  readonly details: readonly string[];
  /** Another file, relative to the sheet's own. */
  readonly link?: { readonly href: string; readonly text: string };
}

/** A drawing where there can be one, and everywhere the table of its data. */
export interface SheetFigure {
  readonly id: string;
  readonly title: string;
  readonly finding: string;
  readonly draw: (size: Size, marks: ReadonlyMap<string, Mark>) => { readonly height: number; readonly body: Markup };
  readonly note?: string;
  readonly data: Table;
}
