/** The TLS settings of a scenario, with the files they name. */
import { quoted, type Flaw } from './complaints.js';
import { DEFAULTS } from './defaults.js';
import { readNamedFile, type Files } from './files.js';
import type { TlsSettings } from './scenario.js';
import type { GivenTls } from './schema.js';

export function resolveTls(given: GivenTls, files: Files, flaws: Flaw[]): TlsSettings {
  const pem = (key: 'ca' | 'cert' | 'key'): string => {
    const path = given[key];
    if (path === undefined) return '';
    const before = flaws.length;
    const text = new TextDecoder().decode(readNamedFile(path, ['tls', key], files, flaws));
    if (flaws.length === before && !holdsPem(text, key)) flaws.push({ path: ['tls', key], message: `${quoted(path)} ${lacks(key)}` });
    return text;
  };
  const [minVersion, maxVersion] = [given.minVersion ?? DEFAULTS.minVersion, given.maxVersion ?? DEFAULTS.maxVersion];
  if (minVersion > maxVersion) flaws.push({ path: ['tls', 'minVersion'], message: `${minVersion} is newer than maxVersion ${maxVersion}`, remedy: 'no version is left to speak; change one of them' });
  if (given.cert !== undefined && given.key === undefined) flaws.push({ path: ['tls', 'cert'], message: 'a client certificate needs its key', remedy: 'write key: ./key.pem beside it' });
  if (given.key !== undefined && given.cert === undefined) flaws.push({ path: ['tls', 'key'], message: 'a key needs its client certificate', remedy: 'write cert: ./cert.pem beside it' });
  return {
    ca: pem('ca'),
    insecure: given.insecure ?? false,
    servername: given.servername ?? '',
    cert: pem('cert'),
    key: pem('key'),
    minVersion,
    maxVersion,
    ciphers: given.ciphers ?? '',
    ecdhCurve: given.ecdhCurve ?? '',
  };
}

/** Whether a text looks like what the key asks for; OpenSSL says the rest when it is used. */
export function holdsPem(text: string, key: 'ca' | 'cert' | 'key'): boolean {
  return key === 'key' ? /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) : /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(text);
}

export function lacks(key: 'ca' | 'cert' | 'key'): string {
  return key === 'key' ? 'holds no PEM key (-----BEGIN PRIVATE KEY-----)' : 'holds no PEM certificate (-----BEGIN CERTIFICATE-----)';
}
