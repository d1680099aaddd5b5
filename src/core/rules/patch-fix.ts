import type { MessageData, ProposedFix, Safety } from '../engine/rule.ts';
import { withPlaceholders } from '../text/edit.ts';
import type { YamlDocument, YamlPatch } from '../yaml/node.ts';
import { patchYaml } from '../yaml/patch.ts';

export interface PatchFix<Title extends string> {
  readonly title: Title;
  readonly safety: Safety;
  readonly data?: MessageData;
  readonly patches: readonly YamlPatch[];
}

/** A fix made of patches, in a list: empty where the document cannot take them, as behind an alias. */
export function patchFix<const Title extends string>(
  document: YamlDocument,
  { title, safety, data, patches }: PatchFix<Title>,
): readonly ProposedFix<Title>[] {
  const edits = patchYaml(document, patches);
  if (edits === undefined || edits.length === 0) return [];
  const completed = safety === 'manual' ? edits.map(withPlaceholders) : edits;
  return [{ title, safety, edits: completed, ...(data && { data }) }];
}
