import { page } from './html/page.js';
import type { Reporter } from './reporter.js';

/** The whole report as one HTML file that stands alone: no network, complete without its script, readable in print, in the dark and without its style. */
export const html: Reporter = {
  kind: 'html',
  summary: 'the whole report as one file that stands alone',
  extension: 'html',
  render: (result) => page(result),
};
