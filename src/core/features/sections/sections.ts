import { withBefore } from '../explain.ts';
import { cache } from './cache.ts';
import { dockerfile } from './dockerfile.ts';
import { host } from './host.ts';
import { network } from './network.ts';
import { nodes } from './nodes.ts';
import { rollout } from './rollout.ts';
import { runtime } from './runtime.ts';
import type { Section, SectionScope } from './section.ts';
import type { Block, Cell, CurveBlock, SectionView } from './section-view.ts';
import { shares } from './shares.ts';

const sections: readonly Section[] = [nodes, host, shares, runtime, rollout, cache, network, dockerfile];

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
  const blocks = compared(now.blocks, before.blocks);
  const { headline } = now;
  if (headline === undefined) return { ...now, blocks };
  return {
    ...now,
    blocks,
    headline: { ...headline, figure: withBefore(headline.figure, before.headline?.figure) },
  };
}

/** Blocks of the same kind at the same place are about the same thing. */
function compared(now: readonly Block[], before: readonly Block[]): readonly Block[] {
  return now.map((block, at) => {
    const old = before[at];
    return old === undefined ? block : comparedBlock(block, old);
  });
}

function comparedBlock(block: Block, old: Block): Block {
  if (block.kind === 'figures' && old.kind === 'figures') {
    const before = new Map(old.items.map(({ label, figure }) => [label, figure]));
    return {
      ...block,
      items: block.items.map(({ label, figure }) => ({ label, figure: withBefore(figure, before.get(label)) })),
    };
  }
  if (block.kind === 'table' && old.kind === 'table') {
    const before = new Map(old.rows.map(({ head, cells }) => [head, cells]));
    return {
      ...block,
      rows: block.rows.map((row) => ({
        ...row,
        cells: row.cells.map((cell, at) => comparedCell(cell, before.get(row.head)?.[at])),
      })),
    };
  }
  if (block.kind === 'formula' && old.kind === 'formula' && block.formula === old.formula) {
    return { ...block, result: withBefore(block.result, old.result) };
  }
  if (block.kind === 'curve' && old.kind === 'curve') return { ...block, marks: comparedMarks(block, old) };
  return block;
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
