import * as vscode from 'vscode';
import { assert, describe, eventually, it } from '../support/suite.ts';
import { fileUri, findingOf, fixesAt, openFile, revert } from './demo.ts';

/** Windows line ends, lists that are not indented, comments, a context that is begun, and another document behind. */
const before = `apiVersion: v1
kind: Namespace
metadata:
  name: shop # ours
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      # The shop itself.
      - name: web
        image: web:1.4 # pinned
        ports:
        - containerPort: 8080
        securityContext: {readOnlyRootFilesystem: true}
      - name: side
        image: side:2.0
      # Below all containers.
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
`;

const context = `        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
`;

const ofPod = `      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
`;

async function apply(document: vscode.TextDocument, rule: string, title: string): Promise<void> {
  // A finding is still where it was for a moment after an edit.
  const action = await eventually(async () => {
    const actions = await fixesAt(document, await findingOf(document, rule));
    const found = actions.find((one) => one.title === title);
    assert.ok(found?.edit, `“${title}” is among ${actions.map((one) => one.title).join(', ')}`);
    return found;
  });
  assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)), 'the editor takes the edit');
}

describe('scaffolds', () => {
  it('write security context, label and probe into what is there, and touch nothing else', async () => {
    await vscode.workspace.fs.writeFile(
      fileUri('scaffolds/web.yaml'),
      new TextEncoder().encode(before.replaceAll('\n', '\r\n')),
    );
    const document = await openFile('scaffolds/web.yaml');
    await apply(document, 'kubernetes/run-as-non-root', 'Write the whole restricted security context');
    await apply(document, 'kubernetes/namespace-unenforced', 'Enforce the restricted Pod Security Standard');
    await apply(document, 'kubernetes/readiness-probe-missing', 'Add a readiness probe that connects to port 8080');
    const after = before
      .replace('# ours\n', '# ours\n  labels:\n    pod-security.kubernetes.io/enforce: restricted\n')
      .replace(
        '{readOnlyRootFilesystem: true}\n',
        '{readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n' +
          '        readinessProbe:\n          tcpSocket:\n            port: 8080\n',
      )
      .replace('image: side:2.0\n', `image: side:2.0\n${context}`)
      .replace('      # Below', `${ofPod}      # Below`);
    assert.deepEqual(document.getText().split('\r\n'), after.split('\n'));
    await eventually(() => {
      const rules = vscode.languages.getDiagnostics(document.uri).map(({ code }) => JSON.stringify(code));
      assert.deepEqual(
        rules.filter((rule) => /non-root|seccomp|privilege|capabilities|unenforced|readiness/.test(rule)),
        [],
      );
    });
    await revert();
  });

  it('are not offered where a template may write the same', async () => {
    const template = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      {{- toYaml .Values.security | nindent 6 }}
      resources:
        requests: {cpu: 500}
`;
    await vscode.workspace.fs.writeFile(fileUri('chart/templates/web.yaml'), new TextEncoder().encode(template));
    const document = await openFile('chart/templates/web.yaml');
    const found = await eventually(() => {
      const all = vscode.languages.getDiagnostics(document.uri);
      assert.ok(all.length > 0, 'it is checked');
      return all;
    });
    const offered = await Promise.all(found.map((one) => fixesAt(document, one)));
    assert.deepEqual(
      offered.flat().filter(({ title }) => title.includes('restricted')),
      [],
    );
  });
});
