/** Text that others wrote (names, URLs, sentences of a result), made safe to lay out in any dialect. */

// C0 and C1 controls could move the cursor or cut a file short; direction marks could make a text read as another one; a lone surrogate has no UTF-8 form.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** Makes what cannot be seen visible: `\u202e` for a direction mark, `\u001b` for an escape; line ends and tabs become a space. */
export function legible(text: string): string {
  return text.replace(HIDDEN, (mark) => (/[\t\n\r]/.test(mark) ? ' ' : `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

/** At most `max` characters, the last an ellipsis when something was cut. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text; // as many code units: as many characters at most
  const characters = [...text.slice(0, 2 * max + 2)];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}

/** A name for each text that any file system and any tag takes: letters, digits, `.`, `_` and `-`; no two alike, even where case does not count. */
export function plainNames(texts: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map([...new Set(texts)].map((text) => {
    const stem = text.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, 60) || 'arm';
    let name = stem;
    for (let nth = 2; taken.has(name.toLowerCase()); nth++) name = `${stem}-${nth}`;
    taken.add(name.toLowerCase());
    return [text, name];
  }));
}

/** A copy of plain data in which every string, keys included, went through `change`. */
export function mapStrings<T>(data: T, change: (text: string) => string): T {
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return change(value);
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), walk(member)]));
  };
  return walk(data) as T;
}

const ASCII_FOR: Readonly<Record<string, string>> = {
  '–': '-', '—': '-', '−': '-', '‐': '-', '…': '~', '·': '|', '×': 'x', '±': '+/-', '≤': '<=', '≥': '>=', '→': '->',
  µ: 'u', '’': "'", '‘': "'", '“': '"', '”': '"', '\u00a0': ' ', '∞': 'inf',
};

/** The nearest ASCII text; what has none becomes `?`. */
export function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e\n]/gu, (character) => ASCII_FOR[character] ?? '?');
}

// Unicode's East Asian Width W and F (UAX 11), by blocks, and what is drawn as an emoji.
const WIDE = new RegExp(
  '\\p{Emoji_Presentation}|[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\uac00-\\ud7a3' +
    '\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff00-\\uff60\\uffe0-\\uffe6]|[\\u{20000}-\\u{3fffd}]',
  'u',
);
const WIDTHLESS = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a text takes on a terminal: 2 for East Asian wide characters and emoji, 0 for marks. */
export function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDTHLESS.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1;
  return width;
}

/** The text cut to at most so many columns, with an ellipsis when something was cut. */
export function fit(text: string, width: number): string {
  if (columns(text) <= width) return text;
  if (width < 1) return '';
  let taken = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const wide = columns(segment);
    if (used + wide > width - 1) break;
    taken += segment;
    used += wide;
  }
  return `${taken}…`;
}

/** Lines of at most so many columns, broken between words where that is possible. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && columns(line) + 1 + columns(word) <= width) line += ` ${word}`;
    else {
      if (line !== '') lines.push(line);
      line = word;
      while (columns(line) > width) {
        const head = fit(line, width + 1).replace(/…$/, '');
        lines.push(head);
        line = line.slice(head.length);
      }
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}
