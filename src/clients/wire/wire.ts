/** sameconn's own HTTP/1.1 client: the instrument. */
import type { Sample } from '../../measure/sample.js';
import { BodyFiles } from '../../net/body-file.js';
import { bindings, type Bindings } from '../../net/bindings.js';
import { handleConnector } from '../../net/handle-connector.js';
import { Pool } from '../../net/pool.js';
import { streamConnector } from '../../net/stream-connector.js';
import type { Client, ClientContext, OpenClient } from '../client.js';
import { readBuffer } from './head.js';
import { Linger } from './linger.js';
import { WireLink } from './link.js';
import { rehearseParser } from './rehearsal.js';
import { prepareRequest } from './request.js';

/**
 * HTTP/1.1 straight on `net` and `tls`: requests are prebuilt bytes, all sockets of a worker read into one buffer, and only what decides framing and reuse is
 * parsed. It adds as little as it can to what it measures.
 */
export const wire: Client = {
  kind: 'wire',
  summary: 'our own HTTP/1.1 client on bare sockets: adds the least to what is measured',
  supports: () => true,
  open: (context) => new WireClient(context, bindings),
};

/** The same where Node has no handles for us. */
export const wireOnStreams: Client = { ...wire, open: (context) => new WireClient(context, null) };

const READ_BUFFER_BYTES = 64 * 1024;

class WireClient implements OpenClient {
  readonly #pool: Pool;
  readonly #files: BodyFiles | null;

  constructor({ endpoint, rules, requests, ledger, clock, timeouts }: ClientContext, handles: Bindings | null) {
    rehearseParser();
    const shared = readBuffer(READ_BUFFER_BYTES);
    const options = { keepSessions: rules.tlsSession === 'kept', resettable: rules.closeBy === 'reset' };
    const connector = handles === null || endpoint.address === '' ? streamConnector(endpoint, ledger, options, shared.bytes) : handleConnector(handles, endpoint, ledger, options, shared.bytes);
    this.#files = BodyFiles.of(requests);
    const prepared = requests.map((request, index) => prepareRequest(request, endpoint.authority, this.#files?.at(index)));
    const linger = new Linger(clock, timeouts.closeNs);
    this.#pool = new Pool(rules, ledger, clock, timeouts, (slot, pool) => new WireLink(slot, pool, connector, prepared, linger, shared));
  }

  exchange(sample: Sample): void {
    if (this.#files !== null && this.#files.refuse(sample, this.#pool.clock)) return;
    this.#pool.exchange(sample);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#files?.close();
  }
}
