/** The clients a scenario may name. */
import type { Client } from '../clients/client.js';
import * as exported from '../clients/index.js';

export { DEFAULT_CLIENT } from '../clients/client.js';

/** What the scenario room needs to know of a client. */
export type ClientWords = Pick<Client, 'kind' | 'summary' | 'supports'>;

export const CLIENTS: readonly ClientWords[] = Object.values(exported);
