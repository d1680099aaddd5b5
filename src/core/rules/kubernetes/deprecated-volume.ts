import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { fieldAt, knownItems, knownMapping, knownText } from '../../yaml/field.ts';
import type { YamlMapping } from '../../yaml/node.ts';
import { asMapping, entries } from '../../yaml/read.ts';
import { chosenByValues } from './parts/chosen-by-values.ts';
import { atLeast } from './parts/kubernetes-version.ts';

interface OldVolume {
  /** Minor versions. */
  readonly since: number;
  /** From here on pods with it do not start. */
  readonly gone?: number;
  readonly use: string;
}

const driver = 'a CSI driver';

/** Volume plugins that Kubernetes has given up (kubernetes pkg/api/pod/warnings.go and its documentation of volumes). */
const oldVolumes: ReadonlyMap<string, OldVolume> = new Map([
  ['gitRepo', { since: 11, gone: 33, use: 'an emptyDir that an init container clones into' }],
  ['photonPersistentDisk', { since: 11, gone: 16, use: driver }],
  ['scaleIO', { since: 16, gone: 22, use: driver }],
  ['flocker', { since: 22, gone: 25, use: driver }],
  ['quobyte', { since: 22, gone: 25, use: driver }],
  ['storageos', { since: 22, gone: 25, use: driver }],
  ['glusterfs', { since: 25, gone: 26, use: driver }],
  ['cephfs', { since: 28, gone: 31, use: driver }],
  ['rbd', { since: 28, gone: 31, use: driver }],
  ['awsElasticBlockStore', { since: 17, use: driver }],
  ['gcePersistentDisk', { since: 17, use: driver }],
  ['azureDisk', { since: 19, use: driver }],
  ['azureFile', { since: 21, use: driver }],
  ['cinder', { since: 11, use: driver }],
  ['vsphereVolume', { since: 19, use: driver }],
  ['portworxVolume', { since: 25, use: driver }],
]);

const volume = (source: string) => `apiVersion: v1
kind: PersistentVolume
metadata:
  name: data
spec:
  capacity:
    storage: 10Gi
  accessModes: [ReadWriteOnce]
${source}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/deprecated-volume',
    rows: ['K815'],
    summary: 'Volumes are of types that Kubernetes still has.',
    why: 'Drivers for storage moved out of Kubernetes into CSI drivers. Volumes of some old types are handed on to the CSI driver of their cloud, if that is installed; pods with others no longer start. gitRepo ran git as root on the node and is switched off.',
    severity: 'warning',
    look: 'deprecated',
    topic: 'configuration',
    messages: {
      deprecated: '`{type}` volumes are deprecated since Kubernetes 1.{since}: use {use}',
      gone: '`{type}` volumes do not work since Kubernetes 1.{gone}: use {use}',
      recycle: '`Recycle` is deprecated: let a StorageClass make volumes as they are needed',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'volume.yaml',
        bad: volume('  glusterfs:\n    endpoints: gluster\n    path: data\n'),
        good: volume('  csi:\n    driver: gluster.example.com\n    volumeHandle: data\n'),
      },
    ],
    options: {},
    sources: [],
  },
  *check(object, { settings: { kubernetesVersion } }) {
    for (const holder of holdersOf(object)) {
      for (const { key } of entries(holder)) {
        const old = oldVolumes.get(key.text);
        if (old === undefined || !atLeast(kubernetesVersion, old.since)) continue;
        const field = fieldAt(holder, key.text);
        if (field === undefined || field === 'unknown') continue;
        if (object.workload !== undefined && chosenByValues(object.workload, key.span)) continue;
        const data = { type: key.text, since: old.since, gone: old.gone ?? '', use: old.use };
        if (old.gone !== undefined && atLeast(kubernetesVersion, old.gone))
          yield { message: 'gone', data, span: key.span };
        else yield { message: 'deprecated', severity: 'information', data, span: key.span };
      }
    }
    if (object.kind.value !== 'PersistentVolume') return;
    const policy = knownText(object.root, 'spec', 'persistentVolumeReclaimPolicy');
    if (policy?.value === 'Recycle') yield { message: 'recycle', severity: 'information', span: policy.span };
  },
});

/** The mappings that name a volume's type: those in a pod, and a PersistentVolume's spec. */
function holdersOf({ kind, root, workload }: KubernetesObject): readonly YamlMapping[] {
  const found = [
    kind.value === 'PersistentVolume' ? knownMapping(root, 'spec') : undefined,
    ...knownItems(workload?.spec, 'volumes').map(({ node }) => asMapping(node)),
  ];
  return found.filter((mapping) => mapping !== undefined);
}
