import { imageParts } from '../../dockerfile/image-reference.ts';
import { referenceFlaw } from '../../dockerfile/reference-grammar.ts';
import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: ${image}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/image-reference-invalid',
    rows: ['K206'],
    summary: 'The name of an image should be one that a registry can have.',
    why: 'The API server takes nearly any text as the name of an image; the node does not: the pod stays with `InvalidImageName`. A name is `host/path:tag@digest`: the path has lower-case letters, digits and single separators, a tag has letters, digits, `_`, `.` and `-`.',
    severity: 'warning',
    topic: 'base image',
    messages: {
      empty: 'The API server refuses a container without an image',
      blank: 'The API server refuses blanks before or after the name of an image',
      scheme: '`{text}` is an address: an image is named without `{scheme}`',
      colon: 'A digest stands behind `@`, not behind `:`',
      uppercase: 'The name of an image has no capital letters',
      emptyTag: 'The tag behind the `:` is missing',
      tag: '`{tag}` is no tag',
      digest: '`{digest}` is no digest: one of SHA-256 has 64 hexadecimal digits',
      length: 'The name of an image has 255 characters at most',
      name: '`{text}` is no name of an image',
    },
    titles: { write: 'Write `{mended}`' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('acme/Web:1.4'), good: pod('acme/web:1.4') }],
    options: {},
    sources: ['kics invalid_image'],
  },
  *check({ image, workload, path }) {
    if (image?.value === '' && !filledIn(workload.object))
      yield { message: 'empty', severity: 'error', span: image.span };
    if (image === undefined || image.value.trim() === '') return;
    const text = image.value.trim();
    // A `$`, braces and words in capitals are filled in by another tool, and `ko://…` is built.
    if (/[${}<>%]|^(?:ko|docker-daemon|oci):\/\/|^[A-Z]+(?:[-_][A-Z_-]+)+$/.test(text)) return;
    const flaw = text === image.value ? referenceFlaw(text) : 'blank';
    // The kubelet takes 64 hexadecimal digits for an ID that it may have.
    if (flaw === undefined || flaw === 'hexadecimal') return;
    const { tag = '', digest = '' } = imageParts(text);
    const [scheme = ''] = /^[a-z]+:\/\//.exec(text) ?? [];
    const mended = mend(text, flaw, scheme);
    yield {
      message: flaw,
      data: { text, scheme, tag, digest },
      severity: flaw === 'blank' ? 'error' : 'warning',
      span: image.span,
      fixes:
        mended === undefined || referenceFlaw(mended) !== undefined
          ? []
          : patchFix(workload.object.document, {
              title: 'write',
              data: { mended },
              safety: 'suggested',
              patches: [{ kind: 'set', path: [...path, 'image'], value: mended }],
            }),
    };
  },
});

/** Whether OpenShift puts the image in when it is built. */
function filledIn({ kind, annotations }: KubernetesObject): boolean {
  return kind.value === 'DeploymentConfig' || annotations.has('image.openshift.io/triggers');
}

function mend(text: string, flaw: string, scheme: string): string | undefined {
  if (flaw === 'blank') return text;
  if (flaw === 'scheme') return text.slice(scheme.length);
  if (flaw === 'emptyTag') return undefined;
  if (flaw === 'colon') return text.replace(/:(?=sha\d+:[0-9a-f]+$)/, '@');
  if (flaw !== 'uppercase') return undefined;
  const [name = '', ...rest] = text.split(/(?=[:@])/);
  return name.toLowerCase() + rest.join('');
}
