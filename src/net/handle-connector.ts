/** Connections on Node's own handles: no stream, no listener, no closure per connection. Half the processor time of `net` for a fresh connection, two thirds of `tls`. */
import { isIP } from 'node:net';
import type { Bindings } from './bindings.js';
import { secureContextOf, type Connector, type ConnectorOptions } from './connector.js';
import type { Endpoint } from './endpoint.js';
import { HandleSocket, type HandleContext } from './handle-socket.js';
import type { Ledger } from './ledger.js';
import { SecureHandleSocket, type SecureContext } from './secure-handle-socket.js';

/** A connector to one endpoint with an address. @param buffer what all sockets read into */
export function handleConnector(bindings: Bindings, endpoint: Endpoint, ledger: Ledger, { keepSessions }: ConnectorOptions, buffer: Uint8Array): Connector {
  const { address, port, localAddress } = endpoint;
  let turn = 0;
  const context: HandleContext = {
    bindings,
    ledger,
    buffer,
    address,
    port,
    isV6: isIP(address) === 6,
    source: () => (localAddress.length === 0 ? '' : localAddress[turn++ % localAddress.length]!),
  };
  if (!endpoint.secure) return { open: (connection, owner) => new HandleSocket(context, connection, owner).open() };
  const secure: SecureContext = { context: secureContextOf(endpoint), servername: endpoint.servername, verified: endpoint.tls.insecure ? '' : endpoint.servername || address, keepSessions, accepted: null };
  return { open: (connection, owner, session) => new SecureHandleSocket(context, connection, owner, secure, session).open() };
}
