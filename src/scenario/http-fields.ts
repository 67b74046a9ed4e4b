/** The parts of a request as people write them: url, method, path, headers, body. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isIP } from 'node:net';
import { z } from 'zod';
import { found, quoted } from './complaints.js';
import { DEFAULTS } from './defaults.js';
import { accept, mapping, plain, refuse, scalar, shapeComplaint, text, type Field } from './fields.js';

/** An http or https URL without credentials; its fragment is dropped, because it is never sent. */
export const url: Field<string> = scalar('where the requests go; http or https', { type: 'string' }, 'a URL like https://staging.example.com/items', (given) => {
  if (typeof given !== 'string') return refuse(`${given} is not a URL; write one like https://staging.example.com/items`);
  const parsed = URL.canParse(given) ? new URL(given) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') {
    if (parsed.username !== '' || parsed.password !== '') return refuse('holds a user name or password, which would end up in reports; write them as a header: authorization: "Basic …"');
    parsed.hash = '';
    return accept(parsed.href);
  }
  const host = /^[\w.-]+(:\d+)?([/?].*)?$/.test(given) && URL.canParse(`http://${given}`);
  if (host) return refuse(`${quoted(given)} says neither http nor https; write http://${given}`);
  return refuse(parsed ? `${quoted(given)} is not an http or https URL` : `${quoted(given)} is not a URL; write one like https://staging.example.com/items`);
});

/** In capitals. CONNECT is refused. */
export const method: Field<string> = text('the request’s method', { default: DEFAULTS.method }, 'a method like GET', (given) => {
  if (!/^[A-Za-z][\w-]*$/.test(given)) return `${quoted(given)} is not a method; write one like GET or POST`;
  return given.toUpperCase() === 'CONNECT' ? 'CONNECT turns a connection into a tunnel, so no policy could use it again; choose another method' : undefined;
}).transform((given) => given.toUpperCase());

export const path: Field<string> = text('path and query, resolved against url', {}, 'a path like /items?page=2', (given) =>
  /[\u0000-\u001f]/.test(given) ? `${quoted(given)} holds a control character` : undefined,
);

/** A code, or a class in lower case: `200`, `2xx`. */
export const status: Field<string> = scalar(
  'a status code or class',
  { anyOf: [{ type: 'integer', minimum: 100, maximum: 599 }, { type: 'string', pattern: '^[1-5](\\d\\d|[xX][xX])$|\\$\\{' }] },
  'a status like 200 or 2xx',
  (given) => (/^[1-5](\d\d|xx)$/i.test(String(given)) ? accept(String(given).toLowerCase()) : refuse(`${plain(given)} is not a status; write a code like 200 or a class like 2xx`)),
);

export const localAddress: Field<string> = text('an address of this machine', {}, 'an address like 127.0.0.2', (given) =>
  isIP(given) === 0 ? `${quoted(given)} is not an IP address; write one like 127.0.0.2` : undefined,
);

/** Text, a file, or a value that is sent as JSON. */
export type GivenBody = string | { readonly file?: string | undefined; readonly json?: unknown };

const bodySource = mapping(
  {
    file: text('a file to send, relative to the scenario file; above 1 MiB it stays on disk, and must not change during the run', {}, 'a path like ./body.json').optional(),
    json: z.unknown().describe('a value to send as JSON; says content-type: application/json unless the headers do').optional(),
  },
  '{ file: ./body.json }',
)
  .meta({ minProperties: 1, maxProperties: 1 })
  .superRefine((given, context) => {
    if (given.file === undefined && given.json === undefined) context.addIssue({ code: 'custom', message: 'neither file nor json; write one of them' });
    if (given.file !== undefined && given.json !== undefined) context.addIssue({ code: 'custom', message: 'both file and json; keep one of them' });
  });

export const body: Field<GivenBody> = z
  .union([z.string(), bodySource], { error: (issue) => shapeComplaint(issue, 'a text in quotes, { file: ./body.json } or { json: { … } }') })
  .describe('what is sent after the head: a text, { file: … } or { json: … }');

/** Headers that say how a connection is used or how a message is framed: they follow from the policy and the body. */
const OWNED: Readonly<Record<string, string>> = {
  connection: 'the policy says when a connection is kept and when it ends; choose a policy instead',
  'keep-alive': 'the policy says how long a connection is kept; choose a policy instead',
  'proxy-connection': 'the policy says when a connection is kept and when it ends; choose a policy instead',
  'content-length': 'it follows from the body; take it away',
  'transfer-encoding': 'the body is framed by its length; take it away',
  upgrade: 'an upgraded connection carries no further requests, so no policy could use it again; take it away',
  expect: 'waiting for 100 Continue makes two exchanges of one; take it away',
};

const headerName = z.string().superRefine((name, context) => {
  const owned = Object.hasOwn(OWNED, name.toLowerCase()) ? OWNED[name.toLowerCase()] : undefined;
  if (owned !== undefined) context.addIssue({ code: 'custom', message: `not yours to set: ${owned}` });
  else if (!passes(() => validateHeaderName(name))) context.addIssue({ code: 'custom', message: `${quoted(name)} is not a header name; use letters, digits and -` });
});

const headerValue: Field<string> = scalar('the header’s value', { type: ['string', 'number', 'boolean'] }, 'a text', (given) => {
  const value = String(given);
  return passes(() => validateHeaderValue('x', value)) ? accept(value) : refuse('holds a character that a header may not carry, such as a line break');
});

/** Header names to values; a name may stand once, in whichever capitals. */
export function headers(summary: string): Field<Readonly<Record<string, string>>> {
  return z
    .record(headerName, headerValue, { error: (issue) => (issue.code === 'invalid_type' ? `found ${found(issue.input)}; write headers like { accept: application/json }` : undefined) })
    .describe(summary)
    .superRefine((given, context) => {
      const seen = new Map<string, string>();
      for (const name of Object.keys(given)) {
        const before = seen.get(name.toLowerCase());
        if (before === undefined) seen.set(name.toLowerCase(), name);
        else context.addIssue({ code: 'custom', path: [name], message: `the same header as ${before}; keep one` });
      }
    });
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
