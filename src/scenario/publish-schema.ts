/** The JSON Schema of scenario files, for editors. */
import { z } from 'zod';
import { scenarioFile } from './schema.js';

/** JSON Schema 2020-12, made from the schema that the loader reads with; `scenarios/scenario.schema.json` is its printed form. */
export function scenarioJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(scenarioFile, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: 'urn:sameconn:scenario:1', title: 'A sameconn scenario', ...schema };
}
