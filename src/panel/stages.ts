import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { StageEdge, StageNode, StagesBlock } from '../protocol/sections.ts';
import type { Actions } from './ui.ts';

const laneWidth = 11;
/** Of a stage's dot from the top of its row: the middle of the first line. */
const dotAt = 10;
const bend = 7;

/** Between two stages: all that one takes from the other in one way. */
interface Link {
  readonly from: number;
  readonly to: number;
  readonly via: StageEdge['via'];
  /** Counted from the dots to the left; 0 goes straight down from dot to dot. */
  readonly lane: number;
}

/** The links of a Dockerfile's stages, each in the nearest lane that is free all the way. */
function linksOf(stages: readonly StageNode[], edges: readonly StageEdge[]): readonly Link[] {
  const places = new Map(stages.map(({ id }, at) => [id, at]));
  const wanted = new Map<string, Omit<Link, 'lane'>>();
  for (const { from, to, via } of edges) {
    const [above, below] = [places.get(from), places.get(to)];
    // A stage that takes from a later one is refused by the builder: there is no way to draw.
    if (above !== undefined && below !== undefined && above < below)
      wanted.set(`${above} ${below} ${via}`, { from: above, to: below, via });
  }
  const links: Link[] = [];
  const sorted = [...wanted.values()].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
  for (const link of sorted) {
    const isFree = (lane: number): boolean =>
      links.every((other) => other.lane !== lane || other.to <= link.from || other.from >= link.to);
    let lane = link.to - link.from === 1 && isFree(0) ? 0 : 1;
    while (lane > 0 && !isFree(lane)) lane++;
    links.push({ ...link, lane });
  }
  return links;
}

/** The lines that pass the row of a stage, that begin or that end there, and its dot. */
function gutterView(at: number, { ships }: StageNode, links: readonly Link[], lanes: number): TemplateResult {
  const dot = lanes * laneWidth + 7;
  const lines = links.map(({ from, to, via, lane }) => {
    const x = dot - lane * laneWidth;
    if (from < at && at < to) return svg`<line class=${via} x1=${x} x2=${x} y1="0" y2="100%"></line>`;
    const turn = Math.min(bend, dot - x);
    if (from === at)
      return svg`<path class=${via} d="M${dot} ${dotAt} H${x + turn} Q${x} ${dotAt} ${x} ${dotAt + turn}"></path><line class=${via} x1=${x} x2=${x} y1=${dotAt + turn} y2="100%"></line>`;
    if (to === at)
      return svg`<path class=${via} d="M${x} 0 V${dotAt - turn} Q${x} ${dotAt} ${x + turn} ${dotAt} H${dot}"></path>`;
    return nothing;
  });
  return html`<svg class="gutter" width=${dot + 7} aria-hidden="true">${lines}
    <circle class="stage ${ships}" cx=${dot} cy=${dotAt} r="4.5"></circle>
  </svg>`;
}

const badges: Readonly<Record<StageNode['ships'], string>> = {
  whole: 'ships',
  'in part': 'ships in part',
  nothing: 'stays behind',
};

/** The stages of a Dockerfile as a graph in the order of the file, each with what it takes from others. */
export function stagesView(actions: Actions, { stages, edges }: StagesBlock): TemplateResult {
  const names = new Map(stages.map(({ id, name }) => [id, name]));
  const links = linksOf(stages, edges);
  const lanes = Math.max(0, ...links.map(({ lane }) => lane));
  return html`<ol class="stages">${stages.map((stage, at) => {
    const { id, name, base, ships, place, notes } = stage;
    const taken = edges.filter(({ to, via }) => to === id && via !== 'base');
    return html`<li>
      ${gutterView(at, stage, links, lanes)}
      <div>
        <p class="stage-name"><button type="button" class="place" @click=${() => actions.reveal([place])}>${name}</button> <span class="kind">from ${base}</span> <span class="badge ${ships === 'nothing' ? 'faint' : ''}">${badges[ships]}</span></p>
        ${taken.map(({ from, label, via }) => html`<p class="edge">${via === 'mount' ? 'mounts' : 'copies'} ${label} from ${names.get(from) ?? from}</p>`)}
        ${notes.map((note) => html`<p class="quiet">${note}</p>`)}
      </div>
    </li>`;
  })}</ol>`;
}
