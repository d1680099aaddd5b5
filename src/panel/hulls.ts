import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Hull, HullsBlock } from '../protocol/sections.ts';

const width = 124;
const height = 118;
/** Of a column: its floor, and how high the whole capacity stands. */
const floor = 110;
const depth = 100;
const columnWidth = 44;
/** Of more pods nobody could follow how they move. */
const mostMoving = 60;

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
  const block = (share: number, kind: string, title: string): TemplateResult => {
    const y = floor - (level + share) * depth;
    level += share;
    return svg`<rect class=${kind} x=${x} y=${y.toFixed(2)} width=${columnWidth} height=${Math.max(0, share * depth - 1).toFixed(2)}><title>${title}</title></rect>`;
  };
  const pods = loads.map((load, at) => {
    const one = load[resource] / Math.max(1, load.pods);
    const kind = `pod ${resource} ${at % 2 === 0 ? '' : 'other'}`;
    // Below two pixels single pods cannot be told apart: they stand as one.
    if (one * depth < 2) return [block(load[resource], kind, `${load.pods} × ${load.workload}`)];
    return Array.from({ length: load.pods }, () => block(one, kind, load.workload));
  });
  const line = floor - loadLine[resource] * depth;
  const kept = Math.max(0, line - floor + depth);
  return svg`<rect class="kept" x=${x} y=${floor - depth} width=${columnWidth} height=${kept.toFixed(2)}><title>kept by the node</title></rect>
    ${daemons[resource] > 0 ? block(daemons[resource], 'daemons', 'DaemonSets') : nothing}${pods}
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
  const isFew = hulls.reduce((sum, { loads }) => sum + loads.reduce((all, { pods }) => all + pods, 0), 0) <= mostMoving;
  const daemons = hulls.some((hull) => hull.daemons.cpu + hull.daemons.memory > 0);
  return html`<div>
    <ul class="keys" aria-hidden="true">
      <li class="cpu">CPU</li><li class="memory">memory</li><li class="line">load line: allocatable</li><li class="kept">kept by the node</li>
      ${daemons ? html`<li class="daemons">DaemonSets</li>` : nothing}
    </ul>
    <div class="hulls ${isFew ? 'few' : ''}">${hulls.map(hullView)}</div>
    ${more === undefined ? nothing : html`<p class="quiet">${more}</p>`}
  </div>`;
}
