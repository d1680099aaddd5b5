import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { ifDefined } from 'lit-html/directives/if-defined.js';
import { live } from 'lit-html/directives/live.js';
import type { EditableField, Figure, PanelRequest, ResourceLine } from '../protocol/messages.ts';
import type { ChoiceGroup, InputView } from '../protocol/sections.ts';
import { type Actions, type Field, rowsAtOnce, type Ui } from './ui.ts';

const marks: Readonly<Record<Figure['certainty'], string>> = { exact: '', estimate: '≈', 'rule of thumb': '~' };

/** A number: focus or hover explains it, a click shows the lines that it comes from. */
export function figureView(ui: Ui, actions: Actions, id: string, figure: Figure, label: string): TemplateResult {
  ui.figures.set(id, figure);
  const explain = (): void => actions.explain(id);
  const leave = (): void => actions.explain(undefined);
  const mark = marks[figure.certainty];
  return html`<button
    type="button"
    class="figure ${figure.fields.length > 0 ? 'leads' : ''}"
    data-figure=${id}
    aria-describedby=${ui.explained === id ? 'explanation' : nothing}
    @mouseenter=${explain}
    @mouseleave=${leave}
    @focus=${explain}
    @blur=${leave}
    @click=${() => actions.reveal(figure.fields.map(({ span }) => span))}
  ><span class="unseen">${label} </span>${mark === '' ? nothing : html`<span class="mark" title=${figure.certainty}>${mark}</span>`}<span class="now">${figure.text}</span>${
    figure.before === undefined ? nothing : html` <del><span class="unseen">instead of </span>${figure.before}</del>`
  }</button>`;
}

interface InputLook {
  readonly label: string;
  readonly placeholder: string;
  readonly problem: string | undefined;
  readonly before: string | undefined;
  readonly numeric: boolean;
}

function inputView(ui: Ui, actions: Actions, field: Field, look: InputLook): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      actions.commit(field);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      actions.restore(field);
    }
  };
  const onInput = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) actions.typed(field, event.target.value);
  };
  // Ids of fields hold names from the document: spaces would make several references of one.
  const noteId = `note-${encodeURIComponent(field.id)}`;
  const note =
    look.problem ?? (look.before === undefined ? undefined : `was ${look.before === '' ? 'unset' : look.before}`);
  return html`<span class="field ${look.before === undefined ? '' : 'drafted'} ${look.problem === undefined ? '' : 'wrong'}">
    <input
      type="text"
      data-field=${field.id}
      inputmode=${look.numeric ? 'numeric' : 'text'}
      spellcheck="false"
      autocomplete="off"
      size="6"
      .value=${live(ui.editing.get(field.id) ?? field.text)}
      placeholder=${look.placeholder}
      title=${look.placeholder}
      aria-label=${look.label}
      aria-invalid=${look.problem === undefined ? 'false' : 'true'}
      aria-describedby=${ifDefined(note === undefined ? undefined : noteId)}
      @input=${onInput}
      @keydown=${onKey}
      @blur=${() => actions.commit(field)}
    />${note === undefined ? nothing : html`<span id=${noteId} class="note ${look.problem === undefined ? 'unseen' : ''}">${note}</span>`}
  </span>`;
}

/** A value of the file, as a field of the draft. */
export function draftField(
  ui: Ui,
  actions: Actions,
  field: EditableField,
  owner: string,
  numeric = false,
): TemplateResult {
  const change: Field = {
    id: field.id,
    text: field.text,
    change: (text) => ({ kind: 'draft', field: field.id, text }),
    undo: { kind: 'undraft', field: field.id },
  };
  return inputView(ui, actions, change, {
    label: `${owner}: ${field.label}`,
    placeholder: field.placeholder,
    problem: field.problem,
    before: field.before,
    numeric,
  });
}

/** An assumption that is in no file, as a text, a choice or a tick. */
export function assumptionField(ui: Ui, actions: Actions, input: InputView): TemplateResult {
  const { name, label, text, placeholder, problem, control } = input;
  const change = (typed: string): PanelRequest => ({ kind: 'input', name, text: typed });
  if (control.kind === 'choice') {
    const onChange = (event: Event): void => {
      if (event.target instanceof HTMLSelectElement) actions.ask(change(event.target.value));
    };
    const option = ({ value, text: shown }: ChoiceGroup['choices'][number]): TemplateResult =>
      html`<option value=${value} ?selected=${value === text}>${shown}</option>`;
    return html`<label class="assumption choice"><span>${label}</span><select data-field="input-${name}" .value=${live(text)} @change=${onChange}>
      ${control.groups.map((group) => (group.label === '' ? group.choices.map(option) : html`<optgroup label=${group.label}>${group.choices.map(option)}</optgroup>`))}
    </select></label>`;
  }
  if (control.kind === 'flag') {
    const onChange = (event: Event): void => {
      if (event.target instanceof HTMLInputElement) actions.ask(change(event.target.checked ? 'yes' : 'no'));
    };
    return html`<label class="assumption flag"><input type="checkbox" data-field="input-${name}" .checked=${live(text === 'yes')} @change=${onChange} /><span>${label}</span></label>`;
  }
  const field: Field = { id: `input-${name}`, text, change, undo: change(text) };
  return html`<label class="assumption"><span>${label}</span>${inputView(ui, actions, field, {
    label,
    placeholder,
    problem,
    before: undefined,
    numeric: false,
  })}</label>`;
}

function percent(part: number, whole: number): string {
  return `${Math.min(100, Math.max(0, (part / whole) * 100)).toFixed(2)}%`;
}

/**
 * Request and limit on one scale: the request full, what may be used beyond it faint, a mark at the limit. Without a
 * limit the faint part runs off the end.
 * @param full the amount at the right end, in cores or bytes
 */
export function barView({ resource, request, limit }: ResourceLine, full: number): TemplateResult {
  const unset = (field: EditableField): string => (field.text === '' ? field.placeholder : field.text);
  const words = `${resource === 'cpu' ? 'CPU' : 'memory'}: request ${unset(request)}, limit ${unset(limit)}`;
  const reserved = request.amount ?? 0;
  const top = limit.amount;
  const shape =
    full <= 0
      ? nothing
      : svg`<rect class="room ${top === undefined ? 'unbounded' : ''}" x="0" y="6" height="4" width=${percent(top ?? full, full)} rx="2"></rect>
      <rect class="reserved" x="0" y="5" height="6" width=${percent(reserved, full)} rx="2"></rect>
      ${top === undefined ? nothing : svg`<line class="limit" x1=${percent(top, full)} x2=${percent(top, full)} y1="1" y2="15"></line>`}`;
  return html`<svg class="bar ${resource}" role="img" aria-label=${words} height="16" width="100%"><rect class="track" x="0" y="6" height="4" width="100%" rx="2"></rect>${shape}</svg>`;
}

/** The way to the lines of a long table that are not drawn yet. */
export function moreRows(ui: Ui, actions: Actions, count: number): unknown {
  const left = count - ui.rows;
  if (left <= 0) return nothing;
  return html`<button type="button" class="secondary" @click=${() => actions.showRows(ui.rows + rowsAtOnce)}>Show ${Math.min(rowsAtOnce, left)} more of ${left}</button>`;
}

/** A section that closes to one telling line. */
export function sectionView(
  ui: Ui,
  actions: Actions,
  id: string,
  title: unknown,
  telling: unknown,
  body: unknown,
): TemplateResult {
  const onToggle = (event: Event): void => {
    if (event.target instanceof HTMLDetailsElement) actions.toggled(id, event.target.open);
  };
  return html`<details class="section" data-section=${id} ?open=${!ui.closed.has(id)} @toggle=${onToggle}>
    <summary>${title}<span class="telling">${telling}</span></summary>
    <div class="body">${body}</div>
  </details>`;
}
