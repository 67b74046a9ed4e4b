/**
 * Mutations of the corpus: whatever comes down the wire, the parser ends, keeps no more than one short head, and gives the same answer wherever the stream is cut.
 * `npm run fuzz` tries 1,000,000 (with CI=true as many as fit into a minute); the everyday tests as many as fit into two seconds.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readBuffer } from '../../src/clients/wire/head.js';
import { ResponseParser } from '../../src/clients/wire/parser.js';
import { corpus } from '../clients/wire/corpus/index.js';
import { read, type Stream } from '../clients/wire/corpus/reading.js';

const full = process.env['MODE'] === 'fuzz';
const boxMs = full ? (process.env['CI'] === 'true' ? 60_000 : undefined) : 2_000;

it('no mutation of a response crashes the parser, fills its memory, or is read differently when it is cut', { timeout: 0 }, () => {
  const seasoned = new ResponseParser();
  const shared = readBuffer(16 * 1024);
  const sharing = new ResponseParser(shared);
  const property = fc.property(mutant, fc.boolean(), fc.boolean(), cuts, (bytes, isHead, eof, fractions) => {
    const stream: Stream = { bytes, isHead, eof };
    const whole = read(new ResponseParser(), stream);
    const at = fractions.map((fraction) => Math.floor((fraction * (bytes.length + 1)) / 1000)).sort((a, b) => a - b);
    expectSame(read(seasoned, stream), whole, 'by a parser that has read others');
    expectSame(read(seasoned, stream, at), whole, `cut at ${at}`);
    expectSame(read(seasoned, stream, bytes.keys()), whole, 'byte by byte');
    expectSame(read(sharing, stream, [], shared), whole, 'in a buffer that all share');
    expectSame(read(sharing, stream, [], shared), whole, 'once more in that buffer');
    expectSame(read(sharing, stream, at, shared), whole, `cut at ${at} in that buffer`);
    expectSound(seasoned, bytes.length);
  });
  const { numRuns, failed, counterexample, errorInstance } = fc.check(property, { numRuns: 1_000_000, ...(boxMs && { interruptAfterTimeLimit: boxMs }) });
  if (failed && counterexample) {
    const [bytes, ...rest] = counterexample;
    throw new Error(`with ${JSON.stringify([bytes.toString('latin1'), ...rest])}`, { cause: errorInstance });
  }
  expect(numRuns).toBeGreaterThan(boxMs ? 100 : 999_999);
});

// Plain comparisons: a million runs have no time for matchers.
function expectSame(words: string, whole: string, how: string): void {
  if (words !== whole) throw new Error(`"${words}" ${how}, "${whole}" as a whole`);
}

function expectSound(parser: ResponseParser, size: number): void {
  const { status, headBytes, bodyBytes, keepAlive, closeReason, error } = parser;
  const sound = status >= 0 && status <= 999 && headBytes >= 0 && bodyBytes >= 0 && headBytes + bodyBytes <= size && !(keepAlive && (closeReason || error));
  if (!sound) throw new Error(`status ${status}, ${headBytes} + ${bodyBytes} of ${size} bytes, keepAlive ${keepAlive}, "${closeReason}", "${error}"`);
  const kept = [...memoryOf(parser)].reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (kept > 1024) throw new Error(`keeps ${kept} bytes`);
}

function memoryOf(value: unknown): Set<ArrayBufferLike> {
  if (ArrayBuffer.isView(value)) return new Set([value.buffer]);
  return new Set(typeof value === 'object' && value !== null ? Object.values(value).flatMap((member) => [...memoryOf(member)]) : []);
}

// ---------------------------------------------------------------------------------------------- mutants

const members = corpus.filter(({ raw }) => raw.length <= 1200).map(({ raw }) => Buffer.from(raw, 'latin1'));
const member = fc.constantFrom(...members);
const place = fc.nat(999);
const size = fc.integer({ min: 1, max: 40 });
const morsel = fc.constantFrom(
  ...['\r', '\n', '\r\n', '\r\n\r\n', ' ', '\t', ':', ',', ';', '\0', '\xff', '0', '5', 'ffffffff', '99999999999999999', 'close', 'keep-alive', 'chunked', '\r\n '],
  ...['Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', 'Connection: close\r\n', 'HTTP/1.1 100 Continue\r\n\r\n', '0\r\n\r\n', '5\r\nhello\r\n'],
);

type Mutation = (bytes: Buffer) => Buffer;

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 7 })).map(([at, bit]): Mutation => (bytes) => edit(bytes, at, 1, flipped(bytes, at, bit))),
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(([at, byte]): Mutation => (bytes) => edit(bytes, at, 1, Buffer.from([byte]))),
  fc.tuple(place, morsel).map(([at, text]): Mutation => (bytes) => edit(bytes, at, 0, Buffer.from(text, 'latin1'))),
  fc.tuple(place, size).map(([at, length]): Mutation => (bytes) => edit(bytes, at, length, Buffer.alloc(0))),
  fc.tuple(place, place, size).map(([from, to, length]): Mutation => (bytes) => edit(bytes, to, 0, slice(bytes, from, length))),
  fc.tuple(member, place, place).map(([other, from, at]): Mutation => (bytes) => edit(bytes, at, Infinity, slice(other, from, Infinity))),
);

const mutant = fc
  .tuple(member, fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([bytes, mutations]) => mutations.reduce<Buffer>((mutated, mutate) => mutate(mutated), bytes));
const cuts = fc.array(place, { minLength: 1, maxLength: 5 });

/** Places are thousandths, so that they shrink and fit any length. */
function offset(bytes: Buffer, at: number): number {
  return Math.floor((at * (bytes.length + 1)) / 1000);
}

function slice(bytes: Buffer, at: number, length: number): Buffer {
  return bytes.subarray(offset(bytes, at), offset(bytes, at) + length);
}

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  return Buffer.from([(bytes[offset(bytes, at)] ?? 0) ^ (1 << bit)]);
}

function edit(bytes: Buffer, at: number, removed: number, inserted: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, offset(bytes, at)), inserted, bytes.subarray(offset(bytes, at) + removed)]);
}
