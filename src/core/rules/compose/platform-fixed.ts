import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { asScalar, valueAt } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/platform-fixed',
    rows: ['C203'],
    summary: 'A service should run on the platform of the machine.',
    why: 'A `platform` that is written out makes every other machine emulate it: on a notebook with ARM, `linux/amd64` runs several times slower, and some programs not at all. Without it, Docker takes the variant of the image for the machine. Where an image has only one, `${PLATFORM:-linux/amd64}` lets others choose.',
    severity: 'information',
    optional: true,
    topic: 'runtime',
    messages: { fixed: '`{platform}` is emulated on every other machine' },
    titles: { remove: 'Remove platform' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    platform: linux/amd64\n',
        good: 'services:\n  web:\n    image: web:1.4\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ node, path, file }) {
    const platform = knownText(node, 'platform');
    if (platform === undefined || platform.value.includes('$')) return;
    if (asScalar(valueAt(node, 'platform'))?.interpolated) return;
    yield {
      message: 'fixed',
      data: { platform: platform.value },
      span: platform.span,
      fixes: patchFix(file.document, {
        title: 'remove',
        safety: 'suggested',
        patches: [{ kind: 'remove', path: [...path, 'platform'] }],
      }),
    };
  },
});
