import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Place } from '../protocol/messages.ts';
import type { Actions } from './ui.ts';

/** A cell with what is in it; `kind` is its class. */
export interface Drawn {
  readonly kind: 'text' | 'figure' | 'field';
  readonly view: unknown;
  /** Nothing to show: left out where the row stands as a card. */
  readonly blank?: boolean;
}

export interface DrawnRow {
  readonly key: string;
  readonly head: unknown;
  readonly cells: readonly Drawn[];
  /** What stands below the row, over its whole width. */
  readonly below?: unknown;
  /** The workload that is brought into view by this row. */
  readonly workload?: string | undefined;
}

/** A table with a caption. Where it would stick out sideways, its rows stand as cards: see `fitTables`. */
export function tableOf(
  caption: string,
  columns: readonly string[],
  rows: readonly DrawnRow[],
  look = '',
): TemplateResult {
  return html`<table class="block ${look}">
    <caption>${caption}</caption>
    <thead><tr><td></td>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
    <tbody>${repeat(
      rows,
      ({ key }) => key,
      ({
        head,
        cells,
        below,
        workload,
      }) => html`<tr data-workload=${workload ?? nothing} tabindex=${workload === undefined ? nothing : '-1'}>
        <th scope="row">${head}</th>
        ${cells.map(
          ({ kind, view, blank }, at) =>
            html`<td class="is-${kind} ${blank === true ? 'blank' : ''}" data-label=${columns[at] ?? ''}>${view}</td>`,
        )}
      </tr>${below === undefined ? nothing : html`<tr class="opened"><td colspan=${columns.length + 1}>${below}</td></tr>`}`,
    )}</tbody>
  </table>`;
}

/** A name that shows its place in the editor. */
export function placeView(actions: Actions, name: string, place: Place | undefined): unknown {
  if (place === undefined) return name;
  return html`<button type="button" class="place" @click=${() => actions.reveal([place])}>${name}</button>`;
}

/**
 * Turns tables that would stick out sideways into cards. With `anew` those that are cards already are tried as tables again,
 * which lays the page out twice: where the width has changed.
 */
export function fitTables(root: HTMLElement, anew: boolean): void {
  const tables = [...root.querySelectorAll<HTMLElement>('details[open] table')];
  if (anew) for (const table of tables) table.classList.remove('cards');
  // All are measured before one is changed.
  const wide = tables.filter((table) => table.offsetWidth > (table.parentElement?.clientWidth ?? 0) + 1);
  for (const table of wide) table.classList.add('cards');
}
