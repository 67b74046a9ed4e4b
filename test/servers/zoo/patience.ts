/** How long a connection may rest. */
import { answer, later, member, ok, type Visit } from './member.js';
import { good } from './certificates.js';

const IDLE_MS = 20;

export const patient = member('patient', 'keeps every connection for ever', {});

export const patientTls = member('patient-tls', 'keeps every TLS connection for ever, and resumes sessions', { tls: good });

export const idleClose = member('idle-close', 'sends a FIN when a connection has been idle for 20 ms', { answers: whenIdle((socket) => socket.end()) });

export const idleTlsClose = member('idle-tls-close', 'sends close_notify and FIN when a TLS connection has been idle for 20 ms', {
  tls: good,
  answers: whenIdle((socket) => socket.end()),
});

export const idleNotice = member('idle-408', 'sends a 408 and then a FIN when a connection has been idle for 20 ms', {
  answers: whenIdle((socket) => socket.end('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')),
});

export const idleReset = member('idle-reset', 'resets a connection that has been idle for 20 ms, as a load balancer may', {
  answers: whenIdle((socket) => socket.resetAndDestroy()),
});

export const hint = member('keep-alive-hint', 'says Keep-Alive: timeout=1 and closes after that second', {
  answers: whenIdle((socket) => socket.end(), 1000, 'Keep-Alive: timeout=1'),
});

export const chattyWhenIdle = member('unsolicited', 'sends a second response that nobody asked for when a connection has been idle for 20 ms', {
  answers: whenIdle((socket) => socket.write(ok())),
});

export const idleLineEnds = member('idle-line-ends', 'sends an empty line when a connection has been idle for 20 ms', {
  answers: whenIdle((socket) => socket.write('\r\n')),
});

function whenIdle(act: (socket: Visit['socket']) => void, ms = IDLE_MS, ...fields: string[]): (visit: Visit) => void {
  const latest = new WeakMap<Visit['socket'], number>();
  return (visit) => {
    const { socket, nth } = visit;
    if (fields.length === 0) answer(visit);
    else socket.write(ok(...fields));
    latest.set(socket, nth);
    later(ms, () => {
      if (latest.get(socket) === nth && !socket.destroyed) act(socket);
    });
  };
}
