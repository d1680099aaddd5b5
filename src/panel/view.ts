import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { LoadContainer, LoadView, LoadWorkload, PanelRequest, PanelState } from '../protocol/messages.ts';
import { blockView } from './blocks.ts';
import { barView, draftField, figureView, sectionView } from './parts.ts';
import type { Actions, Ui } from './ui.ts';

type Load = LoadView & { readonly kind: 'load' };

/** The amount at the right end of a resource's bars: all containers of the file share it, so that they compare. */
interface Scale {
  readonly cpu: number;
  readonly memory: number;
}

function scaleOf(workloads: readonly LoadWorkload[]): Scale {
  const lines = workloads.flatMap(({ containers }) => containers.flatMap(({ resources }) => resources));
  const full = (wanted: 'cpu' | 'memory'): number =>
    1.12 *
    Math.max(
      0,
      ...lines
        .filter(({ resource }) => resource === wanted)
        .flatMap(({ request, limit }) => [request.amount ?? 0, limit.amount ?? 0]),
    );
  return { cpu: full('cpu'), memory: full('memory') };
}

const mark = svg`<circle cx="12" cy="12" r="6.5"></circle><path d="M1.8 12h20.4"></path>`;

function headView(state: PanelState, actions: Actions): TemplateResult {
  const { file, pinned } = state;
  return html`<header class="head">
    <svg class="sign" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">${mark}</svg>
    <h1><span class="unseen">Load of </span>${file ?? 'no file'}</h1>
    <button
      type="button"
      class="pin"
      aria-pressed=${pinned ? 'true' : 'false'}
      ?disabled=${file === undefined}
      @click=${() => actions.ask({ kind: 'pin', pinned: !pinned })}
    >${pinned ? 'Pinned' : 'Pin'}</button>
  </header>`;
}

function bigFigures(ui: Ui, actions: Actions, { totals, workloads }: Load): TemplateResult {
  const small = (id: keyof Load['totals'], label: string): TemplateResult =>
    figureView(ui, actions, `totals-${id}-small`, totals[id], label);
  return html`<section class="big" aria-label="Totals">
    <div class="tile cpu">
      <span class="caption">requested</span>
      ${figureView(ui, actions, 'totals-cpuRequest', totals.cpuRequest, 'CPU requested')}
      <span class="sub">CPU · limit ${small('cpuLimit', 'CPU limit')}</span>
    </div>
    <div class="tile memory">
      <span class="caption">requested</span>
      ${figureView(ui, actions, 'totals-memoryRequest', totals.memoryRequest, 'Memory requested')}
      <span class="sub">memory · limit ${small('memoryLimit', 'memory limit')}</span>
    </div>
    <div class="tile">
      <span class="caption">pods</span>
      ${figureView(ui, actions, 'totals-pods', totals.pods, 'Pods')}
      <span class="sub">${workloads.length} ${workloads.length === 1 ? 'workload' : 'workloads'}</span>
    </div>
  </section>`;
}

const roles: Readonly<Record<LoadContainer['role'], string>> = {
  app: '',
  init: 'init',
  sidecar: 'sidecar',
  ephemeral: 'ephemeral',
};

function containerView(
  ui: Ui,
  actions: Actions,
  workload: LoadWorkload,
  container: LoadContainer,
  at: number,
  scale: Scale,
): TemplateResult {
  const role = roles[container.role];
  const heading =
    workload.containers.length === 1 && container.role === 'app'
      ? nothing
      : html`<h4>
          <button type="button" class="place" @click=${() => actions.reveal([container.span])}>${container.name}</button>
          ${role === '' ? nothing : html`<span class="badge">${role}</span>`}
        </h4>`;
  const owner = `${workload.name}, ${container.name}`;
  return html`<div class="container">
    ${heading}
    ${container.resources.map(
      (line) => html`<div class="resource ${line.resource}">
        <span class="name">${line.resource === 'cpu' ? 'CPU' : 'memory'}</span>
        ${draftField(ui, actions, line.request, owner)}
        ${barView(line, scale[line.resource])}
        ${draftField(ui, actions, line.limit, owner)}
      </div>`,
    )}
    <ul class="kernel" aria-label="What the kernel is told">
      ${container.kernel.map(
        ({ label, figure }) =>
          html`<li>${label} ${figureView(ui, actions, `${workload.id}-${at}-${label}`, figure, label)}</li>`,
      )}
    </ul>
  </div>`;
}

const sums = [
  ['cpuRequest', 'CPU request'],
  ['cpuLimit', 'CPU limit'],
  ['memoryRequest', 'memory request'],
  ['memoryLimit', 'memory limit'],
] as const;

function podTable(ui: Ui, actions: Actions, { id, pod, total }: LoadWorkload): TemplateResult {
  return html`<table class="sums">
    <thead>
      <tr><td></td><th scope="col">one pod</th><th scope="col">all pods</th></tr>
    </thead>
    <tbody>
      ${sums.map(
        ([key, label]) => html`<tr>
          <th scope="row">${label}</th>
          <td>${figureView(ui, actions, `${id}-pod-${key}`, pod[key], `${label} of one pod`)}</td>
          <td>${figureView(ui, actions, `${id}-total-${key}`, total[key], `${label} of all pods`)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function workloadView(ui: Ui, actions: Actions, workload: LoadWorkload, scale: Scale): TemplateResult {
  const { id, name, kind, namespace, qos, replicas, containers } = workload;
  return html`<article class="workload" data-workload=${id} tabindex="-1" aria-label="${kind} ${name}">
    <div class="title">
      <h3><button type="button" class="place" @click=${() => actions.reveal([workload.span])}>${name}</button></h3>
      <span class="kind">${kind}${namespace === undefined ? '' : ` in ${namespace}`}</span>
      <span class="badge qos">${figureView(ui, actions, `${id}-qos`, qos, 'QoS class')}</span>
      ${
        replicas === undefined
          ? nothing
          : html`<span class="replicas">${draftField(ui, actions, replicas, name, true)}<span aria-hidden="true">${replicas.text === '1' ? 'replica' : 'replicas'}</span></span>`
      }
    </div>
    ${containers.map((container, at) => containerView(ui, actions, workload, container, at, scale))}
    ${podTable(ui, actions, workload)}
    ${winningTerms(workload)}
  </article>`;
}

/** What the pod's requests follow from, in words: the same sentences that the figures explain themselves with. */
function winningTerms({ pod }: LoadWorkload): TemplateResult {
  const lines = [...new Set([pod.cpuRequest.explanation.at(-1), pod.memoryRequest.explanation.at(-1)])];
  return html`${lines.map((line) => (line === undefined ? nothing : html`<p class="quiet">${line}</p>`))}`;
}

function loadView(state: PanelState, load: Load, ui: Ui, actions: Actions): TemplateResult {
  const scale = scaleOf(load.workloads);
  const count = `${load.workloads.length} ${load.workloads.length === 1 ? 'workload' : 'workloads'}`;
  const workloads = repeat(
    load.workloads,
    ({ id }) => id,
    (workload) => workloadView(ui, actions, workload, scale),
  );
  return html`
    ${load.warning === undefined ? nothing : html`<p class="warning" role="status">${load.warning}</p>`}
    ${bigFigures(ui, actions, load)}
    <div class="columns">
      ${sectionView(ui, actions, 'load', html`<h2>Load</h2>`, count, workloads)}
      ${sectionsView(state, ui, actions)}
    </div>
    ${draftBar(state, load, ui, actions)}`;
}

function sectionsView({ sections }: PanelState, ui: Ui, actions: Actions): TemplateResult {
  return html`${repeat(
    sections,
    ({ id }) => id,
    ({ id, title, telling, blocks }) =>
      sectionView(
        ui,
        actions,
        id,
        html`<h2>${title}</h2>`,
        telling,
        blocks.map((block, at) => blockView(ui, actions, block, `${id}-${at}`)),
      ),
  )}`;
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

const certainties = {
  exact: 'Exact.',
  estimate: 'An estimate.',
  'rule of thumb': 'A rule of thumb.',
} as const;

/** Why a number is what it is; stands beside the number that has the focus or the pointer. */
function explanationView(ui: Ui): TemplateResult {
  const figure = ui.explained === undefined ? undefined : ui.figures.get(ui.explained);
  const fields = figure?.fields.map(({ label }) => label) ?? [];
  return html`<div id="explanation" role="tooltip" ?hidden=${figure === undefined}>
    ${figure?.explanation.map((line) => html`<p>${line}</p>`)}
    ${figure === undefined ? nothing : html`<p class="certainty">${certainties[figure.certainty]}</p>`}
    ${fields.length === 0 ? nothing : html`<p class="from">From ${fields.join(', ')}. Click to show it.</p>`}
  </div>`;
}

/** Which files are in view. */
function scopeView({ scope }: PanelState, actions: Actions): unknown {
  if (scope.choices.length < 2) return nothing;
  const onChange = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) actions.ask({ kind: 'scope', value: event.target.value });
  };
  return html`<label class="scope"><span>in view</span><select .value=${live(scope.chosen)} @change=${onChange}>
    ${scope.choices.map(({ value, text }) => html`<option value=${value} ?selected=${value === scope.chosen}>${text}</option>`)}
  </select></label>`;
}

function mainView(state: PanelState, ui: Ui, actions: Actions): TemplateResult {
  const { load, sections } = state;
  if (load.kind === 'load') return loadView(state, load, ui, actions);
  if (sections.length === 0) return nothingView(load, actions);
  return html`<div class="columns">${sectionsView(state, ui, actions)}</div>`;
}

/** What can be done with what is shown: a summary to take along, and assumptions to keep. */
function keepingView({ load, sections, unkept }: PanelState, actions: Actions): unknown {
  if (load.kind === 'nothing' && sections.length === 0) return nothing;
  const button = (request: PanelRequest, text: string): TemplateResult =>
    html`<button type="button" class="secondary" @click=${() => actions.ask(request)}>${text}</button>`;
  return html`<div class="keeping">
    ${button({ kind: 'copy' }, 'Copy as Markdown')}
    ${
      unkept === 0
        ? nothing
        : html`${button({ kind: 'keepInputs' }, `Keep ${unkept} ${unkept === 1 ? 'assumption' : 'assumptions'} in .plimsoll.yaml`)}
          ${button({ kind: 'forgetInputs' }, 'Forget')}`
    }
  </div>`;
}

/** All of the panel. */
export function view(state: PanelState, ui: Ui, actions: Actions): TemplateResult {
  ui.figures.clear();
  return html`
    ${headView(state, actions)}
    ${scopeView(state, actions)}
    ${mainView(state, ui, actions)}
    ${keepingView(state, actions)}
    ${explanationView(ui)}`;
}
