import { html, nothing, type TemplateResult } from 'lit-html';
import type { StagesBlock } from '../protocol/sections.ts';
import type { Actions } from './ui.ts';

/** The stages of a Dockerfile in the order of the file, each with what it takes from others. */
export function stagesView(actions: Actions, { stages, edges }: StagesBlock): TemplateResult {
  const names = new Map(stages.map(({ id, name }) => [id, name]));
  return html`<ol class="stages">${stages.map(({ id, name, base, ships, place, notes }) => {
    const taken = edges.filter(({ to }) => to === id);
    return html`<li class=${ships ? 'ships' : ''}>
      <p><button type="button" class="place" @click=${() => actions.reveal([place])}>${name}</button> <span class="kind">${base}</span>${ships ? html` <span class="badge">ships</span>` : nothing}</p>
      ${taken.map(({ from, label, via }) => html`<p class="edge ${via}"><span aria-hidden="true">↳ </span>${label} from ${names.get(from) ?? from}</p>`)}
      ${notes.map((note) => html`<p class="quiet">${note}</p>`)}
    </li>`;
  })}</ol>`;
}
