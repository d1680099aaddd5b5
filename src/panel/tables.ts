import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Figure, Place } from '../protocol/messages.ts';
import { figureView, marks } from './figure.ts';
import type { Actions, Ui } from './ui.ts';

/** A cell with what is in it; `kind` is its class. */
export interface Drawn {
  readonly kind: 'text' | 'figure' | 'field';
  readonly view: unknown;
  /** What is read in it, by which its width is told. Without any it is left out where the row stands as a card. */
  readonly text: string;
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

/** Widths in digits of the table's font: what pads a cell, and what the rows' names can do with. */
const looks = {
  '': { padding: 2, heads: 10 },
  listed: { padding: 2, heads: 10 },
  tight: { padding: 1.3, heads: 6 },
} as const;

type Look = keyof typeof looks;

/** The least that a field and a text can do with, and a letter's share of a digit. */
const fieldWidth = 12;
const textWidth = 8;
const letter = 0.95;

/**
 * How many digits wide a table is at least. It is told from the texts: to ask the page would lay it out at every drawing.
 * Figures and titles stay on one line, texts break between words.
 */
function digitsOf(columns: readonly string[], rows: readonly DrawnRow[], look: Look): number {
  const { padding, heads } = looks[look];
  const cellWidth = ({ kind, text }: Drawn): number => {
    if (kind === 'field') return fieldWidth;
    if (kind === 'figure') return text.length;
    return text === '' ? 0 : Math.max(textWidth, ...text.split(/[\s/-]+/).map(({ length }) => length));
  };
  const widths = columns.map((column, at) =>
    Math.max(column.length * letter, ...rows.flatMap(({ cells }) => cells.slice(at, at + 1).map(cellWidth))),
  );
  return widths.reduce((sum, width) => sum + width + padding, heads);
}

/** A table with a caption. Where it would stick out sideways, its rows stand as cards. */
export function tableOf(
  { room }: Ui,
  caption: string,
  columns: readonly string[],
  rows: readonly DrawnRow[],
  look: Look = '',
): TemplateResult {
  const fits = look === 'listed' || digitsOf(columns, rows, look) <= room.digits;
  return html`<table class="block ${look} ${fits ? '' : 'cards'}">
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
          ({ kind, view, text }, at) =>
            html`<td class="is-${kind} ${text === '' ? 'blank' : ''}" data-label=${columns[at] ?? ''}>${view}</td>`,
        )}
      </tr>${below === undefined ? nothing : html`<tr class="opened"><td colspan=${columns.length + 1}>${below}</td></tr>`}`,
    )}</tbody>
  </table>`;
}

/** A number in a table. */
export function figureCell(ui: Ui, actions: Actions, id: string, figure: Figure, label: string): Drawn {
  const text = `${marks[figure.certainty]}${figure.text}${figure.before === undefined ? '' : ` ${figure.before}`}`;
  return { kind: 'figure', text, view: figureView(ui, actions, id, figure, label) };
}

/** A name that shows its place in the editor. */
export function placeView(actions: Actions, name: string, place: Place | undefined): unknown {
  if (place === undefined) return name;
  return html`<button type="button" class="place" @click=${() => actions.reveal([place])}>${name}</button>`;
}
