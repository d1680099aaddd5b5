import { withBefore } from '../explain.ts';
import { cache } from './cache.ts';
import { dockerfile } from './dockerfile.ts';
import { host } from './host.ts';
import { network } from './network.ts';
import { nodes } from './nodes.ts';
import { rollout } from './rollout.ts';
import { runtime } from './runtime.ts';
import type { Section, SectionScope } from './section.ts';
import type { Block, Cell, CurveBlock, SectionView, TableBlock, TableRow } from './section-view.ts';
import { shares } from './shares.ts';
import { usage } from './usage.ts';

const sections: readonly Section[] = [nodes, host, shares, runtime, rollout, cache, network, usage, dockerfile];

/** All sections that have something to say, with what each figure was before the draft. */
export function computeSections(now: SectionScope, before: SectionScope): readonly SectionView[] {
  return sections.flatMap((section) => {
    const view = section(now);
    if (view === undefined) return [];
    const old = now === before ? view : viewBefore(section, before);
    return [old === undefined || old === view ? view : comparedSection(view, old)];
  });
}

const views = new WeakMap<SectionScope, Map<Section, SectionView | undefined>>();

/** What a section says without the draft, made once for a scope: that is kept while only the draft changes. */
function viewBefore(section: Section, before: SectionScope): SectionView | undefined {
  const made = views.get(before) ?? new Map<Section, SectionView | undefined>();
  views.set(before, made);
  if (!made.has(section)) made.set(section, section(before));
  return made.get(section);
}

function comparedSection(now: SectionView, before: SectionView): SectionView {
  const taken = new Set<Block>();
  const blocks = now.blocks.map((block) => comparedBlock(block, before.blocks, taken));
  const { headlines } = now;
  if (headlines === undefined) return { ...now, blocks };
  return {
    ...now,
    blocks,
    headlines: headlines.map((headline, at) => ({
      ...headline,
      figure: withBefore(headline.figure, before.headlines?.[at]?.figure),
    })),
  };
}

/**
 * The block with what its figures were. A draft may add blocks and take some away: they are found by what they are about.
 * @param taken those before the draft that have been compared: of several about the same, each is taken once
 */
function comparedBlock(block: Block, before: readonly Block[], taken: Set<Block>): Block {
  switch (block.kind) {
    case 'figures': {
      const old = before.flatMap((one) => (one.kind === 'figures' ? one.items : []));
      return {
        ...block,
        items: block.items.map((item) => ({
          ...item,
          figure: withBefore(item.figure, old.find(({ label }) => label === item.label)?.figure),
        })),
      };
    }
    case 'table': {
      const old = before.find((one) => one.kind === 'table' && one.caption === block.caption);
      return old?.kind === 'table' ? comparedTable(block, old) : block;
    }
    case 'formula': {
      const old = before.find((one) => one.kind === 'formula' && one.formula === block.formula && !taken.has(one));
      if (old?.kind !== 'formula') return block;
      taken.add(old);
      return { ...block, result: withBefore(block.result, old.result) };
    }
    case 'curve': {
      const old = before.find((one) => one.kind === 'curve');
      return old?.kind === 'curve' ? { ...block, marks: comparedMarks(block, old) } : block;
    }
    default:
      return block;
  }
}

/** Rows by their heads; of several with the same one, in their order. */
function comparedTable(table: TableBlock, before: TableBlock): TableBlock {
  if (table.rows.length === before.rows.length && table.rows.every(({ head }, at) => head === before.rows[at]?.head))
    return { ...table, rows: table.rows.map((row, at) => comparedRow(row, before.rows[at])) };
  const old = new Map<string, TableRow[]>();
  for (const row of before.rows) {
    const same = old.get(row.head);
    if (same === undefined) old.set(row.head, [row]);
    else same.push(row);
  }
  return {
    ...table,
    rows: table.rows.map((row) => comparedRow(row, old.get(row.head)?.shift())),
  };
}

function comparedRow(row: TableRow, was: TableRow | undefined): TableRow {
  if (was === row) return row;
  return { ...row, cells: row.cells.map((cell, at) => comparedCell(cell, was?.cells[at])) };
}

function comparedCell(cell: Cell, old: Cell | undefined): Cell {
  return cell.kind === 'figure' && old?.kind === 'figure'
    ? { ...cell, figure: withBefore(cell.figure, old.figure) }
    : cell;
}

/** Marks that the draft has moved, beside where they stood. */
function comparedMarks(now: CurveBlock, before: CurveBlock): CurveBlock['marks'] {
  const moved = before.marks.filter(
    ({ x, y, label }) => !now.marks.some((mark) => mark.x === x && mark.y === y && mark.label === label),
  );
  return [...moved.map((mark) => ({ ...mark, before: true }) as const), ...now.marks];
}
