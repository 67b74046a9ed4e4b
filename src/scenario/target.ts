/** The target of a scenario: its requests with their paths, headers and bodies put together. */
import { quoted, type Flaw, type Path } from './complaints.js';
import { DEFAULTS } from './defaults.js';
import { readBodyFile, type Files } from './files.js';
import type { GivenBody } from './http-fields.js';
import type { RequestSpec, Target } from './scenario.js';
import type { GivenRequest, GivenTarget } from './schema.js';

type Body = NonNullable<RequestSpec['body']>;

/** A target without `requests` has one request, made of what stands in the target itself. */
export function resolveTarget(given: GivenTarget, files: Files, flaws: Flaw[]): Target {
  const bodies = new Map<unknown, Body>(); // a body that several requests inherit is read once
  const bodyOf = (body: GivenBody | undefined, path: Path): Body | null => {
    if (body === undefined) return null;
    const bytes = bodies.get(body) ?? readBody(body, path, files, flaws);
    bodies.set(body, bytes);
    return bytes;
  };
  const entries: readonly GivenRequest[] = given.requests ?? [{}];
  const requests = entries.map((entry, index): RequestSpec => {
    const place = ['target', 'requests', index];
    const method = entry.method ?? given.method ?? DEFAULTS.method;
    const path = pathOf(entry.path, given.url, place, flaws);
    const inherits = entry.body === undefined && entry.method === undefined; // a body belongs to its method
    const body = inherits ? given.body : entry.body;
    return {
      name: entry.name ?? `${method} ${path}`,
      method,
      path,
      headers: mergeHeaders(isJson(body) ? { 'content-type': 'application/json' } : {}, given.headers ?? {}, entry.headers ?? {}),
      body: bodyOf(body, inherits ? ['target', 'body'] : [...place, 'body']),
      weight: entry.weight ?? DEFAULTS.weight,
    };
  });
  return {
    url: given.url,
    requests,
    expectStatus: given.expectStatus ?? DEFAULTS.expectStatus,
    localAddress: given.localAddress ?? [],
    socketPath: given.socketPath === undefined ? '' : files.locate(given.socketPath),
  };
}

/** Later headers take the place of earlier ones, whatever their capitals. */
export function mergeHeaders(...layers: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged = new Map<string, readonly [string, string]>();
  for (const layer of layers) for (const [name, value] of Object.entries(layer)) merged.set(name.toLowerCase(), [name, value]);
  return Object.fromEntries(merged.values());
}

function pathOf(path: string | undefined, base: string, place: Path, flaws: Flaw[]): string {
  const origin = new URL(base).origin;
  const url = path === undefined ? new URL(base) : URL.canParse(path, base) ? new URL(path, base) : undefined;
  if (url?.origin !== origin) flaws.push({ path: [...place, 'path'], message: `${quoted(path ?? '')} leads away from ${origin}`, remedy: 'write a path like /items' });
  return url ? url.pathname + url.search : '/';
}

function readBody(body: GivenBody, place: Path, files: Files, flaws: Flaw[]): Body {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body.file !== undefined) return readBodyFile(body.file, [...place, 'file'], files, flaws);
  return new TextEncoder().encode(JSON.stringify(body.json));
}

function isJson(body: GivenBody | undefined): boolean {
  return typeof body === 'object' && body.json !== undefined;
}
