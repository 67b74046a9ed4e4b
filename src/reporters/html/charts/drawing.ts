/** The frame of every drawing: two sizes of one SVG, a title, a description that states the finding, and the table of its data. */
import { html, px, type Fragment, type Markup } from '../template.js';

export interface Size {
  readonly width: number;
  /** Drawn for a narrow page: fewer ticks, shorter labels. */
  readonly narrow: boolean;
}

const SIZES: readonly Size[] = [{ width: 860, narrow: false }, { width: 340, narrow: true }];

export interface Figure {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** What the drawing shows, in one sentence with figures. */
  readonly finding: string;
  /** What to print above the drawing when it is not the finding, because that stands elsewhere. */
  readonly caption?: string;
  /** The inside of the SVG, and its height. */
  readonly draw: (size: Size) => { readonly height: number; readonly body: Markup };
  /** What the lines and markers mean. */
  readonly key?: Fragment;
  /** The figures of the drawing as a table. */
  readonly data: Fragment;
}

/** The figure in both sizes: the page's style shows the one that fits, and without a style the wide one is seen. */
export function figure({ id, title, finding, caption = finding, draw, key = null, data }: Figure): Markup {
  const drawings = SIZES.map((size) => {
    const name = `${id}-${size.narrow ? 'narrow' : 'wide'}`;
    const { height, body } = draw(size);
    return html`<div class="drawing ${size.narrow ? 'narrow' : 'wide'}"${size.narrow ? html` hidden` : null}>
<svg role="img" aria-labelledby="${name}-title ${name}-desc" viewBox="0 0 ${size.width} ${px(height)}" width="${size.width}" height="${px(height)}"
 font-family="system-ui, sans-serif" font-size="12"><title id="${name}-title">${title}</title><desc id="${name}-desc">${finding}</desc>
<g aria-hidden="true" class="drawn" fill="${INK.soft}">${body}</g></svg></div>`;
  });
  return html`<figure id="${id}">
<figcaption><strong>${title}</strong> <span>${caption}</span></figcaption>
${key}${drawings}
<details><summary>Data table<span class="unseen">: ${title}</span></summary>${data}</details>
</figure>
`;
}

/** Room for one letter of a label, in the widest of the system fonts. */
export const LETTER = 8.3;

export const INK = { text: '#17202b', soft: '#4b5867', line: '#d9dee5', axis: '#8a96a3' } as const;

interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly soft?: boolean;
  readonly bold?: boolean;
}

export function label(text: string, x: number, y: number, { anchor = 'start', soft = false, bold = false }: TextStyle = {}): Markup {
  const set = html`${anchor === 'start' ? null : html` text-anchor="${anchor}"`}${bold ? html` font-weight="600"` : null}`;
  const ink = soft ? null : html` class="ink" fill="${INK.text}"`; // soft is what the drawing's group has
  return html`<text x="${px(x)}" y="${px(y)}"${ink}${set}>${text}</text>`;
}

export function rule(x1: number, y1: number, x2: number, y2: number, className: 'grid' | 'axis' | 'leader' = 'grid'): Markup {
  return html`<path class="${className}" d="M${px(x1)} ${px(y1)}${y1 === y2 ? `H${px(x2)}` : x1 === x2 ? `V${px(y2)}` : `L${px(x2)} ${px(y2)}`}" stroke="${className === 'grid' ? INK.line : INK.axis}"/>`;
}
