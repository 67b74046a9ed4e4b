/** The JSON Schema of the result file, for editors and for programs in other languages. */
import { z } from 'zod';
import { resultFile, SCHEMA_VERSION } from './schema.js';

/** JSON Schema 2020-12, made from the schema that reads and types the file; `reports/result.schema.json` is its printed form. */
export function resultJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(resultFile, { target: 'draft-2020-12' });
  return {
    $schema,
    $id: `urn:sameconn:result:${SCHEMA_VERSION.split('.')[0]}`,
    title: `The result of a sameconn run, version ${SCHEMA_VERSION}`,
    description: 'Times are in ms (keys end in Ms, or the unit stands beside) and, inside histograms and options, in ns. Rates are per second.',
    ...schema,
  };
}
