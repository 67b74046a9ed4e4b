/** The verdicts on a client's new connections: what each means, and what its owner can do. */
export interface Verdict {
  readonly code: string;
  readonly name: string;
  /** What the client did, as the rest of "In 12 cases …". */
  readonly meaning: string;
  /** What to do about it; '' when nothing is wrong. */
  readonly advice: string;
  /** A connection that would have been opened by any client that reuses connections. */
  readonly needed: boolean;
}

export const VERDICTS = {
  first: verdict('S01', 'first', 'it was the client’s first connection', '', true),
  needed: verdict('S02', 'needed-concurrency', 'all the client’s connections were busy with other requests', '', true),
  clientSaidClose: verdict(
    'S03',
    'client-said-close',
    'the client itself asked for the connection to be closed',
    'do not send `Connection: close`: in Go, leave DisableKeepAlives false; in Node, use an agent with keepAlive (the global one has it since Node 19); with urllib in Python, use http.client or a Session; with ab, say -k',
  ),
  serverSaidClose: verdict('S04', 'server-said-close', 'the answer before announced that its connection ends', 'the cause is the server: see what `sameconn probe` says about its limits'),
  serverClosedIdle: verdict(
    'S05',
    'server-closed-idle',
    'the server had closed the idle connection',
    'let the client drop idle connections sooner than the server does, or raise the server’s keep-alive timeout above the client’s',
  ),
  poolCap: verdict(
    'S06',
    'pool-cap',
    'the client closed a usable connection right after a complete answer, though it went on opening others: its pool keeps too few idle connections',
    'raise the idle connections kept for one host to the client’s concurrency: in Go, Transport.MaxIdleConnsPerHost (2 unless set); in urllib3, maxsize; in httpx, max_keepalive_connections',
  ),
  perRequest: verdict(
    'S07',
    'per-request-client',
    'the client closed its connection after one request, as one that is made anew for every request does',
    'make one client (Session, Agent, Transport, HttpClient) and keep it for all requests; several runs of a program cannot share a connection; in Go before 1.27, a small body that is closed unread looks the same',
  ),
  abandoned: verdict(
    'S08',
    'abandoned-pool',
    'an idle connection of the same client was there, and stayed unused',
    'make one client (Transport, Agent, HttpClient, Session) and keep it for all requests; or bodies were never read, or never closed (Go), so that their connections did not come back to the pool',
  ),
  notDrained: verdict(
    'S09',
    'body-not-drained',
    'the client gave the connection up before the answer was read to its end',
    'read every body to its end: in Go, io.Copy(io.Discard, resp.Body) before Close (since Go 1.27, Close itself reads up to 256 KiB); in undici, await body.dump() or consume it; in fetch, read or cancel the body',
  ),
  clientIdle: verdict('S10', 'client-idle-timeout', 'the client had closed its idle connection', 'raise the client’s idle timeout (below the server’s), or accept one handshake after each pause'),
  clientAge: verdict('S11', 'client-max-age', 'the client had closed its connection after a fixed age or number of requests', 'a limit in the client: raise it if it is not wanted'),
  aborted: verdict('S12', 'client-abort', 'the client gave up waiting for an answer, and its connection with it', 'a timeout or cancellation in the client: an HTTP/1.1 connection cannot outlive it'),
  keySplit: verdict('S13', 'key-split', 'the client keeps connections for this host name apart from those it had open for another', 'use one name (and one TLS name and proxy) for the same server'),
  retried: verdict('S14', 'stale-retry', 'the server closed a connection just as it was used again, and the client sent the request once more', 'let the client drop idle connections sooner than the server does: a request that is not idempotent fails here'),
  neverUsed: verdict('S15', 'never-used', 'a connection was opened and closed without a request', 'a preconnect, a health check, or a dial that lost against a connection that came free', true),
  handshakeFailed: verdict('S16', 'handshake-failed', 'the TLS handshake before had failed', 'trust the server’s authority in the client, or speak the right protocol to this port'),
  earlyAnswer: verdict('S17', 'early-response', 'the answer came before the request’s body was sent to its end, and the client closed', 'let the server read the whole body before it answers, or send `Expect: 100-continue`'),
  aroundContinue: verdict('S18', 'expect-continue', 'the client closed around `100 Continue`', 'not every client bears an interim answer: send the body without `Expect`'),
  dispersal: verdict(
    'S19',
    'scheduling-dispersal',
    'idle connections were there and were used again later, but not for this request',
    'a pool that takes connections in turn, or that opens before it looks: prefer the one used last (LIFO); or several pools or processes that look like one client from here: share one pool',
  ),
  vanished: verdict('S20', 'network-vanished', 'the connection before had gone without a word', 'something between drops idle connections in silence (NAT, firewall): use TCP keep-alive, or a shorter idle timeout'),
  processExit: verdict('S21', 'process-exit', 'all the client’s connections had ended at one time, as with a process that exits', 'several runs of a program cannot share a connection: let one process send all requests'),
  upgraded: verdict('S22', 'upgrade', 'the connection before was given to another protocol', '', true),
  hintTooShort: verdict('S23', 'hint-too-short', 'the client closed at once, after an answer whose `Keep-Alive: timeout` is too short for it', 'announce more than 2 s (undici) and 1 s (Node’s agent): both subtract that much for safety'),
  closedInFlight: verdict('S24', 'server-closed-in-flight', 'the server closed the connection while a request was under way', 'the server or a proxy broke off: look for crashes, restarts and its own timeouts'),
  unknown: verdict('S99', 'unknown', 'the cause is not to be seen from here', ''),
} as const;

export type VerdictKey = keyof typeof VERDICTS;

function verdict(code: string, name: string, meaning: string, advice = '', needed = false): Verdict {
  return { code, name, meaning, advice, needed };
}
