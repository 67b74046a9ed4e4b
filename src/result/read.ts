import { RequestError } from '../errors.js';
import { resultFile, SCHEMA_VERSION, type Result } from './schema.js';

/**
 * Reads a result file back.
 * @throws RequestError when the text is not a result, or one of a newer major version
 */
export function readResult(text: string, file: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(`${file} is not JSON`, 'give the .json or .ndjson file that sameconn run wrote');
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version !== 'string') throw new RequestError(`${file} is not a result of sameconn: it has no schemaVersion`, 'give the .json or .ndjson file that sameconn run wrote');
  if (Number.parseInt(version, 10) > Number.parseInt(SCHEMA_VERSION, 10)) throw new RequestError(`${file} was written by a newer sameconn (schema ${version}; this one reads ${SCHEMA_VERSION})`, 'update sameconn');
  const parsed = resultFile.safeParse(value);
  if (parsed.success) return value as Result; // not the parsed copy, whose keys stand in the schema's order: what is written again is the same byte for byte
  const issue = parsed.error.issues[0];
  throw new RequestError(`${file} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`, 'the file was changed by hand, or written by another version');
}
