// Connections that a thread begins by TCP are led to a unix socket ($SAMECONN_DETOUR), as a proxifier or a service mesh does beneath a program: it believes that it
// has one, and the kernel knows of none.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  process.binding = () => ({}); // so that sockets are made by node:net
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (options) {
    return connect.call(this, typeof options?.port === 'number' ? { path: process.env.SAMECONN_DETOUR } : options);
  };
}
