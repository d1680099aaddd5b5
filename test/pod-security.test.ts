import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { applyEdits } from '../src/core/text/edit.ts';

const service = createService();
const title = 'Write the whole restricted security context';

function findingsOf(text: string) {
  const { findings } = drive(
    service.analyse({ path: '/pod.yaml', languageId: '', text }, defaultSettings, noSurroundings),
  );
  return findings;
}

/** The text after the fix that writes the whole context; undefined where no finding has it. */
function scaffolded(text: string): string | undefined {
  const fix = findingsOf(text)
    .flatMap(({ fixes }) => fixes)
    .find((candidate) => candidate.title === title);
  return fix && applyEdits(text, fix.edits);
}

/** Findings of controls of the Pod Security Standards that are left. */
function broken(text: string): readonly string[] {
  return findingsOf(text)
    .filter(({ sources }) => sources.some((source) => source.startsWith('pod-security ')))
    .map(({ rule }) => rule);
}

describe('the fix that writes the whole restricted context', () => {
  it('satisfies the standard where nothing is written', () => {
    const pod = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      initContainers:
        - name: prepare
          image: web:1.4
      containers:
        - name: web
          image: web:1.4
`;
    const after = scaffolded(pod) ?? '';
    assert.equal(
      after,
      `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      initContainers:
        - name: prepare
          image: web:1.4
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop:
                - ALL
      containers:
        - name: web
          image: web:1.4
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop:
                - ALL
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
`,
    );
    assert.deepEqual(broken(after), []);
  });

  it('adds to what is written, and leaves it as it is', () => {
    const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    fsGroup: 2000 # for the volume
  containers:
    - name: web
      image: web:1.4
      securityContext:
        readOnlyRootFilesystem: true
        capabilities:
          add: [NET_BIND_SERVICE]
    - name: privileged
      image: web:1.4
      securityContext:
        privileged: true
        runAsUser: 0
`;
    assert.equal(
      scaffolded(pod),
      `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    fsGroup: 2000 # for the volume
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: web:1.4
      securityContext:
        readOnlyRootFilesystem: true
        capabilities:
          add: [NET_BIND_SERVICE]
          drop:
            - ALL
        allowPrivilegeEscalation: false
    - name: privileged
      image: web:1.4
      securityContext:
        privileged: true
        runAsUser: 0
        capabilities:
          drop:
            - ALL
`,
    );
  });

  it('is not offered where one field alone is missing, or a template may write them', () => {
    const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      securityContext:
        allowPrivilegeEscalation: false
        runAsNonRoot: true
        capabilities: { drop: [ALL] }
`;
    assert.equal(scaffolded(pod), undefined);
    assert.deepEqual(broken(pod), ['kubernetes/seccomp-profile']);
    const template = pod.replace(/ {6}securityContext:.*/s, '      {{- toYaml .Values.container | nindent 6 }}\n');
    assert.equal(
      scaffolded(template.replace('  containers', '  {{- toYaml .Values.pod | nindent 2 }}\n  containers')),
      undefined,
    );
  });
});
