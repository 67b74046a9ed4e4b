/** Versions that a result names, read from the packages themselves. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const toolVersion = (require('../package.json') as { version: string }).version;
export const undiciVersion = (require('undici/package.json') as { version: string }).version;
