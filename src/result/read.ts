import { RequestError } from '../errors.js';
import { resultFile, type Result } from './schema.js';
import { checkVersion, misfitRemedy } from './version.js';

/**
 * Reads a result file back. Keys that a newer minor version added are kept and overlooked.
 * @throws RequestError when the text is not a result, or one of another major version
 */
export function readResult(text: string, file: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(`${file} is not JSON`, 'give the .json or .ndjson file that sameconn run wrote');
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  checkVersion(version, file);
  const parsed = resultFile.safeParse(value);
  if (parsed.success) return value as Result; // not the parsed copy, whose keys stand in the schema's order: what is written again is the same byte for byte
  const issue = parsed.error.issues[0];
  throw new RequestError(`${file} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`, misfitRemedy(version));
}
