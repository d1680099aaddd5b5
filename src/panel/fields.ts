import { html, nothing, type TemplateResult } from 'lit-html';
import { ifDefined } from 'lit-html/directives/if-defined.js';
import { live } from 'lit-html/directives/live.js';
import type { EditableField, PanelRequest } from '../protocol/messages.ts';
import type { ChoiceGroup, InputView } from '../protocol/sections.ts';
import type { Actions, Field, Ui } from './ui.ts';

interface InputLook {
  readonly label: string;
  readonly placeholder: string;
  readonly title: string;
  readonly problem: string | undefined;
  readonly before: string | undefined;
  readonly numeric: boolean;
  readonly unit?: string | undefined;
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
      title=${look.title}
      aria-label=${look.label}
      aria-invalid=${look.problem === undefined ? 'false' : 'true'}
      aria-describedby=${ifDefined(note === undefined ? undefined : noteId)}
      @input=${onInput}
      @keydown=${onKey}
      @blur=${() => actions.commit(field)}
    />${look.unit === undefined ? nothing : html`<span class="unit" aria-hidden="true">${look.unit}</span>`}${
      note === undefined
        ? nothing
        : html`<span id=${noteId} class="note ${look.problem === undefined ? 'unseen' : ''}">${note}</span>`
    }
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
  const was = field.before === undefined ? '' : `, was ${field.before === '' ? 'unset' : field.before}`;
  return inputView(ui, actions, change, {
    label: `${owner}: ${field.label}`,
    placeholder: brief(field.placeholder),
    title: `${field.label}${field.text === '' ? `: ${field.placeholder}` : ''}${was}`,
    problem: field.problem,
    before: field.before,
    numeric,
  });
}

/** `500m (from the limit)` as `500m`, `from a template` as `template`: what has room in a field; its title has the rest. */
function brief(placeholder: string): string {
  return placeholder.replace(/ \(.*\)$/, '').replace(/^(?:from a|decided) /, '');
}

type Choices = readonly ChoiceGroup[];

function optionsView(groups: Choices, isChosen: (value: string) => boolean): readonly TemplateResult[] {
  const option = ({ value, text }: ChoiceGroup['choices'][number]): TemplateResult =>
    html`<option value=${value} ?selected=${isChosen(value)}>${text}</option>`;
  return groups.map(({ label, choices }) =>
    label === '' ? html`${choices.map(option)}` : html`<optgroup label=${label}>${choices.map(option)}</optgroup>`,
  );
}

function onlyChosen(groups: Choices, value: string): Choices {
  return [{ label: '', choices: groups.flatMap(({ choices }) => choices.filter((choice) => choice.value === value)) }];
}

/** A list to choose from, of which the choices are drawn when it is pointed at or reached. What is chosen is written over the closed list, where it may take several lines. */
export function pickerView(
  ui: Ui,
  actions: Actions,
  label: string,
  shown: string,
  { id, value, groups }: { readonly id?: string; readonly value: string; readonly groups: Choices },
  choose: (value: string) => void,
): TemplateResult {
  const onChange = ({ target }: Event): void => {
    if (!(target instanceof HTMLSelectElement)) return;
    choose(target.value);
    target.value = value;
  };
  const key = id ?? label;
  const fill = (): void => actions.fill(key);
  const drawn = ui.filled.has(key) ? groups : onlyChosen(groups, value);
  return html`<span class="picker"><select data-field=${ifDefined(id)} aria-label=${label} .value=${live(value)} @change=${onChange} @pointerenter=${fill} @focus=${fill}>
    ${optionsView(drawn, (one) => one === value)}
  </select><span class="shown" aria-hidden="true">${shown}</span></span>`;
}

function textOf(groups: Choices, value: string): string {
  return groups.flatMap(({ choices }) => choices).find((choice) => choice.value === value)?.text ?? value;
}

const sources: Readonly<Record<InputView['from'], string>> = {
  typed: 'Typed here, and kept with the workspace.',
  settings: 'From .plimsoll.yaml or the settings.',
  assumed: 'Assumed until you say otherwise.',
};

/** An assumption that is in no file, as a text or a choice. */
export function assumptionField(ui: Ui, actions: Actions, input: InputView): TemplateResult {
  const { name, label, unit, description, text, from, placeholder, problem, control } = input;
  const id = `input-${name}`;
  const change = (typed: string): PanelRequest => ({ kind: 'input', name, text: typed });
  const title = `${description} ${sources[from]}`;
  const named = unit === undefined ? label : `${label}, ${unit}`;
  if (control.kind === 'choice') {
    const choose = (value: string): void => actions.ask(change(value));
    const shown = textOf(control.groups, text);
    return html`<div class="assumption choice ${from}" title=${title}><span>${label}</span>${pickerView(ui, actions, named, shown, { id, value: text, groups: control.groups }, choose)}${
      problem === undefined ? nothing : html`<span class="note" role="status">${problem}</span>`
    }</div>`;
  }
  if (control.kind === 'choices') return chipsView(ui, actions, input, control.groups, title);
  const field: Field = { id, text, change, undo: change('') };
  return html`<label class="assumption ${from} ${/,/.test(placeholder) ? 'long' : ''}"><span>${label}</span>${inputView(
    ui,
    actions,
    field,
    { label: named, placeholder: `e.g. ${placeholder}`, title, problem, before: undefined, numeric: false, unit },
  )}</label>`;
}

/** Any number of choices: each can be taken away, and another one added. */
function chipsView(
  ui: Ui,
  actions: Actions,
  { name, label, text, problem }: InputView,
  groups: Choices,
  title: string,
): TemplateResult {
  const chosen = text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  const put = (values: readonly string[]): void => actions.ask({ kind: 'input', name, text: values.join(', ') });
  const add = { label: '', choices: [{ value: '', text: 'add one' }] };
  return html`<div class="assumption choice" role="group" aria-label=${label} title=${title}><span>${label}</span><span class="chips">
    ${chosen.map(
      (value) =>
        html`<span class="chip">${value}<button type="button" aria-label="Take ${value} away" @click=${() => put(chosen.filter((one) => one !== value))}>×</button></span>`,
    )}
    ${pickerView(
      ui,
      actions,
      label,
      'add one',
      { id: `input-${name}`, value: '', groups: [add, ...groups] },
      (value) => {
        if (value !== '') put([...chosen.filter((one) => one !== value), value]);
      },
    )}
  </span>${problem === undefined ? nothing : html`<span class="note" role="status">${problem}</span>`}</div>`;
}
