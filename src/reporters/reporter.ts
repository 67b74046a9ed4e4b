/** The seam of the reporters: a pure function from a result to the text of a file or a screen. */
import type { Result } from '../result/schema.js';

/** How the text will be shown; decided by the caller, never by a reporter. */
export interface Style {
  /** Columns of the screen. */
  readonly width: number;
  readonly color: boolean;
  /** false: every byte is ASCII. */
  readonly unicode: boolean;
}

interface ReporterBase {
  readonly kind: string;
  readonly summary: string;
  /** Ending of the file's name, without the dot. */
  readonly extension: string;
}

/** Draws a result. Pure: no clock, no file, no colour decision; the same result and style give the same bytes. */
export interface Reporter extends ReporterBase {
  render(result: Result, style: Style): string;
}

/** Draws a result as several texts, for a format that holds one distribution a file. As pure as every reporter. */
export interface PartsReporter extends ReporterBase {
  renderParts(result: Result, style: Style): readonly Part[];
}

export interface Part {
  /** Goes into the file's name: `fresh.response`. */
  readonly name: string;
  readonly text: string;
}

export type AnyReporter = Reporter | PartsReporter;

/** The files that a reporter makes of a result: `<name>.<extension>`, or `<name>.<part>.<extension>` for each of its parts. */
export function filesOf(reporter: AnyReporter, result: Result, style: Style, name: string): readonly { readonly name: string; readonly text: string }[] {
  if ('render' in reporter) return [{ name: `${name}.${reporter.extension}`, text: reporter.render(result, style) }];
  return reporter.renderParts(result, style).map((part) => ({ name: `${name}.${part.name}.${reporter.extension}`, text: part.text }));
}
