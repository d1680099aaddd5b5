import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Hull, HullsBlock } from '../protocol/sections.ts';

const width = 124;
const height = 118;
/** Of a column: its floor, and how high the whole capacity stands. */
const floor = 110;
const depth = 100;
const columnWidth = 44;

interface Column {
  readonly resource: 'cpu' | 'memory';
  readonly x: number;
}

const columns: readonly Column[] = [
  { resource: 'cpu', x: 15 },
  { resource: 'memory', x: 65 },
];

/** What stands in a column, from the floor up: DaemonSets, then the pods of each workload. Above the line is what the node keeps. */
function columnView({ loads, daemons, loadLine }: Hull, { resource, x }: Column): TemplateResult {
  let level = 0;
  /** The outlines of `count` blocks on top of what stands there already. */
  const stacked = (share: number, count: number): string =>
    Array.from({ length: count }, () => {
      level += share;
      return `M${x} ${(floor - level * depth).toFixed(2)}h${columnWidth}v${Math.max(0, share * depth - 1).toFixed(2)}h-${columnWidth}z`;
    }).join('');
  // All pods of a workload are one shape: the page would have hundreds otherwise.
  const shape = (kind: string, outline: string, title: string): TemplateResult =>
    svg`<path class=${kind} d=${outline}><title>${title}</title></path>`;
  const under = daemons[resource] > 0 ? shape('daemons', stacked(daemons[resource], 1), 'DaemonSets') : nothing;
  const pods = loads.map((load, at) => {
    const one = load[resource] / Math.max(1, load.pods);
    // Below two pixels single pods cannot be told apart: they stand as one.
    const outline = one * depth < 2 ? stacked(load[resource], 1) : stacked(one, load.pods);
    const title = load.pods === 1 ? load.workload : `${load.pods} × ${load.workload}`;
    return shape(`pod ${resource} ${at % 2 === 0 ? '' : 'other'}`, outline, title);
  });
  const line = floor - loadLine[resource] * depth;
  const kept = Math.max(0, line - floor + depth);
  return svg`<rect class="kept" x=${x} y=${floor - depth} width=${columnWidth} height=${kept.toFixed(2)}><title>kept by the node</title></rect>
    ${under}${pods}
    <line class="load-line" x1=${x - 3} x2=${x + columnWidth + 3} y1=${line} y2=${line}></line>
    <circle class="load-mark" cx=${x + columnWidth / 2} cy=${line} r="4.5"></circle>`;
}

/** A number and its percent sign stay on one line. */
function unbroken(text: string): string {
  return text.replace(/(\d) %/g, '$1\u00a0%');
}

function hullView(hull: Hull): TemplateResult {
  const { title, count, words } = hull;
  return html`<figure class="hull">
    <figcaption>${title}${count > 1 ? html` <span class="times">× ${count}</span>` : nothing}</figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${words.map(({ text }) => text).join('; ')}">
      <path class="hull-side" d="M5 2 L9 92 Q10 115 32 115 H${width - 32} Q${width - 10} 115 ${width - 9} 92 L${width - 5} 2"></path>
      ${columns.map((column) => columnView(hull, column))}
    </svg>
    <ul aria-hidden="true">${words.map(({ about, text }) => html`<li class=${about}>${unbroken(text)}</li>`)}</ul>
  </figure>`;
}

/** Nodes as hulls, loaded to scale. */
export function hullsView({ hulls, more }: HullsBlock): TemplateResult {
  const daemons = hulls.some((hull) => hull.daemons.cpu + hull.daemons.memory > 0);
  return html`<div>
    <ul class="keys" aria-hidden="true">
      <li class="cpu">CPU</li><li class="memory">memory</li><li class="line">load line: allocatable</li><li class="kept">kept by the node</li>
      ${daemons ? html`<li class="daemons">DaemonSets</li>` : nothing}
    </ul>
    <div class="hulls">${hulls.map(hullView)}</div>
    ${more === undefined ? nothing : html`<p class="quiet">${more}</p>`}
  </div>`;
}
