import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { ofSystem } from './parts/volumes.ts';

const volume = (source: string) => `apiVersion: v1
kind: PersistentVolume
metadata:
  name: data
spec:
  capacity:
    storage: 1Gi
  accessModes: [ReadWriteOnce]
  ${source}
`;

const everywhere = 'kics non_kube_system_pod_with_host_mount';
const inSystem = 'kics workload_mounting_with_sensitive_os_directory';

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/persistent-volume-host-path',
    rows: ['K307'],
    summary: 'A PersistentVolume should not be a directory of whatever node its pod is on.',
    why: 'A volume of type hostPath is another directory on each node: a pod that moves finds nothing of what it wrote, and whoever claims it reads and writes files of the node past the Pod Security Standards, which look at pods alone. It is there for clusters of one node. A `local` volume says on which node its directory is.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { node: 'On each node this is another directory `{path}`, and whoever claims it writes there' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'volume.yaml',
        bad: volume('hostPath:\n    path: /srv/data'),
        good: volume('nfs:\n    server: files.example.com\n    path: /srv/data'),
      },
    ],
    options: {},
    sources: [everywhere, inSystem],
  },
  *check({ kind, apiVersion, root }) {
    if (kind.value !== 'PersistentVolume' || apiVersion.value !== 'v1') return;
    const path = knownText(root, 'spec', 'hostPath', 'path');
    // It is tied to its node.
    if (path === undefined || fieldAt(root, 'spec', 'nodeAffinity') !== undefined) return;
    const peers = ofSystem.test(path.value) ? [everywhere, inSystem] : [everywhere];
    yield { message: 'node', data: { path: path.value }, span: path.span, peers };
  },
});
