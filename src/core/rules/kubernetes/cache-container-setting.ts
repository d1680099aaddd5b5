import { cacheContainers } from '../../caches/in-kubernetes.ts';
import { defineRule } from '../../engine/rule.ts';
import { editsOf } from '../parts/caches/kubernetes-edits.ts';
import { settingFindings, settingMessages, settingTitles, settingWhy } from '../parts/caches/settings.ts';

const manifest = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: cache
spec:
  containers:
    - name: redis
      image: redis:8
      args:
        - ${name}
        - primary 6379
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/cache-container-setting',
    rows: ['R113', 'R118'],
    summary: 'Settings of a cache server should have today’s names, and memcached should not answer UDP.',
    why: settingWhy,
    severity: 'information',
    topic: 'configuration',
    messages: settingMessages,
    titles: settingTitles,
    fix: 'sometimes',
    examples: [{ file: 'cache.yaml', bad: manifest('--slaveof'), good: manifest('--replicaof') }],
    options: {},
    sources: [],
  },
  *check(file) {
    for (const cache of cacheContainers(file)) {
      const edits = editsOf<keyof typeof settingTitles>(cache);
      for (const finding of settingFindings(cache.server, edits)) yield { ...finding, offset: cache.start };
    }
  },
});
