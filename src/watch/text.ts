/** The answer in words, for a terminal. */
import { clip, legible, wrapped } from '../reporters/text.js';
import { counted } from '../reporters/words.js';
import { formatCount } from '../units.js';
import { avoidable, type ClientReport, type ExamReport, type VerdictReport, type WatchReport } from './report.js';
import { VERDICTS } from './verdicts.js';
import { formatDuration } from './words.js';

/** One sentence: do these requests use the same connection, and if not, why not. */
export function answerSentence(report: WatchReport): string {
  const { answer, requests, connections, needed, exam } = report;
  if (exam !== null) return examSentence(exam);
  if (answer === 'nothing-seen') return nothingSeen(report);
  const used = `${counted(requests, 'request')} used ${counted(connections, 'connection')}`;
  if (answer === 'yes') return `Yes: ${used}${connections > 1 ? ', each opened for a request that no other connection was free for' : ''}.`;
  const [worst] = report.clients.flatMap(({ verdicts }) => verdicts.filter((verdict) => !verdict.needed)).sort((a, b) => b.count - a.count);
  const cases = worst!.count === connections - needed ? (worst!.count === 1 ? 'Once' : 'Each time') : `In ${formatCount(worst!.count)} cases`;
  return `No: ${used}; ${counted(needed, 'connection')} would have done. ${cases} ${worst!.meaning} (${worst!.evidence}). ${sentence(worst!.advice)}`.trim();
}

function nothingSeen({ tls, neverUsed }: WatchReport): string {
  if (tls.failed > 0) return `Nothing to judge: no request came, as ${counted(tls.failed, 'TLS handshake')} failed. ${sentence(VERDICTS.handshakeFailed.advice)}`;
  return `Nothing to judge: no request came${neverUsed > 0 ? `, though ${counted(neverUsed, 'connection')} did` : ''}.${tls.full > 0 ? ' A client that does not trust the certificate may leave after the handshake.' : ''}`;
}

function examSentence({ grades }: ExamReport): string {
  const asked = grades.filter((grade) => grade.asked > 0);
  const failed = asked.filter(({ passed, asked: times }) => passed < times);
  if (asked.length === 0) return 'No grade: too few requests came.';
  return `The client passed ${asked.length - failed.length} of ${counted(asked.length, 'question')} about reuse${failed.length === 0 ? '' : `, and failed at: ${failed.map(({ question }) => question).join('; ')}`}.`;
}

/** The whole report, `width` columns wide. */
export function renderWatch(report: WatchReport, { width }: { readonly width: number }): string {
  const lines = [...wrapped(answerSentence(report), width), ''];
  if (report.exam !== null) lines.push(...examLines(report.exam, width), '');
  for (const client of report.clients.slice(0, MOST_CLIENTS)) lines.push(...clientLines(client, width), '');
  if (report.clients.length > MOST_CLIENTS) lines.push(`and ${counted(report.clients.length - MOST_CLIENTS, 'client')} more, with ${counted(report.clients.slice(MOST_CLIENTS).reduce((sum, client) => sum + avoidable(client), 0), 'avoidable connection')}`, '');
  const { tls, tunnels, neverUsed, refused } = report;
  if (tls.full + tls.resumed + tls.failed > 0) lines.push(`TLS handshakes: ${formatCount(tls.full)} full, ${formatCount(tls.resumed)} resumed, ${formatCount(tls.failed)} failed${tls.failed > 0 ? ' (S16)' : ''}`);
  if (tunnels.count > 0) lines.push(...wrapped(tunnelSentence(tunnels), width));
  if (neverUsed > 0) lines.push(`${counted(neverUsed, 'connection')} carried no request (S15)`);
  const faults = Object.entries(refused);
  if (faults.length > 0) lines.push(`refused: ${faults.map(([fault, count]) => `${formatCount(count)} × ${fault}`).join(', ')}`);
  return `${lines.join('\n').trimEnd()}\n`;
}

function tunnelSentence({ count, offered, accepted }: WatchReport['tunnels']): string {
  const sessions = offered === 0 ? 'no client offered to resume a TLS session' : `${formatCount(offered)} offered to resume a TLS session, ${formatCount(accepted)} did`;
  return `${counted(count, 'tunnel')}: ${sessions}. The requests in them are not to be seen.`;
}

function clientLines(client: ClientReport, width: number): string[] {
  const name = clip(legible(client.userAgent === '' ? 'no User-Agent' : client.userAgent), 40);
  const head = `${name} at ${client.address}: ${counted(client.requests, 'request')}, ${counted(client.connections, 'connection')}, at most ${formatCount(client.peakOpen)} open`;
  return [...wrapped(head, width), ...client.verdicts.flatMap((verdict) => verdictLines(verdict, width))];
}

function verdictLines({ code, name, count, evidence, confidence, needed }: VerdictReport, width: number): string[] {
  const head = ` ${formatCount(count).padStart(7)} × ${code} ${name}`;
  const why = wrapped(`${legible(evidence)} (${confidence})`, width - INDENT.length).map((line) => INDENT + line);
  return [head + (needed ? '' : ' ← avoidable'), ...why];
}

function examLines({ grades, missing, atOnce, poolCap, idleTimeoutMs, stack }: ExamReport, width: number): string[] {
  const lines: string[] = [];
  for (const { question, asked, passed, otherwise } of grades) {
    const grade = asked === 0 ? 'not asked' : passed === asked ? 'passed' : passed === 0 ? 'failed' : `${passed} of ${asked}`;
    lines.push(` ${grade.padStart(11)}  ${question}`);
    if (otherwise !== '') lines.push(...wrapped(otherwise, width - 14).map((line) => ' '.repeat(14) + line));
  }
  if (missing > 0) lines.push(...wrapped(`The client sent too few requests: ${missing} more would have finished the exam.`, width));
  const as = stack === '' ? '' : `, as ${stack}`;
  lines.push(...wrapped(`At one time: ${atOnce === 0 ? 'not asked (too few requests came)' : `at most ${counted(atOnce, 'request')}`}`, width));
  lines.push(...wrapped(`Pool cap: ${poolCap === null ? `not seen (${atOnce > 1 ? 'it closed none of the connections that fell idle together' : 'it takes several requests at one time'})` : `${counted(poolCap, 'idle connection')} kept${idleTimeoutMs === null ? as : ''}`}`, width));
  lines.push(...wrapped(`Idle timeout: ${idleTimeoutMs === null ? 'not seen (let the client wait at its end)' : `${formatDuration(idleTimeoutMs * 1e6)}${as}`}`, width));
  return lines;
}

const INDENT = ' '.repeat(11);
const MOST_CLIENTS = 10;

const sentence = (text: string): string => (text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`);
