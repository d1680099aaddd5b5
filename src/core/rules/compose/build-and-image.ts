import { keySpan } from '../../compose/key-span.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/build-and-image',
    rows: ['C102'],
    summary: 'A service should be built or taken from a registry, not either.',
    why: 'With both, Compose first looks for the image, here and in its registry, and builds it only where it finds none: the container may run what somebody pushed and not what stands in the folder. Many projects mean it so, to name what they build and push: `pull_policy` says which of the two is meant.',
    severity: 'information',
    optional: true,
    topic: 'correctness',
    messages: { both: '`build` and `image`: whether this service is built depends on whether the image is found' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    build: .\n    image: example/web:1.4\n',
        good: 'services:\n  web:\n    build: .\n    image: example/web:1.4\n    pull_policy: build\n',
      },
    ],
    options: {
      evenWithPullPolicy: {
        type: 'boolean',
        default: false,
        description: 'Report services that say `pull_policy`, too.',
      },
    },
    sources: ['dclint no-build-and-image'],
  },
  *check(service, { options }) {
    const has = (key: string) => fieldAt(service.node, key) !== undefined;
    if (!has('build') || !has('image')) return;
    if (has('pull_policy') && !options.evenWithPullPolicy) return;
    yield { message: 'both', span: keySpan(service, 'build') };
  },
});
