import { defineRule } from '../../engine/rule.ts';
import { knownItems, knownText } from '../../yaml/field.ts';
import { asMapping, asScalar, asSequence, entry } from '../../yaml/read.ts';
import { goScalar } from '../../yaml/scalars.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (value: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      env:
        - name: PORT
          value: ${value}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/env-value',
    rows: ['K818'],
    summary: 'Values of environment variables are texts, and may only use variables that are set before.',
    why: 'The API server takes no number and no boolean for a variable and refuses the whole object; `yes`, `on` and `1e3` are such too, unless quoted. `$(NAME)` is replaced by what was set above it in the list, and stays as it is written where that comes later.',
    severity: 'error',
    topic: 'configuration',
    messages: {
      type: '`{name}` takes a text, not the {kind} `{written}`',
      structure: '`{name}` takes a text, not a {kind}',
      later: '`{name}` is set further down: here `$({name})` stays as it is',
      defined: '`{name}` is set here',
    },
    titles: { quote: 'Quote it: "{written}"' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('8080'), good: pod('"8080"') }],
    options: {},
    sources: ['kube-linter schema-validation', 'monokle K8S003'],
  },
  *check({ node, path, workload }) {
    const { document } = workload.object;
    const variables = knownItems(node, 'env').flatMap(({ index, node: item }) => {
      const name = knownText(item, 'name');
      return name === undefined ? [] : [{ index, item, name }];
    });
    const places = new Map(variables.map(({ name, index }) => [name.value, { name, index }]));
    const set = new Set<string>();
    for (const { index, item, name } of variables) {
      const value = entry(asMapping(item), 'value')?.value;
      const scalar = value === null || value === undefined ? undefined : asScalar(value);
      if (value && scalar === undefined && (asMapping(value) ?? asSequence(value)) !== undefined) {
        const kind = asMapping(value) === undefined ? 'list' : 'mapping';
        const key = entry(asMapping(item), 'value')?.key.span;
        if (key) yield { message: 'structure', data: { name: name.value, kind }, span: key };
      }
      if (value && scalar !== undefined && !scalar.unknown) {
        const { kind } = goScalar(scalar);
        const written = scalar.text;
        // Variables of other tools (`${PORT}`) may become anything.
        if ((kind === 'boolean' || kind === 'integer' || kind === 'float') && !/[$<{]/.test(written)) {
          const at = [...path, 'env', index, 'value'];
          yield {
            message: 'type',
            data: { name: name.value, written, kind: kind === 'boolean' ? 'boolean' : 'number' },
            span: value.span,
            fixes:
              value.kind === 'alias'
                ? []
                : patchFix(document, {
                    title: 'quote',
                    // Refused as it stands, with every other thing in the object.
                    safety: 'safe',
                    patches: [{ kind: 'set', path: at, value: written }],
                  }),
          };
        }
        const later = laterIn(written, places, set, index);
        if (later !== undefined)
          yield {
            message: 'later',
            severity: 'warning',
            data: { name: later.name.value },
            span: value.span,
            related: [{ message: 'defined', span: later.name.span }],
          };
      }
      set.add(name.value);
    }
  },
});

/** The first `$(NAME)` whose variable is only set further down; `$$(NAME)` is none. */
function laterIn<Variable extends { readonly index: number }>(
  text: string,
  places: ReadonlyMap<string, Variable>,
  set: ReadonlySet<string>,
  at: number,
): Variable | undefined {
  for (const [, dollars = '', name = ''] of text.matchAll(/(\$+)\(([^)\s]+)\)/g)) {
    const variable = places.get(name);
    if (dollars.length % 2 === 1 && variable !== undefined && variable.index > at && !set.has(name)) return variable;
  }
  return undefined;
}
