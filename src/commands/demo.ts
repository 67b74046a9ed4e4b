import { startDemoTarget } from '../demo/start.js';
import { TrustError } from '../errors.js';
import { countedByUs } from '../floor/counts.js';
import { scenarioFromUrl } from '../scenario/from-url.js';
import { formatCount } from '../units.js';
import { defineCommand } from './command.js';
import { execute } from './execute.js';
import { declareExports, declareOutput, outputOptions } from './output.js';

/** The main job against a target that is embedded: reused, fresh and resumed over https. */
export const demo = defineCommand({
  name: 'demo',
  summary: 'the main job against an embedded https target: reused, fresh and resumed, in under a minute',
  declare: (declaration) => {
    declareOutput(declaration);
    declareExports(declaration);
    declaration.option('--seed <n>', 'the seed of the schedule, for the same one again').option('--client <client>', 'which client sends');
  },
  async run({ options }, io) {
    const target = await startDemoTarget();
    try {
      const given = { ...(typeof options['seed'] === 'string' ? { seed: options['seed'] } : {}), ...(typeof options['client'] === 'string' ? { client: options['client'] } : {}) };
      const scenario = scenarioFromUrl(target.httpsUrl, { ca: target.ca, rate: '200/s', duration: '800ms', warmup: '200ms', blocks: '6', connections: '16', name: 'demo', ...given });
      const output = outputOptions(options);
      const { exitCode, result } = await execute(scenario, { ...output, name: typeof options['name'] === 'string' ? options['name'] : 'demo' }, io);
      const witness = (await target.counts()).https;
      const counted = countedByUs(result.rounds);
      if (result.run.complete && (witness.connections !== counted.opened || witness.tlsFull !== counted.tlsFull || witness.tlsResumed !== counted.tlsResumed)) {
        throw new TrustError(`the target counted ${JSON.stringify(witness)}, we counted ${JSON.stringify(counted)}`);
      }
      if (result.run.complete && !output.quiet && !output.json) {
        io.stdout(` witness  the target counted the same: ${formatCount(witness.connections)} connections, ${formatCount(witness.tlsFull)} full and ${formatCount(witness.tlsResumed)} resumed TLS handshakes\n`);
      }
      // Target and generator share this machine's cores, so that the gates may well refuse a verdict; the demo itself has worked.
      return exitCode === 3 ? 0 : exitCode;
    } finally {
      await target.stop();
    }
  },
});
