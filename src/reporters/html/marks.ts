/** How an arm is told from the others: colour, dash and marker together, so that each alone is enough. */
import { symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolStar, symbolTriangle, type SymbolType } from 'd3-shape';
import { html, px, raw, type Markup } from './template.js';

export interface Mark {
  readonly index: number;
  /** Class that takes the colour from the page's variables. */
  readonly className: string;
  /** The light colour, for pages whose style was taken away. */
  readonly color: string;
  /** stroke-dasharray, or 'none'. */
  readonly dash: string;
  readonly symbol: SymbolType;
}

/**
 * Okabe and Ito's colours (jfly.uni-koeln.de/color), pink and orange darkened on light pages so that each stands at least 3.4:1 against its ground.
 * The first is for the first candidate, the second for the baseline: blue and vermillion, solid and dashed.
 */
export const ARM_COLORS = [
  { light: '#0072b2', dark: '#56b4e9' },
  { light: '#d55e00', dark: '#e69f00' },
  { light: '#009e73', dark: '#2fc79a' },
  { light: '#b0568a', dark: '#e79ac6' },
  { light: '#8a6500', dark: '#f0e442' },
  { light: '#3d4450', dark: '#c8d0d9' },
] as const;

const DASHES = ['none', '8 4', '10 3 2 3', '5 2', '14 4', '12 3 2 3 2 3'] as const;
const SYMBOLS = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross, symbolStar] as const;
const BASELINE = 1;

const MARKS: readonly Mark[] = ARM_COLORS.map(({ light }, index) => ({ index, className: `arm-${index}`, color: light, dash: DASHES[index] ?? 'none', symbol: SYMBOLS[index] ?? symbolCircle }));

/** The mark of every arm by name. With more than six arms the marks come round again; labels still tell them apart. */
export function marksOf({ arms, plan }: { readonly arms: readonly { readonly name: string }[]; readonly plan: { readonly baseline: string } }): ReadonlyMap<string, Mark> {
  const others = MARKS.filter((_, index) => index !== BASELINE);
  let next = 0;
  return new Map(arms.map(({ name }) => [name, name === plan.baseline && arms.length > 1 ? MARKS[BASELINE]! : others[next++ % others.length]!]));
}

/** Every marker and key once, for the drawings to refer to; stands at the head of the page's body. */
export function markDefinitions(): Markup {
  const shapes = MARKS.map((mark, index) => {
    const path = rounded(symbol(mark.symbol, MARKER_AREA)() ?? '');
    const { className, color, dash } = mark;
    return html`<path id="dot-${index}" d="${path}" class="${className} solid" fill="${color}"/>
<path id="ring-${index}" d="${path}" class="${className} hollow" fill="#ffffff" stroke="${color}" stroke-width="1.75"/>
<g id="key-${index}"><path class="${className} line" d="M1 6H29" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>${marker(mark, 15, 6)}</g>
`;
  });
  return html`<svg width="0" height="0" class="definitions" aria-hidden="true" focusable="false"><defs>${shapes}</defs></svg>`;
}

const MARKER_AREA = 52;

/** The marker of an arm, centred on a point. @param kind `ring`: only its outline */
export function marker(mark: Mark, x: number, y: number, kind: 'dot' | 'ring' = 'dot', scale = 1): Markup {
  if (scale === 1) return html`<use href="#${kind}-${mark.index}" x="${px(x)}" y="${px(y)}"/>`;
  return html`<use href="#${kind}-${mark.index}" transform="translate(${px(x)} ${px(y)}) scale(${Math.round(scale * 100) / 100})"/>`;
}

/** Line and marker of an arm as a small picture, for beside its name. */
export function key(mark: Mark): Markup {
  return html`<svg class="key" width="30" height="12" viewBox="0 0 30 12" aria-hidden="true"><use href="#key-${mark.index}"/></svg>`;
}

function rounded(path: string): Markup {
  return raw(path.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (number) => px(Number(number))));
}
