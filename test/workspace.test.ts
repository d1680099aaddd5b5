import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { boundariesOf } from '../src/core/workspace/boundary.ts';
import { readKustomization } from '../src/core/workspace/kustomization.ts';
import { createWorkspace } from '../src/core/workspace/workspace.ts';
import { createYamlCache, parseDocument } from '../src/core/yaml/parse.ts';

function configMap(name: string, namespace?: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${namespace ? `  namespace: ${namespace}\n` : ''}`;
}

function file(path: string, text: string) {
  return { path, languageId: '', text };
}

function namesOf(objects: readonly { readonly object: { readonly name: { readonly value: string } | undefined } }[]) {
  return objects.map(({ object }) => object.name?.value).toSorted();
}

describe('what is deployed together', () => {
  const kustomization = (text: string) => readKustomization(parseDocument(text, { template: false }).root);

  it('is a folder, unless a kustomization or a chart says otherwise', () => {
    const paths = [
      '/w/base/a.yaml',
      '/w/base/kustomization.yaml',
      '/w/overlays/dev/kustomization.yaml',
      '/w/overlays/dev/b.yaml',
      '/w/other/c.yaml',
      '/w/chart/Chart.yaml',
      '/w/chart/templates/d.yaml',
      '/w/chart/templates/deep/e.yaml',
    ];
    const of = boundariesOf(
      paths,
      new Map([
        ['/w/base/kustomization.yaml', kustomization('resources: [a.yaml, "https://example.com/x?ref=1"]')],
        ['/w/overlays/dev/kustomization.yaml', kustomization('resources: [../../base, ./b.yaml]')],
      ]),
    );
    assert.equal(of('/w/base/a.yaml'), of('/w/overlays/dev/b.yaml'));
    assert.equal(of('/w/chart/templates/d.yaml'), of('/w/chart/templates/deep/e.yaml'));
    assert.equal(new Set([of('/w/base/a.yaml'), of('/w/other/c.yaml'), of('/w/chart/Chart.yaml')]).size, 3);
  });

  it('does not follow kustomizations that take in each other for ever', () => {
    const of = boundariesOf(
      ['/a/kustomization.yaml', '/b/kustomization.yaml'],
      new Map([
        ['/a/kustomization.yaml', kustomization('resources: [../b]')],
        ['/b/kustomization.yaml', kustomization('resources: [../a, ../../../..]')],
      ]),
    );
    assert.equal(of('/a/x.yaml'), of('/b/x.yaml'));
  });
});

describe('the index of a workspace', () => {
  it('knows near and far, and follows changes', () => {
    const workspace = createWorkspace(createYamlCache(100));
    workspace.update(file('/w/a/one.yaml', configMap('one')));
    assert.equal(workspace.neighboursOf('/w/a/one.yaml'), undefined);
    assert.equal(workspace.update(file('/w/a/two.yaml', `${configMap('two')}---\n${configMap('three')}`)), true);
    assert.equal(workspace.update(file('/w/b/four.yaml', configMap('four'))), true);
    const before = workspace.neighboursOf('/w/a/one.yaml');
    assert.deepEqual(namesOf(before?.near ?? []), ['three', 'two']);
    assert.deepEqual(namesOf(before?.far ?? []), ['four']);

    assert.equal(workspace.update(file('/w/b/four.yaml', configMap('four'))), false, 'the same text changes nothing');
    workspace.update(file('/w/a/kustomization.yaml', 'resources: [../b/four.yaml]\nsecretGenerator: [{name: made}]\n'));
    const joined = workspace.neighboursOf('/w/a/one.yaml');
    assert.deepEqual(namesOf(joined?.near ?? []), ['four', 'three', 'two']);
    assert.deepEqual(joined?.generated, [{ kind: 'Secret', name: 'made' }]);

    assert.equal(workspace.remove('/w/a/two.yaml'), true);
    assert.equal(workspace.remove('/w/a/two.yaml'), false);
    assert.deepEqual(namesOf(workspace.neighboursOf('/w/a/one.yaml')?.near ?? []), ['four']);
  });

  it('is what references are checked against', () => {
    const service = createService();
    const pod = file(
      '/w/pod.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "a:1", envFrom: [{configMapRef: {name: setings}}]}]}\n',
    );
    const found = () =>
      drive(service.analyse(pod, defaultSettings, noSurroundings, ['kubernetes/reference-unknown'])).findings.map(
        ({ severity }) => severity,
      );
    assert.deepEqual(found(), [], 'nothing of that kind is known');
    service.workspace.update(file('/w/settings.yaml', configMap('settings')));
    assert.deepEqual(found(), ['warning']);
    service.workspace.update(file('/elsewhere/x.yaml', configMap('setings')));
    assert.deepEqual(found(), [], 'it exists elsewhere');
    service.workspace.remove('/elsewhere/x.yaml');
    service.workspace.update(file('/w/settings.yaml', configMap('settings', 'other')));
    service.workspace.update(file('/w/templated.yaml', `{{ if .x }}\n${configMap('{{ .name }}')}{{ end }}\n`));
    assert.deepEqual(found(), [], 'a template may be the one');
  });

  it('knows what a kustomization takes in from elsewhere, and which images it gives a tag', () => {
    const workspace = createWorkspace(createYamlCache(100));
    const pod = (image: string) =>
      file(
        '/w/base/pod.yaml',
        `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: ${image}}]}\n`,
      );
    const overlay = (text: string) => file('/w/overlay/kustomization.yaml', `resources: [../base]\n${text}`);
    workspace.update(pod('shop'));
    workspace.update(file('/w/base/kustomization.yaml', 'resources: [pod.yaml]\n'));
    workspace.update(overlay(''));
    const around = () => workspace.neighboursOf('/w/base/pod.yaml');
    assert.equal(around(), undefined);
    workspace.update(overlay('images: [{name: shop, newTag: "1.4"}, {name: other, newName: another}]\n'));
    assert.deepEqual([around()?.incomplete, [...(around()?.retagged ?? [])]], [false, ['shop']]);
    workspace.update(overlay('patches: [{path: nowhere.yaml}]\n'));
    assert.equal(around()?.incomplete, true, 'a file that is not here');
    workspace.update(overlay('components: [https://example.com/team/base?ref=v1]\n'));
    assert.equal(around()?.incomplete, true, 'an address');
    assert.equal(workspace.neighboursOf('/w/other/pod.yaml')?.incomplete, false, 'of another group');
  });

  it('knows who the images run as that Compose files build, and tells when that changes', () => {
    const workspace = createWorkspace(createYamlCache(100));
    const dockerfile = (text: string) => ({ path: '/w/app/Dockerfile', languageId: '', text });
    const user = () => workspace.neighboursOf('/w/pod.yaml')?.images.get('shop/app')?.user;
    assert.equal(workspace.update(dockerfile('FROM debian:13\nUSER app\n')), false, 'no image is built from it');
    const compose = 'services:\n  app:\n    image: shop/app:1\n    build: ./app\n';
    assert.equal(workspace.update(file('/w/compose.yaml', compose)), true);
    assert.equal(user(), 'app');
    assert.equal(workspace.update(dockerfile('FROM debian:13\nRUN true\nUSER app\n')), false, 'the user is the same');
    assert.equal(workspace.update(dockerfile('FROM debian:13\nUSER 1000\n')), true);
    assert.equal(user(), '1000');
    assert.equal(workspace.update(dockerfile('FROM debian:13\n')), true);
    assert.equal(user(), 'root');
    assert.deepEqual(workspace.paths(), ['/w/compose.yaml'], 'a Dockerfile is nothing that a kustomization takes in');
    assert.equal(workspace.remove('/w/app/Dockerfile'), true);
    assert.equal(user(), undefined);
    workspace.update(dockerfile('FROM debian:13\nUSER app\n'));
    assert.equal(workspace.remove('/w/compose.yaml'), true);
    assert.equal(user(), undefined);
  });

  it('says nothing of what a patch of an overlay may add, as long as there is one', () => {
    const service = createService();
    const { workspace } = service;
    const deployment = (more: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n${more}`;
    const base = file('/w/base/web.yaml', deployment('          image: example.com/web:1\n'));
    const findings = () => {
      const { findings: all } = drive(service.analyse(base, defaultSettings, noSurroundings));
      return all.map(({ rule }) => rule).filter((rule) => rule === 'kubernetes/memory-limit-missing');
    };
    workspace.update(base);
    workspace.update(file('/w/base/kustomization.yaml', 'resources: [web.yaml]\n'));
    assert.equal(findings().length, 1);
    workspace.update(file('/w/overlay/kustomization.yaml', 'resources: [../base]\npatches: [{path: limits.yaml}]\n'));
    workspace.update(file('/w/overlay/limits.yaml', deployment('          resources: {limits: {memory: 1Gi}}\n')));
    assert.deepEqual(findings(), []);
    workspace.remove('/w/overlay/limits.yaml');
    assert.equal(findings().length, 1);
    const inline = (more: string) => file('/w/overlay/kustomization.yaml', `resources: [../base]\npatches:\n${more}`);
    for (const patch of [
      '  - target: {kind: Deployment}\n    patch: "[]"\n',
      '  - target: {kind: Deploy.*, name: "(web|api)"}\n    patch: "[]"\n',
      '  - target: {labelSelector: app=web}\n    patch: "[]"\n',
      '  - target: {kind: Deployment, name: web}\n    path: limits.yaml\n',
      '  - patch: |-\n      kind: Deployment\n      metadata: {name: web}\n',
    ]) {
      workspace.update(inline(patch));
      assert.deepEqual(findings(), [], patch);
    }
    workspace.update(inline('  - target: {kind: Deployment, name: other}\n    patch: "[]"\n'));
    assert.equal(findings().length, 1);
  });

  it('says nothing of what other files want of an object that a patch may give it', () => {
    const service = createService();
    const { workspace } = service;
    const files = [
      file(
        '/w/base/web.yaml',
        `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example.com/web:1
          ports: [{name: http, containerPort: 8080}]
`,
      ),
      file(
        '/w/base/service.yaml',
        `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 9090, targetPort: metrics}]
`,
      ),
      file(
        '/w/base/ingress.yaml',
        `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  tls: [{hosts: [example.com]}]
  rules:
    - host: example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: web, port: {name: admin}}}
`,
      ),
      file(
        '/w/base/scale.yaml',
        `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
`,
      ),
    ];
    const findings = () =>
      files
        .flatMap((one) => drive(service.analyse(one, defaultSettings, noSurroundings)).findings)
        .flatMap(({ rule, severity }) => (severity === 'information' ? [] : [rule]));
    for (const one of files) workspace.update(one);
    workspace.update(
      file('/w/base/kustomization.yaml', 'resources: [web.yaml, service.yaml, ingress.yaml, scale.yaml]\n'),
    );
    assert.deepEqual(findings(), [
      'kubernetes/cpu-request-missing',
      'kubernetes/memory-limit-missing',
      'kubernetes/memory-request-missing',
      'kubernetes/readiness-probe-missing',
      'kubernetes/service-port-unknown',
      'kubernetes/ingress-backend-unknown',
      'kubernetes/autoscaler-without-request',
    ]);
    workspace.update(
      file(
        '/w/overlay/kustomization.yaml',
        'resources: [../base]\npatches: [{path: web.yaml}, {path: service.yaml}]\n',
      ),
    );
    const of = (kind: string, version: string) =>
      `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: web}\nspec: {}\n`;
    workspace.update(file('/w/overlay/web.yaml', of('Deployment', 'apps/v1')));
    workspace.update(file('/w/overlay/service.yaml', of('Service', 'v1')));
    assert.deepEqual(findings(), []);
  });

  it('takes a file that a kustomization patches with for no object of its own', () => {
    const service = createService();
    const { workspace } = service;
    const text = (spec: string) =>
      `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: web}\nspec: ${spec}\n`;
    const patch = file('/w/overlay/web.yaml', text('{resources: {requests: {storage: 9Gi}}}'));
    workspace.update(
      file('/w/base/web.yaml', text('{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}')),
    );
    workspace.update(patch);
    const rules = () => drive(service.analyse(patch, defaultSettings, noSurroundings)).findings.map(({ rule }) => rule);
    workspace.update(file('/w/overlay/kustomization.yaml', 'resources: [../base, web.yaml]\n'));
    assert.deepEqual(rules(), ['kubernetes/claim-incomplete']);
    workspace.update(file('/w/overlay/kustomization.yaml', 'resources: [../base]\npatches: [{path: web.yaml}]\n'));
    assert.deepEqual(rules(), []);
  });

  it('knows that a kustomization adds labels, and that generators and charts add objects', () => {
    const service = createService();
    const { workspace } = service;
    const pod = file(
      '/w/pod.yaml',
      `apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers: [{name: web, image: "example.com/web:1", envFrom: [{configMapRef: {name: made}}]}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: another}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 1, selector: {matchLabels: {app: web, team: shop}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {matchLabels: {team: shop}}, ingress: []}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {team: shop}, ports: [{port: 80}]}
`,
    );
    const selectors = [
      'kubernetes/disruption-budget-pods',
      'kubernetes/network-policy-selects-nothing',
      'kubernetes/service-selects-no-pods',
    ];
    const rules = () => {
      const only = ['kubernetes/reference-unknown', ...selectors];
      return drive(service.analyse(pod, defaultSettings, noSurroundings, only)).findings.map(({ rule }) => rule);
    };
    const kustomization = (more: string) => {
      workspace.update(file('/w/kustomization.yaml', `resources: [pod.yaml]\n${more}`));
      return rules();
    };
    workspace.update(pod);
    assert.deepEqual(kustomization(''), ['kubernetes/reference-unknown', ...selectors]);
    assert.deepEqual(kustomization('commonLabels: {team: shop}\n'), ['kubernetes/reference-unknown']);
    assert.deepEqual(kustomization('labels: [{pairs: {team: shop}}]\n'), ['kubernetes/reference-unknown']);
    assert.deepEqual(kustomization('labels: [{pairs: {tea: m}}]\n'), ['kubernetes/reference-unknown', ...selectors]);
    assert.deepEqual(kustomization('generators: [made.yaml]\n'), []);
    assert.deepEqual(kustomization('helmCharts: [{name: redis}]\n'), []);
  });

  it('knows that a chart may depend on others that are not here', () => {
    const service = createService();
    const { workspace } = service;
    const pod = file(
      '/w/chart/templates/pod.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "a:1", envFrom: [{configMapRef: {name: c}}]}]}\n',
    );
    const found = () =>
      drive(service.analyse(pod, defaultSettings, noSurroundings, ['kubernetes/reference-unknown'])).findings.length;
    const chart = (more: string) => file('/w/chart/Chart.yaml', `name: shop\nversion: 1.0.0\n${more}`);
    workspace.update(chart(''));
    workspace.update(file('/w/chart/templates/map.yaml', configMap('another')));
    assert.equal(found(), 1);
    assert.equal(workspace.update(chart('dependencies: [{name: redis, version: 1.2.3}]\n')), true);
    assert.equal(found(), 0);
    workspace.update(file('/w/chart/charts/redis/templates/map.yaml', configMap('third')));
    assert.equal(found(), 1);
  });

  it('knows that a kustomization sets replicas', () => {
    const service = createService();
    const { workspace } = service;
    const set = file(
      '/w/set.yaml',
      `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 1
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "db:1"}]}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: db}
spec: {minAvailable: 1, selector: {matchLabels: {app: db}}}
`,
    );
    const found = (replicas: string) => {
      workspace.update(file('/w/kustomization.yaml', `resources: [set.yaml]\n${replicas}`));
      const only = ['kubernetes/disruption-budget', 'kubernetes/replicas-too-few'];
      return drive(service.analyse(set, defaultSettings, noSurroundings, only)).findings.map(({ rule }) => rule);
    };
    workspace.update(set);
    assert.deepEqual(found(''), ['kubernetes/replicas-too-few', 'kubernetes/disruption-budget']);
    assert.deepEqual(found('replicas: [{name: db, count: 3}]\n'), []);
    assert.deepEqual(found('replicas: [{name: other, count: 3}]\n').length, 2);
  });
});
