/** The page's one script: reading drawings by the arrow keys, sorting tables, copying. The page is complete without it; what it adds, it makes itself. */
import { createHash } from 'node:crypto';

/** Plain JavaScript as it stands in the page, at most 6 KB, without a comment that could end it. The tests check its types. */
export const script = String.raw`'use strict';
(() => {
  /** @param {ParentNode} root @param {string} selector @returns {HTMLElement[]} */
  const all = (root, selector) => [...root.querySelectorAll(selector)].flatMap((node) => (node instanceof HTMLElement ? [node] : []));
  /** @param {Element | undefined | null} node */
  const textOf = (node) => (node?.textContent ?? '').replace(/\s+/g, ' ').trim();
  /** @param {string} text @param {string} className @param {(button: HTMLButtonElement) => void} press */
  const button = (text, className, press) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = className;
    made.textContent = text;
    made.addEventListener('click', () => press(made));
    return made;
  };

  const voice = document.createElement('p');
  voice.className = 'unseen';
  voice.setAttribute('role', 'status');
  voice.setAttribute('aria-live', 'polite');
  document.querySelector('main')?.append(voice);
  /** @param {string} text */
  const say = (text) => { voice.textContent = text; };

  /** @param {string} text @param {HTMLButtonElement} pressed */
  const copy = async (text, pressed) => {
    try {
      await navigator.clipboard.writeText(text);
      say('Copied');
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      say(document.execCommand('copy') ? 'Copied' : 'The browser does not let this page copy');
      area.remove();
      pressed.focus();
    }
  };

  /** @param {HTMLTableElement} table */
  const csv = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => {
    const text = textOf(cell).replace(/^[=+@-](?![\d.])/, "'$&");
    return /[",]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }).join(',') + '\r\n').join('');

  /** @param {string} text */
  const figure = (text) => Number(/-?\d[\d.]*/.exec(text.replace(/,/g, ''))?.[0] ?? NaN);
  /** @param {string} a @param {string} b */
  const order = (a, b) => {
    const [x, y] = [figure(a), figure(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a.localeCompare(b);
    return x - y;
  };

  /** @param {HTMLTableElement} table */
  const sortable = (table) => {
    const body = table.tBodies[0];
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    if (!body || body.rows.length < 3 || body.querySelector('.part, .heading, [rowspan], [colspan]')) return;
    heads.forEach((head, column) => {
      if (textOf(head) === '') return;
      const press = button('', 'sort', () => {
        const down = head.getAttribute('aria-sort') === 'ascending';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const sorted = [...body.rows].sort((a, b) => order(textOf(a.cells[column]), textOf(b.cells[column])));
        body.append(...(down ? sorted.reverse() : sorted));
        say('Sorted by ' + textOf(head) + (down ? ', descending' : ', ascending'));
      });
      press.append(...head.childNodes);
      head.append(press);
    });
  };

  for (const table of all(document, 'main table')) {
    if (!(table instanceof HTMLTableElement)) continue;
    sortable(table);
    const frame = table.closest('.scroll') ?? table;
    const press = button('Copy as CSV', 'tool', (pressed) => void copy(csv(table), pressed));
    const caption = textOf(table.caption) || frame.getAttribute('aria-label') || '';
    if (caption) press.setAttribute('aria-label', 'Copy as CSV: ' + caption);
    frame.after(press);
  }
  for (const text of all(document, 'main pre')) text.after(button('Copy', 'tool', (pressed) => void copy(text.textContent ?? '', pressed)));
  for (const list of all(document, 'dl.copied')) list.after(button('Copy the list', 'tool', (pressed) => void copy([...list.children].map((node) => textOf(node) + (node.tagName === 'DT' ? ': ' : '\n')).join(''), pressed)));

  /** @param {HTMLTableElement} table one sentence for each row that holds figures */
  const sentences = (table) => {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map(textOf);
    let part = '';
    return [...(table.tBodies[0]?.rows ?? [])].flatMap((row) => {
      const [first, ...others] = [...row.cells].map(textOf);
      if (others.length === 0) {
        part = first ? first + ', ' : '';
        return [];
      }
      return [part + first + ': ' + others.map((text, index) => ((heads[index + 1] ?? '') + ' ' + text).trim()).join('; ')];
    });
  };

  for (const drawn of all(document, 'figure')) {
    const table = drawn.querySelector('table');
    const drawings = all(drawn, '.drawing');
    const rows = table ? sentences(table) : [];
    if (rows.length === 0 || drawings.length === 0) continue;
    const shown = document.createElement('p');
    shown.className = 'note';
    shown.hidden = true;
    shown.setAttribute('aria-hidden', 'true');
    drawings.at(-1)?.after(shown);
    let at = -1;
    /** @param {KeyboardEvent} event */
    const press = (event) => {
      /** @type {Record<string, number>} */
      const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
      const to = moves[event.key];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      at = Math.max(0, Math.min(rows.length - 1, to));
      shown.hidden = false;
      shown.textContent = rows[at] ?? '';
      say(rows[at] ?? '');
    };
    for (const drawing of drawings) {
      drawing.tabIndex = 0;
      drawing.setAttribute('role', 'application');
      drawing.setAttribute('aria-label', textOf(drawn.querySelector('figcaption strong')) + ': the arrow keys read its figures');
      drawing.addEventListener('keydown', press);
    }
  }
})();
`;

/** What the page's Content-Security-Policy allows: this script and nothing else. */
export const scriptHash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
