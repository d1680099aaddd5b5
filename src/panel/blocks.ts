import { html, nothing, type TemplateResult } from 'lit-html';
import type { Block, Cell, TableBlock } from '../protocol/sections.ts';
import { curveView } from './curve.ts';
import { assumptionField, draftField } from './fields.ts';
import { figureView } from './figure.ts';
import { hullsView } from './hulls.ts';
import { moreRows } from './parts.ts';
import { stagesView } from './stages.ts';
import { type Drawn, figureCell, placeView, tableOf } from './tables.ts';
import type { Actions, Ui } from './ui.ts';

/** One block of a section. */
export function blockView(ui: Ui, actions: Actions, block: Block, id: string): TemplateResult {
  switch (block.kind) {
    case 'text': {
      const { place, text, tone } = block;
      return html`<p class=${tone} role=${tone === 'warning' ? 'status' : nothing}>${placeView(actions, text, place)}</p>`;
    }
    case 'figures':
      return html`<dl class="figures ${[2, 4].includes(block.items.length) ? 'even' : ''}">${block.items.map(
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
  // A column that says nothing of any row only takes the others' room.
  const used = columns.map((_, at) => rows.some(({ cells }) => !isBlank(cells[at])));
  return html`<div>${tableOf(
    ui,
    caption,
    columns.filter((_, at) => used[at]),
    rows.slice(0, ui.rows).map(({ head, place, cells }, row) => ({
      key: `${row}`,
      head: placeView(actions, head, place),
      cells: cells.flatMap((cell, at) =>
        used[at] ? [cellView(ui, actions, cell, `${id}-${row}-${at}`, `${head}, ${columns[at] ?? ''}`)] : [],
      ),
    })),
    columns.length === 1 && rows.every(({ cells }) => cells[0]?.kind === 'text') ? 'listed' : '',
  )}${moreRows(ui.rows, rows.length, (count) => actions.showRows(count))}</div>`;
}

function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || (cell.kind === 'text' && cell.text === '');
}

function cellView(ui: Ui, actions: Actions, cell: Cell, id: string, label: string): Drawn {
  switch (cell.kind) {
    case 'text':
      return { kind: 'text', view: cell.text, text: cell.text };
    case 'figure':
      return figureCell(ui, actions, id, cell.figure, label);
    case 'field':
      return {
        kind: 'field',
        text: cell.field.label,
        view: html`<span class="name">${cell.field.label}</span>${draftField(ui, actions, cell.field, label)}`,
      };
    default:
      return cell satisfies never;
  }
}
