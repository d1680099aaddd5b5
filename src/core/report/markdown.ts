import type { Figure, LoadView, ResourceLine } from '../features/load-view.ts';
import type { Preview } from '../features/preview.ts';
import type { Block, Cell, SectionView, StageNode } from '../features/sections/section-view.ts';

/**
 * Everything that a preview says as Markdown, for a pull request or a note. No links and no paths of the machine; what the
 * draft changes stands beside what it was.
 */
export function markdownPreview(name: string, { load, sections }: Preview): string {
  const lines = [`## Load of ${escapeMarkdown(name)}`, ''];
  if (load.kind === 'load') {
    const { totals, rows, draft } = load;
    if (draft.changes > 0) lines.push(`_${escapeMarkdown(draft.summary)}_`, '');
    lines.push(
      '| workload | pods | QoS | CPU request | CPU limit | memory request | memory limit |',
      '|---|---|---|---|---|---|---|',
      ...rows.map(({ kind, name: own, namespace, pods, qos, ...amounts }) => {
        const where = namespace === undefined ? '' : ` in ${namespace}`;
        const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = amounts;
        return row([
          escapeMarkdown(`${kind} ${own}${where}`),
          ...[pods, qos, cpuRequest, cpuLimit, memoryRequest, memoryLimit].map(({ text, before }) =>
            changed(text, before),
          ),
        ]);
      }),
      row([
        '**all**',
        ...[totals.pods].map(figure),
        '',
        ...[totals.cpuRequest, totals.cpuLimit, totals.memoryRequest, totals.memoryLimit].map(figure),
      ]),
      '',
    );
    lines.push(...namespaceLines(load.namespaces), ...load.workloads.flatMap(workloadLines));
    if (load.warning !== undefined) lines.push(`> ${escapeMarkdown(load.warning)}`, '');
  } else if (sections.length === 0) lines.push(escapeMarkdown(load.message), '');
  for (const section of sections) lines.push(...sectionLines(section));
  return `${lines.join('\n').trimEnd()}\n`;
}

type Load = Extract<LoadView, { readonly kind: 'load' }>;

function namespaceLines(namespaces: Load['namespaces']): readonly string[] {
  if (namespaces.length === 0) return [];
  return [
    '| namespace | workloads | CPU request | CPU limit | memory request | memory limit |',
    '|---|---|---|---|---|---|',
    ...namespaces.map(({ namespace, workloads, cpuRequest, cpuLimit, memoryRequest, memoryLimit }) =>
      row([
        escapeMarkdown(namespace === '' ? 'none written' : namespace),
        `${workloads}`,
        ...[cpuRequest, cpuLimit, memoryRequest, memoryLimit].map(figure),
      ]),
    ),
    '',
  ];
}

/** One of its pods, container by container, with what the kernel is told. */
function workloadLines({
  kind,
  name,
  pod,
  ownResources,
  containers,
  copy,
}: Load['workloads'][number]): readonly string[] {
  const amounts = (lines: readonly ResourceLine[]) =>
    lines.flatMap(({ request, limit }) => [request, limit].map((field) => cell({ kind: 'field', field })));
  return [
    `| one ${copy} of ${escapeMarkdown(`${kind} ${name}`)} | CPU request | CPU limit | memory request | memory limit | the kernel is told |`,
    '|---|---|---|---|---|---|',
    ...containers.map(({ name: own, role, resources, kernel }) =>
      row([
        escapeMarkdown(role === 'app' ? own : `${own} (${role})`),
        ...amounts(resources),
        kernel.map(({ label, figure: one }) => `${escapeMarkdown(label)} ${figure(one)}`).join(', '),
      ]),
    ),
    ...(ownResources === undefined ? [] : [row(['the pod’s own', ...amounts(ownResources), ''])]),
    row([`**${copy}**`, ...[pod.cpuRequest, pod.cpuLimit, pod.memoryRequest, pod.memoryLimit].map(figure), '']),
    '',
  ];
}

function sectionLines({ title, telling, blocks }: SectionView): readonly string[] {
  return [`### ${escapeMarkdown(title)}`, '', escapeMarkdown(telling), '', ...blocks.flatMap(blockLines)];
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
      return [block.tone === 'warning' ? `**${escapeMarkdown(block.text)}**` : escapeMarkdown(block.text), ''];
    case 'figures':
      return [...block.items.map(({ label, figure: one }) => `- ${escapeMarkdown(label)}: ${figure(one)}`), ''];
    case 'table':
      return [
        row([escapeMarkdown(block.caption), ...block.columns.map(escapeMarkdown)]),
        row(['---', ...block.columns.map(() => '---')]),
        ...block.rows.map(({ head, cells }) => row([escapeMarkdown(head), ...cells.map(cell)])),
        '',
      ];
    case 'inputs': {
      const said = block.inputs.filter(({ text }) => text !== '');
      if (said.length === 0) return [];
      return [
        `Assumed: ${said.map(({ label, text, unit }) => escapeMarkdown([label, text, unit ?? ''].join(' ').trim())).join(', ')}`,
        '',
      ];
    }
    case 'formula':
      return [`- ${escapeMarkdown(`${block.formula} = ${block.filledIn}`)} = ${figure(block.result)}`, ''];
    case 'hulls':
      return [
        ...block.hulls.map(
          ({ title, count, words }) =>
            `- ${count} × ${escapeMarkdown(title)}: ${words.map(({ text }) => escapeMarkdown(text)).join('; ')}`,
        ),
        ...(block.more === undefined ? [] : [`- ${escapeMarkdown(block.more)}`]),
        '',
      ];
    case 'curve':
      return [escapeMarkdown(block.words), ''];
    case 'stages':
      return [
        ...block.stages.map(({ name, base, ships, notes }) =>
          escapeMarkdown([`${name} (${base})${shipping[ships]}`, ...notes].join('; ')).replace(/^/, '- '),
        ),
        '',
      ];
    default:
      return block satisfies never;
  }
}

const shipping: Readonly<Record<StageNode['ships'], string>> = {
  whole: ', ships',
  'in part': ', ships in part',
  nothing: '',
};

function cell(one: Cell): string {
  if (one.kind === 'text') return escapeMarkdown(one.text);
  if (one.kind === 'figure') return figure(one.figure);
  return changed(one.field.text || one.field.placeholder, one.field.before);
}

const marks: Readonly<Record<Figure['certainty'], string>> = { exact: '', estimate: '≈ ', 'rule of thumb': '~ ' };

function figure({ text, before, certainty }: Figure): string {
  return `${escapeMarkdown(marks[certainty])}${changed(text, before)}`;
}

function changed(now: string, before: string | undefined): string {
  if (before === undefined) return escapeMarkdown(now);
  return `${escapeMarkdown(now)} ~~${escapeMarkdown(before === '' ? 'unset' : before)}~~`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Names from a document are no links, tags, mentions or emphasis; sentences stay readable in the source. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*[\]|~<>&@#]|(?<!\w)_|_(?!\w)/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/(www)\.|(:)\/\//gi, (found) => found.replace('.', '&#46;').replace(':', '&#58;'));
}
