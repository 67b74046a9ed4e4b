/** The JSON Schemas of the files that are written, for editors and for programs in other languages. */
import { z } from 'zod';
import { history, HISTORY_VERSION } from './history-schema.js';
import { runComparison, RUN_COMPARISON_VERSION } from './run-comparison-schema.js';
import { resultFile, SCHEMA_VERSION } from './schema.js';

const UNITS = 'Times are in ms (keys end in Ms, or the unit stands beside) and, inside histograms and options, in ns. Rates are per second. A later minor version may add keys: a reader overlooks those that it does not know.';

/** Made from the schema that reads and types the file; `reports/result.schema.json` is its printed form. */
export function resultJsonSchema(): object {
  return published(resultFile, 'result', SCHEMA_VERSION, 'The result of a sameconn run');
}

/** Of what `sameconn compare` writes: `reports/run-comparison.schema.json`. */
export function runComparisonJsonSchema(): object {
  return published(runComparison, 'run-comparison', RUN_COMPARISON_VERSION, 'Two sameconn runs, compared');
}

/** Of what `sameconn report` writes of several runs: `reports/history.schema.json`. */
export function historyJsonSchema(): object {
  return published(history, 'history', HISTORY_VERSION, 'Several sameconn runs');
}

/** JSON Schema 2020-12. */
function published(file: z.ZodType, name: string, version: string, title: string): object {
  const { $schema, ...schema } = z.toJSONSchema(file, { target: 'draft-2020-12' });
  return { $schema, $id: `urn:sameconn:${name}:${version.split('.')[0]}`, title: `${title}, version ${version}`, description: UNITS, ...schema };
}
