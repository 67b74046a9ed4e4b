/** Reading files that a person named. */
import { RequestError } from '../errors.js';
import type { Io } from '../io.js';

/** @throws RequestError when the file cannot be read */
export function readText(path: string, io: Io): string {
  try {
    return new TextDecoder().decode(io.readFile(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new RequestError(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code ?? String(error)})`, 'check the path');
  }
}
