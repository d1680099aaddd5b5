import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { LoadView, PanelRequest, PanelState } from '../protocol/messages.ts';
import { pickerView } from './fields.ts';
import { bigFigures, type Load } from './load.ts';
import { columnsView, loadSection, sectionsOf } from './sections.ts';
import type { Actions, Ui } from './ui.ts';

const mark = svg`<circle cx="12" cy="12" r="6.5"></circle><path d="M1.8 12h20.4"></path>`;

/** Which file this is about, and which others are in view with it. In its own view the editor's title has the pin. */
function headView(state: PanelState, ui: Ui, actions: Actions): TemplateResult {
  const { file, pinned, place } = state;
  return html`<header class="head">
    <svg class="sign" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">${mark}</svg>
    <h1 title=${file ?? ''}><span class="unseen">Load of </span>${file ?? 'no file'}</h1>
    ${scopeView(state, ui, actions)}
    ${
      place === 'view'
        ? nothing
        : html`<button
            type="button"
            class="pin"
            aria-pressed=${pinned ? 'true' : 'false'}
            title=${pinned ? 'Follow the active file again' : 'Stay with this file'}
            ?disabled=${file === undefined}
            @click=${() => actions.ask({ kind: 'pin', pinned: !pinned })}
          >${pinned ? 'Pinned' : 'Pin'}</button>`
    }
  </header>`;
}

function scopeView({ scope }: PanelState, ui: Ui, actions: Actions): unknown {
  if (scope.choices.length < 2) return nothing;
  const { chosen, choices } = scope;
  const shown = choices.find(({ value }) => value === chosen)?.text ?? '';
  return html`<span class="scope">${pickerView(
    ui,
    actions,
    'Files in view',
    shown,
    { value: chosen, groups: [{ label: '', choices }] },
    (value) => actions.ask({ kind: 'scope', value }),
  )}</span>`;
}

function loadView(state: PanelState, load: Load, ui: Ui, actions: Actions): TemplateResult {
  return html`
    ${load.warning === undefined ? nothing : html`<p class="warning" role="status">${load.warning}</p>`}
    ${bigFigures(ui, actions, load, state.sections)}
    ${columnsView(ui, actions, [loadSection(ui, actions, load), ...sectionsOf(ui, actions, state.sections)])}`;
}

/** What the draft would do, and the two ways out of it. */
function draftBar(state: PanelState, { draft }: Load, ui: Ui, actions: Actions): TemplateResult {
  const { stale, version } = state;
  const open = draft.changes > 0 || stale !== undefined;
  const notice = ui.notice ?? stale;
  return html`<footer class="draft ${open || notice !== undefined ? 'open' : ''}">
    ${notice === undefined ? nothing : html`<p class="notice" role="alert">${notice}</p>`}
    ${
      open
        ? html`<p class="summary" role="status">${draft.summary}</p>
            <div class="ways">
              <button type="button" class="secondary" @click=${() => actions.ask({ kind: 'reset' })}>Reset</button>
              ${
                stale === undefined
                  ? html`<button
                      type="button"
                      class="primary"
                      ?disabled=${!draft.canApply}
                      @click=${() => actions.ask({ kind: 'apply', version })}
                    >Apply</button>`
                  : html`<button type="button" class="primary" @click=${() => actions.ask({ kind: 'keep' })}>Keep draft</button>`
              }
            </div>`
        : nothing
    }
  </footer>`;
}

function nothingView({ message, span }: LoadView & { readonly kind: 'nothing' }, actions: Actions): TemplateResult {
  return html`<div class="nothing">
    <svg class="sign" viewBox="0 0 24 24" width="56" height="56" aria-hidden="true">${mark}</svg>
    <p role="status">${message}</p>
    ${span === undefined ? nothing : html`<button type="button" class="secondary" @click=${() => actions.reveal([span])}>Show the place</button>`}
  </div>`;
}

function mainView(state: PanelState, ui: Ui, actions: Actions): TemplateResult {
  const { load, sections } = state;
  if (load.kind === 'load') return loadView(state, load, ui, actions);
  if (sections.length === 0) return nothingView(load, actions);
  return columnsView(ui, actions, sectionsOf(ui, actions, sections));
}

/** What can be done with what is shown: a summary to take along, and assumptions to keep. */
function keepingView({ load, sections, unkept }: PanelState, actions: Actions): unknown {
  if (load.kind === 'nothing' && sections.length === 0) return nothing;
  const button = (request: PanelRequest, text: string): TemplateResult =>
    html`<button type="button" class="secondary" @click=${() => actions.ask(request)}>${text}</button>`;
  const one = unkept.length === 1;
  return html`<div class="keeping">
    ${
      unkept.length === 0
        ? nothing
        : html`<p>${one ? 'An assumption is' : `${unkept.length} assumptions are`} kept in this workspace alone: ${unkept.join(', ')}.</p>
          <div class="ways">
            ${button({ kind: 'keepInputs' }, 'Keep in .plimsoll.yaml')}
            ${button({ kind: 'forgetInputs' }, 'Forget')}
          </div>`
    }
    ${button({ kind: 'copy' }, 'Copy as Markdown')}
    <p class="legend">≈ an estimate, ~ a rule of thumb. All other numbers are exact.</p>
  </div>`;
}

/** Until the host has sized what is in view; it can be seen only where that takes a while. */
export const waitingView: TemplateResult = html`<p class="waiting" role="status">Sizing what is in view…</p>`;

/** All of the panel. */
export function view(state: PanelState, ui: Ui, actions: Actions): TemplateResult {
  const { load } = state;
  return html`
    ${headView(state, ui, actions)}
    ${mainView(state, ui, actions)}
    ${keepingView(state, actions)}
    ${load.kind === 'load' ? draftBar(state, load, ui, actions) : nothing}`;
}
