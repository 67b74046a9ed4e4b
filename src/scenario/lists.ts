/** The pacers, policies and clients that a scenario may name. */
import type { Client } from '../clients/client.js';
import * as clients from '../clients/index.js';
import type { List } from '../define.js';
import * as pacers from '../pacers/index.js';
import * as policies from '../policies/index.js';

export { DEFAULT_CLIENT } from '../clients/client.js';

/** What the scenario room needs to know of a client. */
export type ClientWords = Pick<Client, 'kind' | 'summary' | 'supports'>;

export const PACERS = byKind(pacers);
export const POLICIES = byKind(policies);
export const CLIENTS: readonly ClientWords[] = byKind<Client>(clients);

/** By the alphabet, as a module's exports are in Node but not in every bundler: the published schema must come out the same everywhere. */
function byKind<T extends { readonly kind: string }>(list: List<T>): readonly T[] {
  return Object.values(list).toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
}
