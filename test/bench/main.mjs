/**
 * The generator against its peers: `npm run bench -- [--pairs 5] [--seconds 3] [--only word]`. Prints a table and always ends well: a peer that is missing is named,
 * a bar that is not met is marked. Takes a quarter of an hour, on a machine that should be quiet. Needs nginx; each of the peers is taken from PATH when it is there.
 */
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { addedLatency, memory, pacing, workers } from './costs.mjs';
import { installed, missing, versionOf } from './peers.mjs';
import { cores } from './process.mjs';
import { nginxVersion, startServer, WORKERS } from './server.mjs';
import { costTable, ratioTable } from './table.mjs';
import { measure, works } from './works.mjs';

const costs = { latency: addedLatency, memory, pacing, workers };

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
});
const size = { pairs: Number(values.pairs), seconds: Number(values.seconds) };
const told = (text) => process.stderr.write(`${text}\n`);

if (nginxVersion() === undefined) {
  console.log('The bench needs nginx (apt-get install nginx-light); nothing was measured.');
  process.exit();
}
console.log(machine());
const server = await startServer();
try {
  const ratios = [];
  for (const work of works.filter(({ name }) => name.includes(values.only))) ratios.push(...(await measure(work, server, size, told)));
  if (ratios.length > 0) console.log(`\n${ratioTable(ratios)}`);
  const lines = [];
  for (const [name, cost] of Object.entries(costs)) if (name.includes(values.only)) lines.push(...(await cost(server, size, told).catch((error) => [{ name, problem: error.message.split('\n')[0] }])));
  if (lines.length > 0) console.log(`\n${costTable(lines)}`);
  console.log(`\nLoad of the machine at the end: ${loadAverage()}.`);
} finally {
  await server.stop();
}

function machine() {
  const pinning = cores.canPin ? `load on core ${cores.load}, server on ${cores.server}` : 'nothing pinned (no taskset, or one core)';
  return [
    `${cpus()[0].model}, ${cores.count} cores, Linux ${release()}; ${pinning}.`,
    `Node ${process.version}; nginx ${nginxVersion()} with ${WORKERS} workers, 12-byte body.`,
    `Peers: ${installed.map(versionOf).join(', ') || 'none'}. Missing: ${missing.join(', ') || 'none'}.`,
    `${size.pairs} pairs of ${size.seconds} s by turns, median ratio of neighbours; 32 connections, one worker. Load of the machine at the start: ${loadAverage()}.`,
  ].join('\n');
}

function loadAverage() {
  return readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ');
}
