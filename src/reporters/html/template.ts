/** HTML by tagged template: whatever is put in is escaped, unless it is markup already. */

/** Text that is markup already. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Fragment = Markup | string | number | null | false | readonly Fragment[];

/** `` html`<td>${name}</td>` ``: strings and numbers are escaped, for text and for quoted attributes alike, and figures keep their place after right-to-left names; lists are joined; null and false leave nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  return new Markup(strings.reduce((text, part, index) => text + textOf(values[index - 1] ?? null) + part));
}

/** Markup made elsewhere. Never for text that came from a result. */
export function raw(text: string): Markup {
  return new Markup(text);
}

/** A coordinate of a drawing, to a tenth of a unit. */
export function px(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10) / 10) : '0';
}

function textOf(value: Fragment): string {
  if (value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '–';
  if (typeof value === 'string') return escaped(value);
  return value.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(AFTER_RIGHT_TO_LEFT, LEFT_TO_RIGHT_MARK).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * The end of a name in Arabic, Hebrew or the like with a figure after it: our sentences go on from left to right there. Without the mark a browser would
 * take the figure for a part of the name and show the two in turned order (Unicode Standard Annex #9, rules W2 and N1).
 */
const AFTER_RIGHT_TO_LEFT = /(?<=[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])(?=[^\p{L}]*\p{Nd})/gu;
const LEFT_TO_RIGHT_MARK = '\u200e';
