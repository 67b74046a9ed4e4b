import { NS_PER_MS, NS_PER_S, type Parsed } from '../units.js';
import type { Ns } from '../define.js';

/** Bytes as people read them: `100 B`, `1.0 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
}

/** A time that was seen, with as many digits as seeing it allows: `3 ms`, `5.0 s`, `2 min`. */
export function formatDuration(ns: Ns): string {
  if (Number.isNaN(ns)) return 'some time';
  if (ns < NS_PER_MS) return 'less than 1 ms';
  if (ns < NS_PER_S) return `${Math.round(ns / NS_PER_MS)} ms`;
  return ns < 120 * NS_PER_S ? `${(ns / NS_PER_S).toFixed(1)} s` : `${Math.round(ns / 60 / NS_PER_S)} min`;
}

/** `100`, `100B`, `64KiB`, `1MiB`: whole bytes. */
export function parseBytes(text: string): Parsed {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB)?$/i.exec(text.trim());
  const unit = UNITS.findIndex((known) => known.toLowerCase() === (match?.[2] ?? 'B').toLowerCase());
  if (match === null || unit < 0) return { ok: false, complaint: `"${text}" is no size; write 100, 64KiB or 1MiB` };
  return { ok: true, value: Math.round(Number(match[1]) * 1024 ** unit) };
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB'];
