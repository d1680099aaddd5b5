import type { Settings } from '../../engine/settings.ts';
import type { PlacedObject } from '../../kubernetes/model.ts';
import type { Parsed } from '../../parsed.ts';
import type { BuiltStages } from '../../workspace/images.ts';
import type { Inputs } from '../assumptions.ts';
import type { CacheSurroundings } from '../cache-lenses.ts';
import type { Sized } from '../load.ts';
import type { Draft } from '../load-view.ts';
import type { SamplesFile } from '../samples.ts';
import type { Scaling } from '../scaling.ts';
import type { SectionView } from './section-view.ts';

/** An object of a file in view, or of one that is deployed with the followed file. */
export interface ObjectInView extends PlacedObject {
  /** Undefined for the followed file. */
  readonly file?: string;
}

/** All that a section may look at. Made twice where there is a draft: with it and without. */
export interface SectionScope {
  /** The file that is followed. */
  readonly parsed: Parsed;
  /** All files in view, the followed one first; the same one alone where no folder or namespace was chosen. */
  readonly files: readonly Parsed[];
  /** Their Kubernetes objects, and those near the followed file. */
  readonly objects: readonly ObjectInView[];
  /** Their workloads and services, sized. */
  readonly sized: readonly Sized[];
  /** The autoscalers of workloads that have one, by the workload's id. */
  readonly scalings: ReadonlyMap<string, Scaling>;
  readonly settings: Settings;
  /** What the person has said that is in no file. */
  readonly inputs: Inputs;
  readonly draft: Draft;
  /** What is around a Dockerfile, and measured usage, as far as they are known. */
  readonly surroundings: (Omit<CacheSurroundings, 'path'> & { readonly samples?: SamplesFile }) | undefined;
  /** The images that Compose files of the workspace build. */
  readonly stages: BuiltStages | undefined;
}

/**
 * A section computed for one side; undefined where it has nothing to say about these files. Knows nothing of the other
 * side: `sections.ts` puts the old value beside each figure.
 */
export type Section = (scope: SectionScope) => SectionView | undefined;
