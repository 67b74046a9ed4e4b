import type { Plan } from '../fakes/exchange.js';
const one = { goneAfter: 1, exchanges: 3 };
const fresh = { requestsPerConnection: 1, tlsSession: 'kept', closeBy: 'server' } as const;
export const PLANS: Record<string, Plan> = {
  'idle-close': one, 'idle-tls-close': one, 'idle-408': one, 'idle-reset': one, unsolicited: one,
  'keep-alive-hint': { exchanges: 3, pauseMs: 30, goneAfter: 2 },
  'idle-line-ends': { exchanges: 3, pauseMs: 60 },
  'closes-after-3-unannounced': { exchanges: 6, goneAfter: 3 },
  'closes-after-3-announced': { exchanges: 6 },
  'closes-on-400': { exchanges: 6 },
  'announces-and-stays': { exchanges: 4, timeouts: { closeNs: 30e6 } },
  'fin-race': { exchanges: 6 },
  'never-answers': { exchanges: 2, timeouts: { responseNs: 60e6 } },
  'stops-in-the-middle': { exchanges: 2, timeouts: { responseNs: 60e6 } },
  'never-handshakes': { exchanges: 2, timeouts: { connectNs: 60e6 } },
  head: { exchanges: 3, request: { method: 'HEAD' } },
  'head-without-length': { exchanges: 3, request: { method: 'HEAD' } },
  'answers-early': { exchanges: 2, request: { method: 'POST', body: Buffer.alloc(12e6) } },
  ticketless: { exchanges: 3, rules: fresh }, 'ticketless-1.3': { exchanges: 3, rules: fresh }, 'patient-tls': { exchanges: 3, rules: fresh },
};
