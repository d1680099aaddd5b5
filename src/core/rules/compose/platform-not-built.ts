import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, mayHide, scalarText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/platform-not-built',
    rows: ['C203'],
    summary: 'What a service runs should be among what is built for it.',
    why: 'Compose refuses a service whose `platform` is not in the list of its `build.platforms`: there would be no image to run. And `pull_policy: build` asks for a build that a service without `build` does not have.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      platform: '`build.platforms` does not have `{platform}`: Compose refuses the file',
      nothing: '`pull_policy: build`, but nothing here says what to build',
    },
    titles: { append: 'Build for `{platform}` too' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    platform: linux/arm64\n    build:\n      context: .\n      platforms:\n        - linux/amd64\n',
        good: 'services:\n  web:\n    platform: linux/arm64\n    build:\n      context: .\n      platforms:\n        - linux/amd64\n        - linux/arm64\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ node, path, file, partial }) {
    const policy = knownText(node, 'pull_policy');
    if (policy?.value === 'build' && !partial && fieldAt(node, 'build') === undefined)
      yield { message: 'nothing', severity: 'warning', span: policy.span };
    const platform = knownText(node, 'platform');
    const items = knownItems(node, 'build', 'platforms');
    if (platform === undefined || items.length === 0 || mayHide(node, 'build', 'platforms')) return;
    const built = items.map(({ node: item }) => scalarText(item)?.value);
    if ([platform.value, ...built].some((text) => text === undefined || text.includes('$'))) return;
    if (built.includes(platform.value)) return;
    yield {
      message: 'platform',
      data: { platform: platform.value },
      span: platform.span,
      fixes: patchFix(file.document, {
        title: 'append',
        safety: 'suggested',
        patches: [{ kind: 'append', path: [...path, 'build', 'platforms'], value: platform.value }],
      }),
    };
  },
});
