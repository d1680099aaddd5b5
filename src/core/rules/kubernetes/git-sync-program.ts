import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { knownItems, knownText, scalarText } from '../../yaml/field.ts';

const pod = (more: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: sync
      image: registry.k8s.io/git-sync/git-sync:v4.5.0
      args: ${more}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/git-sync-program',
    rows: ['K208'],
    summary: 'git-sync should run the git of its own image.',
    why: 'git-sync runs whatever `--git` or `GITSYNC_GIT` names, with its own account and the keys of its repository: whoever may set them in a manifest runs a program of his own there, past what reviews of images look at. Its image has git where it expects it.',
    severity: 'information',
    topic: 'security',
    messages: { program: 'git-sync runs {program} as git, with its keys' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod('[--repo=https://git.example.com/web, --git=/tmp/run]'),
        good: pod('[--repo=https://git.example.com/web]'),
      },
    ],
    options: {},
    sources: ['checkov CKV_K8S_159'],
  },
  *check({ node, image }) {
    for (const { node: item } of knownItems(node, 'env')) {
      const name = knownText(item, 'name');
      if (name?.value !== 'GITSYNC_GIT') continue;
      yield {
        message: 'program',
        data: { program: knownText(item, 'value')?.value ?? 'what a reference says' },
        span: name.span,
      };
    }
    if (!/(?:^|\/)git-sync$/.test(imageParts(image?.value ?? '').repository)) return;
    for (const { node: item } of knownItems(node, 'args')) {
      const text = scalarText(item);
      const program = /^--?git=(.+)$/.exec(text?.value ?? '')?.[1];
      if (text !== undefined && program !== undefined && program !== 'git')
        yield { message: 'program', data: { program }, span: text.span };
    }
  },
});
