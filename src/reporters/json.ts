import type { Reporter } from './reporter.js';

/** The result file itself: stable keys, for programs and for drawing the other reports again. */
export const json: Reporter = {
  kind: 'json',
  summary: 'the whole result as JSON, for programs (its JSON Schema is result.schema.json)',
  extension: 'json',
  render: (result) => {
    const { $schema = './result.schema.json', ...rest } = result;
    return `${JSON.stringify({ $schema, ...rest }, null, 2).replace(NUMBERS, onOneLine)}\n`;
  },
};

/** A list of numbers, as JSON.stringify lays it out: one a line. A string cannot be taken for one, since its line ends are escaped. */
const NUMBERS = /\[\n\s*(?:(?:-?\d[\d.e+-]*|null)(?:,\n\s*)?)+\n\s*\]/g;

function onOneLine(list: string): string {
  return list.replace(/\[\n\s*/, '[').replace(/\n\s*\]/, ']').replace(/,\n\s*/g, ', ');
}
