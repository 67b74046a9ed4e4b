/** What a run is, in the words of its result file; secrets redacted. */
import { versions } from 'node:process';
import type { Endpoint } from '../net/endpoint.js';
import type { TlsFacts } from '../net/ledger.js';
import { SCHEMA_VERSION, type HostFloor, type RunRecord, type ScenarioOrigin } from '../result/schema.js';
import type { Plan } from '../scenario/plan.js';
import { nsToMs } from '../units.js';
import { environment } from './environment.js';
import { keepingAll, redacting } from './redact.js';

/** Who runs, and when: the things that a plan cannot know. */
export interface RunIdentity {
  readonly version: string;
  readonly undiciVersion: string;
  readonly id: string;
  readonly startedAt: Date;
  readonly command: readonly string[];
  /** false: secrets are left as they are. Default: true. */
  readonly redact?: boolean;
  /** What `sameconn selftest` measured on this host; null or nothing: it was not measured. */
  readonly floor?: HostFloor | null;
  /** The file that was run; nothing: it was a URL. */
  readonly scenario?: ScenarioOrigin;
}

export function describeRun(plan: Plan, identity: RunIdentity, endpoint: Endpoint, tls: TlsFacts | null): RunRecord {
  const { scenario } = plan;
  const { target, load, timeouts, declared, until } = scenario;
  const shown = identity.redact === false ? keepingAll : redacting;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'sameconn', version: identity.version, node: versions.node, undici: identity.undiciVersion, openssl: versions.openssl },
    run: { id: identity.id, name: scenario.name, startedAt: identity.startedAt.toISOString(), seed: plan.seed, command: shown.command(identity.command), ...(identity.scenario && { scenario: identity.scenario }) },
    environment: { ...environment(), floor: identity.floor ?? null },
    plan: {
      pacer: load.pacer,
      model: plan.model,
      options: plainOptions(plan.pacerOptions),
      pacing: load.pacing,
      blocks: plan.blocks.most,
      order: Array.from({ length: plan.blocks.most }, (_, block) => plan.rounds.filter((round) => round.block === block).map((round) => plan.arms[round.arm]!.name)),
      warmupMs: nsToMs(load.warmupNs),
      washoutMs: nsToMs(load.washoutNs),
      windowMs: nsToMs(load.durationNs),
      workers: plan.workers,
      maxInFlight: load.maxInFlight,
      timeoutsMs: { connect: nsToMs(timeouts.connectNs), response: nsToMs(timeouts.responseNs), close: nsToMs(timeouts.closeNs) },
      baseline: scenario.baseline,
      declared: { quantiles: [...declared.quantiles], marginMs: declared.marginNs === null ? null : nsToMs(declared.marginNs) },
      ...(until && { until: { precisionMs: nsToMs(until.precisionNs), minBlocks: plan.blocks.fewest, maxBlocks: plan.blocks.most, maxTimeMs: nsToMs(until.maxTimeNs) } }),
      expectStatus: [...target.expectStatus],
      notes: [...plan.notes],
    },
    target: {
      url: shown.url(target.url),
      requests: target.requests.map(({ name, method, path, weight, body }) => ({ name: name.replaceAll(path, shown.path(path)), method, path: shown.path(path), weight, bodyBytes: body?.length ?? 0 })),
      headers: shown.headers(target.requests[0]?.headers ?? {}),
      address: endpoint.socketPath !== '' ? `unix:${endpoint.socketPath}` : endpoint.address,
      family: endpoint.family,
      tls: tls === null ? null : { ...tls, servername: endpoint.servername || endpoint.address, verified: !endpoint.tls.insecure },
    },
    arms: plan.arms.map(({ name, policy, options, client }) => ({ name, policy, options: plainOptions(options), client })),
    expectations: scenario.expectations.map((expectation) => expectation.text),
  };
}

type PlainOptions = RunRecord['plan']['options'];

function plainOptions(options: Readonly<Record<string, number | string | readonly { rate: number; forNs: number }[]>>): PlainOptions {
  return structuredClone(options) as PlainOptions;
}
