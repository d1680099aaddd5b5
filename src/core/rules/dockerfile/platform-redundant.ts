import { removeFlag } from '../../dockerfile/edit.ts';
import { defineRule } from '../../engine/rule.ts';

const forTarget = /^(?:\$TARGETPLATFORM|\$\{TARGETPLATFORM\})$/;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/platform-redundant',
    rows: ['D206'],
    summary: '`--platform=$TARGETPLATFORM` says nothing.',
    why: 'FROM takes the platform of the build by itself. The flag only makes readers look for a reason.',
    severity: 'information',
    look: 'unnecessary',
    topic: 'base image',
    messages: { redundant: '`$TARGETPLATFORM` is what FROM takes by itself' },
    titles: { remove: 'Remove `--platform`' },
    fix: 'always',
    examples: [
      { file: 'Dockerfile', bad: 'FROM --platform=$TARGETPLATFORM alpine:3.22\n', good: 'FROM alpine:3.22\n' },
    ],
    options: {},
    sources: ['hadolint DL3065', 'buildkit RedundantTargetPlatform'],
  },
  only: ['from'],
  mentions: ['TARGETPLATFORM'],
  beside: ['flag'],
  when: ({ instruction }) => forTarget.test(instruction.platform?.value ?? ''),
  *check({ instruction, dockerfile }) {
    const flag = instruction.flags.findLast(({ name }) => name.value === 'platform');
    if (flag === undefined) return;
    const edits = [removeFlag(dockerfile, flag)];
    yield { message: 'redundant', span: flag.span, fixes: [{ title: 'remove', safety: 'safe', edits }] };
  },
});
