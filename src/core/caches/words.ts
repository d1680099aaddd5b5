import type { Located } from '../text/span.ts';
import { fieldAt, scalarText } from '../yaml/field.ts';
import type { YamlNode, YamlPath } from '../yaml/node.ts';
import { asScalar, asSequence } from '../yaml/read.ts';

/** A word of a command with the place in the manifest that holds it. */
export interface CommandWord extends Located<string> {
  /** The YAML value that is the word; undefined where it is a part of a longer text. */
  readonly path: YamlPath | undefined;
}

/** A command as a manifest writes it: a list of words, or one text that is split at blanks. */
export interface CommandText {
  readonly path: YamlPath;
  readonly form: 'list' | 'text';
  /** As written, where it is one text. */
  readonly text: string | undefined;
  readonly words: readonly CommandWord[];
  /** Some of its words are not known. */
  readonly open: boolean;
}

/** The command below `key`; undefined where none is written. */
export function commandText(node: YamlNode, path: YamlPath, key: string): CommandText | undefined {
  const field = fieldAt(node, key);
  const here = [...path, key];
  if (field === undefined) return undefined;
  if (field === 'unknown') return { path: here, form: 'list', text: undefined, words: [], open: true };
  const sequence = asSequence(field);
  if (sequence === undefined) {
    const scalar = asScalar(field);
    const words = scalar === undefined ? [] : split({ value: scalar.text, span: field.span });
    return { path: here, form: 'text', text: scalar?.text, words, open: scalar === undefined };
  }
  let open = sequence.open;
  const words = sequence.items.flatMap((item, index): readonly CommandWord[] => {
    const text = item === null ? undefined : scalarText(item);
    if (text === undefined) open = true;
    return text === undefined ? [] : [{ ...text, path: [...here, index] }];
  });
  // `sh -c "…"` and a list of one long text hold the words in one of theirs.
  const inner = words.flatMap((word) => (/\s/.test(word.value.trim()) ? split(word) : [word]));
  return { path: here, form: inner.length === words.length ? 'list' : 'text', text: undefined, words: inner, open };
}

/** The words of a text, without their quotes; all of them stand where the text does. */
function split({ value, span }: Located<string>): readonly CommandWord[] {
  const words = value.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => ({
    value: word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
    span,
    path: undefined,
  }));
}
