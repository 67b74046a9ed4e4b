/** The clients a scenario may name, and the one it means when it names none. */
import type { Client } from '../clients/client.js';
import * as exported from '../clients/index.js';

/** What the scenario room needs to know of a client. */
export type ClientWords = Pick<Client, 'kind' | 'summary' | 'supports'>;

const { DEFAULT_CLIENT: preferred, ...members } = exported as Readonly<Record<string, Client>> & { readonly DEFAULT_CLIENT?: string };

export const CLIENTS: readonly ClientWords[] = Object.values(members);
export const DEFAULT_CLIENT: string = preferred ?? 'undici';
