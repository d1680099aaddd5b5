import type { Settings } from '../engine/settings.ts';
import type { NeighbourObject } from '../kubernetes/model.ts';
import type { Parsed } from '../parsed.ts';
import { lastFor, onceFor } from '../text/once-for.ts';
import type { BuiltStages } from '../workspace/images.ts';
import { type Inputs, validAssumption } from './assumptions.ts';
import { boundsIn, type InView, inView } from './beside.ts';
import type { CacheSurroundings } from './cache-lenses.ts';
import { changesOf, computeLoad, type LoadSide, type Opened, size, sizeAsWritten } from './load.ts';
import { fieldsOf } from './load-fields.ts';
import type { Draft, LoadView } from './load-view.ts';
import type { SamplesFile } from './samples.ts';
import { type AutoscalerFields, scalingsOf } from './scaling.ts';
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
  /** What is deployed with the followed file but not in view: quotas and disruption budgets count from there. */
  readonly near?: readonly NeighbourObject[] | undefined;
  /** Only workloads of this namespace are in view; one that is not written is `default`. */
  readonly namespace?: string | undefined;
  readonly settings: Settings;
  /** Texts by the ids of fields; those of other files start with the file. */
  readonly draft: Draft;
  readonly inputs: Inputs;
  /** Of many workloads, those to show whole. */
  readonly opened?: Opened | undefined;
  /** How many workloads to list; all where it is not said. */
  readonly rows?: number | undefined;
  /** What is around a Dockerfile, and measured usage, as far as they are known. */
  readonly surroundings?: (Omit<CacheSurroundings, 'path'> & { readonly samples?: SamplesFile }) | undefined;
  /** The images that Compose files of the workspace build. */
  readonly stages?: BuiltStages | undefined;
}

const noDraft: Draft = {};
const noneOpened: Opened = new Set();

/** What the files in view will be given, the draft applied, with what each figure was before it. Never throws. */
export function computePreview(request: PreviewRequest): Preview {
  const {
    parsed,
    others,
    near = [],
    namespace,
    settings,
    draft,
    inputs,
    surroundings,
    stages,
    opened = noneOpened,
    rows = Number.POSITIVE_INFINITY,
  } = request;
  const all = inView(parsed, others, near);
  const view = namespace === undefined ? all : inNamespace(all, namespace);
  const nodeMemory = validAssumption('nodeMemory', inputs, settings) ?? settings.node.memory;
  const past: LoadSide = { ...asWritten(view), draft: noDraft, nodeMemory };
  const drafted: LoadSide = { ...withDraft(view, draft, past), draft, nodeMemory };
  const now = changesOf(drafted) > 0 ? drafted : past;
  const { files, objects, autoscalers } = view;
  const before = asKept(
    { ...asWritten(view), parsed, files, objects, settings, inputs, draft: noDraft, surroundings, stages },
    autoscalers,
  );
  const { sized, scalings } = now;
  const sections = computeSections(now === past ? before : { ...before, sized, scalings, draft }, before);
  const headlines = sections.flatMap((section) => section.headlines ?? []);
  return { load: computeLoad(parsed, now, past, { opened, rows, headlines }), sections };
}

const inNamespace = lastFor(
  (all: InView, namespace: string): InView => ({
    ...all,
    workloads: all.workloads.filter(
      ({ source, namespace: own }) => source.kind === 'kubernetes' && (own ?? 'default') === namespace,
    ),
  }),
);

interface KeptScope {
  readonly scope: SectionScope;
  readonly autoscalers: readonly AutoscalerFields[];
}

const keptScopes = new WeakMap<Parsed, KeptScope>();

/**
 * The scope without a draft that was made for the file before, where nothing but the draft has changed since: what sections
 * say of it is kept with it.
 */
function asKept(made: SectionScope, autoscalers: readonly AutoscalerFields[]): SectionScope {
  const kept = keptScopes.get(made.parsed);
  if (kept !== undefined && isSame(kept.scope, made) && alike(kept.autoscalers, autoscalers)) return kept.scope;
  keptScopes.set(made.parsed, { scope: made, autoscalers });
  return made;
}

function isSame(a: SectionScope, b: SectionScope): boolean {
  return (
    a.settings === b.settings &&
    a.surroundings === b.surroundings &&
    a.stages === b.stages &&
    alike(a.sized, b.sized) &&
    alike(a.files, b.files) &&
    alike(a.objects, b.objects) &&
    JSON.stringify(a.inputs) === JSON.stringify(b.inputs)
  );
}

function alike<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

type Sizes = Pick<LoadSide, 'sized' | 'scalings'>;

/** Kept with what is in view. */
const asWritten = onceFor((view: InView): Sizes => {
  const scalings = scalingsOf(view.workloads, view.autoscalers, noDraft);
  const boundsOf = boundsIn(view, scalings);
  return { scalings, sized: view.workloads.map((workload) => sizeAsWritten(workload, boundsOf(workload))) };
});

/** Workloads that no draft touches, and whose autoscaler it does not touch, keep their numbers. */
function withDraft(view: InView, draft: Draft, past: Sizes): Sizes {
  const ids = Object.keys(draft);
  if (ids.length === 0) return past;
  const scalings = scalingsOf(view.workloads, view.autoscalers, draft);
  const boundsOf = boundsIn(view, scalings);
  const places = placesOf(view);
  const drafted = new Set(ids.flatMap((id) => places.get(id) ?? []));
  const sized = past.sized.slice();
  if (scalings.size > 0)
    for (const [at, workload] of view.workloads.entries())
      if (scalings.has(workload.id)) sized[at] = sizeAsWritten(workload, boundsOf(workload));
  for (const at of drafted) {
    const workload = view.workloads[at];
    if (workload !== undefined) sized[at] = size(workload, draft, boundsOf(workload));
  }
  return { scalings, sized };
}

/** Where the workloads of fields stand, by the ids of the fields. */
const placesOf = onceFor((view: InView): ReadonlyMap<string, readonly number[]> => {
  const places = new Map<string, number[]>();
  for (const [at, workload] of view.workloads.entries()) {
    for (const { id } of fieldsOf(workload)) {
      const same = places.get(id);
      if (same === undefined) places.set(id, [at]);
      else same.push(at);
    }
  }
  return places;
});
