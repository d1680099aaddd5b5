import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { mayHaveMoreContainers, podResourceField, resourceField } from '../src/core/kubernetes/container.ts';
import { containerDefaults } from '../src/core/kubernetes/limit-range.ts';
import type { Container, KubernetesFile, Workload } from '../src/core/kubernetes/model.ts';
import { readKubernetesFile } from '../src/core/kubernetes/objects.ts';
import { isPatchPath, isTemplatePath } from '../src/core/kubernetes/recognise.ts';
import { podSecurityField, securityField } from '../src/core/kubernetes/security-context.ts';
import { readLabelSelector, readLabels, selects } from '../src/core/kubernetes/selector.ts';
import { serves, servicesOf, workloadsOf } from '../src/core/kubernetes/service.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { knownMapping } from '../src/core/yaml/field.ts';
import { createYamlCache, parseYaml } from '../src/core/yaml/parse.ts';

function read(text: string, path = 'app.yaml'): KubernetesFile {
  return readKubernetesFile(parseYaml(text, createYamlCache(50), { template: isTemplatePath(path, text) }), path);
}

function onlyWorkload(text: string, path?: string): Workload {
  const found = workloadsOf(read(text, path));
  assert.equal(found.length, 1);
  const [first] = found;
  assert.ok(first);
  return first.workload;
}

function onlyContainer(text: string, path?: string): Container {
  const [container] = onlyWorkload(text, path).containers;
  assert.ok(container);
  return container;
}

const podSpec = (indent: number) =>
  ['spec:', '  containers:', '    - name: web', '      image: nginx:1.27']
    .map((line) => ' '.repeat(indent) + line)
    .join('\n');

const kinds: readonly {
  kind: string;
  apiVersion: string;
  text: string;
  path: string;
  scales: boolean;
  ends: boolean;
}[] = [
  ...[
    'Deployment',
    'StatefulSet',
    'ReplicaSet',
    'DaemonSet',
    'ReplicationController',
    'Job',
    'DeploymentConfig',
    'Rollout',
  ].map((kind) => ({
    kind,
    apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
    text: `spec:\n  replicas: 3\n  template:\n${podSpec(4)}`,
    path: 'spec.template.spec',
    scales: !['DaemonSet', 'Job'].includes(kind),
    ends: kind === 'Job',
  })),
  { kind: 'Pod', apiVersion: 'v1', text: podSpec(0), path: 'spec', scales: false, ends: false },
  {
    kind: 'Pod',
    apiVersion: 'v1',
    text: `${podSpec(0)}\n  restartPolicy: Never`,
    path: 'spec',
    scales: false,
    ends: true,
  },
  {
    kind: 'PodTemplate',
    apiVersion: 'v1',
    text: `template:\n${podSpec(2)}`,
    path: 'template.spec',
    scales: false,
    ends: false,
  },
  {
    kind: 'CronJob',
    apiVersion: 'batch/v1',
    text: `spec:\n  jobTemplate:\n    spec:\n      template:\n${podSpec(8)}`,
    path: 'spec.jobTemplate.spec.template.spec',
    scales: false,
    ends: true,
  },
  {
    kind: 'Service',
    apiVersion: 'serving.knative.dev/v1',
    text: `spec:\n  template:\n${podSpec(4)}`,
    path: 'spec.template.spec',
    scales: false,
    ends: false,
  },
  {
    kind: 'Whale',
    apiVersion: 'sea.example/v1',
    text: `spec:\n  replicas: 2\n  template:\n${podSpec(4)}`,
    path: 'spec.template.spec',
    scales: true,
    ends: false,
  },
];

for (const { kind, apiVersion, text, path, scales, ends } of kinds) {
  test(`pods of ${kind}${ends ? ' that ends' : ''}`, () => {
    const workload = onlyWorkload(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n${text}\n`);
    assert.equal(workload.specPath.join('.'), path);
    assert.deepEqual(
      workload.containers.map((one) => [one.role, one.name?.value, one.image?.value, one.path.join('.')]),
      [['app', 'web', 'nginx:1.27', `${path}.containers.0`]],
    );
    assert.equal(workload.scales, scales);
    assert.equal(workload.runsToCompletion, ends);
    assert.equal(workload.object.context, 'manifest');
    assert.equal(workload.object.workload, workload);
    assert.equal(workload.replicas?.value, scales ? (kind === 'Whale' ? 2 : 3) : undefined);
  });
}

test('kinds that run no pods have no workload', () => {
  const file = read('apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: a}}\n');
  assert.equal(file.objects.length, 1);
  assert.equal(file.objects[0]?.object.workload, undefined);
});

test('roles of containers, in the order of their lists', () => {
  const workload = onlyWorkload(`
apiVersion: v1
kind: Pod
spec:
  os: {name: windows}
  initContainers:
    - {name: setup, image: a:1}
    - {name: proxy, image: b:1, restartPolicy: Always}
  ephemeralContainers:
    - {name: debug, image: d:1}
  containers:
    - image: c:1
      ports: [{containerPort: 80, name: http}, {containerPort: 53, protocol: UDP}]
`);
  assert.deepEqual(
    workload.containers.map(({ role, name, path }) => [role, name?.value, path.slice(1).join('.')]),
    [
      ['app', undefined, 'containers.0'],
      ['init', 'setup', 'initContainers.0'],
      ['sidecar', 'proxy', 'initContainers.1'],
      ['ephemeral', 'debug', 'ephemeralContainers.0'],
    ],
  );
  assert.equal(workload.windows, true);
  const [app] = workload.containers;
  assert.deepEqual(
    app?.ports.map(({ name, number, protocol }) => [name?.value, number?.value, protocol]),
    [
      ['http', 80, 'TCP'],
      [undefined, 53, 'UDP'],
    ],
  );
  const text = workload.object.document.text;
  assert.equal(text.slice(app?.label.start, app?.label.end), 'image');
});

test('items of a List, with their paths', () => {
  const file = read(`
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: a, namespace: n, labels: {x: "1", y: }, annotations: {plimsoll.dev/ignore: all}}
  - apiVersion: v1
    kind: PodList
    items:
      - {apiVersion: v1, kind: Pod, spec: {containers: [{name: c, image: i}]}}
  - just text
`);
  assert.deepEqual(
    file.objects.map(({ object }) => [object.kind.value, object.path.join('.')]),
    [
      ['ConfigMap', 'items.0'],
      ['Pod', 'items.1.items.0'],
    ],
  );
  const [map, pod] = file.objects;
  assert.equal(map?.object.namespace?.value, 'n');
  assert.deepEqual([...(map?.object.labels.keys() ?? [])], ['x']);
  assert.equal(map?.object.annotations.get('plimsoll.dev/ignore')?.value, 'all');
  assert.equal(pod?.object.workload?.specPath.join('.'), 'items.1.items.0.spec');
});

test('what is no object of a cluster is left alone', () => {
  for (const text of [
    'kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [a.yaml]\n',
    'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n',
    'kind: Kustomization\napiVersion: v1\nresources: [a.yaml]\n',
    'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    'replicaCount: 1\nimage: {repository: a}\n',
    'name: CI\non: push\njobs: {build: {runs-on: ubuntu}}\n',
    'services: {web: {image: a}}\n',
    'apiVersion: v1\nkind: Config\nclusters: []\n',
    'apiVersion: skaffold/v4beta1\nkind: Config\n',
    'apiVersion: [1]\nkind: Pod\n',
    '- apiVersion: v1\n  kind: Pod\n',
    'text\n',
    '',
  ]) {
    assert.equal(read(text).objects.length, 0, text);
  }
});

test('documents keep their offsets', () => {
  const text =
    '# first\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\n';
  const names = read(text).objects.map(({ object, start }) => {
    assert.ok(object.name);
    return text.slice(start + object.name.span.start, start + object.name.span.end);
  });
  assert.deepEqual(names, ['a', 'b']);
});

const deployment = (container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      containers:\n${container}`;

test('patches are recognised by name, by directive and by having no image', () => {
  const contexts = (text: string, path?: string) => read(text, path).objects.map(({ object }) => object.context);
  const whole = deployment('        - {name: a, image: b}\n');
  assert.deepEqual(contexts(whole), ['manifest']);
  assert.deepEqual(contexts(whole, 'overlays/prod/patches/cpu.yaml'), ['patch']);
  assert.deepEqual(contexts(whole, 'dispatch.yaml'), ['manifest']);
  assert.deepEqual(contexts(deployment('        - {name: a, env: []}\n')), ['patch']);
  // Nothing of the container is changed, there is none, and a selector cannot be changed: no patches.
  assert.deepEqual(contexts(deployment('        - {name: a}\n')), ['manifest']);
  assert.deepEqual(contexts(deployment('        []\n')), ['manifest']);
  const selecting = deployment('        - {name: a, env: []}\n').replace('spec:\n', 'spec:\n  selector: {}\n');
  assert.deepEqual(contexts(selecting), ['manifest']);
  assert.deepEqual(contexts(deployment('        - {name: a, image: b, $patch: delete}\n')), ['patch']);
  assert.deepEqual(contexts(deployment('        - {name: a, image: b} # $patch\n')), ['manifest']);
  assert.deepEqual(contexts('apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 2}\n'), ['patch']);
  assert.deepEqual(contexts(deployment('        - {name: a, image: "{{ .Values.image }}"}\n')), ['helm-template']);
  for (const path of [
    'a-patch.yaml',
    'patch.yaml',
    'patch_cpu.yaml',
    'deploymentPatch.yaml',
    'patches/a.yaml',
    'cpu.patch.yml',
  ]) {
    assert.ok(isPatchPath(path), path);
  }
  for (const path of ['dispatcher.yaml', 'a/dispatch/b.yaml', 'patchwork.yaml']) assert.ok(!isPatchPath(path), path);
});

test('what a template decides is unknown, never absent', () => {
  const path = 'chart/templates/deployment.yaml';
  const container = onlyContainer(
    `apiVersion: {{ include "x" . }}
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image }}"
          resources:
            requests:
              cpu: {{ .Values.cpu }}
              memory: 1Gi
`,
    path,
  );
  assert.equal(container.workload.object.apiVersion.value, '');
  assert.equal(container.workload.object.context, 'helm-template');
  assert.equal(container.name, undefined);
  assert.equal(container.image, undefined);
  assert.equal(resourceField(container, 'requests', 'cpu'), 'unknown');
  assert.deepEqual([...container.requests.keys()], ['memory']);
  assert.equal(resourceField(container, 'limits', 'cpu'), undefined);
});

test('a resources block that a template fills is unknown', () => {
  const container = onlyContainer(
    deployment(`        - name: a
          image: b
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
      {{- with .Values.extra }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
`),
  );
  assert.equal(resourceField(container, 'limits', 'cpu'), 'unknown');
  assert.equal(securityField(container, 'privileged'), 'unknown');
  assert.equal(securityField(container, 'runAsNonRoot'), 'unknown');
});

test('the security context in force', () => {
  const container = onlyContainer(
    deployment(`        - name: a
          image: b
          securityContext:
            privileged: false
            seccompProfile: {localhostProfile: x}
            runAsGroup:
            capabilities: {drop: [ALL]}
      securityContext:
        runAsNonRoot: true
        runAsGroup: 7
        seccompProfile: {type: RuntimeDefault}
        readOnlyRootFilesystem: true
`),
  );
  const of = (name: string, ...below: string[]) => {
    const field = securityField(container, name, ...below);
    return field === undefined || field === 'unknown'
      ? field
      : [field.level, field.text, field.path.slice(3).join('.')];
  };
  assert.deepEqual(of('privileged'), ['container', 'false', 'containers.0.securityContext.privileged']);
  assert.deepEqual(of('runAsNonRoot'), ['pod', 'true', 'securityContext.runAsNonRoot']);
  assert.deepEqual(of('runAsGroup'), ['pod', '7', 'securityContext.runAsGroup']);
  assert.equal(of('readOnlyRootFilesystem'), undefined);
  assert.equal(of('seccompProfile', 'type'), undefined);
  assert.deepEqual(of('capabilities', 'drop')?.slice(0, 2), ['container', undefined]);
  const pod = podSecurityField(container.workload, 'seccompProfile', 'type');
  assert.ok(pod !== undefined && pod !== 'unknown');
  assert.equal(pod.text, 'RuntimeDefault');
});

test('resources of a container and of its pod, through anchors and merges', () => {
  const container = onlyContainer(
    deployment(`        - name: a
          image: b
          resources:
            requests: &r {cpu: 100m, memory: 1Gi}
            limits:
              <<: *r
              cpu: "1"
      resources: {limits: {cpu: 2}}
`),
  );
  const texts = (map: Container['requests']) => [...map].map(([key, { value }]) => [key, value]).sort();
  assert.deepEqual(texts(container.requests), [
    ['cpu', '100m'],
    ['memory', '1Gi'],
  ]);
  assert.deepEqual(texts(container.limits), [
    ['cpu', '1'],
    ['memory', '1Gi'],
  ]);
  const pod = podResourceField(container.workload, 'limits', 'cpu');
  assert.ok(pod !== undefined && pod !== 'unknown');
  assert.equal(pod.value, '2');
  assert.equal(mayHaveMoreContainers(container.workload), false);
});

test('selectors: labels and expressions, three-valued', () => {
  const verdict = (selector: string, labels: string) => {
    const text = `apiVersion: v1\nkind: X\nmetadata:\n  labels: ${labels}\nspec:\n  selector: ${selector}\n`;
    const root = read(text).objects[0]?.object.root;
    const mapping = knownMapping(root, 'spec', 'selector');
    assert.ok(mapping);
    return selects(readLabelSelector(mapping), readLabels(knownMapping(root, 'metadata')));
  };
  assert.equal(verdict('{matchLabels: {a: b}}', '{a: b, c: d}'), 'yes');
  assert.equal(verdict('{matchLabels: {a: b}}', '{a: c}'), 'no');
  assert.equal(verdict('{matchLabels: {a: b, x: y}}', '{a: b}'), 'no');
  assert.equal(verdict('{}', '{a: b}'), 'yes');
  const expression = (body: string) => `{matchExpressions: [{key: a, ${body}}]}`;
  assert.equal(verdict(expression('operator: In, values: [b, c]'), '{a: c}'), 'yes');
  assert.equal(verdict(expression('operator: NotIn, values: [b]'), '{}'), 'yes');
  assert.equal(verdict(expression('operator: NotIn, values: [b]'), '{a: b}'), 'no');
  assert.equal(verdict(expression('operator: Exists'), '{a: b}'), 'yes');
  assert.equal(verdict(expression('operator: DoesNotExist'), '{a: b}'), 'no');
  assert.equal(verdict(expression('operator: Near'), '{a: b}'), 'unknown');
  assert.equal(verdict('{matchLabels: {a: "{{ .x }}"}}', '{a: b}'), 'unknown');
  assert.equal(verdict('{matchLabels: {a: b}}', '{a: "{{ .x }}"}'), 'unknown');
  assert.equal(verdict('{matchLabels: {a: "{{ .x }}"}}', '{c: d}'), 'no');
  assert.equal(verdict(expression('operator: Exists'), '{a: "{{ .x }}"}'), 'yes');
});

test('Services find the workloads that they send to', () => {
  const service = (spec: string, namespace = '') =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: s${namespace}}\nspec: {${spec}}\n---\n`;
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: {labels: {app: a, tier: b}}\nspec: {containers: [{name: c, image: i}]}\n';
  const verdict = (text: string) => {
    const file = read(text + pod);
    const [found] = servicesOf(file);
    const [workload] = workloadsOf(file);
    assert.ok(found && workload);
    return serves(found.service, workload.workload);
  };
  assert.equal(verdict(service('selector: {app: a}')), 'yes');
  assert.equal(verdict(service('selector: {app: b}')), 'no');
  assert.equal(verdict(service('selector: {app: a}, type: ExternalName')), 'no');
  assert.equal(verdict(service('ports: [{port: 80}]')), 'no');
  assert.equal(verdict(service('selector: {app: a}', ', namespace: other')), 'unknown');
  const file = read(service('ports: [{port: 80, targetPort: http, protocol: UDP}, {port: 81, targetPort: 8081}]'));
  const [only] = servicesOf(file);
  assert.deepEqual(
    only?.service.ports.map(({ port, targetPort, protocol, path }) => [
      port?.value,
      targetPort?.value,
      protocol,
      path.join('.'),
    ]),
    [
      [80, 'http', 'UDP', 'spec.ports.0'],
      [81, '8081', 'TCP', 'spec.ports.1'],
    ],
  );
});

test('LimitRange defaults, in the order of the API server', () => {
  const file = read(`apiVersion: v1
kind: LimitRange
spec:
  limits:
    - {type: Pod, max: {cpu: "9"}}
    - type: Container
      default: {memory: 512Mi}
      defaultRequest: {memory: 128Mi}
      max: {cpu: "2"}
      min: {ephemeral-storage: 1Gi}
---
apiVersion: v1
kind: Pod
spec: {containers: [{name: a, image: b}]}
`);
  const [, pod] = file.objects;
  assert.ok(pod);
  const { requests, limits } = containerDefaults(pod.object, file);
  assert.deepEqual([...limits].sort(), [
    ['cpu', '2'],
    ['memory', '512Mi'],
  ]);
  assert.deepEqual([...requests].sort(), [
    ['cpu', '2'],
    ['ephemeral-storage', '1Gi'],
    ['memory', '128Mi'],
  ]);
});

test('a service account by both of its names is a remark where they agree, as the API server writes it', () => {
  const pod = (old: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {serviceAccount: ${old}, serviceAccountName: web, containers: [{name: web, image: "web:1"}]}\n`;
  const severities = (text: string) => {
    const file = { path: '/pod.yaml', languageId: '', text };
    const only = ['kubernetes/service-account-field'];
    return drive(createService().analyse(file, defaultSettings, noSurroundings, only)).findings.map(
      ({ severity }) => severity,
    );
  };
  assert.deepEqual(severities(pod('web')), ['information']);
  assert.deepEqual(severities(pod('other')), ['warning']);
});
