/** What is declared before a run: how long it may go on, and what its verdict rests on. */
import { DEFAULTS } from './defaults.js';
import type { Declared, Until } from './scenario.js';
import type { GivenUntil, GivenVerdict } from './schema.js';

/** What is said stands in place of what was said before it. @returns null where neither asks for a precision */
export function resolveUntil(given: SomeOf<GivenUntil> | undefined, before: Until | null = null): Until | null {
  const precisionNs = given?.precision ?? before?.precisionNs;
  if (precisionNs === undefined) return null;
  return { precisionNs, maxBlocks: given?.maxBlocks ?? before?.maxBlocks ?? DEFAULTS.maxBlocks, maxTimeNs: given?.maxTime ?? before?.maxTimeNs ?? DEFAULTS.maxTimeNs };
}

/** The flags may say less than a file must. */
export type SomeOf<T> = { readonly [K in keyof T]?: T[K] | undefined };

export function resolveDeclared(given: GivenVerdict | undefined, before?: Declared): Declared {
  const quantiles = given?.quantiles?.map((name) => QUANTILES[name]) ?? before?.quantiles ?? DEFAULTS.quantiles.map((name) => QUANTILES[name]);
  return { quantiles: [...new Set(quantiles)].sort(), marginNs: given?.margin ?? before?.marginNs ?? null };
}

const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;

/** Why a run of these arms cannot go on until it is precise, or nothing. */
export function untilNeedsTwo(until: Until | null, arms: number): { message: string; remedy: string } | undefined {
  return until === null || arms > 1 ? undefined : { message: 'a single arm has no difference to know precisely', remedy: 'give another arm to compare it with, or say how many blocks to run' };
}
