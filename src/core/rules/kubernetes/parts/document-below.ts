import type { KubernetesObject } from '../../../kubernetes/model.ts';
import { insert, type TextEdit } from '../../../text/edit.ts';

/**
 * Writes a document of its own behind that of an object, with the line ends that are there. Undefined where the object is
 * not the whole of its document, or a template makes it.
 * @param written ends with a line feed
 */
export function documentBelow({ document, path, root }: KubernetesObject, written: string): TextEdit | undefined {
  const { text, actions } = document;
  if (path.length > 0 || root.flow || actions.length > 0 || /^\.\.\.\s*$/m.test(text)) return undefined;
  const whole = `${text.endsWith('\n') ? '' : '\n'}---\n${written}`;
  return insert(text.length, text.includes('\r\n') ? whole.replaceAll('\n', '\r\n') : whole);
}
