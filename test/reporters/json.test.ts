import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { json } from '../../src/reporters/index.js';
import { resultJsonSchema } from '../../src/result/publish-schema.js';
import { resultFile } from '../../src/result/schema.js';
import { fixture, fixtures, type FixtureName } from '../fakes/results.js';

const STYLE = { width: 80, color: false, unicode: true };
const ajv = new Ajv2020.default({ strict: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(resultJsonSchema());

test.each(Object.keys(fixtures) as FixtureName[])('the file of %s is valid by the published JSON Schema, and reads back as the same result', (name) => {
  const file = JSON.parse(json.render(fixture(name), STYLE));
  expect(validate(file) ? [] : validate.errors).toEqual([]);
  const { $schema, ...rest } = resultFile.parse(file);
  expect($schema).toBe('./result.schema.json');
  expect(rest).toEqual(fixture(name));
});

test('the schema refuses what is not a result', () => {
  const file = JSON.parse(json.render(fixture('single-arm'), STYLE));
  expect(validate({ ...file, arms: [{ ...file.arms[0], policy: 7 }] })).toBe(false);
  expect(validate({ ...file, extra: 1 })).toBe(false);
});

test('the schema comes first, and the file ends with a line end', () => {
  const text = json.render(fixture('single-arm'), STYLE);
  expect(text.startsWith('{\n  "$schema": ')).toBe(true);
  expect(text.endsWith('}\n')).toBe(true);
});

test('drawing a file that was read back gives the same file', () => {
  const text = json.render(fixture('single-arm'), STYLE);
  expect(json.render(resultFile.parse(JSON.parse(text)), STYLE)).toBe(text);
});

test('a list of numbers takes one line, and text that looks like one is left alone', () => {
  const { run, ...rest } = fixture('single-arm');
  const text = json.render({ ...rest, run: { ...run, command: ['[\n1,\n2\n]'] } }, STYLE);
  expect(text).toContain('"planned": [80, 80, 80, 80, 80, 0],\n');
  expect(JSON.parse(text).run.command).toEqual(['[\n1,\n2\n]']);
});

test('reports/result.schema.json is the schema of this version (vitest -u writes it)', async () => {
  await expect(`${JSON.stringify(resultJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../reports/result.schema.json');
});
