import { lastFor, sameFor } from '../../text/once-for.ts';
import type { Sized } from '../load.ts';
import type { EditableField, Figure } from '../load-view.ts';
import { editable } from '../load-workload.ts';
import { type RuntimeFigures, runtimeFigures } from '../runtime-figures.ts';
import type { BuildSources } from '../started-process.ts';
import { assumedMachines } from './machine.ts';
import type { Section } from './section.ts';
import type { Block, Cell, TableRow } from './section-view.ts';

/** Containers that are shown one by one. */
const mostRows = 40;

interface RuntimeRow {
  readonly head: string;
  readonly place: TableRow['place'];
  readonly figures: RuntimeFigures;
  readonly heapField: EditableField | undefined;
}

/** Heap, threads and workers of each container whose runtime is known, inside its limits. */
export const runtime: Section = ({ parsed, sized, settings, inputs, surroundings, stages }) => {
  const machines = assumedMachines(settings, inputs);
  const circumstances = asKept(parsed, { machines, around: surroundings?.around, stages });
  const rows: RuntimeRow[] = [];
  for (const one of sized) for (const row of rowsOf(one, circumstances)) rows.push(row);
  if (rows.length === 0) return undefined;
  const warnings = rows.filter(({ figures }) => figures.warning !== undefined);
  const names = [...new Set(rows.map(({ figures }) => figures.runtime))];
  const left = rows.length - mostRows;
  return {
    id: 'runtime',
    title: 'Runtime',
    telling:
      warnings.length === 0
        ? `${names.join(', ')} · nothing is tight`
        : `${names.join(', ')} · ${warnings.length} ${warnings.length === 1 ? 'is' : 'are'} tight or too large`,
    // The table first: old and new sides are put together by the places of blocks, and a draft may take warnings away.
    blocks: [
      {
        kind: 'table',
        caption: 'Runtimes inside their limits',
        columns: ['runtime', 'setting', 'heap or data', 'threads', 'workers', 'left over'],
        rows: rows.slice(0, mostRows).map(tableRow),
      },
      ...warnings.slice(0, mostRows).map(
        ({ head, figures, place }): Block => ({
          kind: 'text',
          tone: 'warning',
          text: `${head}: ${figures.warning ?? ''}`,
          ...(place && { place }),
        }),
      ),
      ...(left > 0 ? [{ kind: 'text', tone: 'quiet', text: `and ${left} more containers` } as const] : []),
    ],
  };
};

function tableRow({ head, place, figures, heapField }: RuntimeRow): TableRow {
  const cells: readonly Cell[] = [
    { kind: 'text', text: figures.runtime },
    heapField === undefined ? { kind: 'text', text: '' } : { kind: 'field', field: heapField },
    cell(figures.heap),
    cell(figures.threads),
    cell(figures.workers),
    cell(figures.rest),
  ];
  return { head, cells, ...(place && { place }) };
}

function cell(figure: Figure | undefined): Cell {
  return figure === undefined ? { kind: 'text', text: '' } : { kind: 'figure', figure };
}

/** What else the rows of a workload depend on. */
interface Circumstances extends BuildSources {
  readonly machines: ReturnType<typeof assumedMachines>;
}

const asKept = sameFor<Circumstances>();

const rowsOf = lastFor((sized: Sized, { machines, ...sources }: Circumstances): readonly RuntimeRow[] => {
  const { workload, draft, values, problems } = sized;
  const of = { workload, values, draft, machine: machines[workload.source.kind], sources };
  const apps = values.containers.filter(({ fields }) => fields.role === 'app' || fields.role === 'sidecar');
  return apps.flatMap((placed): readonly RuntimeRow[] => {
    const figures = runtimeFigures(of, placed);
    if (figures === undefined) return [];
    const { fields } = placed;
    const field = fields.process.fields.find(({ resource }) => resource === 'heap') ?? fields.process.fields[0];
    const head = apps.length === 1 || workload.name === fields.name ? workload.name : `${workload.name}/${fields.name}`;
    return [
      {
        head,
        place: fields.span,
        figures,
        heapField: field && editable(field, draft, problems, { text: 'unset', nano: undefined }),
      },
    ];
  });
});
