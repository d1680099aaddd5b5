import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Hull, HullsBlock } from '../protocol/sections.ts';

const hullHeight = 112;
const hullWidth = 116;
const depth = 96;
const floor = 106;

interface Column {
  readonly resource: 'cpu' | 'memory';
  readonly x: number;
}

const columns: readonly Column[] = [
  { resource: 'cpu', x: 10 },
  { resource: 'memory', x: 60 },
];

/** What stands in a column, from the floor up: DaemonSets, then the pods of each workload. */
function columnView({ loads, daemons, loadLine }: Hull, { resource, x }: Column): TemplateResult {
  let level = 0;
  const block = (share: number, kind: string): TemplateResult => {
    const y = floor - (level + share) * depth;
    level += share;
    return svg`<rect class=${kind} x=${x} y=${y.toFixed(2)} width="42" height=${Math.max(0, share * depth - 1).toFixed(2)}></rect>`;
  };
  // Below one pixel single pods cannot be told apart: they stand as one.
  const pods = loads.map((load) => {
    const one = load[resource] / Math.max(1, load.pods);
    if (one * depth < 2) return [block(load[resource], `pod ${resource}`)];
    return Array.from({ length: load.pods }, () => block(one, `pod ${resource}`));
  });
  const line = floor - loadLine[resource] * depth;
  return svg`<rect class="kept" x=${x} y=${floor - depth} width="42" height=${Math.max(0, line - floor + depth).toFixed(2)}></rect>
    ${daemons[resource] > 0 ? block(daemons[resource], 'daemons') : nothing}${pods}
    <line class="load-line" x1=${x - 4} x2=${x + 46} y1=${line} y2=${line}></line>`;
}

function hullView(hull: Hull): TemplateResult {
  return html`<figure class="hull">
    <figcaption>${hull.title}${hull.count > 1 ? html` <span class="times">× ${hull.count}</span>` : nothing}</figcaption>
    <svg viewBox="0 0 ${hullWidth} ${hullHeight}" role="img" aria-label="${hull.title}: ${hull.words.join('; ')}">
      <path class="hull-side" d="M4 4 V92 Q4 109 22 109 H${hullWidth - 22} Q${hullWidth - 4} 109 ${hullWidth - 4} 92 V4"></path>
      ${columns.map((column) => columnView(hull, column))}
    </svg>
    <ul>${hull.words.map((line) => html`<li>${line}</li>`)}</ul>
  </figure>`;
}

/** Nodes as hulls, loaded to scale. */
export function hullsView({ hulls, more }: HullsBlock): TemplateResult {
  return html`<div class="hulls">${hulls.map(hullView)}</div>
    ${more === undefined ? nothing : html`<p class="quiet">${more}</p>`}`;
}
