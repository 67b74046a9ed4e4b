/** Which versions of the files this program reads. */
import { RequestError } from '../errors.js';
import { SCHEMA_VERSION } from './schema.js';

/**
 * Refuses a file of another major version. One of a newer minor version is read: what this program does not know in it is overlooked.
 * @param place the file, or the line of it, that states its version
 * @throws RequestError when there is no version, or one that is not read
 */
export function checkVersion(version: unknown, place: string): void {
  const stated = partsOf(version);
  if (stated === null) throw new RequestError(`${place} is not of sameconn: it has no schemaVersion`, 'give the .json or .ndjson file that sameconn run wrote');
  if (stated.major > OURS.major) throw new RequestError(`${place} was written by a newer sameconn (schema ${String(version)}; this one reads ${OURS.major}.x)`, 'update sameconn');
  if (stated.major < OURS.major) throw new RequestError(`${place} was written by an older sameconn (schema ${String(version)}; this one reads ${OURS.major}.x)`, 'report it with the version that wrote it');
}

/** What may be the matter with a file whose version is read and which does not fit the schema all the same. */
export function misfitRemedy(version: unknown): string {
  const stated = partsOf(version);
  if (stated !== null && stated.minor > OURS.minor) return `it was written by a newer sameconn (schema ${String(version)}; this one knows ${SCHEMA_VERSION}): update sameconn`;
  return 'the file was changed by hand, or damaged';
}

interface Version {
  readonly major: number;
  readonly minor: number;
}

function partsOf(version: unknown): Version | null {
  const [, major, minor] = /^(\d{1,6})\.(\d{1,6})\.\d{1,6}$/.exec(typeof version === 'string' ? version : '') ?? [];
  return major === undefined || minor === undefined ? null : { major: Number(major), minor: Number(minor) };
}

const OURS = partsOf(SCHEMA_VERSION)!;
