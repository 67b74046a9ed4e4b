/**
 * Why a connection was opened, and, in the same words, why the one before it ended. Evaluated top-down, exactly one for each connection.
 * A part after `/` says more: `server-announced-close/http10`, `connect-failed/refused`. The meaning is a clause that follows "because".
 */
export const reasons = {
  initial: { code: 'N01', meaning: 'it was the first of its worker' },
  policy: { code: 'N02', meaning: 'the policy asked for it: the one before had carried its share' },
  'pool-grow': { code: 'N03', meaning: 'every open connection was busy or resting' },
  'server-announced-close': { code: 'N04', meaning: 'the server said that it would close the one before' },
  'server-idle-close': { code: 'N05', meaning: 'the server closed the one before while it was idle' },
  'stale-reuse': { code: 'N06', meaning: 'the one before was used again just as the server closed it' },
  'idle-reset': { code: 'N07', meaning: 'the one before was reset while it was idle' },
  'peer-abort': { code: 'N08', meaning: 'the server ended the one before in the middle of an exchange' },
  'local-timeout': { code: 'N09', meaning: 'the one before was given up after a timeout' },
  'protocol-error': { code: 'N10', meaning: 'the one before carried something that is not valid HTTP/1.1' },
  'early-response': { code: 'N11', meaning: 'the response on the one before was complete before its request was written' },
  'connect-failed': { code: 'N12', meaning: 'the attempt before did not succeed' },
  upgrade: { code: 'N16', meaning: 'the one before was switched to another protocol (101)' },
  'body-lost': { code: 'N19', meaning: 'the file of the request body on the one before could not be read to its end' },
} as const;

export type Reason = keyof typeof reasons;

/** What a label means, as a clause that follows "because"; undefined: this version does not know it. */
export function meaningOf(label: string): string | undefined {
  const reason = reasonOf(label);
  return Object.hasOwn(reasons, reason) ? reasons[reason].meaning : undefined;
}

/** The reason without its `/part`. */
export function reasonOf(label: string): Reason {
  const slash = label.indexOf('/');
  return (slash < 0 ? label : label.slice(0, slash)) as Reason;
}
