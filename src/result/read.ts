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
  if (parsed.success) return filled(value, parsed.data) as Result; // not the parsed copy, whose keys stand in the schema's order: what is written again is the same byte for byte
  const issue = parsed.error.issues[0];
  throw new RequestError(`${file} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`, misfitRemedy(version));
}

/** The value itself, and in it what an older minor version did not know and the schema has a default for. */
function filled(value: unknown, parsed: unknown): unknown {
  if (!isObject(value) || !isObject(parsed)) return value;
  for (const [key, known] of Object.entries(parsed)) {
    if (value[key] === undefined && known !== undefined) value[key] = known;
    else filled(value[key], known);
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
