/** The reasons for which connections are opened, as a run judges and tells them. */
import { meaningOf, reasonOf } from '../net/reasons.js';

/** `because the server said that it would close the one before (server-announced-close/always)`; a label without words stands for itself. */
export function because(label: string): string {
  const meaning = meaningOf(label);
  return meaning === undefined ? `because of ${label}` : `because ${meaning} (${label})`;
}

/** Whether a policy that keeps its promise may open connections for this reason. */
export function isExpected(label: string): boolean {
  return ['initial', 'policy', 'pool-grow'].includes(reasonOf(label));
}
