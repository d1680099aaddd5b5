import { defineRule } from '../../engine/rule.ts';
import { knownItems, knownText } from '../../yaml/field.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (first: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      env:
${first}        - name: LEVEL
          value: debug
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/env-duplicate',
    rows: ['K810'],
    summary: 'A container should set an environment variable once.',
    why: 'Of two variables with one name the container gets the last. Tools that apply manifests tell the items of `env` apart by their name, so that an update may drop or keep either.',
    severity: 'warning',
    look: 'unnecessary',
    topic: 'configuration',
    messages: {
      overridden: '`{name}` is set again below: this has no effect',
      again: 'The one that the container gets',
    },
    titles: { remove: 'Remove this {name}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('        - name: LEVEL\n          value: info\n'), good: pod('') }],
    options: {},
    sources: [
      'kube-linter duplicate-env-var',
      'kube-score environment-variable-key-duplication',
      'kubescape C-0295',
      'sonar S6907',
    ],
  },
  *check({ node, path, workload }) {
    const { document } = workload.object;
    // Of two branches of a template only one is taken.
    if (document.actions.some(({ start, end }) => /^\{\{-?\s*else\b/.test(document.text.slice(start, end)))) return;
    const variables = knownItems(node, 'env').flatMap(({ index, node: item }) => {
      const name = knownText(item, 'name');
      return name === undefined ? [] : [{ index, item, name }];
    });
    const last = new Map(variables.map((variable) => [variable.name.value, variable]));
    for (const { index, item, name } of variables) {
      const final = last.get(name.value);
      if (final === undefined || final.index === index) continue;
      const between = variables.slice(variables.findIndex((one) => one.item === item) + 1);
      // A variable in between, or the last one itself, may be made of this one.
      const used = between.some((one) => one.index <= final.index && refersTo(one.item, name.value));
      const patches = [{ kind: 'remove', path: [...path, 'env', index] }] as const;
      yield {
        message: 'overridden',
        data: { name: name.value },
        span: name.span,
        related: [{ message: 'again', span: final.name.span }],
        fixes: used ? [] : patchFix(document, { title: 'remove', safety: 'safe', patches }),
      };
    }
  },
});

function refersTo(variable: YamlNode, name: string): boolean {
  return knownText(variable, 'value')?.value.includes(`$(${name})`) === true;
}
