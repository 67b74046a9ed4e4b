/** The figures of whole distributions: how the response times are spread, and what an arm saves at every percentile. */
import { shiftFunction } from '../../../analysis/shift.js';
import { Histogram } from '../../../measure/histogram.js';
import { formatMs, quantileName } from '../../../units.js';
import { figure as shown } from '../../facts.js';
import { armLabel } from '../../summary.js';
import { row, type Row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { listed } from '../../words.js';
import { figure } from '../charts/drawing.js';
import { drawSpreads, spreadsOf, type Spread } from '../charts/histograms.js';
import { drawShift, type Shift } from '../charts/shift.js';
import { tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';

/** C3: what each arm saves against the baseline at every percentile; null without a complete block. */
export function shiftFigure(report: Report): Markup | null {
  const { result, marks } = report;
  const shifts = result.arms.filter(({ name }) => name !== result.plan.baseline).flatMap(({ name }): Shift[] => {
    const mark = marks.get(name);
    const points = mark ? shiftFunction(result, name) : [];
    return mark && points.length > 1 ? [{ name, mark, points }] : [];
  });
  if (shifts.length === 0) return null;
  const levels = shifts.flatMap(({ points }) => points.flatMap(({ band }) => (band ? [band.level] : [])));
  const note = levels.length === 0 ? 'No band: it takes six complete blocks.' : `Band: where the difference lies at each percentile, at ${formatMs(100 * Math.min(...levels))} %. The line ends where fewer than 20 requests of a block lie beyond.`;
  return figure({
    id: 'shift',
    title: 'What is saved at every percentile',
    finding: `${shifts.map((shift) => shiftWords(shift, result.plan.baseline)).join('; ')}.`,
    draw: (size) => drawShift(shifts, size),
    key: html`<p class="note">${note}</p>`,
    data: tableView(shiftTable(shifts), report),
  });
}

function shiftWords({ name, points }: Shift, baseline: string): string {
  const estimates = points.map(({ estimateMs }) => estimateMs);
  const best = points.reduce((most, point) => (point.estimateMs > most.estimateMs ? point : most));
  const who = clip(name, 24);
  const range = `between ${formatMs(Math.min(...estimates))} and ${formatMs(Math.max(...estimates))} ms`;
  if (points.every(({ band }) => band !== null && band.lowMs > 0)) return `${who} takes less than ${clip(baseline, 24)} at every percentile drawn, ${range}`;
  if (points.every(({ band }) => band !== null && band.highMs < 0)) return `${who} takes more than ${clip(baseline, 24)} at every percentile drawn (${range} less)`;
  return `${who} takes ${range} less than ${clip(baseline, 24)}, most saved at p${formatMs(100 * best.quantile)}`;
}

const TABLED = [0.1, 0.24, 0.5, 0.76, 0.9, 0.99, 0.999];

function shiftTable(shifts: readonly Shift[]): Table {
  const near = ({ points }: Shift, quantile: number) => points.find((point) => Math.abs(point.quantile - quantile) < 1e-6);
  return {
    caption: 'ms less than the baseline, with the band',
    columns: [{ label: 'percentile', align: 'text' }, ...shifts.map(({ name }) => ({ label: armLabel(name), align: 'number', arm: name }) as const)],
    rows: TABLED.filter((quantile) => shifts.some((shift) => near(shift, quantile))).map((quantile): Row => row(quantileName(quantile), ...shifts.map((shift) => {
      const point = near(shift, quantile);
      if (!point) return '–';
      return point.band ? `${formatMs(point.estimateMs)} [${formatMs(point.band.lowMs)}, ${formatMs(point.band.highMs)}]` : formatMs(point.estimateMs);
    }))),
  };
}

/** C8: the spread of the response times of every arm that completed anything; null when none did. */
export function spreadFigure(report: Report): Markup | null {
  const { result, marks, responses } = report;
  const arms = result.arms.flatMap(({ name }) => {
    const histogram = Histogram.empty();
    responses.forEach((response, nth) => {
      if (result.rounds[nth]?.arm === name) histogram.add(response);
    });
    const mark = marks.get(name);
    return mark && histogram.count > 0 ? [{ name, mark, histogram }] : [];
  });
  if (arms.length === 0) return null;
  const spreads = spreadsOf(arms);
  return figure({
    id: 'spread',
    title: 'How the response times are spread',
    finding: `${spreads.map(({ name, peaks }) => `${clip(name, 24)} has ${peaks.length === 1 ? 'one peak' : `${peaks.length} peaks`}, at ${listed(peaks.map(formatMs))} ms`).join('; ')}.`,
    draw: (size) => drawSpreads(spreads, size),
    key: html`<p class="note">Several peaks mean that requests were served in several ways, which no single percentile shows.</p>`,
    data: tableView(spreadTable(spreads), report),
  });
}

const BINS_A_ROW = 4;

function spreadTable(spreads: readonly Spread[]): Table {
  const bins = spreads[0]?.bins ?? [];
  return {
    caption: 'share of the requests of each arm, in %; the first and the last row hold what lies beyond as well',
    columns: [{ label: 'response, ms', align: 'text' }, ...spreads.map(({ name }) => ({ label: armLabel(name), align: 'number', arm: name }) as const)],
    rows: Array.from({ length: Math.ceil(bins.length / BINS_A_ROW) }, (_, nth): Row => {
      const part = <T>(all: readonly T[]): readonly T[] => all.slice(nth * BINS_A_ROW, (nth + 1) * BINS_A_ROW);
      const own = part(bins);
      return row(`${formatMs(own[0]?.fromMs ?? 0)} to ${formatMs(own.at(-1)?.toMs ?? 0)}`, ...spreads.map((spread) => shown(part(spread.bins).reduce((sum, { percent }) => sum + percent, 0))));
    }),
  };
}
