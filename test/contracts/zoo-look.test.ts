import { test } from 'vitest';
import * as clients from '../../src/clients/index.js';
import * as zoo from '../servers/zoo/index.js';
import { carryOut, type Plan } from '../fakes/exchange.js';
import { PLANS } from './zoo-plans.js';
for (const member of Object.values(zoo)) for (const client of Object.values(clients)) test(`${member.kind} ${client.kind}`, async () => {
  const server = await member.start();
  try {
    const { requests: r, connections: c } = await carryOut(client, server.endpoint, (PLANS as Record<string, Plan>)[member.kind] ?? { exchanges: 4 });
    const all = (k: 'openedBecause' | 'closedBy') => JSON.stringify({ warm: c.warmup[k], meas: c[k] });
    const s = server.counts();
    console.log(member.kind, client.kind, 'completed', r.completed + r.warmup.completed, 'fail', JSON.stringify([r.warmup.failures, r.failures]), 'because', all('openedBecause'), 'closed', all('closedBy'), 'opened', c.opened + c.warmup.opened, 'server', JSON.stringify(s), 'tls', c.tlsFull + c.warmup.tlsFull, c.tlsResumed, c.tlsFailed + c.warmup.tlsFailed);
  } finally { await server.stop(); }
});
