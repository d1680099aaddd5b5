import { html, nothing, type TemplateResult } from 'lit-html';
import type { Block, Cell, TableBlock } from '../protocol/sections.ts';
import { curveView } from './curve.ts';
import { hullsView } from './hulls.ts';
import { assumptionField, draftField, figureView, moreRows } from './parts.ts';
import { stagesView } from './stages.ts';
import type { Actions, Ui } from './ui.ts';

/** One block of a section. */
export function blockView(ui: Ui, actions: Actions, block: Block, id: string): TemplateResult {
  switch (block.kind) {
    case 'text': {
      const { place, text, tone } = block;
      return html`<p class=${tone} role=${tone === 'warning' ? 'status' : nothing}>${
        place === undefined
          ? text
          : html`<button type="button" class="place" @click=${() => actions.reveal([place])}>${text}</button>`
      }</p>`;
    }
    case 'figures':
      return html`<dl class="figures">${block.items.map(
        ({ label, figure }) =>
          html`<div><dt>${label}</dt><dd>${figureView(ui, actions, `${id}-${label}`, figure, label)}</dd></div>`,
      )}</dl>`;
    case 'table':
      return tableView(ui, actions, block, id);
    case 'inputs':
      return html`<div class="assumptions">${block.inputs.map((input) => assumptionField(ui, actions, input))}</div>`;
    case 'formula':
      return html`<div class="formula">
        <p class="line"><code>${block.formula}</code><code class="filled">${block.filledIn}</code>${figureView(ui, actions, id, block.result, 'comes to')}</p>
        <p class="quiet">${block.remark}</p>
      </div>`;
    case 'hulls':
      return hullsView(block);
    case 'curve':
      return curveView(block);
    case 'stages':
      return stagesView(actions, block);
    default:
      return block satisfies never;
  }
}

function tableView(ui: Ui, actions: Actions, { caption, columns, rows }: TableBlock, id: string): TemplateResult {
  return html`<div class="scrolls" tabindex="0"><table class="block">
    <caption class="unseen">${caption}</caption>
    <thead><tr><td></td>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
    <tbody>${rows.slice(0, ui.rows).map(
      ({ head, place, cells }, row) => html`<tr>
        <th scope="row">${place === undefined ? head : html`<button type="button" class="place" @click=${() => actions.reveal([place])}>${head}</button>`}</th>
        ${cells.map((cell, at) => html`<td class=${cell.kind}>${cellView(ui, actions, cell, `${id}-${row}-${at}`, `${head}, ${columns[at] ?? ''}`)}</td>`)}
      </tr>`,
    )}</tbody>
  </table></div>${moreRows(ui, actions, rows.length)}`;
}

function cellView(ui: Ui, actions: Actions, cell: Cell, id: string, label: string): unknown {
  if (cell.kind === 'text') return cell.text;
  return cell.kind === 'figure'
    ? figureView(ui, actions, id, cell.figure, label)
    : draftField(ui, actions, cell.field, label);
}
