import type { Settings } from '../engine/settings.ts';
import type { Parsed } from '../parsed.ts';
import { type Inputs, validAssumption } from './assumptions.ts';
import type { CacheSurroundings } from './cache-lenses.ts';
import { computeLoad, type LoadSide, type Sized, size } from './load.ts';
import { fieldsOf, isChanged, loadFields, loadFieldsOf, type WorkloadFields } from './load-fields.ts';
import type { Draft, LoadView } from './load-view.ts';
import type { SectionScope } from './sections/section.ts';
import type { SectionView } from './sections/section-view.ts';
import { computeSections } from './sections/sections.ts';

/** Everything that the panel shows of the files in view. Plain data. */
export interface Preview {
  readonly load: LoadView;
  readonly sections: readonly SectionView[];
}

export interface PreviewRequest {
  /** The file that is followed. */
  readonly parsed: Parsed;
  /** Other files in view: those of the folder or the namespace that was chosen. */
  readonly others: readonly Parsed[];
  /** Only workloads of this namespace are in view; one that is not written is `default`. */
  readonly namespace?: string | undefined;
  readonly settings: Settings;
  /** Texts by the ids of fields; those of other files start with the file. */
  readonly draft: Draft;
  readonly inputs: Inputs;
  /** What is around a Dockerfile, as far as it is known. */
  readonly surroundings?: Omit<CacheSurroundings, 'path'> | undefined;
}

const noDraft: Draft = {};

/** What the files in view will be given, the draft applied, with what each figure was before it. Never throws. */
export function computePreview({
  parsed,
  others,
  namespace,
  settings,
  draft,
  inputs,
  surroundings,
}: PreviewRequest): Preview {
  const all = [...loadFields(parsed), ...others.flatMap(loadFieldsOf)];
  const workloads =
    namespace === undefined
      ? all
      : all.filter(({ source, namespace: own }) => source.kind === 'kubernetes' && (own ?? 'default') === namespace);
  const nodeMemory = validAssumption('nodeMemory', inputs, settings) ?? settings.node.memory;
  const files = [parsed, ...others];
  const drafted = workloads.some((workload) => fieldsOf(workload).some((field) => isChanged(field, draft)));
  const past = sideOf(workloads, noDraft, nodeMemory);
  const now = drafted ? sideOf(workloads, draft, nodeMemory, past.sized) : past;
  const scope = (side: LoadSide): SectionScope => ({
    parsed,
    files,
    sized: side.sized,
    settings,
    inputs,
    draft: side.draft,
    surroundings,
  });
  const before = scope(past);
  return {
    load: computeLoad(parsed, now, past),
    sections: computeSections(now === past ? before : scope(now), before),
  };
}

/** Sizes what the draft changes; the rest is as it was. */
function sideOf(
  workloads: readonly WorkloadFields[],
  draft: Draft,
  nodeMemory: string,
  past?: readonly Sized[],
): LoadSide {
  const sized = workloads.map((workload, at) => {
    const old = past?.[at];
    return old !== undefined && !fieldsOf(workload).some((field) => isChanged(field, draft))
      ? old
      : size(workload, draft);
  });
  return { sized, draft, nodeMemory };
}
