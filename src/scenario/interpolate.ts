/** Puts the environment into the text values of a scenario: `${NAME}`, `${NAME:-default}`, and `$${` for a plain `${`. */
import { quoted } from './complaints.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Interpolated = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly complaints: readonly string[] };

/** A default stands in for a variable that is unset or empty, as in a shell. Values are not read again: what they hold is text. */
export function interpolate(text: string, env: Environment): Interpolated {
  const complaints: string[] = [];
  const value = text.replace(/\$(\$\{)|\$\{([^}]*)(\}?)/g, (whole: string, escaped: string | undefined, inside = '', end = '') => {
    if (escaped !== undefined) return escaped;
    const reference = end === '' ? null : /^([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/.exec(inside);
    if (!reference || inside.includes('${')) {
      complaints.push(`${quoted(whole)} is not a reference to the environment; write \${NAME}, \${NAME:-default}, or $\${ for a plain \${`);
      return whole;
    }
    const [, name = '', fallback] = reference;
    const set = Object.hasOwn(env, name) ? env[name] : undefined;
    if (fallback !== undefined) return set === undefined || set === '' ? fallback : set;
    if (set === undefined) complaints.push(`needs the environment variable ${name}; set it, or write \${${name}:-default}`);
    return set ?? whole;
  });
  return complaints.length === 0 ? { ok: true, value } : { ok: false, complaints };
}
