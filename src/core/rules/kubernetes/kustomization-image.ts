import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { taggedImages } from '../../kubernetes/kustomization-images.ts';
import { otherImages, tagTitles } from '../parts/images/other-images.ts';
import {
  ageFinding,
  ageMessages,
  builtFinding,
  builtMessages,
  endsWithin,
  judged,
  unknownFinding,
  unknownMessages,
} from '../parts/images/states.ts';
import { spanWithin } from '../parts/images/yaml-images.ts';
import { patchFix } from '../patch-fix.ts';

const kustomization = (tag: string) => `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
images:
  - name: python
    newTag: "${tag}"
`;

export default defineRule('kustomization', {
  meta: {
    id: 'kubernetes/kustomization-image',
    rows: ['D209'],
    summary: 'A kustomization should give an image a tag whose lines still get security fixes.',
    why: 'What a kustomization sets is what runs, whatever the manifests name. When a line of a language, a database or a distribution ends, its security holes stay open; a tag that is built no more gets no updates, and one that never was cannot be pulled. All of it is known as of the month that the message names; nothing here says that an image without a finding is safe.',
    severity: 'warning',
    topic: 'base image',
    messages: { ...builtMessages, ...unknownMessages, ...ageMessages },
    titles: tagTitles,
    fix: 'sometimes',
    examples: [{ file: 'kustomization.yaml', bad: kustomization('3.7'), good: kustomization('3.11') }],
    options: { withinDays: endsWithin },
    sources: [],
  },
  *check(document, { file, options: { withinDays } }) {
    for (const { index, name, tag } of taggedImages(document)) {
      const text = `${name}:${tag.value}`;
      const image = judged(file.images, { text, parts: imageParts(text) }, withinDays);
      const found = image && (ageFinding(image) ?? builtFinding(image) ?? unknownFinding(image));
      if (image === undefined || found === undefined) continue;
      // Another name would have to stand elsewhere.
      const others = otherImages(image, withinDays).filter(({ title }) => title !== 'instead');
      yield {
        ...found,
        span: spanWithin(document, tag.span, tag.value),
        fixes: others.flatMap(({ title, data, image: to }) =>
          patchFix(document, {
            title,
            data,
            safety: 'suggested',
            patches: [{ kind: 'set', path: ['images', index, 'newTag'], value: to.slice(name.length + 1) }],
          }),
        ),
      };
    }
  },
});
