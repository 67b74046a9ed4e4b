/** Reads and writes the units people use: `250ms`, `500/s`, `12.4 ms`. Everything between is ns and per second. */
import type { Ns, OptionSpec, PerSecond, Step } from './define.js';

export const NS_PER_US = 1e3;
export const NS_PER_MS = 1e6;
export const NS_PER_S = 1e9;

const DURATION_UNITS: Readonly<Record<string, number>> = { ns: 1, us: NS_PER_US, µs: NS_PER_US, ms: NS_PER_MS, s: NS_PER_S, m: 60 * NS_PER_S, min: 60 * NS_PER_S, h: 3600 * NS_PER_S };
const RATE_UNITS: Readonly<Record<string, number>> = { s: 1, m: 1 / 60, min: 1 / 60, h: 1 / 3600 };

/** Either the value or a complaint that says what is wrong and what to write instead. */
export type Parsed = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly complaint: string };

/** `250ms`, `2s`, `1.5m`, `1h` → ns, rounded to whole ns. */
export function parseDuration(text: string): Parsed {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-zµ]*)\s*$/i.exec(text);
  if (!match) return refuse(`"${text}" is not a duration; write one like 250ms, 2s or 1m`);
  const [, digits = '', unit = ''] = match;
  if (unit === '') return Number(digits) === 0 ? { ok: true, value: 0 } : refuse(`"${text}" has no unit; write ${digits}ms or ${digits}s`);
  const scale = DURATION_UNITS[unit.toLowerCase()];
  if (scale === undefined) return refuse(`"${text}" has the unknown unit "${unit}"; use ms, s, m or h`);
  return { ok: true, value: Math.round(Number(digits) * scale) };
}

/** `500/s`, `30/m`, `2k/s` → per second. */
export function parseRate(text: string): Parsed {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(k?)\s*(?:\/\s*([a-z]+))?\s*$/i.exec(text);
  if (!match) return refuse(`"${text}" is not a rate; write one like 500/s`);
  const [, digits = '', kilo = '', unit] = match;
  if (unit === undefined) return refuse(`"${text}" has no unit; write ${digits}${kilo}/s`);
  const scale = RATE_UNITS[unit.toLowerCase()];
  if (scale === undefined) return refuse(`"${text}" has the unknown unit "${unit}"; use /s or /m`);
  return { ok: true, value: Number(digits) * (kilo ? 1000 : 1) * scale };
}

/** The shortest exact-looking duration, as people write it: `250ms`, `2s`, `1.5s`, `1m`. */
export function formatDuration(ns: Ns): string {
  if (ns === 0) return '0s';
  for (const [unit, scale] of [['h', 3600 * NS_PER_S], ['m', 60 * NS_PER_S], ['s', NS_PER_S], ['ms', NS_PER_MS], ['us', NS_PER_US]] as const) {
    const value = ns / scale;
    if (value >= 1 && (unit === 's' || unit === 'ms' || Number.isInteger(value))) return `${trim(value, 3)}${unit}`;
  }
  return ns >= NS_PER_US ? `${trim(ns / NS_PER_US, 3)}us` : `${Math.round(ns)}ns`;
}

/** `500/s`, `0.5/s`. */
export function formatRate(perSecond: PerSecond): string {
  return `${trim(perSecond, 3)}/s`;
}

/** Milliseconds to three significant digits, never in exponent form: `0.214`, `12.4`, `1240`. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(Number(ms.toPrecision(3))))); // of the rounded figure: 9.999 is 10.0
  return ms.toFixed(Math.min(3, Math.max(0, 2 - magnitude)));
}

/** Whole numbers with thin grouping for people: `12,345`. */
export function formatCount(count: number): string {
  return Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A stored option of a pacer or policy, in the unit people write it in. @param spec undefined for an option that this version does not know */
export function formatOption(spec: OptionSpec | undefined, value: number | string | null | readonly Step[]): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return value.map((step) => `${formatRate(step.rate)} for ${formatDuration(step.forNs)}`).join(', then ');
  if (spec?.type === 'duration') return formatDuration(value);
  if (spec?.type === 'rate') return formatRate(value);
  return Number.isInteger(value) ? formatCount(value) : String(value);
}

export const nsToMs = (ns: Ns): number => ns / NS_PER_MS;

function trim(value: number, decimals: number): string {
  return Number(value.toFixed(decimals)).toString();
}

function refuse(complaint: string): Parsed {
  return { ok: false, complaint };
}

/** `p50`, `p99.9`. @param quantile 0 to 1 */
export function quantileName(quantile: number): string {
  return `p${Number((quantile * 100).toFixed(4))}`;
}
