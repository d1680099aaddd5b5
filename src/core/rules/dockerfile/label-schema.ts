import { insertInstructionAfter } from '../../dockerfile/edit.ts';
import { hasForm, labelForms } from '../../dockerfile/label-values.ts';
import type { KeyValue, Stage } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { stagesInUse } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';
import { withPlaceholders } from '../../text/edit.ts';

/** The labels of a schema with their types; `text` where none is said. */
function readSchema(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    entries.map((entry) => {
      const cut = entry.indexOf('=');
      return cut < 0 ? [entry, 'text'] : [entry.slice(0, cut), entry.slice(cut + 1)];
    }),
  );
}

/** The pairs of all LABELs of a stage, and whether a key in a variable or a template stands among them. */
function labelsOf({ instructions }: Stage): { readonly pairs: readonly KeyValue[]; readonly open: boolean } {
  const pairs = instructions.flatMap((one) => (one.kind === 'label' ? one.pairs : []));
  return { pairs, open: pairs.some(({ key }) => !key.constant) };
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/label-schema',
    rows: ['D905'],
    summary: 'Images have the labels that the settings ask for.',
    why: 'Registries, scanners and teams find the owner, the version and the licence of an image by its labels, if they are there and in the form that was agreed. Without a list in `required`, or a `label-schema` in a `.hadolint.yaml`, nothing is reported.',
    severity: 'information',
    topic: 'style',
    messages: {
      missing: 'The label `{key}` is missing',
      empty: 'The label `{key}` is empty',
      form: 'The label `{key}` should be a {form}',
      extra: 'The label `{key}` is none of those that the settings allow',
    },
    titles: { add: 'Add the label `{key}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nLABEL version="new"\n',
        good: 'FROM alpine:3.22\nLABEL version="1.2.3"\n',
        settings: 'rules:\n  dockerfile/label-schema:\n    required: [version=semver]\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\n',
        good: 'FROM alpine:3.22\nLABEL owner="<owner>"\n',
        settings: 'rules:\n  dockerfile/label-schema:\n    required: [owner]\n',
      },
    ],
    options: {
      required: {
        type: 'string[]',
        default: [],
        description:
          'Labels that each image has, the last stage and every other one that no stage uses, as `key` or `key=type`; the types are text, url, rfc3339, spdx, hash, semver and email.',
        hadolint: 'label-schema',
      },
      strict: {
        type: 'boolean',
        default: false,
        description: 'Report labels that are not in `required`.',
        hadolint: 'strict-labels',
      },
    },
    sources: [
      ...['hadolint DL3049', 'hadolint DL3050', 'hadolint DL3051', 'hadolint DL3052', 'hadolint DL3053'],
      ...['hadolint DL3054', 'hadolint DL3055', 'hadolint DL3056', 'hadolint DL3058', 'sonar S7028'],
    ],
  },
  given: ({ options }) => options.required.length > 0 || options.strict,
  *check({ stage, dockerfile }, { options }) {
    const schema = readSchema(options.required);
    for (const { key, value } of labelsOf(stage).pairs) {
      const type = key.constant ? schema.get(key.value) : undefined;
      if (type === undefined) {
        if (options.strict && key.constant) yield { message: 'extra', data: { key: key.value }, span: key.span };
      } else if (value === undefined || value.constant) {
        const form = labelForms[type];
        const span = value === undefined || value.text === '' ? key.span : value.span;
        if (value === undefined || value.value === '') yield { message: 'empty', data: { key: key.value }, span };
        else if (form !== undefined && !hasForm(value.value, type))
          yield { message: 'form', data: { key: key.value, form }, span };
      }
    }
    // What no other stage uses is an image of its own, built with `--target`.
    const inner = stage !== dockerfile.stages.at(-1) && stagesInUse(dockerfile)?.has(stage) !== false;
    if (inner || stage.from === undefined) return;
    const chain = ancestry(stage).map(labelsOf);
    if (chain.some(({ open }) => open)) return;
    const present = new Set(chain.flatMap(({ pairs }) => pairs.map(({ key }) => key.value)));
    const after = stage.instructions.findLast(({ kind }) => kind === 'label') ?? stage.from;
    for (const key of schema.keys()) {
      if (present.has(key)) continue;
      const name = key.replace(/^.*\./, '').toLowerCase();
      const text = `LABEL ${key}="<${/^[a-z][a-z0-9 -]*$/.test(name) ? name : 'value'}>"`;
      yield {
        message: 'missing',
        data: { key },
        span: stage.from.keyword.span,
        fixes: [
          {
            title: 'add',
            safety: 'manual',
            edits: [withPlaceholders(insertInstructionAfter(dockerfile, after, text))],
          },
        ],
      };
    }
  },
});
