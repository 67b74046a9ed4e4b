import type { Client } from '../../src/clients/client.js';
import * as clients from '../../src/clients/index.js';
import { wireOnStreams } from '../../src/clients/wire/wire.js';

/** Every client, and the instrument once more as it is where Node has no handles for it. */
export const senders: readonly { readonly name: string; readonly client: Client }[] = [
  ...Object.values(clients).map((client) => ({ name: client.kind, client })),
  { name: 'wire on streams', client: wireOnStreams },
];
