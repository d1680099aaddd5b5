import { localBuild } from '../../compose/builds.ts';
import { keySpan } from '../../compose/key-span.ts';
import type { ComposeService } from '../../compose/model.ts';
import type { Dockerfile } from '../../dockerfile/model.ts';
import { nearest, stageNamed } from '../../dockerfile/stage-references.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { asMapping, asScalar, entries } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { builtDockerfile } from './parts/built-stage.ts';

/** BuildKit takes these without an ARG. */
const given =
  /^(?:(?:http|https|ftp|no|all)_proxy|BUILDKIT_\w+|SOURCE_DATE_EPOCH|(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT))$/i;

interface Argument {
  readonly name: Located<string>;
  /** Renames it. */
  readonly rename: (to: string) => YamlPatch;
}

export default defineRule('compose-service', {
  meta: {
    id: 'compose/build-mismatch',
    rows: ['C202'],
    summary: 'The target and the arguments of a build should be in its Dockerfile.',
    why: 'BuildKit refuses a target that is no stage of the Dockerfile. An argument that no `ARG` declares changes nothing: the build goes on with the default, or without a value. The Dockerfile is read where it stands beside the Compose file.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      target: '`{path}` has no stage `{target}`: the build fails',
      argument: '`{path}` has no ARG {name}: the argument changes nothing',
    },
    titles: { rename: 'Change to {other}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        around: { Dockerfile: 'FROM alpine:3.22 AS builder\nFROM alpine:3.22 AS runtime\n' },
        bad: 'services:\n  web:\n    build:\n      context: .\n      target: runtme\n',
        good: 'services:\n  web:\n    build:\n      context: .\n      target: runtime\n',
      },
      {
        file: 'compose.yaml',
        around: { Dockerfile: 'ARG BASE_TAG=3.22\nFROM alpine:${BASE_TAG}\n' },
        bad: 'services:\n  web:\n    build:\n      context: .\n      args:\n        BASE_TGA: "3.23"\n',
        good: 'services:\n  web:\n    build:\n      context: .\n      args:\n        BASE_TAG: "3.23"\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service, { file: { around } }) {
    const { node, path, file } = service;
    if (fieldAt(node, 'build') === undefined) return;
    const dockerfile = builtDockerfile(service, around);
    const build = localBuild(service);
    // Another frontend has a language of its own.
    if (dockerfile === undefined || build === undefined || hasOtherFrontend(dockerfile)) return;
    const shown = build.inline === undefined ? build.dockerfile : 'dockerfile_inline';
    const target = knownText(node, 'build', 'target');
    if (target !== undefined && build.target !== undefined && build.target !== '') {
      const stages = dockerfile.stages.flatMap(({ name }) => name ?? []);
      const aliased = dockerfile.stages.some(({ from }) => from?.alias?.value.includes('$'));
      if (stageNamed(dockerfile, build.target) === undefined && !aliased) {
        const other = nearest(build.target.toLowerCase(), stages, 2);
        yield {
          message: 'target',
          data: { path: shown, target: build.target },
          span: target.span,
          fixes:
            other === undefined
              ? []
              : patchFix(file.document, {
                  title: 'rename',
                  data: { other },
                  safety: 'suggested',
                  patches: [{ kind: 'set', path: [...path, 'build', 'target'], value: other }],
                }),
        };
      }
    }
    const declared = argumentsOf(dockerfile);
    for (const { name, rename } of argumentsGiven(service)) {
      if (declared.has(name.value) || given.test(name.value)) continue;
      const other = nearest(name.value, declared, 2);
      yield {
        message: 'argument',
        severity: 'warning',
        data: { path: shown, name: name.value },
        span: name.span,
        fixes:
          other === undefined
            ? []
            : patchFix(file.document, {
                title: 'rename',
                data: { other },
                safety: 'suggested',
                patches: [rename(other)],
              }),
      };
    }
  },
});

function argumentsOf(dockerfile: Dockerfile): ReadonlySet<string> {
  const names = instructionsOf(dockerfile).flatMap(({ instruction }) =>
    instruction.kind === 'arg' ? instruction.pairs.map(({ key }) => key.value) : [],
  );
  return new Set(names);
}

function argumentsGiven(service: ComposeService): readonly Argument[] {
  const { node } = service;
  const at = [...service.path, 'build', 'args'];
  const field = fieldAt(node, 'build', 'args');
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  const keys = (mapping ? entries(mapping) : []).flatMap(({ key }): readonly Argument[] =>
    key.unknown
      ? []
      : [
          {
            name: { value: key.text, span: keySpan(service, 'build', 'args', key.text) },
            rename: (to) => ({ kind: 'rename', path: [...at, key.text], key: to }),
          },
        ],
  );
  const items = knownItems(node, 'build', 'args').flatMap(({ index, node: item }): readonly Argument[] => {
    const text = scalarText(item);
    if (text === undefined || asScalar(item)?.interpolated) return [];
    const [name = '', ...rest] = text.value.split('=');
    return name === '' || name.includes('$')
      ? []
      : [
          {
            name: { value: name, span: text.span },
            rename: (to) => ({ kind: 'set', path: [...at, index], value: [to, ...rest].join('=') }),
          },
        ];
  });
  return [...keys, ...items];
}

function hasOtherFrontend({ directives }: Dockerfile): boolean {
  const syntax = directives.find(({ name }) => name.value.toLowerCase() === 'syntax');
  return syntax !== undefined && !/(?:^|\/)docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(syntax.value.value);
}
