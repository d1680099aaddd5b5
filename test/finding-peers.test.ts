import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';

const service = createService();

/** The sources of each finding of one rule. */
function sourcesOf(rule: string, path: string, text: string): readonly (readonly string[])[] {
  const { findings, crashes } = drive(
    service.analyse({ path, languageId: '', text }, { ...defaultSettings, profile: 'strict' }, noSurroundings, [rule]),
  );
  if (crashes[0]) throw crashes[0].error;
  return findings.map(({ sources }) => sources);
}

const pod = (context: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: web:1.4\n${context}`;

describe('a finding names those peers that report it too', () => {
  it('one limit of three', () => {
    const text = 'services:\n  web:\n    image: web:1.4\n    mem_limit: 1g\n    pids_limit: 50\n';
    assert.deepEqual(sourcesOf('compose/limits-missing', 'compose.yaml', text), [['kics cpus_not_limited']]);
  });

  it('one namespace of six', () => {
    const text = 'services:\n  web:\n    image: web:1.4\n    ipc: host\n';
    assert.deepEqual(sourcesOf('compose/host-namespace', 'compose.yaml', text), [['kics shared_host_ipc_namespace']]);
  });

  it('one package manager of many', () => {
    const text = 'FROM a:1\nRUN apk add x && pip install y && zypper in -y z && yum install w\n';
    const ofKics = (rule: string) =>
      sourcesOf(rule, 'Dockerfile', text).map((sources) => sources.filter((source) => source.startsWith('kics ')));
    assert.deepEqual(ofKics('dockerfile/package-version'), [
      ['kics unpinned_package_version_in_apk_add'],
      ['kics unpinned_package_version_in_pip_install'],
      ['kics zypper_install_without_version'],
      ['kics yum_install_without_version'],
    ]);
    assert.deepEqual(ofKics('dockerfile/rpm-assume-yes'), [['kics yum_install_allows_manual_input']]);
    assert.deepEqual(ofKics('dockerfile/rpm-cache-left'), [['kics yum_clean_all_missing']]);
  });

  it('one check of checkov for each thing that is not verified', () => {
    const text =
      'FROM a:1\nARG npm_config_strict_ssl=false\nENV GOINSECURE=*\nRUN curl -k https://a.b/c && yarn config set strict-ssl false\n' +
      'RUN PIP_TRUSTED_HOST=a.b apt-get install --force-yes --allow-unauthenticated c && tdnf install --nogpgcheck d\n';
    const checks = ['12', undefined, '2', '13', '16', '11', '8', '9'];
    assert.deepEqual(
      sourcesOf('dockerfile/verification-off', 'Dockerfile', text),
      checks.map((check) => (check === undefined ? [] : [`checkov CKV2_DOCKER_${check}`])),
    );
  });

  it('what a stage stands on, and no image that it copies from', () => {
    const text = (image: string) => `FROM ${image}\nCOPY --from=${image} /a /a\n`;
    for (const [rule, image] of [
      ['dockerfile/image-tag-missing', 'a.b/c/d'],
      ['dockerfile/image-tag-latest', 'a.b/c/d:latest'],
    ] as const)
      assert.deepEqual(
        sourcesOf(rule, 'Dockerfile', text(image)).map((each) => each.includes('checkov CKV_DOCKER_7')),
        [true, false],
      );
  });

  it('SSH, and no other port', () => {
    const sources = sourcesOf('dockerfile/expose-admin-port', 'Dockerfile', 'FROM a:1\nEXPOSE 22 5900\n');
    assert.deepEqual(
      sources.map((each) => each.includes('checkov CKV_DOCKER_1')),
      [true, false],
    );
  });

  it('privileges, where there is a `security_opt` and where there is none', () => {
    const service = (more: string) => `services:\n  web:\n    image: web:1.4\n${more}`;
    const sources = (more: string) => sourcesOf('compose/new-privileges-allowed', 'compose.yaml', service(more));
    assert.deepEqual(sources(''), [['kics security_opt_not_set', 'semgrep no-new-privileges']]);
    assert.deepEqual(sources('    security_opt: [label:user:a]\n'), [
      ['kics no_new_privileges_not_set', 'semgrep no-new-privileges'],
    ]);
  });

  it('the socket of Docker, and that of another runtime', () => {
    const volume = (socket: string) => `  volumes: [{name: run, hostPath: {path: ${socket}}}]\n`;
    const peers = (socket: string) => sourcesOf('kubernetes/runtime-socket', 'pod.yaml', pod(volume(socket)))[0] ?? [];
    assert.ok(peers('/var/run/docker.sock').includes('kube-linter docker-sock'));
    assert.ok(!peers('/run/containerd/containerd.sock').includes('kube-linter docker-sock'));
    assert.ok(peers('/run/containerd/containerd.sock').includes('kube-linter container-runtime-sock'));
  });

  it('a field that is missing, by its list', () => {
    const spread = '  topologySpreadConstraints: [{maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]\n';
    const [found = []] = sourcesOf('kubernetes/field', 'pod.yaml', pod(spread));
    assert.ok(found.includes('kube-score pod-topology-spread-constraints'));
    assert.ok(!found.includes('kube-score container-ports-check'));
  });

  it('probes and replicas of what no Service sends to', () => {
    const service = (app: string) =>
      `---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: ${app}}}\n`;
    const labelled = pod('').replace('  name: web\n', '  name: web\n  labels: {app: web}\n');
    const peers = (app: string) =>
      sourcesOf('kubernetes/readiness-probe-missing', 'pod.yaml', labelled + service(app))[0] ?? [];
    assert.ok(peers('web').includes('kube-score pod-probes'));
    assert.ok(!peers('shop').includes('kube-score pod-probes'));
    assert.ok(peers('shop').includes('kube-linter no-readiness-probe'));
  });

  it('of capabilities, those whom the dropped ones do not satisfy', () => {
    const id = 'kubernetes/capabilities-not-dropped';
    const context = (drop: string) => `      securityContext:\n        capabilities:\n          drop: [${drop}]\n`;
    const [raw = []] = sourcesOf(id, 'pod.yaml', pod(context('NET_RAW')));
    assert.ok(raw.includes('kubesec CapDropAll'));
    assert.ok(!raw.includes('kics net_raw_capabilities_not_being_dropped'));
    const [other = []] = sourcesOf(id, 'pod.yaml', pod(context('CHOWN')));
    assert.ok(other.includes('kics net_raw_capabilities_not_being_dropped'));
    assert.ok(!other.includes('kics no_drop_capabilities_for_containers'));
    const [none = []] = sourcesOf(id, 'pod.yaml', pod(''));
    assert.ok(none.includes('kics no_drop_capabilities_for_containers'));
    assert.ok(!none.includes('kube-linter drop-net-raw-capability'));
  });

  it('of added capabilities, those who mind this one', () => {
    const add = (capability: string) =>
      pod(`      securityContext:\n        capabilities:\n          add: [${capability}]\n`);
    const [admin = []] = sourcesOf('kubernetes/capabilities-added', 'pod.yaml', add('SYS_ADMIN'));
    const [raw = []] = sourcesOf('kubernetes/capabilities-added', 'pod.yaml', add('NET_RAW'));
    assert.ok(admin.includes('checkov CKV_K8S_39') && !admin.includes('trivy KSV-0119'));
    assert.ok(raw.includes('trivy KSV-0119') && !raw.includes('checkov CKV_K8S_39'));
    assert.ok(admin.includes('checkov CKV_K8S_25') && raw.includes('checkov CKV_K8S_25'));
  });

  it('of a user who need not be root, those who take a number for it', () => {
    const user = (id: number) => pod(`      securityContext: {runAsUser: ${id}}\n`);
    const [root = []] = sourcesOf('kubernetes/run-as-non-root', 'pod.yaml', user(0));
    const [other = []] = sourcesOf('kubernetes/run-as-non-root', 'pod.yaml', user(1000));
    assert.ok(root.includes('checkov CKV_K8S_23') && root.includes('pod-security runAsNonRoot'));
    assert.ok(!other.includes('checkov CKV_K8S_23') && other.includes('pod-security runAsNonRoot'));
  });

  it('of a role, those of every right that one rule gives', () => {
    const role = (resources: string) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: agent\nrules:\n  - apiGroups: ['']\n    resources: [${resources}]\n    verbs: [create]\n`;
    const [both] = sourcesOf(
      'kubernetes/role-far-reaching',
      'role.yaml',
      role('serviceaccounts/token, persistentvolumes'),
    );
    assert.deepEqual(both, ['kubescape C-0282', 'kubescape C-0278']);
    const [one] = sourcesOf('kubernetes/role-far-reaching', 'role.yaml', role('persistentvolumes'));
    assert.deepEqual(one, ['kubescape C-0278']);
  });

  it('of a namespace of the cluster itself, the one that minds it', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: kube-system\n';
    assert.deepEqual(sourcesOf('kubernetes/shared-namespace', 'map.yaml', text), [['trivy KSV-0037']]);
  });

  it('of an exposed Service, those who mind its type', () => {
    const service = (type: string) =>
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: ${type}\n  ports:\n    - port: 80\n`;
    const [node = []] = sourcesOf('kubernetes/service-exposed', 'web.yaml', service('NodePort'));
    const [balancer = []] = sourcesOf('kubernetes/service-exposed', 'web.yaml', service('LoadBalancer'));
    assert.ok(node.includes('kyverno restrict-node-port') && !node.includes('kyverno restrict-loadbalancer'));
    assert.ok(balancer.includes('kyverno restrict-loadbalancer') && !balancer.includes('kyverno restrict-node-port'));
  });

  it('of package managers, those who look at this one', () => {
    const said = (rule: string, ...runs: readonly string[]) =>
      runs.map((run) =>
        sourcesOf(rule, 'Dockerfile', `FROM debian:13\nRUN ${run}\n`).map((all) => all.filter(isHadolint)),
      );
    const isHadolint = (source: string) => source.startsWith('hadolint ');
    assert.deepEqual(
      said('dockerfile/package-version', 'pip install a', 'apt-get install b', 'npm i c', 'go get d.e/f'),
      [[['hadolint DL3013']], [['hadolint DL3008']], [['hadolint DL3016']], [['hadolint DL3062']]],
    );
    assert.deepEqual(said('dockerfile/rpm-assume-yes', 'yum install a', 'microdnf install a', 'zypper in a'), [
      [['hadolint DL3030']],
      [['hadolint DL3038']],
      [['hadolint DL3034']],
    ]);
    assert.deepEqual(said('dockerfile/rpm-cache-left', 'yum install a', 'dnf install a', 'zypper in a'), [
      [['hadolint DL3032']],
      [['hadolint DL3040']],
      [['hadolint DL3036']],
    ]);
    assert.deepEqual(said('dockerfile/upgrade', 'zypper dup', 'zypper up', 'apt-get upgrade'), [
      [['hadolint DL3035']],
      [[]],
      [[]],
    ]);
    assert.deepEqual(said('dockerfile/node-cache-left', 'yarn install', 'npm ci'), [[['hadolint DL3060']], [[]]]);
  });

  it('of repeated instructions, those who look at this one', () => {
    const text = 'FROM a:1\nCMD ["a"]\nCMD ["b"]\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]\n';
    const [cmd = [], entrypoint = []] = sourcesOf('dockerfile/repeated-command', 'Dockerfile', text);
    assert.ok(cmd.includes('hadolint DL4003') && !cmd.includes('hadolint DL4004'));
    assert.ok(entrypoint.includes('hadolint DL4004') && !entrypoint.includes('hadolint DL4003'));
    assert.ok([cmd, entrypoint].every((all) => all.includes('buildkit MultipleInstructionsDisallowed')));
  });

  it('of sources of a copy, the stage itself and the others', () => {
    const text = 'FROM a:1 AS a\nCOPY --from=a /x /y\nCOPY --from=b /x /y\nFROM b:1 AS b\n';
    assert.deepEqual(sourcesOf('dockerfile/copy-from-stage', 'Dockerfile', text), [
      ['hadolint DL3023', 'trivy DS-0006', 'kics copy_from_references_current_from_alias'],
      ['hadolint DL3022'],
    ]);
  });

  it('BuildKit, where it tells of it', () => {
    const told = (rule: string, text: string) =>
      sourcesOf(rule, 'Dockerfile', text).map((all) => all.some((source) => source.startsWith('buildkit ')));
    const workdirs = 'FROM debian:13\nWORKDIR a\nWORKDIR b\nFROM debian:13\nONBUILD WORKDIR c\n';
    assert.deepEqual(told('dockerfile/workdir-relative', workdirs), [true, false, false]);
    const secrets = 'ARG A_TOKEN\nFROM debian:13\nENV B_SECRET=x MYPASSWORD=x\nONBUILD ENV C_SECRET=x\n';
    assert.deepEqual(told('dockerfile/secret-in-arg-or-env', secrets), [false, true, false, false]);
    const arrays = "FROM debian:13\nRUN ['a']\nCMD ['a']\nENTRYPOINT ['a']\n";
    assert.deepEqual(told('dockerfile/broken-json', arrays), [false, true, true]);
    const variables = 'FROM alpine:3\nCOPY $A /a\nEXPOSE $B\n';
    assert.deepEqual(told('dockerfile/variable-undefined', variables), [true, false]);
    const values = 'FROM alpine:3\nENV A=1 B=$A\nENV PATH=/a:$PATH PATH=/b:$PATH\n';
    assert.deepEqual(told('dockerfile/env-same-instruction', values), [true, false]);
    assert.deepEqual(told('dockerfile/instruction-casing', 'FROM alpine:3\nrun a\nONBUILD run b\n'), [true, false]);
  });

  it('of a pull policy, the one who minds it for latest alone', () => {
    const text = (tag: string) => pod('      imagePullPolicy: IfNotPresent\n').replace('web:1.4', `web:${tag}`);
    const [latest = []] = sourcesOf('kubernetes/pull-policy-not-always', 'pod.yaml', text('latest'));
    const [other = []] = sourcesOf('kubernetes/pull-policy-not-always', 'pod.yaml', text('1.4'));
    assert.ok(latest.includes('kubescape C-0075') && !other.includes('kubescape C-0075'));
    assert.ok(other.includes('checkov CKV_K8S_15'));
  });

  it('of a missing probe, the one who is content with any', () => {
    const [none = []] = sourcesOf('kubernetes/liveness-probe-missing', 'pod.yaml', pod(''));
    const ready = pod('      readinessProbe: {tcpSocket: {port: 80}}\n');
    const [other = []] = sourcesOf('kubernetes/liveness-probe-missing', 'pod.yaml', ready);
    assert.ok(none.includes('kyverno require-probes') && !other.includes('kyverno require-probes'));
    assert.ok(other.includes('checkov CKV_K8S_8'));
  });

  it('of a missing label, those to whom another would do', () => {
    const text = (labels: string) => pod('').replace('  name: web\nspec', `  name: web\n  labels: ${labels}\nspec`);
    const owner = (labels: string) => sourcesOf('kubernetes/label-wanted', 'pod.yaml', text(labels)).flat();
    assert.ok(owner('{}').includes('kubescape C-0076'));
    assert.ok(!owner('{app: web}').includes('kubescape C-0076'));
    assert.ok(!owner('{}').includes('kubescape C-0077'));
  });
});
