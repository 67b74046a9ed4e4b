import type { Reporter } from './reporter.js';

/** The result file itself: stable keys, for programs and for drawing the other reports again. */
export const json: Reporter = {
  kind: 'json',
  summary: 'the whole result as JSON, for programs (its JSON Schema is result.schema.json)',
  extension: 'json',
  render: (result) => {
    const { $schema = './result.schema.json', ...rest } = result;
    return `${JSON.stringify({ $schema, ...rest }, null, 2)}\n`;
  },
};
