import { isPlaceholder, isPlain } from '../../dockerfile/dialect.ts';
import { expand } from '../../dockerfile/expansion.ts';
import type { Dockerfile, KeyValue } from '../../dockerfile/model.ts';
import { setForFrom } from '../../dockerfile/predefined-args.ts';
import { referenceFlaw } from '../../dockerfile/reference-grammar.ts';
import { defineRule } from '../../engine/rule.ts';
import { insert, withPlaceholders } from '../../text/edit.ts';

/** The global ARG without a value that is named first. */
function withoutDefault(dockerfile: Dockerfile, names: readonly string[]): KeyValue | undefined {
  for (const one of dockerfile.instructions) {
    if (one.kind === 'from') return undefined;
    const pair = one.kind === 'arg' ? one.pairs.find(({ key }) => names.includes(key.value)) : undefined;
    if (pair?.value === undefined && pair !== undefined) return pair;
  }
  return undefined;
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/from-arg-default',
    rows: ['D102', 'D120'],
    summary: 'The defaults of ARGs should make a name of an image in FROM.',
    why: 'Without the `--build-arg`, FROM gets an empty or broken name and the build stops there, with a message that does not say which argument is missing. Where a build always passes the argument nothing is wrong.',
    severity: 'information',
    topic: 'correctness',
    messages: {
      empty: 'Without `--build-arg` this names no image: `{name}` has no default',
      invalid: 'Without `--build-arg` this is `{becomes}`, which names no image',
      noDefault: 'Declared without a default',
    },
    titles: { add: 'Give `{arg}` a default' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'ARG TAG\nFROM alpine:$TAG\n',
        good: 'ARG TAG=<default>\nFROM alpine:$TAG\n',
      },
    ],
    options: {},
    sources: ['buildkit InvalidDefaultArgInFrom', 'dockerfile-utils BASE_NAME_EMPTY'],
  },
  only: ['arg'],
  mentions: ['$'],
  when: ({ globalArgs, stages }) => globalArgs.size > 0 && stages.some(({ from }) => from?.image?.text.includes('$')),
  *check(dockerfile) {
    if (!isPlain(dockerfile)) return;
    for (const { from } of dockerfile.stages) {
      const image = from?.image;
      if (image === undefined || !image.text.includes('$')) continue;
      if (image.resolved && referenceFlaw(image.resolved) === undefined) continue;
      // What the platform brings is always something.
      const value = (name: string) => dockerfile.globalArgs.get(name) ?? (setForFrom(name) ? 'linux' : '');
      const expanded = expand(image.text, value, { escape: dockerfile.escape });
      if (!expanded.ok || !expanded.variables.some((name) => dockerfile.globalArgs.has(name))) continue;
      const becomes = expanded.value;
      if (dockerfile.stages.some(({ name }) => name === becomes.toLowerCase())) continue;
      if (isPlaceholder(becomes) || (becomes !== '' && referenceFlaw(becomes) === undefined)) continue;
      const arg = withoutDefault(dockerfile, expanded.variables);
      yield {
        message: becomes === '' ? 'empty' : 'invalid',
        data: { becomes, name: arg?.key.value ?? expanded.variables[0] ?? '' },
        span: image.span,
        related: arg === undefined ? [] : [{ message: 'noDefault', span: arg.span }],
        fixes:
          arg === undefined
            ? []
            : [
                {
                  title: 'add',
                  data: { arg: arg.key.value },
                  safety: 'manual',
                  edits: [withPlaceholders(insert(arg.span.end, '=<default>'))],
                },
              ],
      };
    }
  },
});
