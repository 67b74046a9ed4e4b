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

/** Draws a result. Pure: no clock, no file, no colour decision; the same result and style give the same bytes. */
export interface Reporter {
  readonly kind: string;
  readonly summary: string;
  /** Ending of the file's name, without the dot. */
  readonly extension: string;
  render(result: Result, style: Style): string;
}
