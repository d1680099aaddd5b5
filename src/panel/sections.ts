import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { SectionView } from '../protocol/messages.ts';
import { blockView } from './blocks.ts';
import { type Load, loadBody, loadTelling } from './load.ts';
import type { Actions, Ui } from './ui.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  /** What is left of it when it is closed. */
  readonly telling: string;
  /** Open until the person closes it. */
  readonly opensItself: boolean;
  readonly body: () => unknown;
}

/** Of the sections these tell enough in one line, as long as nothing in them is a warning. */
const closedAtFirst: ReadonlySet<SectionView['id']> = new Set<SectionView['id']>([
  'runtime',
  'rollout',
  'network',
  'usage',
]);

/** Where two columns stand side by side, these stand in the first, and all others in the second: none moves when another grows. */
const firstColumn: ReadonlySet<string> = new Set(['load', 'shares', 'dockerfile']);

/** The section of the workloads. */
export function loadSection(ui: Ui, actions: Actions, load: Load): Section {
  const body = (): unknown => loadBody(ui, actions, load);
  return { id: 'load', title: 'Load', telling: loadTelling(load), opensItself: true, body };
}

/** The sections that the host has made. */
export function sectionsOf(ui: Ui, actions: Actions, sections: readonly SectionView[]): readonly Section[] {
  return sections.map(({ id, title, telling, blocks }) => ({
    id,
    title,
    telling,
    opensItself: !closedAtFirst.has(id) || blocks.some((block) => block.kind === 'text' && block.tone === 'warning'),
    body: () => blocks.map((block, at) => blockView(ui, actions, block, `${id}-${at}`)),
  }));
}

/** A section that closes to one telling line. Its body is drawn while it is open, once it is its turn. */
function sectionView(
  ui: Ui,
  actions: Actions,
  { id, title, telling, opensItself, body }: Section,
  isDrawn: boolean,
): TemplateResult {
  const isOpen = ui.toggled[id] ?? opensItself;
  const onToggle = ({ target }: Event): void => {
    if (target instanceof HTMLDetailsElement && target.open !== isOpen) actions.toggled(id, target.open);
  };
  return html`<details class="section" data-section=${id} ?open=${isOpen} @toggle=${onToggle}>
    <summary><h2>${title}</h2><span class="telling">${telling}</span></summary>
    <div class="body">${isOpen && isDrawn ? body() : nothing}</div>
  </details>`;
}

/** The sections below each other, or in two columns where there is room. */
export function columnsView(ui: Ui, actions: Actions, sections: readonly Section[]): TemplateResult {
  const isFirst = ({ id }: Section): boolean => firstColumn.has(id);
  const others = sections.filter((section) => !isFirst(section));
  const columns =
    ui.room.columns === 2 && others.length < sections.length && others.length > 0
      ? [sections.filter(isFirst), others]
      : [sections];
  return html`<div class="columns">${columns.map(
    (column) =>
      html`<div class="column">${repeat(
        column,
        ({ id }) => id,
        (section) => sectionView(ui, actions, section, sections.indexOf(section) < ui.bodies),
      )}</div>`,
  )}</div>`;
}
