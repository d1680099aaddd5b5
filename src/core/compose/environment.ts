import type { Located } from '../text/span.ts';
import { fieldAt, knownItems, scalarText, textMap } from '../yaml/field.ts';
import { asMapping } from '../yaml/read.ts';
import type { ComposeService } from './model.ts';

/** The variables that a service gives its containers, of either form; undefined for one that is taken from the shell. */
export function environmentOf({ node }: ComposeService): ReadonlyMap<string, Located<string> | undefined> {
  const field = fieldAt(node, 'environment');
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  if (mapping !== undefined) return textMap(mapping);
  const listed = new Map<string, Located<string> | undefined>();
  for (const { node: item } of knownItems(node, 'environment')) {
    const text = scalarText(item);
    const [name = '', ...value] = text?.value.split('=') ?? [];
    if (text !== undefined)
      listed.set(name, value.length === 0 ? undefined : { value: value.join('='), span: text.span });
  }
  return listed;
}
