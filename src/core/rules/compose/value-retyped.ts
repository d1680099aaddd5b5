import { defineRule, type Proposal, type ProposedFix } from '../../engine/rule.ts';
import { fieldAt, knownItems, scalarText } from '../../yaml/field.ts';
import type { YamlDocument, YamlPath, YamlScalar } from '../../yaml/node.ts';
import { asMapping, asScalar, entries } from '../../yaml/read.ts';
import { goScalar } from '../../yaml/scalars.ts';
import { patchFix } from '../patch-fix.ts';

/** Fields of a service that hold names with texts. */
const places: readonly (readonly string[])[] = [
  ['environment'],
  ['labels'],
  ['build', 'args'],
  ['build', 'labels'],
  ['deploy', 'labels'],
];

type Found = Proposal<'retyped' | 'boolean' | 'pair' | 'quotes' | 'blank', 'quote' | 'equals' | 'unquote' | 'close'>;

export default defineRule('compose-service', {
  meta: {
    id: 'compose/value-retyped',
    rows: ['C113'],
    summary: 'Variables and labels should get the text that is written.',
    why: 'YAML reads a value before Compose makes a text of it again: `1.10` is the number 1.1, `022` is octal and comes out as 18, and some readers take `yes` for true. In a list everything behind `=` is the value, quotes included, and everything before it is the name, blanks included. Quotes around the whole value, or item, keep it as it is.',
    severity: 'warning',
    topic: 'configuration',
    messages: {
      retyped: '{name} gets `{value}`: YAML reads `{text}` as a number or a boolean',
      boolean: '`{text}` is a text to Compose, and true or false to readers of YAML 1.1',
      pair: 'A list takes `{name}=…`: Compose refuses a mapping in it',
      quotes: 'The quotes are part of the value of {name} here',
      blank: 'The blank before `=` is part of the name `{name}`',
    },
    titles: {
      quote: 'Quote the value',
      equals: 'Write it with =',
      unquote: 'Remove the quotes',
      close: 'Remove the blanks around =',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    environment:\n      VERSION: 1.10\n',
        good: 'services:\n  web:\n    image: web:1.4\n    environment:\n      VERSION: "1.10"\n',
      },
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    environment:\n      - GREETING="hello"\n',
        good: 'services:\n  web:\n    image: web:1.4\n    environment:\n      - GREETING=hello\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ node, path, file: { document } }) {
    for (const place of places) {
      const field = fieldAt(node, ...place);
      const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
      for (const { key, value } of mapping ? entries(mapping) : []) {
        const scalar = value && asScalar(value);
        if (!value || !scalar || key.unknown || scalar.unknown || scalar.interpolated || scalar.text.includes('$'))
          continue;
        const found = valueProblem(document, [...path, ...place, key.text], key.text, scalar);
        if (found !== undefined) yield { ...found, span: value.span };
      }
      for (const { index, node: item } of knownItems(node, ...place)) {
        const found = itemProblem(document, [...path, ...place, index], item);
        if (found !== undefined) yield { ...found, span: item.span };
      }
    }
  },
});

function valueProblem(
  document: YamlDocument,
  path: YamlPath,
  name: string,
  scalar: YamlScalar,
): Omit<Found, 'span'> | undefined {
  const { text } = scalar;
  const value = composeText(scalar);
  const loose = scalar.style === 'plain' && scalar.tag === undefined && /^(?:yes|no|on|off)$/i.test(text);
  if (value === text && !loose) return undefined;
  return {
    message: loose ? 'boolean' : 'retyped',
    ...(loose && { severity: 'information' }),
    data: { name, text, value },
    fixes: set(document, path, text, 'quote', loose ? 'safe' : 'suggested'),
  };
}

/** What Compose makes of a scalar: a number as Go prints it. */
function composeText(scalar: YamlScalar): string {
  const { text } = scalar;
  // Only where a boolean is wanted are these more than texts to Compose.
  if (/^(?:y|n|yes|no|on|off)$/i.test(text)) return text;
  const read = goScalar(scalar);
  switch (read.kind) {
    case 'integer':
      return read.value >= -(2n ** 63n) && read.value < 2n ** 64n ? String(read.value) : goFloat(Number(read.value));
    case 'boolean':
      return String(read.value);
    case 'float':
      return Number.isFinite(read.value) ? goFloat(read.value) : text;
    default:
      return text;
  }
}

/** A number as Go's `%v` prints it: the shortest digits, with an exponent from 1e+06 on and below 1e-04. */
function goFloat(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function itemProblem(document: YamlDocument, path: YamlPath, item: Parameters<typeof asScalar>[0]) {
  const mapping = asMapping(item);
  const only = mapping && entries(mapping)[0];
  if (mapping !== undefined) {
    const name = only?.key.text ?? '';
    const value = only?.value && scalarText(only.value);
    const written = mapping.pairs.length === 1 && value ? set(document, path, `${name}=${value.value}`, 'equals') : [];
    return { message: 'pair', severity: 'error', data: { name }, fixes: written } as const;
  }
  const scalar = asScalar(item);
  if (scalar === undefined || scalar.style !== 'plain' || scalar.interpolated) return undefined;
  const parts = /^([^=]*?)(\s*)=(\s*)(.*)$/s.exec(scalar.text);
  if (parts === null) return undefined;
  const [, name = '', before = '', , value = ''] = parts;
  if (before !== '')
    return {
      message: 'blank',
      data: { name: name + before },
      fixes: set(document, path, `${name}=${value}`, 'close'),
    } as const;
  const quoted = /^(["'])(.*)\1$/s.exec(value);
  if (quoted === null || quoted[2]?.includes(quoted[1] ?? '')) return undefined;
  return { message: 'quotes', data: { name }, fixes: set(document, path, `${name}=${quoted[2]}`, 'unquote') } as const;
}

function set<const Title extends 'quote' | 'equals' | 'unquote' | 'close'>(
  document: YamlDocument,
  path: YamlPath,
  value: string,
  title: Title,
  safety: 'safe' | 'suggested' = 'suggested',
): readonly ProposedFix<Title>[] {
  return patchFix(document, { title, safety, patches: [{ kind: 'set', path, value }] });
}
