import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { dataKeys } from '../../kubernetes/references.ts';
import { encodeBase64, isBase64 } from '../../text/base64.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownMapping, knownText, scalarText } from '../../yaml/field.ts';
import type { YamlPair } from '../../yaml/node.ts';
import { asScalar, entries, entry } from '../../yaml/read.ts';
import { goScalar } from '../../yaml/scalars.ts';
import { patchFix } from '../patch-fix.ts';

const secret = (value: string) => `apiVersion: v1
kind: Secret
metadata:
  name: shop
data:
  url: ${value}
`;

/** The keys that the API server asks of a Secret by its type: all of a list, but one of the basic ones is enough. */
const required: ReadonlyMap<string, readonly string[]> = new Map([
  ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
  ['kubernetes.io/dockerconfigjson', ['.dockerconfigjson']],
  ['kubernetes.io/dockercfg', ['.dockercfg']],
  ['kubernetes.io/ssh-auth', ['ssh-privatekey']],
  ['kubernetes.io/basic-auth', ['username', 'password']],
]);

const oneIsEnough = 'kubernetes.io/basic-auth';

/** What a ConfigMap or Secret holds at most, in bytes. */
const most = 1024 * 1024;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/config-data',
    rows: ['K820'],
    summary: 'What a ConfigMap or Secret holds has to be of the form that the API server takes.',
    why: 'Values in the `data` of a Secret are base64; plain text belongs into `stringData`. Keys are file names of letters, digits, `-`, `_` and `.`. A Secret of a type such as `kubernetes.io/tls` needs the keys of that type, and no object holds more than 1 MiB. The API server refuses it otherwise.',
    severity: 'error',
    topic: 'configuration',
    messages: {
      base64: '`{key}` is not base64, as values in the data of a Secret are',
      key: '`{key}` is no key: it takes letters, digits, `.`, `-` and `_`',
      long: 'A key has at most 253 characters',
      lacks: 'A Secret of type {type} needs {keys}',
      twice: '`{key}` is in data already',
      large: 'A {kind} holds at most 1 MiB: this one has {size} KiB',
    },
    titles: {
      encode: 'Write it as base64',
      plain: 'Move all of them to stringData',
      rename: 'Call it {meant}',
      add: 'Add {key}',
    },
    fix: 'sometimes',
    examples: [{ file: 'shop.yaml', bad: secret('http://shop'), good: secret('aHR0cDovL3Nob3A=') }],
    options: {},
    sources: ['kube-linter schema-validation'],
  },
  *check(object) {
    const kind = object.kind.value;
    if (object.apiVersion.value !== 'v1' || (kind !== 'Secret' && kind !== 'ConfigMap')) return;
    const data = pairsOf(object, 'data');
    const others = pairsOf(object, kind === 'Secret' ? 'stringData' : 'binaryData');
    yield* inKeys(object, 'data', data);
    yield* inKeys(object, kind === 'Secret' ? 'stringData' : 'binaryData', others);
    if (kind === 'Secret') {
      yield* inSecret(object, data);
      yield* typed(object);
    } else {
      const keys = new Set(data.map(({ key }) => key.text));
      for (const { key } of others)
        if (keys.has(key.text)) yield { message: 'twice', data: { key: key.text }, span: key.span };
    }
    yield* size(object, [...data, ...others]);
  },
});

/** The pairs with keys that are known. */
function pairsOf({ root }: KubernetesObject, field: string): readonly YamlPair[] {
  const mapping = knownMapping(root, field);
  return mapping === undefined ? [] : entries(mapping).filter(({ key }) => !key.unknown);
}

function* inKeys(object: KubernetesObject, field: string, pairs: readonly YamlPair[]) {
  for (const { key } of pairs) {
    const { text, span } = key;
    if (/[${<]/.test(text) || (/^[-._a-zA-Z0-9]+$/.test(text) && text.length <= 253 && !/^\.\.?$/.test(text))) continue;
    const meant = text.replace(/[^-._a-zA-Z0-9]+/g, '_');
    const path = [...object.path, field, text];
    const fixes =
      text.length > 253 || !/[a-zA-Z0-9]/.test(meant)
        ? []
        : patchFix(object.document, {
            title: 'rename',
            data: { meant },
            safety: 'suggested',
            patches: [{ kind: 'rename', path, key: meant }],
          });
    yield { message: text.length > 253 ? ('long' as const) : ('key' as const), data: { key: text }, span, fixes };
  }
}

function* inSecret(object: KubernetesObject, pairs: readonly YamlPair[]) {
  const bad = pairs.filter(isPlain);
  const all = bad.length === pairs.length && fieldAt(object.root, 'stringData') === undefined;
  for (const { key, value } of bad) {
    const path = [...object.path, 'data', key.text];
    const text = value && scalarText(value);
    if (!text) continue;
    const encoded = { kind: 'set', path, value: encodeBase64(text.value) } as const;
    const moved = { kind: 'rename', path: [...object.path, 'data'], key: 'stringData' } as const;
    // Whether it was meant as text or is base64 with a mistake in it, a person knows.
    const encode = patchFix(object.document, { title: 'encode', safety: 'suggested', patches: [encoded] });
    const plain = all ? patchFix(object.document, { title: 'plain', safety: 'suggested', patches: [moved] }) : [];
    yield { message: 'base64' as const, data: { key: key.text }, span: text.span, fixes: [...encode, ...plain] };
  }
}

/** A text that is neither base64 nor put in by another tool, such as SOPS or Argo CD's plugin for Vault. */
function isPlain({ value }: YamlPair): boolean {
  const scalar = value && asScalar(value);
  if (!scalar || scalar.unknown || isBase64(scalar.text)) return false;
  // Numbers and booleans are another rule's.
  if (!/^(?:string|timestamp)$/.test(goScalar(scalar).kind)) return false;
  return !/[$<{]|^(?:ref\+|vault:|op:|ENC\[|AWS|%)|^[A-Z]+(?:_[A-Z0-9]+)+$|^\*+$|^\.\.\./.test(scalar.text);
}

function* typed(object: KubernetesObject) {
  const type = knownText(object.root, 'type');
  const needed = type && required.get(type.value);
  const keys = needed && dataKeys(object);
  if (type === undefined || needed === undefined || keys === undefined) return;
  const lacking = needed.filter((key) => !keys.includes(key));
  if (lacking.length === 0 || (type.value === oneIsEnough && lacking.length < needed.length)) return;
  const field = fieldAt(object.root, 'stringData') === undefined ? 'data' : 'stringData';
  const patches = lacking.map(
    (key) =>
      ({
        kind: 'set',
        path: [...object.path, field, key],
        value: `<${key.replace(/\W+/g, '-').replace(/^-/, '')}>`,
      }) as const,
  );
  const list = lacking.map((key) => `\`${key}\``).join(type.value === oneIsEnough ? ' or ' : ' and ');
  yield {
    message: 'lacks' as const,
    data: { type: type.value, keys: list, key: lacking.join(', ') },
    span: type.span,
    fixes: patchFix(object.document, { title: 'add', safety: 'manual', patches }),
  };
}

function* size(object: KubernetesObject, pairs: readonly YamlPair[]) {
  if (object.document.text.length <= most) return;
  const encoded = object.kind.value === 'Secret' ? 'data' : 'binaryData';
  const mapping = knownMapping(object.root, encoded);
  const bytes = pairs.reduce((sum, { key, value }) => {
    const text: Located<string> | undefined = (value && scalarText(value)) ?? undefined;
    const length = text?.value.length ?? 0;
    // Three bytes are four characters of base64.
    return sum + (mapping && entry(mapping, key.text) ? Math.floor((length * 3) / 4) : length);
  }, 0);
  if (bytes <= most) return;
  const data = { kind: object.kind.value, size: Math.round(bytes / 1024) };
  yield { message: 'large' as const, data, span: object.name?.span ?? object.kind.span };
}
