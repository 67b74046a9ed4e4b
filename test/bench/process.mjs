/** Runs programs on cores of their own: the load on the first, the server on the others. */
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';

const CORES = availableParallelism();
const CAN_PIN = CORES > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** `two` is where two workers run; only with four cores the server has cores besides these. */
export const cores = { count: CORES, canPin: CAN_PIN, load: '0', two: '0-1', server: CORES >= 4 ? `2-${CORES - 1}` : CORES > 1 ? `1-${CORES - 1}` : '0' };

/** The command line that keeps a program on these cores, where that is possible. */
export function pinned(which, words) {
  return CAN_PIN ? ['taskset', '-c', which, ...words] : words;
}

/**
 * Runs a program on the load's core, or on the cores that are named.
 * @returns what it wrote to its standard output and error, its exit code, and the processor seconds it took
 */
export function runOnLoadCore([command, ...args], { input = '', openFiles = 0, core = cores.load } = {}) {
  const shell = `${openFiles > 0 ? `ulimit -n ${openFiles}; ` : ''}"$@"; code=$?; echo; times; exit $code`;
  const [first, ...rest] = pinned(core, ['sh', '-c', shell, 'sh', command, ...args]);
  return new Promise((resolve, reject) => {
    const child = spawn(first, rest, { stdio: 'pipe' });
    let [output, complaint] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...withoutTimes(output), complaint, code }));
    child.stdin.on('error', () => {}); // a program that does not read its input
    child.stdin.end(input);
  });
}

/** Runs one of our own scripts with a job, and reads the JSON that it prints. @throws Error with what it said when it fails */
export async function runScript(name, job, { nodeOptions = [], ...options } = {}) {
  const file = new URL(name, import.meta.url).pathname;
  const { output, complaint, code } = await runOnLoadCore([process.execPath, ...nodeOptions, file, JSON.stringify(job)], options);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${sayingOf(complaint)}`);
  return JSON.parse(output);
}

/** Where a program is: its path, or undefined. */
export function find(command) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, command))
    .find((path) => existsSync(path));
}

/** The shell's `times` ends the output: its last line holds user and system time of what ran. */
function withoutTimes(text) {
  const lines = text.trimEnd().split('\n');
  const [children = ''] = lines.splice(-2).slice(-1);
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return { output: lines.join('\n').trim(), cpuSeconds: seconds };
}

/** The line of an error's output that names the error. */
function sayingOf(complaint) {
  const lines = complaint.trim().split('\n');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
}
