import type { ArmResult } from '../../../result/schema.js';
import { formatCount, formatMs } from '../../../units.js';
import { ENOUGH_BEYOND, figure as shown, phasesOf, quantileFigure, QUANTILES, samplesBeyond, type Phases } from '../../facts.js';
import { armColumns, armRow, thinNotes } from '../../summary.js';
import { row, type Table } from '../../table.js';
import { clip } from '../../text.js';
import { figure } from '../charts/drawing.js';
import { drawPercentiles, percentileCurves } from '../charts/percentiles.js';
import { drawPhases, PHASES } from '../charts/phases.js';
import { section, tableView, type Report } from '../report.js';
import { html, type Markup } from '../template.js';
import { shiftFigure, spreadFigure } from './distribution.js';

/** How long requests took, at every percentile, and where the time went. */
export function latency(report: Report): Markup {
  const { result, marks } = report;
  const measured = result.arms.filter(({ totals }) => totals.latencyMs.response.count > 0);
  if (measured.length === 0) return section('latency', 'Latency', html`<p>No request was completed, so there is no latency to show.</p>${tableView(quantiles(report), report)}`);
  const curves = percentileCurves(report);
  return section('latency', 'Latency',
    figure({
      id: 'percentiles',
      title: 'Response time at every percentile',
      finding: percentileFinding(measured),
      draw: (size) => drawPercentiles(curves, size),
      key: html`<p class="note">Bold: all rounds of an arm together. Thin: each round by itself. Dotted: fewer than ${ENOUGH_BEYOND} samples lie beyond.</p>`,
      data: tableView(quantiles(report), report),
    }),
    shiftFigure(report),
    spreadFigure(report),
    figure({
      id: 'phases',
      title: 'Where the mean response went',
      finding: phasesFinding(measured),
      draw: (size) => drawPhases(measured, marks, size),
      key: phasesKey(),
      data: tableView(phases(report), report),
    }));
}

function percentileFinding(arms: readonly ArmResult[]): string {
  const at = (name: 'p50' | 'p99'): string => arms.map(({ name: arm, totals }) => `${clip(arm, 24)} ${formatMs(totals.latencyMs.response[name])} ms`).join(', ');
  return `At p50: ${at('p50')}. At p99: ${at('p99')}.`;
}

function phasesFinding(arms: readonly ArmResult[]): string {
  const parts = arms.map((arm) => {
    const spent = phasesOf(arm);
    if (!spent || spent.response === 0) return `${clip(arm.name, 24)}: 0 ms`;
    const waited = spent.connect + spent.tls + spent.queue;
    return `${clip(arm.name, 24)} waited ${formatMs(waited)} of its ${formatMs(spent.response)} ms for a connection (${Math.round((100 * waited) / spent.response)} %)`;
  });
  return `${parts.join('; ')}.`;
}

function quantiles(report: Report): Table {
  const { result } = report;
  const names = ['p50', 'p90', 'p99', 'p999'] as const;
  const whole = (label: string, value: (arm: ArmResult) => number) => armRow(result, label, (arm) => (arm.totals.latencyMs.response.count === 0 ? '–' : formatMs(value(arm))));
  const metric = (name: 'service' | 'wait' | 'connect' | 'tls', label: string) => [
    { ...row(label), role: 'heading' } as const,
    ...(['p50', 'p99'] as const).map((quantile) => armRow(result, quantile, ({ totals }) => quantileFigure(totals.latencyMs[name], quantile))),
  ];
  return {
    caption: 'times in ms; response runs from the instant a request was due to its last byte',
    columns: armColumns(result, 'response'),
    rows: [
      whole('mean', ({ totals }) => totals.latencyMs.response.mean),
      ...names.map((name) => armRow(result, name === 'p999' ? 'p99.9' : name, ({ totals }) => quantileFigure(totals.latencyMs.response, name))),
      whole('max', ({ totals }) => totals.latencyMs.response.max),
      armRow(result, 'samples', ({ totals }) => formatCount(totals.latencyMs.response.count)),
      { ...armRow(result, 'of them beyond p99.9', ({ totals }) => formatCount(samplesBeyond(totals.latencyMs.response.count, QUANTILES.p999))), role: 'part' },
      ...metric('wait', 'wait: getting a connection'),
      ...metric('service', 'service: sent until the last byte'),
      ...metric('connect', 'TCP connect, of those that paid for one'),
      ...metric('tls', 'TLS handshake, of those that paid for one'),
    ],
    notes: thinNotes(result),
  };
}

function phases({ result }: Report): Table {
  const phase = (label: string, name: keyof Phases, part = false) => armRow(result, label, (arm) => shown(phasesOf(arm)?.[name] ?? null), part ? 'part' : undefined);
  return {
    caption: 'mean time in ms a request; connect and TLS are what those that paid for one took, spread over all',
    columns: armColumns(result, 'phase'),
    rows: [...PHASES.map(({ name, meaning }) => phase(`${name}: ${meaning}`, name)), phase('response: their sum', 'response')],
  };
}

function phasesKey(): Markup {
  const hatch = html`<path class="hatch" d="M2 12L8 0M8 12L14 0" stroke="#ffffff" stroke-opacity=".5" stroke-width="2"/>`;
  const swatch = ({ name, color, hatched }: (typeof PHASES)[number]): Markup => html`<span><svg width="16" height="12" viewBox="0 0 16 12" aria-hidden="true" focusable="false">
<rect class="phase-${name}" width="16" height="12" rx="2" fill="${color}"/>${hatched ? hatch : null}</svg>${name}</span>`;
  return html`<p class="keys phases">${PHASES.map(swatch)}</p>`;
}
