/** The scenario that `sameconn init` writes: a short tour of everything a scenario can say. */
import { DEFAULTS } from './defaults.js';

/** Lines that begin with `#` and no space are settings to switch on; `# ` begins a remark. */
export function scenarioTemplate(url: string): string {
  return `# yaml-language-server: $schema=./scenario.schema.json
# Compares requests over reused connections with requests over fresh ones.
# Run it:  sameconn run <this file>      A line that begins with # can be switched on by taking the # away.
# \${NAME} or \${NAME:-default} puts in an environment variable; durations are like 250ms, rates like 500/s.

target:
  url: ${yamlText(url)}
  #method: GET
  #headers:
    #accept: application/json
    #authorization: "Bearer \${TOKEN:-none}"
  #body: { json: { hello: world } }   # or a text, or { file: ./body.json }
  #requests:                          # several, drawn by weight
    #- { path: /items, weight: 3 }
    #- { path: /items/1, name: one item }
  #expectStatus: [2xx, 3xx]           # what counts as completed
  #localAddress: [127.0.0.1]          # source addresses, used in turn
  #socketPath: ./app.sock             # a unix socket in place of the url's host

# Files are found from the folder of this file.
#tls:
  #ca: ./ca.pem
  #insecure: false                    # true: do not check the certificate
  #servername: staging.example.com
  #cert: ./client.pem
  #key: ./client-key.pem
  #minVersion: TLSv1.2
  #maxVersion: TLSv1.3
  #ciphers: TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256
  #ecdhCurve: X25519:P-256

load:
  pacer: poisson                      # or constant, ramp (from, to, over), steps, closed (inFlight)
  rate: 200/s                         # for all connections together
  duration: 2s                        # measured, each round
  #warmup: 500ms                      # before it, not measured
  #workers: auto                      # threads
  #maxInFlight: ${DEFAULTS.maxInFlight}                  # an arrival above it is counted as shed
  #pacing: hybrid                     # timer: where the server runs on the same cores

# What is compared: reused, fresh, resumed, capped (requests), idle-gap (gap).
arms:
  - reused
  - policy: fresh
    connections: 32
    #closeBy: server                  # or client, reset
  #- { policy: capped, name: capped-100, requests: 100 }
  #- { policy: idle-gap, gap: 5s }
#baseline: fresh                      # the others are compared with it
blocks: ${DEFAULTS.blocks}                             # every arm runs in each, in interleaved order

# Or go on until the difference is known this well, whatever it is; blocks is then the fewest.
#until: { precision: 0.2ms, maxBlocks: ${DEFAULTS.maxBlocks}, maxTime: 15m }

# Declared before the run: what the verdict rests on, and below which difference nobody should care.
#verdict:
  #quantiles: [p50, p99]
  #margin: 0.5ms                      # default: 0.1ms, or 2 % of the baseline if that is more

#timeouts: { connect: 5s, response: 10s, close: 1s }

# A run that breaks one of these ends with exit code 1.
#expectations:
  #- reused.response.p99 < 20ms
  #- reused.opened <= 32
  #- failures = 0
  #- fresh - reused at p50 > 0ms

# The server's keep-alive contract, measured when the rounds are over: a section in the report.
#probe: true                          # or { cap: 130s, maxRequests: 2000, slow: /slow }

#name: staging                        # of the report; default: the name of this file
#seed: 7                              # the same arrivals and the same order again
`;
}

/** Bare when YAML and the interpolation leave it alone, else quoted. */
function yamlText(text: string): string {
  const escaped = text.replaceAll('${', () => '$${');
  return /^https?:\/\/[\w.~/?&=%+:-]*[\w~/]$/.test(escaped) ? escaped : JSON.stringify(escaped);
}
