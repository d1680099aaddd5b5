import { defineRule } from '../../engine/rule.ts';
import { kindsOf } from '../../kubernetes/fields.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  containers:
    - name: web
      image: web:1.4
`;

/** What is asked and never kept, or has names of other forms. */
const otherNames =
  /(?:Review|Options|Status|Request|Scale)$|^(?:API(?:Group|Resource|Versions|Service)|Binding|Eviction|Event|IPAddress|ClusterTrustBundle|WatchEvent)/;

/** Kinds whose names only have to fit into a URL, such as `system:node`. */
const pathSegments: ReadonlySet<string> = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

/** Kinds whose name becomes part of names or labels with a limit of their own. */
const lengths: ReadonlyMap<string, number> = new Map([
  ['CronJob', 52],
  ['Job', 63],
  ['Namespace', 63],
  ['Service', 63],
]);

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/object-name',
    rows: ['K803', 'K808'],
    summary: 'Every object needs a name, of characters that its kind takes.',
    why: 'Names become part of addresses and file names. Most kinds take a-z, 0-9, `-` and `.`, up to 253 characters; Services, Namespaces, containers and volumes no `.` and 63 characters; a CronJob 52, since its Jobs get a longer one. The API server refuses others, and objects without a name.',
    severity: 'error',
    topic: 'configuration',
    messages: {
      missing: '{kind} has no name',
      characters: '`{name}` is no name for a {kind}: it takes {allowed}, between letters or digits',
      long: 'The name of a {kind} has at most {most} characters: this one has {length}',
      digit: 'Most clusters take no name of a Service that begins with a digit',
    },
    titles: { rename: 'Call it {meant}', name: 'Give it a name' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('Web_Shop'), good: pod('web-shop') }],
    options: {},
    sources: ['datree RESOURCE_MISSING_NAME', 'monokle K8S002'],
  },
  *check(object) {
    if (object.context === 'patch') return;
    yield* ofParts(object);
    const kind = object.kind.value;
    if (otherNames.test(kind) || !kindsOf(object.apiVersion.value).includes(kind)) return;
    const { name, root, path, document } = object;
    const at = [...path, 'metadata', 'name'];
    if (name === undefined) {
      const field = fieldAt(root, 'metadata', 'name');
      if (field !== undefined || fieldAt(root, 'metadata', 'generateName') !== undefined) return;
      const patches = [{ kind: 'set', path: at, value: '<name>' }] as const;
      const fixes = patchFix(document, { title: 'name', safety: 'manual', patches });
      yield { message: 'missing', data: { kind }, span: object.kind.span, fixes };
      return;
    }
    if (isPlaceholder(name.value)) return;
    if (pathSegments.has(kind)) {
      if (/^\.{1,2}$|[/%]/.test(name.value))
        yield { message: 'characters', data: { name: name.value, kind, allowed: 'no / and no %' }, span: name.span };
      return;
    }
    if (kind === 'CertificateSigningRequest') return;
    const label = kind === 'Service' || kind === 'Namespace';
    yield* check(object, kind, name, at, label, lengths.get(kind) ?? 253);
    if (kind === 'Service' && isLabel(name.value) && /^\d/.test(name.value))
      yield { message: 'digit', severity: 'warning', span: name.span };
  },
});

/** Containers and volumes: their names are labels of DNS. */
function* ofParts(object: KubernetesObject) {
  const { workload } = object;
  if (workload === undefined) return;
  for (const { name, path } of workload.containers)
    if (name && !isPlaceholder(name.value)) yield* check(object, 'container', name, [...path, 'name'], true, 63);
  for (const { index, node } of knownItems(workload.spec, 'volumes')) {
    const name = knownText(node, 'name');
    const path = [...workload.specPath, 'volumes', index, 'name'];
    if (name && !isPlaceholder(name.value)) yield* check(object, 'volume', name, path, true, 63);
  }
}

function* check(
  object: KubernetesObject,
  kind: string,
  name: Located<string>,
  path: YamlPath,
  label: boolean,
  most: number,
) {
  const fits = label ? isLabel : isSubdomain;
  const { value, span } = name;
  const { length } = value;
  if (fits(value) && length <= most) return;
  const meant = sanitised(value, label);
  const patches = [{ kind: 'set', path, value: meant }] as const;
  // Volumes, and objects too, are named from elsewhere.
  const fixes =
    fits(meant) && meant.length <= most
      ? patchFix(object.document, { title: 'rename', data: { meant }, safety: 'suggested', patches })
      : [];
  if (fits(value)) yield { message: 'long' as const, data: { kind, most, length }, span, fixes };
  else {
    const allowed = label ? 'a-z, 0-9 and -' : 'a-z, 0-9, - and .';
    yield { message: 'characters' as const, data: { name: value, kind, allowed }, span, fixes };
  }
}

function isLabel(name: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name);
}

function isSubdomain(name: string): boolean {
  return name.split('.').every(isLabel);
}

/** What other tools put a name in for. */
function isPlaceholder(name: string): boolean {
  return /[${<*]|^%.*%$|^__.*__$|^[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(name);
}

function sanitised(name: string, label: boolean): string {
  const plain = name.toLowerCase().replace(label ? /[^a-z0-9]+/g : /[^a-z0-9.]+/g, '-');
  return plain.replace(/^[-.]+|[-.]+$/g, '');
}
