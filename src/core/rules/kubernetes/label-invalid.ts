import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { scalarText } from '../../yaml/field.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { asMapping, isMergeKey, valueAt } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (value: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    owner: ${value}
spec:
  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/label-invalid',
    rows: ['K807'],
    summary: 'Labels and annotations need keys, and labels values, that the API server takes.',
    why: 'The value of a label is at most 63 letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit; a key is such a text too, with a domain and `/` before it or not. Anything else goes into an annotation, whose values are free. The API server refuses the object.',
    severity: 'error',
    topic: 'configuration',
    messages: {
      value: '`{written}` is no value of a label: letters, digits, - _ and . between letters or digits',
      long: 'A label has at most 63 characters: this one has {length}',
      key: '`{written}` is no key: a name of letters, digits, - _ and ., with a domain and / before it or not',
    },
    titles: { write: 'Write {meant}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('team web'), good: pod('team-web') }],
    options: {},
    sources: ['kube-score label-values', 'kics metadata_label_is_invalid', 'datree WORKLOAD_INVALID_LABELS_VALUE'],
  },
  *check(object) {
    for (const path of placesOf(object)) yield* inMap(object, path, true);
    for (const path of [['metadata'], metadataOf(object)])
      if (path) yield* inMap(object, [...path, 'annotations'], false);
  },
});

/** The pods' metadata, from the object. */
function metadataOf({ workload, path }: KubernetesObject): YamlPath | undefined {
  const at = workload?.podMetadataPath.slice(path.length);
  return at === undefined || at.length < 2 ? undefined : at;
}

function placesOf(object: KubernetesObject): readonly YamlPath[] {
  const pods = metadataOf(object);
  const selector = object.kind.value === 'Service' ? [] : [['spec', 'selector', 'matchLabels']];
  const service = /^(?:Service|ReplicationController)$/.test(object.kind.value) ? [['spec', 'selector']] : [];
  return [['metadata', 'labels'], ...(pods ? [[...pods, 'labels']] : []), ...selector, ...service];
}

function* inMap(object: KubernetesObject, place: YamlPath, labels: boolean) {
  const node = valueAt(object.root, ...place);
  // What an alias stands for is looked at where it is written.
  const mapping = node?.kind === 'alias' ? undefined : asMapping(node);
  for (const pair of mapping?.pairs ?? []) {
    const { key, value } = pair;
    if (key.unknown || isMergeKey(pair) || isPlaceholder(key.text)) continue;
    if (!isKey(labels ? key.text : key.text.toLowerCase())) {
      yield { message: 'key' as const, data: { written: key.text }, span: key.span };
      continue;
    }
    const text = value === null || !labels ? undefined : scalarText(value);
    if (text === undefined || isPlaceholder(text.value) || isValue(text.value)) continue;
    const meant = sanitised(text.value);
    yield {
      message: text.value.length > 63 ? ('long' as const) : ('value' as const),
      data: { written: text.value, length: text.value.length },
      span: text.span,
      fixes: isValue(meant)
        ? patchFix(object.document, {
            title: 'write',
            data: { meant },
            safety: 'suggested',
            patches: [{ kind: 'set', path: [...object.path, ...place, key.text], value: meant }],
          })
        : [],
    };
  }
}

/** What other tools put values in for. */
function isPlaceholder(text: string): boolean {
  return /[${<]|^%.*%$|^__.*__$/.test(text);
}

function isValue(text: string): boolean {
  return text.length <= 63 && /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(text);
}

function isKey(text: string): boolean {
  const at = text.indexOf('/');
  const [prefix, name] = at < 0 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)];
  if (name === '' || !isValue(name)) return false;
  return (
    prefix === undefined ||
    (prefix.length <= 253 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/.test(prefix))
  );
}

function sanitised(text: string): string {
  const plain = text.replace(/[^-A-Za-z0-9_.]+/g, '-').replace(/^[-_.]+/, '');
  return plain.slice(0, 63).replace(/[-_.]+$/, '');
}
