/** Responses as servers in the world send them. */
import { chunks, head, OK, type RawResponse } from './response.js';

const DATE = 'Date: Sat, 22 Nov 2025 20:10:11 GMT';

export const servers: readonly RawResponse[] = [
  {
    name: 'nginx serves a small file',
    raw: head(OK, 'Server: nginx/1.22.1', DATE, 'Content-Type: text/plain', 'Content-Length: 12', 'Last-Modified: Sat, 22 Nov 2025 19:53:00 GMT', 'Connection: keep-alive', 'ETag: "6920f1ac-c"', 'Accept-Ranges: bytes') + 'hello world\n',
    gives: '200, 12 bytes, kept',
  },
  {
    name: 'nginx has served keepalive_requests requests',
    raw: head(OK, 'Server: nginx/1.22.1', DATE, 'Content-Type: text/plain', 'Content-Length: 12', 'Connection: close', 'ETag: "6920f1ac-c"') + 'hello world\n',
    gives: '200, 12 bytes, closes: close-token',
  },
  {
    name: 'nginx refuses a request',
    raw: head('HTTP/1.1 400 Bad Request', 'Server: nginx', DATE, 'Content-Type: text/html', 'Content-Length: 14', 'Connection: close') + '<html></html>\n',
    gives: '400, 14 bytes, closes: close-token',
  },
  {
    name: 'Node answers with a length',
    raw: head(OK, DATE, 'Connection: keep-alive', 'Keep-Alive: timeout=5', 'Content-Length: 2') + 'ok',
    gives: '200, 2 bytes, kept, hints timeout=5',
  },
  {
    name: 'Node answers in chunks',
    raw: head(OK, DATE, 'Connection: keep-alive', 'Keep-Alive: timeout=5, max=100', 'Transfer-Encoding: chunked') + chunks('hello', ' world'),
    gives: '200, 11 bytes, kept, hints timeout=5 max=100',
  },
  {
    name: 'Apache counts its connections down',
    raw: head(OK, DATE, 'Server: Apache/2.4.57 (Debian)', 'Content-Length: 3', 'Keep-Alive: timeout=5, max=99', 'Connection: Keep-Alive', 'Content-Type: text/html') + 'abc',
    gives: '200, 3 bytes, kept, hints timeout=5 max=99',
  },
  {
    name: 'Go answers without a Connection field',
    raw: head(OK, DATE, 'Content-Length: 5', 'Content-Type: text/plain; charset=utf-8') + 'hello',
    gives: '200, 5 bytes, kept',
  },
  {
    name: 'Python http.server speaks HTTP/1.0',
    raw: head('HTTP/1.0 200 OK', 'Server: SimpleHTTP/0.6 Python/3.11.2', DATE, 'Content-type: text/html', 'Content-Length: 4') + 'page',
    gives: '200, 4 bytes, closes: http10',
  },
  {
    name: 'a load balancer closes an idle connection with 408',
    raw: head('HTTP/1.0 408 Request Time-out', 'Cache-Control: no-cache', 'Connection: close', 'Content-Type: text/html') + '<html></html>\n',
    eof: true,
    gives: '408, 14 bytes, closes: close-token',
  },
  { name: 'a redirect has an empty body', raw: head('HTTP/1.1 302 Found', 'Location: /elsewhere', 'Content-Length: 0'), gives: '302, 0 bytes, kept' },
  {
    name: 'a drained server says so',
    raw: head('HTTP/1.1 503 Service Unavailable', 'Retry-After: 5', 'Content-Length: 4', 'Connection: close') + 'busy',
    gives: '503, 4 bytes, closes: close-token',
  },
  {
    name: 'gunicorn ends the body with the connection',
    raw: head(OK, 'Server: gunicorn', DATE, 'Connection: close', 'Content-Type: text/plain') + 'streamed',
    eof: true,
    gives: '200, 8 bytes, closes: close-token',
  },
  { name: 'a partial answer', raw: head('HTTP/1.1 206 Partial Content', 'Content-Range: bytes 0-3/10', 'Content-Length: 4') + 'part', gives: '206, 4 bytes, kept' },
  {
    name: 'cookies come in many lines',
    raw: head(OK, ...Array.from({ length: 20 }, (_, n) => `Set-Cookie: c${n}=v${n}; Path=/; HttpOnly`), 'Content-Length: 1') + 'x',
    gives: '200, 1 bytes, kept',
  },
  {
    name: 'a hundred fields',
    raw: head(OK, ...Array.from({ length: 100 }, (_, n) => `X-Field-${n}: value ${n}`), 'Content-Length: 1') + 'x',
    gives: '200, 1 bytes, kept',
  },
  { name: 'HTTP/2 has been negotiated, its settings arrive', raw: '\x00\x00\x12\x04\x00\x00\x00\x00\x00', eof: true, gives: 'error: not HTTP' },
  { name: 'a TLS alert answers plain http', raw: '\x15\x03\x01\x00\x02\x02\x46', eof: true, gives: 'error: not HTTP' },
  { name: 'an SSH server greets', raw: 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', eof: true, gives: 'error: not HTTP' },
  { name: 'an SMTP server greets', raw: '220 mail.example.org ESMTP\r\n', eof: true, gives: 'error: not HTTP' },
  { name: 'a Redis server complains', raw: "-ERR unknown command 'GET'\r\n", eof: true, gives: 'error: not HTTP' },
  { name: 'Icecast speaks its own dialect', raw: 'ICY 200 OK\r\n\r\n', eof: true, gives: 'error: not HTTP' },
  { name: 'HTTP/0.9 has no status line', raw: '<html>hello</html>', eof: true, gives: 'error: not HTTP' },
  { name: 'the server sends a request', raw: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', eof: true, gives: 'error: not HTTP' },
];
