import { makeCertificate } from '../demo/certificate.js';
import { RequestError } from '../errors.js';
import type { Io } from '../io.js';
import { answerTo, USUAL, type Answer } from '../watch/answers.js';
import type { WatchedConnection } from '../watch/connection.js';
import { openingLine } from '../watch/listed.js';
import type { WatchReport } from '../watch/report.js';
import { Exam, EXAM_REQUESTS } from '../watch/exam.js';
import { renderWatch } from '../watch/text.js';
import { targetOf } from '../watch/target.js';
import { startWatch, type Answering, type Watch } from '../watch/watch.js';
import { parseBytes } from '../watch/words.js';
import { defineCommand, type ExitCode } from './command.js';
import { durationOption } from './target-flags.js';

/** What a client does with its connections: a server that answers, and sees why each new one was opened. */
export const watch = defineCommand({
  name: 'watch',
  summary: 'watch what a client does with its connections, and why it opened each new one',
  declare: (declaration) =>
    void declaration
      .argument('[command...]', 'after --: a client to start, with the address in SAMECONN_URL; the watch ends with it')
      .option('--listen <address>', 'where to listen', '127.0.0.1:0')
      .option('--target <url>', 'pass the requests on to this server, and watch both sides')
      .option('--as-proxy', 'be a forward proxy: the client is started with HTTP_PROXY and HTTPS_PROXY')
      .option('--exam', `answer a scripted series of ${EXAM_REQUESTS} requests, and grade what the client makes of it; those that follow show its pool`)
      .option('--insecure', 'do not verify the target’s certificate')
      .option('--ca <file>', 'an authority to trust for the target, PEM')
      .option('--tls', 'speak https, with a certificate made on the spot')
      .option('--cert <file>', 'speak https with this certificate, PEM')
      .option('--key <file>', 'its private key, PEM')
      .option('--ca-file <file>', 'where to write the authority of the certificate made on the spot')
      .option('--body <size>', 'bytes of an answer (a path can ask for others: /bytes/1MiB, /delay/200ms, /status/404)', '100')
      .option('--delay <duration>', 'how long an answer takes', '0s')
      .option('--duration <duration>', 'end the watch after this time')
      .option('--json', 'print the report as JSON, and nothing else')
      .option('--verbose', 'a line for each new connection, on a terminal as well')
      .option('--quiet', 'no progress'),
  async run({ args, options }, io) {
    const { host, port } = readAddress(String(options['listen']));
    const usual: Answer = { ...USUAL, bodyBytes: bytesOption(options, 'body'), delayNs: durationOption(options, 'delay') };
    const lastsNs = options['duration'] === undefined ? Infinity : durationOption(options, 'duration');
    const answer = readAnswer(options, usual, io);
    const { tls, ca } = await readTls(options, host, io);
    const quiet = options['quiet'] === true;
    const onOpening = quiet || (io.live && options['verbose'] !== true) ? () => {} : tellOpenings(io);
    const watch = await startWatch({ host, port, tls, answer, onOpening, readSocketTable: () => SOCKET_TABLES.map((path) => readIfThere(path, io)).join('\n') });
    try {
      const over = untilOver(watch, { command: args, asProxy: options['asProxy'] === true }, lastsNs, quiet, io); // listens for an interrupt before anybody knows of us
      if (!quiet) announce(watch, host, args.length === 0, ca, io);
      const ended = await over;
      const report = watch.report(true);
      io.stdout(options['json'] === true ? `${JSON.stringify(report, null, 2)}\n` : renderWatch(report, io.style));
      if (ended.failed !== '' && !quiet) io.stderr(`${ended.failed}\n`);
      return exitCodeOf(report);
    } finally {
      await watch.close();
    }
  },
});

/** 0: yes, or every question that was asked in the exam was passed. 1: no, or nothing was seen. */
function exitCodeOf({ answer, exam }: WatchReport): ExitCode {
  const fine = exam === null ? answer === 'yes' : exam.grades.some(({ asked }) => asked > 0) && exam.grades.every(({ asked, passed }) => passed === asked);
  return fine ? 0 : 1;
}

function announce(watch: Watch, host: string, waits: boolean, ca: string, io: Io): void {
  io.stderr(`watching on ${watch.url}${waits ? ' (Ctrl-C ends it)' : ''}\n`);
  if (ca !== '') io.stderr(`to trust it:\n${ca}`);
  if (!LOOPBACK.test(host)) io.stderr(`note: ${host} can be reached from other machines\n`);
}

async function untilOver(watch: Watch, { command, asProxy }: { readonly command: readonly string[]; readonly asProxy: boolean }, lastsNs: number, quiet: boolean, io: Io): Promise<{ failed: string }> {
  const stopShowing = quiet ? () => {} : show(watch, io);
  const program = command.length === 0 ? null : io.start(command, environmentOf(watch.url, asProxy));
  let forget = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    const interrupted = new Promise<null>((over) => (forget = io.onInterrupt(() => over(null))));
    const timeUp = new Promise<null>((over) => {
      if (lastsNs !== Infinity) timer = setTimeout(() => over(null), lastsNs / 1e6);
    });
    const exit = await Promise.race([interrupted, timeUp, ...(program === null ? [] : [program.exit])]);
    if (exit === null) program?.stop();
    else await watch.exited();
    if (exit === 127 && watch.observer.accepted === 0) throw new RequestError(`${command[0]} cannot be started`, 'write the command after --, as in: sameconn watch -- node client.js');
    return { failed: exit === null || exit === 0 ? '' : `${command[0]} ended with exit code ${exit}` };
  } finally {
    clearTimeout(timer);
    forget();
    stopShowing();
  }
}

/** Both spellings: programs differ in which they read. */
function environmentOf(url: string, asProxy: boolean): Record<string, string> {
  const proxy = asProxy ? { HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url, NO_PROXY: '', no_proxy: '' } : {};
  return { SAMECONN_URL: url, ...proxy };
}

/** A line for each new connection, as long as somebody may read them all. */
function tellOpenings(io: Io): (connection: WatchedConnection) => void {
  let told = 0;
  return (connection) => {
    if (++told > MOST_TOLD) return;
    io.stderr(`${io.live ? '\r\u001b[K' : ''}${openingLine(connection)}\n`);
    if (told === MOST_TOLD) io.stderr(`and so on: further connections only count\n`);
  };
}

/** Keeps a line on a terminal, four times a second. */
function show({ observer }: Watch, io: Io): () => void {
  if (!io.live) return () => {};
  const timer = setInterval(() => {
    const each = observer.accepted === 0 ? 0 : observer.requests / observer.accepted;
    io.stderr(`\r\u001b[K${observer.requests} requests on ${observer.accepted} connections, ${each.toFixed(1)} each · ${observer.open} open`);
  }, 250);
  return () => {
    clearInterval(timer);
    io.stderr('\r\u001b[K');
  };
}

function readAnswer(options: Readonly<Record<string, unknown>>, usual: Answer, io: Io): Answering {
  const { target, asProxy, exam } = options;
  if ([target !== undefined, asProxy === true, exam === true].filter(Boolean).length > 1) throw new RequestError('--target, --as-proxy and --exam exclude each other', 'choose who answers');
  const ca = options['ca'] === undefined ? {} : { ca: readText(String(options['ca']), '--ca', io) };
  const trust = { ...ca, insecure: options['insecure'] === true };
  if (asProxy === true) return { by: 'proxy', trust };
  if (exam === true) return { by: 'exam', exam: new Exam() };
  if (target === undefined) return { by: 'sink', with: (head) => answerTo(head, usual) };
  if (!URL.canParse(String(target)) || !/^https?:/i.test(String(target))) throw new RequestError(`--target: ${String(target)} is not an http or https URL`, 'write one like https://staging.example.com/');
  return { by: 'target', target: targetOf(new URL(String(target))), trust };
}

async function readTls(options: Readonly<Record<string, unknown>>, host: string, io: Io): Promise<{ tls: { key: string; cert: string } | null; ca: string }> {
  const { cert, key, tls } = options;
  if ((cert === undefined) !== (key === undefined)) throw new RequestError('--cert and --key go together', 'give both, or --tls alone for a certificate made on the spot');
  if (cert !== undefined) return { tls: { cert: readText(String(cert), '--cert', io), key: readText(String(key), '--key', io) }, ca: '' };
  if (tls !== true) return { tls: null, ca: '' };
  const made = await makeCertificate({ names: ['localhost', '127.0.0.1', ...(LOOPBACK.test(host) ? [] : [host])] });
  if (options['caFile'] !== undefined) io.writeFile(String(options['caFile']), made.ca);
  return { tls: { key: made.key, cert: made.cert }, ca: options['caFile'] === undefined ? made.ca : '' };
}

function readIfThere(path: string, io: Io): string {
  try {
    return Buffer.from(io.readFile(path)).toString('latin1');
  } catch {
    return ''; // not on Linux
  }
}

function readText(path: string, flag: string, io: Io): string {
  try {
    return Buffer.from(io.readFile(path)).toString('utf8');
  } catch (error) {
    throw new RequestError(`${flag} ${path}: ${error instanceof Error ? error.message : String(error)}`, 'name a PEM file');
  }
}

function readAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:]+)\]|([^:]*)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new RequestError(`--listen: "${text}" is no address`, 'write one like 127.0.0.1:8080, or 127.0.0.1:0 for a free port');
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port };
}

function bytesOption(options: Readonly<Record<string, unknown>>, name: string): number {
  const parsed = parseBytes(String(options[name]));
  if (!parsed.ok) throw new RequestError(`--${name}: ${parsed.complaint}`);
  return parsed.value;
}

const MOST_TOLD = 50;
const SOCKET_TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;
