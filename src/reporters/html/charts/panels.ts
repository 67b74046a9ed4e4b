/** Panels over the time of the run, one below the other: steps in the colour of the arm whose round it was. */
import { scaleLinear } from 'd3-scale';
import { marker, type Mark } from '../marks.js';
import type { Moment } from '../slices.js';
import { html, px, raw, type Markup } from '../template.js';
import { INK, label, type Size } from './drawing.js';
import { differenceScale, roomForTicks, tickText, timeScale, type TimeScale } from './scales.js';

export interface Panel {
  readonly title: string;
  /** `linear`: from 0. `times`: logarithmic where they lie far apart. */
  readonly scale: 'linear' | 'times';
  readonly lines: readonly PanelLine[];
}

export interface PanelLine {
  readonly value: (moment: Moment) => number | null;
  /** `arm`: in the colours of the arms. `thin`: the same, lighter. `ground`: a broad grey line below the others. */
  readonly kind: 'arm' | 'thin' | 'ground';
}

/** At most so many points a line; above, each column of pixels keeps its least and its most. */
const MOST_POINTS = 600;
const GAP = 30;

/** @param moments in run order, at least one */
export function drawPanels(panels: readonly Panel[], moments: readonly Moment[], marks: ReadonlyMap<string, Mark>, { width, narrow }: Size): { height: number; body: Markup } {
  const panelHeight = narrow ? 76 : 88;
  const bottomOf = (nth: number): number => (nth + 1) * (panelHeight + GAP) - 6;
  const scales = panels.map(({ scale, lines }, nth) => {
    const values = lines.flatMap(({ value }) => moments.flatMap((moment) => value(moment) ?? []));
    const [from, to] = [bottomOf(nth), bottomOf(nth) - panelHeight];
    return scale === 'times' ? timeScale(values, from, to, 3) : differenceScale(0, values.reduce((most, value) => Math.max(most, value), 0) || 1, from, to, 3);
  });
  const left = Math.max(narrow ? 38 : 54, ...scales.map(roomForTicks));
  const right = width - 10;
  const time = scaleLinear().domain([moments[0]?.fromMs ?? 0, moments.at(-1)?.toMs ?? 1]).range([left, right]);
  const arms = [...new Set(moments.map(({ arm }) => arm))];
  const bottom = bottomOf(panels.length - 1);
  const ticks = time.ticks(narrow ? 4 : 8);
  return {
    height: bottom + 52,
    body: html`${panels.map(({ title }, nth) => {
      const y = scales[nth]!;
      return html`${label(title, narrow ? 2 : 8, bottomOf(nth) - panelHeight - 9, { soft: true })}
<path class="grid" d="${raw(y.ticks.map((tick) => `M${px(left)} ${px(y(tick))}H${px(right)}`).join(''))}" fill="none" stroke="${INK.line}"/>
${y.ticks.map((tick) => label(tickText(tick), left - 8, y(tick) + 4, { anchor: 'end', soft: true }))}`;
    })}
${panels.map(({ lines }, nth) => lines.map(({ value, kind }) => kind === 'ground' ? stroke(moments, value, time, scales[nth]!, null, kind) : arms.map((arm) => stroke(moments.filter((moment) => moment.arm === arm), value, time, scales[nth]!, marks.get(arm) ?? null, kind))))}
${roundMarks(moments, marks, time, bottom + 10)}
${ticks.map((tick) => label(tickText(tick / 1000), time(tick), bottom + 31, { anchor: 'middle', soft: true }))}
${label(`time of the run, s${narrow ? '' : '; the markers tell whose round it was'}`, right, bottom + 47, { anchor: 'end', soft: true })}`,
  };
}

function stroke(moments: readonly Moment[], value: PanelLine['value'], time: (ms: number) => number, y: TimeScale, mark: Mark | null, kind: PanelLine['kind']): Markup | null {
  const path = moments.length * 2 <= MOST_POINTS ? steps(moments, value, time, y) : columns(moments, value, time, y);
  if (path === '') return null;
  if (kind === 'ground' || mark === null) return html`<path class="axis" d="${raw(path)}" fill="none" stroke="${INK.axis}" stroke-opacity="0.4" stroke-width="6"/>`;
  return html`<path class="${mark.className} line" d="${raw(path)}" fill="none" stroke="${mark.color}" stroke-width="${kind === 'thin' ? 1.1 : 2.2}"${kind === 'thin' ? html` stroke-opacity="0.8"` : null}/>`;
}

/** A step for each slice; the line breaks between rounds and where there is no value. */
function steps(moments: readonly Moment[], value: PanelLine['value'], time: (ms: number) => number, y: TimeScale): string {
  let path = '';
  let before: Moment | null = null;
  for (const moment of moments) {
    const at = value(moment);
    if (at === null) before = null;
    else {
      const height = Math.round(y(at));
      path += before?.round === moment.round ? `V${height}` : `M${px(time(moment.fromMs))} ${height}`;
      path += `H${px(time(moment.toMs))}`;
      before = moment;
    }
  }
  return path;
}

/** From the least to the most of every column, so that a spike of one slice stays. */
function columns(moments: readonly Moment[], value: PanelLine['value'], time: (ms: number) => number, y: TimeScale): string {
  const [from, to] = [time(moments[0]!.fromMs), time(moments.at(-1)!.toMs)];
  const width = Math.max(1, (to - from) / (MOST_POINTS / 2));
  const extremes = new Map<number, [number, number]>();
  for (const moment of moments) {
    const at = value(moment);
    if (at === null) continue;
    const column = Math.floor((time(moment.fromMs) - from) / width);
    const [least, most] = extremes.get(column) ?? [at, at];
    extremes.set(column, [Math.min(least, at), Math.max(most, at)]);
  }
  return [...extremes].map(([column, [least, most]]) => `M${px(from + column * width)} ${px(y(least) + 0.5)}V${px(y(most) - 0.5)}`).join('');
}

/** Whose round it was, below the panels, while there is room. */
function roundMarks(moments: readonly Moment[], marks: ReadonlyMap<string, Mark>, time: (ms: number) => number, y: number): Markup | null {
  const rounds = new Map<number, { arm: string; fromMs: number; toMs: number }>();
  for (const { round, arm, fromMs, toMs } of moments) rounds.set(round, { arm, fromMs: rounds.get(round)?.fromMs ?? fromMs, toMs });
  const room = Math.min(...[...rounds.values()].map(({ fromMs, toMs }) => time(toMs) - time(fromMs)));
  if (room < 7) return null;
  return html`${[...rounds.values()].map(({ arm, fromMs, toMs }) => {
    const mark = marks.get(arm);
    return mark ? marker(mark, (time(fromMs) + time(toMs)) / 2, y, 'dot', Math.min(0.8, room / 10)) : null;
  })}`;
}
