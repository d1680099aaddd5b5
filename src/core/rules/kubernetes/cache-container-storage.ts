import { type CacheContainer, cacheContainers } from '../../caches/in-kubernetes.ts';
import type { CacheServer } from '../../caches/server.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, mayHide } from '../../yaml/field.ts';
import { withWord } from '../parts/caches/command-fix.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (value: string) => `apiVersion: v1
kind: Pod
metadata:
  name: cache
spec:
  containers:
    - name: redis
      image: redis:8
      args: ["--appendonly", ${value}]
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/cache-container-storage',
    rows: ['R108', 'R109'],
    summary: 'What Redis saves should outlive its pod, and several copies of it should know of each other.',
    why: 'A Redis that saves to the container’s own file system, or to an `emptyDir`, pays for writing and loses everything with the pod. Several replicas of a plain Redis share nothing: a Service sends each request to another one, and each holds a part of the data.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      lost: '{name} saves its data where it is lost with the pod: no persistent volume is mounted at {path}',
      unused: '{name} has a persistent volume at {path} and saves nothing there',
      apart: '{replicas} replicas of {name} that know nothing of each other',
    },
    titles: { off: 'Save nothing', one: 'Run one replica' },
    fix: 'sometimes',
    examples: [{ file: 'cache.yaml', bad: manifest('"yes"'), good: manifest('"no"') }],
    options: {},
    sources: [],
  },
  *check(file) {
    for (const cache of cacheContainers(file)) {
      const { container, server, start } = cache;
      if (server.program !== 'redis') continue;
      const { settings } = server;
      const name = container.name?.value ?? 'Redis';
      const append = settings.get('appendonly');
      const save = settings.get('save');
      const saves = append?.values[0] === 'yes' || save?.values.some((value) => value !== '') === true;
      const path = settings.get('dir')?.values[0] ?? '/data';
      const kept = keeps(cache, path);
      const setting = append?.values[0] === 'yes' ? append : save;
      if (saves && kept === 'no' && setting !== undefined) {
        yield {
          message: 'lost',
          data: { name, path },
          span: setting.span ?? container.label,
          offset: start,
          fixes:
            setting === append
              ? patchFix(container.workload.object.document, {
                  title: 'off',
                  safety: 'suggested',
                  patches: withWord(setting.word, 'no'),
                })
              : [],
        };
      }
      const off = save?.values.every((value) => value === '') === true && append?.values[0] !== 'yes';
      if (off && kept === 'yes' && !server.open) {
        const span = save.span ?? container.label;
        yield { message: 'unused', data: { name, path }, severity: 'information', span, offset: start };
      }
      yield* replicasOf(cache, name);
    }
  },
});

/** Whether what is written at a path outlives the pod. */
function keeps({ container }: CacheContainer, path: string): 'yes' | 'no' | 'unknown' {
  const { workload, node } = container;
  if (mayHide(node, 'volumeMounts') || mayHide(workload.spec, 'volumes')) return 'unknown';
  const mount = knownItems(node, 'volumeMounts').find(({ node: one }) => {
    const at = knownText(one, 'mountPath')?.value.replace(/\/$/, '');
    return at !== undefined && (path === at || path.startsWith(`${at}/`));
  });
  if (mount === undefined) return 'no';
  const name = knownText(mount.node, 'name')?.value;
  if (name === undefined) return 'unknown';
  const volume = knownItems(workload.spec, 'volumes').find(({ node: one }) => knownText(one, 'name')?.value === name);
  // A claim of a StatefulSet is no volume of its template.
  if (volume === undefined) return workload.object.kind.value === 'StatefulSet' ? 'yes' : 'unknown';
  return fieldAt(volume.node, 'emptyDir') === undefined ? 'yes' : 'no';
}

/** Directives that tie a server to others. */
const ties = ['replicaof', 'slaveof', 'cluster-enabled', 'sentinel'];

function* replicasOf({ container, server, start }: CacheContainer & { readonly server: CacheServer }, name: string) {
  const { replicas, object } = container.workload;
  if (replicas === undefined || replicas.value < 2 || object.kind.value !== 'Deployment') return;
  if (server.open || ties.some((tie) => server.settings.has(tie))) return;
  const patches = [{ kind: 'set', path: [...object.path, 'spec', 'replicas'], value: 1 }] as const;
  yield {
    message: 'apart' as const,
    data: { name, replicas: replicas.value },
    span: replicas.span,
    offset: start,
    fixes: patchFix(object.document, { title: 'one', safety: 'suggested', patches }),
  };
}
