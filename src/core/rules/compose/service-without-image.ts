import { isMainPath } from '../../compose/recognise.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownMapping } from '../../yaml/field.ts';
import { asMapping, entries, mayHave } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

/** Each of these says where the service comes from. */
const origins = ['image', 'build', 'extends', 'provider'];

export default defineRule('compose-file', {
  meta: {
    id: 'compose/service-without-image',
    rows: ['C103'],
    summary: 'A service should say which image it runs, or what it is built from.',
    why: 'Compose refuses a file in which a service has neither `image` nor `build`, and neither `extends` another service nor has a `provider`. Files of other names are often laid over the main one, and only change services: they are left alone, and so is what an override file completes.',
    severity: 'error',
    topic: 'correctness',
    messages: { missing: 'Service {service} has neither `image` nor `build`: Compose refuses the file' },
    titles: { image: 'Name an image' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    ports: ["127.0.0.1:8080:80"]\n',
        good: 'services:\n  web:\n    ports: ["127.0.0.1:8080:80"]\n    image: <image>\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ root, partial, document, overlay }, { file }) {
    const services = knownMapping(root, 'services');
    if (partial || !isMainPath(file.path) || services === undefined || mayHave(root, 'include')) return;
    const overlaid = knownMapping(overlay?.root, 'services');
    for (const { key, value } of entries(services)) {
      if (key.unknown || key.text.startsWith('x-') || mayHave(overlaid, key.text)) continue;
      // A service without anything is a mapping without keys to Compose; what is no mapping is another mistake.
      const nothing = fieldAt(services, key.text) === undefined;
      const mapping = asMapping(value);
      if (!nothing && (mapping === undefined || origins.some((name) => mayHave(mapping, name)))) continue;
      yield {
        message: 'missing',
        data: { service: key.text },
        span: key.span,
        fixes: patchFix(document, {
          title: 'image',
          safety: 'manual',
          patches: [{ kind: 'set', path: ['services', key.text, 'image'], value: '<image>' }],
        }),
      };
    }
  },
});
