// Writes the published JSON Schemas from the schemas of the code: `npm run schemas`. Tests fail when the files are out of date.
import { writeFileSync } from 'node:fs';
import { historyJsonSchema, resultJsonSchema, runComparisonJsonSchema } from '../dist/result/publish-schema.js';
import { scenarioJsonSchema } from '../dist/scenario/publish-schema.js';

for (const [path, schema] of [
  ['scenarios/scenario.schema.json', scenarioJsonSchema()],
  ['reports/result.schema.json', resultJsonSchema()],
  ['reports/run-comparison.schema.json', runComparisonJsonSchema()],
  ['reports/history.schema.json', historyJsonSchema()],
]) {
  writeFileSync(new URL(`../${path}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
