import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type {
  LoadContainer,
  LoadRow,
  LoadView,
  LoadWorkload,
  ResourceFigures,
  ResourceLine,
  SectionView,
} from '../protocol/messages.ts';
import { draftField } from './fields.ts';
import { figureView } from './figure.ts';
import { barView, moreRows } from './parts.ts';
import { type DrawnRow, figureCell, tableOf } from './tables.ts';
import type { Actions, Ui } from './ui.ts';

export type Load = LoadView & { readonly kind: 'load' };

/** The amount at the right end of a resource's bars: all containers of the file share it, so that they compare. */
interface Scale {
  readonly cpu: number;
  readonly memory: number;
}

function scaleOf(workloads: readonly LoadWorkload[]): Scale {
  const lines = workloads.flatMap(({ containers, ownResources = [] }) => [
    ...ownResources,
    ...containers.flatMap(({ resources }) => resources),
  ]);
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

/** The numbers at the top: what is requested, and what the sections have for it: nodes, and what they cost. */
export function bigFigures(
  ui: Ui,
  actions: Actions,
  { totals, count, counted }: Load,
  sections: readonly SectionView[],
): TemplateResult {
  const [first, ...others] = sections.flatMap(({ headlines }) => headlines ?? []);
  const pods = html`${figureView(ui, actions, 'totals-pods', totals.pods, counted)} ${totals.pods.text === '1' ? counted.slice(0, -1) : counted}`;
  const tile = (kind: string, label: string, main: unknown, sub: unknown): TemplateResult =>
    html`<div class="tile ${kind}"><span class="caption">${label}</span>${main}<span class="sub">${sub}</span></div>`;
  const asked = counted === 'pods' ? 'requested' : 'reserved';
  const resource = (kind: 'cpu' | 'memory', name: string): TemplateResult =>
    tile(
      kind,
      `${name} ${asked}`,
      figureView(ui, actions, `totals-${kind}Request`, totals[`${kind}Request`], `${name} ${asked}`),
      html`limit ${figureView(ui, actions, `totals-${kind}Limit-small`, totals[`${kind}Limit`], `${name} limit`)}`,
    );
  return html`<section class="big ${others.length > 0 ? 'four' : ''}" aria-label="Totals">
    ${resource('cpu', 'CPU')} ${resource('memory', 'memory')}
    ${
      first === undefined
        ? tile(
            '',
            counted,
            figureView(ui, actions, 'totals-pods', totals.pods, counted),
            `${count} ${count === 1 ? 'workload' : 'workloads'}`,
          )
        : tile(
            '',
            first.label,
            figureView(ui, actions, 'totals-headline', first.figure, first.label),
            html`${pods} · ${first.remark}`,
          )
    }
    ${others.map(({ label, figure, remark }) => tile('', label, figureView(ui, actions, `totals-${label}`, figure, label), remark))}
  </section>`;
}

const roles: Readonly<Record<LoadContainer['role'], string>> = {
  app: '',
  init: 'init',
  sidecar: 'sidecar',
  ephemeral: 'ephemeral',
};

function linesView(
  ui: Ui,
  actions: Actions,
  lines: readonly ResourceLine[],
  owner: string,
  scale: Scale,
): readonly TemplateResult[] {
  return lines.map(
    (line) => html`<div class="resource ${line.resource}">
      <span class="name">${line.resource === 'cpu' ? 'CPU' : 'memory'}</span>
      ${draftField(ui, actions, line.request, owner)}
      ${barView(line, scale[line.resource])}
      ${draftField(ui, actions, line.limit, owner)}
    </div>`,
  );
}

function containerView(
  ui: Ui,
  actions: Actions,
  workload: LoadWorkload,
  container: LoadContainer,
  at: number,
  scale: Scale,
): TemplateResult {
  const role = roles[container.role];
  const owner = `${workload.name}, ${container.name}`;
  const alone = workload.containers.length === 1 && container.role === 'app' && workload.ownResources === undefined;
  const heading = alone
    ? nothing
    : html`<h4>
        <button type="button" class="place" @click=${() => actions.reveal([container.span])}>${container.name}</button>
        ${role === '' ? nothing : html`<span class="badge">${role}</span>`}
      </h4>`;
  return html`<div class="container">
    ${heading}
    ${linesView(ui, actions, container.resources, owner, scale)}
    ${container.others.map(
      ({ resource, request, limit }) => html`<div class="resource other">
      <span class="name">${resource}</span>
      ${draftField(ui, actions, request, owner)} ${draftField(ui, actions, limit, owner)}
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

function ownResourcesView(ui: Ui, actions: Actions, { name, ownResources }: LoadWorkload, scale: Scale): unknown {
  if (ownResources === undefined) return nothing;
  return html`<div class="container">
    <h4>the pod’s own</h4>
    ${linesView(ui, actions, ownResources, `${name}, the pod’s own`, scale)}
  </div>`;
}

const sums = [
  ['cpuRequest', 'CPU request', 'CPU'],
  ['cpuLimit', 'CPU limit', 'limit'],
  ['memoryRequest', 'memory request', 'memory'],
  ['memoryLimit', 'memory limit', 'limit'],
] as const;

/** What one pod comes to, and all of them; with an autoscaler at its bounds too. */
function podTable(ui: Ui, actions: Actions, { id, copy, pod, total, scaling }: LoadWorkload): TemplateResult {
  const sides: readonly (readonly [key: string, column: string, figures: ResourceFigures])[] =
    scaling === undefined
      ? [['pod', 'one', pod], ...(isSame(pod, total) ? [] : [['total', 'all', total] as const])]
      : [
          ['pod', 'one', pod],
          ['least', `at ${scaling.min.text || scaling.min.placeholder}`, scaling.least],
          ['total', 'now', total],
          ['most', `at ${scaling.max.text || scaling.max.placeholder}`, scaling.most],
        ];
  return html`<div>${tableOf(
    ui,
    sides.length === 1 ? `What the ${copy} comes to` : `What the ${copy}s come to`,
    sides.map(([, column]) => column),
    sums.map(([key, label, short]) => ({
      key,
      head: html`<span aria-hidden="true">${short}</span><span class="unseen">${label}</span>`,
      cells: sides.map(([side, column, figures]) =>
        figureCell(ui, actions, `${id}-${side}-${key}`, figures[key], `${label}, ${column}`),
      ),
    })),
    'tight',
  )}</div>`;
}

function isSame(a: ResourceFigures, b: ResourceFigures): boolean {
  return sums.every(([key]) => a[key].text === b[key].text && a[key].before === b[key].before);
}

function workloadView(ui: Ui, actions: Actions, workload: LoadWorkload, scale: Scale): TemplateResult {
  const { id, name, kind, namespace, qos, replicas, scaling, containers, copy } = workload;
  const count = replicas?.text || replicas?.placeholder;
  return html`<article class="workload" data-workload=${id} tabindex="-1" aria-label="${kind} ${name}">
    <div class="title">
      <h3><button type="button" class="place" @click=${() => actions.reveal([workload.span])}>${name}</button></h3>
      <span class="kind">${kind}${namespace === undefined ? '' : ` in ${namespace}`}</span>
      ${copy === 'container' ? nothing : html`<span class="badge qos">${figureView(ui, actions, `${id}-qos`, qos, 'QoS class')}</span>`}
      ${
        replicas === undefined
          ? nothing
          : html`<span class="replicas">${draftField(ui, actions, replicas, name, true)} ${count === '1' ? 'replica' : 'replicas'}</span>`
      }
      ${
        scaling === undefined
          ? nothing
          : html`<span class="replicas">autoscaled ${draftField(ui, actions, scaling.min, name, true)} to ${draftField(ui, actions, scaling.max, name, true)}</span>`
      }
    </div>
    ${ownResourcesView(ui, actions, workload, scale)}
    ${containers.map((container, at) => containerView(ui, actions, workload, container, at, scale))}
    ${podTable(ui, actions, workload)}
    ${winningTerms(workload)}
  </article>`;
}

/** What the pod's requests follow from, where that is not the one number in a field. */
function winningTerms({ pod }: LoadWorkload): unknown {
  const lines = [pod.cpuRequest, pod.memoryRequest].flatMap(({ explanation }) =>
    explanation.length > 1 ? explanation.slice(-1) : [],
  );
  if (lines.length === 0) return nothing;
  return html`<div class="terms quiet">${[...new Set(lines)].map((line) => html`<p>${line}</p>`)}</div>`;
}

/** What is left of the section when it is closed. */
export function loadTelling({ count, counted, namespaces, totals }: Load): string {
  const all = `${count} ${count === 1 ? 'workload' : 'workloads'}`;
  const pods = `${totals.pods.text} ${totals.pods.text === '1' ? counted.slice(0, -1) : counted}`;
  return namespaces.length === 0 ? `${all} · ${pods}` : `${all} in ${namespaces.length} namespaces · ${pods}`;
}

/** The workloads: whole where they are few, else in a table, of which each can be opened. */
export function loadBody(ui: Ui, actions: Actions, load: Load): TemplateResult {
  const { rows, workloads, count, namespaces } = load;
  const scale = scaleOf(workloads);
  const whole = new Map(workloads.map((workload) => [workload.id, workload]));
  if (workloads.length === count) {
    return html`${namespaceTable(ui, actions, namespaces)}${repeat(
      workloads,
      ({ id }) => id,
      (workload) => workloadView(ui, actions, workload, scale),
    )}`;
  }
  const row = (one: LoadRow): DrawnRow => {
    const opened = whole.get(one.id);
    const toggle = (): void => actions.ask({ kind: 'open', workload: one.id, open: opened === undefined });
    return {
      key: one.id,
      workload: opened === undefined ? one.id : undefined,
      head: html`<button type="button" class="place opens" aria-expanded=${opened === undefined ? 'false' : 'true'} title="${one.kind} ${one.name}" @click=${toggle}>${one.name}</button>`,
      cells: columns.map(([key, label]) =>
        figureCell(ui, actions, `row-${one.id}-${key}`, one[key], `${one.name}, ${label}`),
      ),
      ...(opened !== undefined && { below: workloadView(ui, actions, opened, scale) }),
    };
  };
  return html`${namespaceTable(ui, actions, namespaces)}<div class="rows">${tableOf(
    ui,
    'Workloads, all pods of each',
    columns.map(([, label]) => label),
    (ui.bodies > 1 ? rows : rows.slice(0, rowsAtFirst)).map(row),
  )}${moreRows(rows.length, count, (wanted) => actions.ask({ kind: 'rows', count: wanted }))}</div>`;
}

/** The first frame has as many rows as may be in view; the others come with the next one. */
const rowsAtFirst = 6;

const columns = [
  ['pods', 'pods'],
  ['qos', 'QoS'],
  ['cpuRequest', 'CPU'],
  ['cpuLimit', 'limit'],
  ['memoryRequest', 'memory'],
  ['memoryLimit', 'limit'],
] as const;

function namespaceTable(ui: Ui, actions: Actions, namespaces: Load['namespaces']): unknown {
  if (namespaces.length === 0) return nothing;
  return html`<div>${tableOf(
    ui,
    'Totals by namespace',
    ['CPU', 'limit', 'memory', 'limit'],
    namespaces.map(({ namespace, workloads, ...figures }) => ({
      key: namespace,
      head: html`${namespace === '' ? 'no namespace written' : namespace} <span class="kind">${workloads} ${workloads === 1 ? 'workload' : 'workloads'}</span>`,
      cells: sums.map(([key, label]) =>
        figureCell(ui, actions, `namespace-${namespace}-${key}`, figures[key], `${label} of ${namespace}`),
      ),
    })),
  )}</div>`;
}
