import { type Field, scalarText } from '../../../yaml/field.ts';
import type { YamlNode } from '../../../yaml/node.ts';

const texts: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['y', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['n', false],
]);

/** The boolean that the API server reads from a value (YAML 1.1, quoted ones too); undefined where it is none. */
export function booleanOf(field: Field): boolean | undefined {
  const node: YamlNode | undefined = field === 'unknown' ? undefined : field;
  return node === undefined ? undefined : texts.get(scalarText(node)?.value.toLowerCase() ?? '');
}
