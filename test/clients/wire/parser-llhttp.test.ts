import type { Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ResponseParser } from '../../../src/clients/wire/parser.js';
import { disagreements, type Disagreement } from './corpus/disagreements.js';
import { corpus } from './corpus/index.js';
import { askNode, playing } from './corpus/llhttp.js';
import { read } from './corpus/reading.js';

const [major = 0, minor = 0] = (process.versions['llhttp'] ?? '').split('.').map(Number);
const version = major * 100 + minor;
const known = version >= 903; // Node before 20.19 ships llhttp 8, which is laxer in other places
const holds = ({ llhttp }: Disagreement): boolean => llhttp === undefined || (llhttp === 'since 9.4') === version >= 904;
const listed = new Map(disagreements.filter(holds).flatMap(({ responses }) => Object.entries(responses)));

let server: Server;
beforeAll(async () => {
  server = await playing(corpus);
});
afterAll(() => server.close());

it('every disagreement is about a response of the corpus, and names its RFC', () => {
  const names = new Set(corpus.map(({ name }) => name));
  expect(disagreements.flatMap(({ responses }) => Object.keys(responses)).filter((name) => !names.has(name))).toEqual([]);
  expect(disagreements.filter(({ because }) => !/^RFC \d+ (§|App\. )/.test(because))).toEqual([]);
});

const cases = corpus.map((response, index) => ({ ...response, index }));
it.runIf(known).each(cases)('llhttp agrees, or the disagreement is listed: $name', async ({ name, raw, head: isHead = false, eof = false, index }) => {
  const ours = asNodeWouldSay(read(new ResponseParser(), { bytes: Buffer.from(raw, 'latin1'), isHead, eof }));
  const theirs = await askNode(server, index, isHead);
  const listing = listed.get(name);
  expect(theirs).toBe(listing ?? ours);
  if (listing !== undefined) expect(ours, 'the listed disagreement is none any more').not.toBe(theirs);
});

/** The words of `reading.ts` cut down to what can be seen of llhttp: accepted or not, status, body, reuse. */
function asNodeWouldSay(words: string): string {
  if (/^(error|truncated|nothing)/.test(words)) return 'rejects';
  if (words.includes('upgraded')) return '101, upgraded';
  const [status, body, reuse] = words.split(', ');
  return `${status}, ${body}, ${reuse === 'kept' && !words.includes('unsolicited') ? 'kept' : 'closes'}`;
}
