/** The reasons for which connections are opened, in words that follow "because". */
import { reasonOf } from '../net/reasons.js';

const WORDS: Readonly<Record<string, string>> = {
  initial: 'they were the first of their place',
  policy: 'the policy asks for a new connection',
  'pool-grow': 'every open connection was busy',
  'server-announced-close': 'the server closed after announcing it',
  'server-idle-close': 'the server closed an idle connection',
  'stale-reuse': 'the server had closed the connection just before it was used again',
  'idle-reset': 'an idle connection was reset',
  'peer-abort': 'the other end broke off in the middle of an exchange',
  'local-timeout': 'we gave up waiting on the one before',
  'protocol-error': 'the answer was not valid HTTP',
  'early-response': 'the answer came before the request was out',
  'connect-failed': 'the attempt before had failed',
  upgrade: 'the connection before had changed its protocol',
  'body-lost': 'the file of a request body could not be read to its end',
};

/** `because the server closed after announcing it (server-announced-close/max-requests)`; a code without words stands for itself. */
export function because(code: string): string {
  const reason = reasonOf(code);
  return Object.hasOwn(WORDS, reason) ? `because ${WORDS[reason]} (${code})` : `because of ${code}`;
}

/** Whether a policy that keeps its promise may open connections for this reason. */
export function isExpected(code: string): boolean {
  return ['initial', 'policy', 'pool-grow'].includes(reasonOf(code));
}
