/** What the policies share: options that mean the same in each, and the rules that most leave alone. */
import type { OptionSpec } from '../define.js';

export const connections = { type: 'count', summary: 'most connections in use at once, over all workers', default: 32, min: 1, max: 100_000 } as const satisfies OptionSpec;

export const closeBy = {
  type: 'choice',
  summary: 'who ends a connection: the server (told by Connection: close), the client (FIN) or a reset (RST, leaves no TIME_WAIT)',
  choices: ['server', 'client', 'reset'],
  default: 'server',
} as const satisfies OptionSpec;

export const everywhere = { restNs: 0, closeBy: 'client', protocol: 'http/1.1' } as const;
