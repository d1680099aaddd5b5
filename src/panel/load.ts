import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { ChangedText, LoadContainer, LoadView, LoadWorkload, SectionView } from '../protocol/messages.ts';
import { barView, draftField, figureView, moreRows } from './parts.ts';
import type { Actions, Ui } from './ui.ts';

export type Load = LoadView & { readonly kind: 'load' };

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

/** The numbers at the top: what is requested, and the nodes it takes, or the pods where nothing is known of nodes. */
export function bigFigures(
  ui: Ui,
  actions: Actions,
  { totals, rows }: Load,
  sections: readonly SectionView[],
): TemplateResult {
  const headline = sections.find((section) => section.headline !== undefined)?.headline;
  const workloads = `${rows.length} ${rows.length === 1 ? 'workload' : 'workloads'}`;
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
    ${
      headline === undefined
        ? html`<div class="tile">
            <span class="caption">pods</span>
            ${figureView(ui, actions, 'totals-pods', totals.pods, 'Pods')}
            <span class="sub">${workloads}</span>
          </div>`
        : html`<div class="tile">
            <span class="caption">${headline.label}</span>
            ${figureView(ui, actions, 'totals-headline', headline.figure, headline.label)}
            <span class="sub">${figureView(ui, actions, 'totals-pods', totals.pods, 'Pods')} pods · ${headline.remark}</span>
          </div>`
    }
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
  const { id, name, kind, namespace, qos, replicas, scaling, containers } = workload;
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
      ${
        scaling === undefined
          ? nothing
          : html`<span class="replicas">scaled ${draftField(ui, actions, scaling.min, name, true)} to ${draftField(ui, actions, scaling.max, name, true)}</span>`
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

/** What is left of the section when it is closed. */
export function loadTelling({ rows, namespaces }: Load): string {
  const count = `${rows.length} ${rows.length === 1 ? 'workload' : 'workloads'}`;
  return namespaces.length === 0 ? count : `${count} in ${namespaces.length} namespaces`;
}

/** The workloads: whole where they are few, else in a table, of which each can be opened. */
export function loadBody(ui: Ui, actions: Actions, load: Load): TemplateResult {
  const { rows, workloads, namespaces } = load;
  const scale = scaleOf(workloads);
  const whole = new Map(workloads.map((workload) => [workload.id, workload]));
  if (workloads.length === rows.length) {
    return html`${namespaceTable(ui, actions, namespaces)}${repeat(
      workloads,
      ({ id }) => id,
      (workload) => workloadView(ui, actions, workload, scale),
    )}`;
  }
  return html`${namespaceTable(ui, actions, namespaces)}<div class="scrolls"><table class="block rows">
    <caption class="unseen">Workloads</caption>
    <thead><tr><td></td>${['pods', 'QoS', 'CPU', 'limit', 'memory', 'limit'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${repeat(
      rows.slice(0, ui.rows),
      ({ id }) => id,
      (row) => {
        const opened = whole.get(row.id);
        return html`<tr data-workload=${opened === undefined ? row.id : nothing} tabindex="-1">
          <th scope="row"><button type="button" class="place" aria-expanded=${opened === undefined ? 'false' : 'true'} title="${row.kind} ${row.name}" @click=${() => actions.ask({ kind: 'open', workload: row.id, open: opened === undefined })}>${row.name}</button></th>
          ${[row.pods, row.qos, row.cpuRequest, row.cpuLimit, row.memoryRequest, row.memoryLimit].map(changedText)}
        </tr>
        ${opened === undefined ? nothing : html`<tr><td class="opened" colspan="7">${workloadView(ui, actions, opened, scale)}</td></tr>`}`;
      },
    )}</tbody>
  </table></div>${moreRows(ui, actions, rows.length)}`;
}

function changedText({ text, before }: ChangedText): TemplateResult {
  return html`<td>${text}${before === undefined ? nothing : html` <del>${before}</del>`}</td>`;
}

function namespaceTable(ui: Ui, actions: Actions, namespaces: Load['namespaces']): unknown {
  if (namespaces.length === 0) return nothing;
  return html`<div class="scrolls"><table class="block">
    <caption class="unseen">Totals by namespace</caption>
    <thead><tr><td></td>${sums.map(([, label]) => html`<th scope="col">${label}</th>`)}</tr></thead>
    <tbody>${namespaces.map(
      ({ namespace, workloads, ...figures }) => html`<tr>
        <th scope="row">${namespace === '' ? 'no namespace written' : namespace} <span class="kind">${workloads}</span></th>
        ${sums.map(([key, label]) => html`<td>${figureView(ui, actions, `namespace-${namespace}-${key}`, figures[key], `${label} of ${namespace}`)}</td>`)}
      </tr>`,
    )}</tbody>
  </table></div>`;
}
