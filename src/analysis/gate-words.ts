/** The few turns of phrase that gates share. */
import { formatCount } from '../units.js';

/** 0.00123 → `0.123 %` */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** `1 round`, `1,204 requests` */
export function some(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
}

export const NO_OBSERVATION = 'the rounds hold no observation of it';
export const ONE_ARM = 'nothing is compared here';
