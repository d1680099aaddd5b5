import { defineRule } from '../../engine/rule.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { podsOfFile } from './parts/served-pods.ts';

const manifest = (type: string) => `apiVersion: v1
kind: Service
metadata:
  name: jenkins
spec:
  type: ${type}
  selector:
    app: jenkins
  ports:
    - port: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: jenkins
  labels:
    app: jenkins
spec:
  containers:
    - name: jenkins
      image: jenkins/jenkins:2.528.1
`;

/** Programs that run what their users tell them, or open what they manage; by the last part of their image's name. */
const programs: ReadonlyMap<RegExp, string> = new Map([
  [/^(?:kubernetes-)?dashboard(?:-(?:web|api|amd64|arm64))?$|^kubernetes-dashboard/, 'The Kubernetes Dashboard'],
  [/^argo(?:cd|exec|cli)?$|^argo-?cd$|^workflow-controller$/, 'Argo'],
  [/^jenkins$/, 'Jenkins'],
  [/^weave-scope$|^scope$/, 'Weave Scope'],
  [/^ml-pipeline.*|^centraldashboard$/, 'Kubeflow'],
  [/^jupyter.*|^(?:base|scipy|minimal|datascience|tensorflow|pytorch)-notebook$|^k8s-hub$/, 'Jupyter'],
  [/^airflow$/, 'Airflow'],
  [/^mlflow$/, 'MLflow'],
  [/^ray(?:-ml)?$/, 'Ray'],
  [/^ollama$/, 'Ollama'],
  [/^vllm(?:-openai)?$/, 'vLLM'],
  [/^tritonserver$/, 'Triton'],
  [/^elasticsearch$|^opensearch$/, 'Elasticsearch'],
  [/^(?:adminer|phpmyadmin|pgadmin4?|mongo-express)$/, 'An interface to a database'],
  [/^portainer(?:-ce|-ee)?$/, 'Portainer'],
]);

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/admin-interface-exposed',
    rows: ['K512'],
    summary: 'What runs the commands of its users should not be open to the outside.',
    why: 'Dashboards, build servers, notebooks and model servers run what they are told, often without asking who it is: open to the network they are found within hours. `kubectl port-forward`, a VPN, or an ingress that asks for a login reaches them as well.',
    severity: 'warning',
    topic: 'network',
    messages: { exposed: '{program} is open to whoever reaches this {type}' },
    titles: { inside: 'Keep it in the cluster: `ClusterIP`' },
    fix: 'sometimes',
    examples: [{ file: 'jenkins.yaml', bad: manifest('LoadBalancer'), good: manifest('ClusterIP') }],
    options: {},
    sources: ['kubescape C-0021', 'kubescape C-0014'],
  },
  *check(file) {
    for (const { service, start, own, targets } of podsOfFile(file).services) {
      const type = knownText(service.object.root, 'spec', 'type');
      if (!own || type === undefined || !/^(?:LoadBalancer|NodePort)$/.test(type.value)) continue;
      const { annotations, document, path } = service.object;
      // Load balancers of clouds that have no address outside.
      if ([...annotations].some(([key, { value }]) => /internal/i.test(key) || /^internal$/i.test(value))) continue;
      const program = targets
        .filter(({ verdict }) => verdict === 'yes')
        .map(({ pods }) => programOf(pods.workload))
        .find((found) => found !== undefined);
      if (program === undefined) continue;
      yield {
        message: 'exposed',
        data: { program, type: type.value },
        span: type.span,
        offset: start,
        fixes: patchFix(document, {
          title: 'inside',
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...path, 'spec', 'type'], value: 'ClusterIP' }],
        }),
      };
    }
  },
});

function programOf({ containers }: Workload): string | undefined {
  for (const { image } of containers) {
    const name = image?.value
      .replace(/@.*$/, '')
      .replace(/:[^/]*$/, '')
      .split('/')
      .at(-1);
    if (name === undefined) continue;
    for (const [pattern, program] of programs) if (pattern.test(name)) return program;
  }
  return undefined;
}
