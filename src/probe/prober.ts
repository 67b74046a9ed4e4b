import type { Ns } from '../define.js';
import type { Clock } from '../measure/clock.js';
import type { Endpoint, Timeouts } from '../net/endpoint.js';
import type { Limiter } from './limiter.js';
import { RawConnection, type RawOptions, type RawResponse } from './raw.js';
import { requestBytes, USER_AGENT, type RequestVariant } from './request.js';

/** What all parts of a probe share: one target, one limiter, one clock. */
export class Prober {
  constructor(
    readonly endpoint: Endpoint,
    /** Path and headers of the request that the target answers. */
    private readonly usual: { readonly path: string; readonly headers: Readonly<Record<string, string>> },
    readonly limiter: Limiter,
    readonly clock: Clock,
    readonly timeouts: Timeouts,
    readonly capNs: Ns,
    readonly maxRequests: number,
    /** A path that takes long enough to tell serial from concurrent; '' for the usual one. */
    readonly slowPath: string,
  ) {}

  /** The same probe of another address. */
  to(endpoint: Endpoint): Prober {
    return new Prober(endpoint, this.usual, this.limiter, this.clock, this.timeouts, this.capNs, this.maxRequests, this.slowPath);
  }

  get place(): string {
    const { socketPath, address, family, port } = this.endpoint;
    return socketPath !== '' ? `unix:${socketPath}` : family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
  }

  /** @throws OpenFailure */
  open(options?: RawOptions): Promise<RawConnection> {
    return RawConnection.open(this.endpoint, this.limiter, this.clock, this.timeouts.connectNs, options);
  }

  /** The bytes of a request: the usual one where nothing else is said. */
  request(variant: RequestVariant = {}): Buffer {
    return requestBytes(this.endpoint.authority, { ...this.usual, ...variant });
  }

  /** The same request in HTTP/2, where the connection is no field's affair. */
  http2Headers(): Record<string, string> {
    const { path, headers } = this.usual;
    const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => !HOP_BY_HOP.has(name));
    return { 'user-agent': USER_AGENT, ...Object.fromEntries(own), ':method': 'GET', ':scheme': 'https', ':authority': this.endpoint.authority, ':path': path };
  }

  /** One exchange; null when no whole response came. */
  async exchange(connection: RawConnection, variant: RequestVariant = {}): Promise<RawResponse | null> {
    await this.limiter.requests(1);
    const response = connection.response(this.timeouts.responseNs, variant.method === 'HEAD');
    connection.write(this.request(variant));
    return response;
  }

  /** Opens a connection for one piece of work, and closes it whatever happens. @throws OpenFailure */
  async with<T>(work: (connection: RawConnection) => Promise<T>, options?: RawOptions): Promise<T> {
    const connection = await this.open(options);
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }
}

/** Fields of HTTP/1.1 that have no place in HTTP/2 (RFC 9113, section 8.2.2), and Host, which is :authority there. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te', 'host']);
