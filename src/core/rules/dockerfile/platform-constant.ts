import { removeFlag } from '../../dockerfile/edit.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, type TextEdit } from '../../text/edit.ts';

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/platform-constant',
    rows: ['D205'],
    summary: 'FROM should leave the platform to the build.',
    why: 'A platform that is written out gives the same one to every build: on other machines it runs in emulation, and an image for several platforms gets the wrong programs in some. Stages that carry the name of their platform are left alone.',
    severity: 'information',
    topic: 'base image',
    messages: {
      constant: 'Every build gets `{platform}` here, whatever platform it is for',
    },
    titles: { remove: 'Remove `--platform`', build: 'Change to `$BUILDPLATFORM`' },
    fix: 'always',
    examples: [{ file: 'Dockerfile', bad: 'FROM --platform=linux/amd64 alpine:3.22\n', good: 'FROM alpine:3.22\n' }],
    options: {},
    sources: [
      'hadolint DL3029',
      'buildkit FromPlatformFlagConstDisallowed',
      'kics using_platform_with_from',
      'semgrep avoid-platform-with-from',
    ],
  },
  only: ['from'],
  beside: ['flag'],
  when: ({ instruction: { platform } }) => platform !== undefined && !platform.value.includes('$'),
  *check({ instruction, stage, dockerfile }) {
    if (instruction.platform === undefined) return;
    const { platform } = instruction;
    const flag = instruction.flags.findLast(({ name }) => name.value === 'platform');
    if (flag === undefined || platform.value === '') return;
    const edits: readonly TextEdit[] = [removeFlag(dockerfile, flag)];
    const [system = '', architecture] = platform.value.toLowerCase().split('/');
    const named = [system, architecture].some((part) => part && stage?.name?.includes(part));
    if (system === 'windows' || named) return;
    const forBuild = [replace(platform.span, '$BUILDPLATFORM')];
    yield {
      message: 'constant',
      data: { platform: platform.value },
      span: flag.span,
      fixes: [
        { title: 'remove', safety: 'suggested', edits },
        // What is only built in a stage may as well be built by the machine's own programs.
        ...(stage?.shipped ? [] : ([{ title: 'build', safety: 'suggested', edits: forBuild }] as const)),
      ],
    };
  },
});
