import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Container, KubernetesObject } from '../../kubernetes/model.ts';
import { knownItems, knownMapping, scalarText, textMap } from '../../yaml/field.ts';

const deployment = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: charts
spec:
  selector:
    matchLabels:
      app: charts
  template:
    metadata:
      labels:
        app: charts
    spec:
      containers:
        - name: charts
          image: ${image}
`;

const deployed = ['checkov CKV_K8S_34', 'trivy KSV-0102', 'kics tiller_is_deployed', 'kyverno disallow-helm-tiller'];
const reachable = ['checkov CKV_K8S_45', 'kics tiller_deployment_is_accessible_from_within_the_cluster'];
const served = ['checkov CKV_K8S_44', 'kics tiller_service_is_not_deleted'];

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/tiller',
    rows: ['K208'],
    summary: 'Tiller, the server of Helm 2, should be gone.',
    why: 'Tiller does whatever it is asked for, mostly with all rights, and asks nobody who he is: every pod of the cluster that reaches its port can take the cluster over. Helm 2 ended in November 2020, and Helm 3 needs no server.',
    severity: 'warning',
    topic: 'security',
    messages: {
      deployed: 'Tiller does for any pod that reaches it what its own account may, and has had no fixes since 2020',
      served: 'This opens Tiller to the whole cluster: it asks nobody who he is',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'charts.yaml',
        bad: deployment('ghcr.io/helm/tiller:v2.17.0'),
        good: deployment('ghcr.io/helm/chartmuseum:v0.16.3'),
      },
    ],
    options: {},
    sources: [...deployed, ...reachable, ...served],
  },
  *check(object) {
    // As `helm init` labelled it, wherever its image comes from.
    const labels = object.workload?.podLabels;
    const labelled = labels?.get('app')?.value === 'helm' && labels.get('name')?.value === 'tiller';
    for (const container of object.workload?.containers ?? []) {
      const { image } = container;
      if (image === undefined || !(labelled || /(?:^|[/_-])tiller$/.test(imageParts(image.value).repository))) continue;
      const peers = isLocal(container) ? deployed : [...deployed, ...reachable];
      yield { message: 'deployed', span: image.span, peers };
    }
    const selected = selectedByService(object);
    if (selected !== undefined) yield { message: 'served', span: selected, peers: served };
  },
});

/** Whether it listens on the pod's own loopback alone. */
function isLocal({ node }: Container): boolean {
  const words = ['command', 'args'].flatMap((key) => knownItems(node, key));
  return words.some(({ node: word }) => /^--listen=(?:localhost|127\.)/.test(scalarText(word)?.value ?? ''));
}

/** The label of the selector by which a Service finds Tiller, as `helm init` made it. */
function selectedByService({ kind, root }: KubernetesObject) {
  if (kind.value !== 'Service') return undefined;
  return [...textMap(knownMapping(root, 'spec', 'selector')).values()].find(({ value }) => value === 'tiller')?.span;
}
