/** The dialects of a sheet: one function and one file ending each. */
import type { Style } from '../reporter.js';
import { sheetAsPage } from './html.js';
import { sheetInMarkdown } from './markdown.js';
import type { Sheet } from './sheet.js';
import { sheetOnScreen } from './terminal.js';

export { sheetOfComparison } from './run-comparison.js';
export { sheetOfHistory } from './history.js';

export interface Dialect {
  readonly extension: string;
  /** Pure: the same sheet and style give the same bytes. */
  render(sheet: Sheet, style: Style): string;
}

export const onScreen: Dialect = { extension: 'txt', render: sheetOnScreen };
/** Those that become files. */
export const inFiles: readonly Dialect[] = [
  { extension: 'md', render: sheetInMarkdown },
  { extension: 'html', render: sheetAsPage },
];
