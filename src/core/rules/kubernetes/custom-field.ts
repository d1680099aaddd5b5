import { defineRule } from '../../engine/rule.ts';
import { customKinds } from '../../kubernetes/custom-fields.ts';
import type { KubernetesFile, KubernetesObject } from '../../kubernetes/model.ts';
import { fieldFindings, fieldMessages, fieldTitles } from './parts/field-findings.ts';

const manifest = (field: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: backups.example.com
spec:
  group: example.com
  scope: Namespaced
  names:
    kind: Backup
    plural: backups
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                schedule:
                  type: string
---
apiVersion: example.com/v1
kind: Backup
metadata:
  name: nightly
spec:
  ${field}: "0 3 * * *"
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/custom-field',
    rows: ['K802'],
    summary: 'Fields of a custom kind should be ones that its CustomResourceDefinition has.',
    why: 'The API server drops what the schema of a CustomResourceDefinition does not have, and refuses values of a wrong type. Compared are custom resources whose definition is written in the workspace.',
    severity: 'error',
    topic: 'configuration',
    messages: fieldMessages,
    titles: fieldTitles,
    fix: 'sometimes',
    examples: [{ file: 'backup.yaml', bad: manifest('shedule'), good: manifest('schedule') }],
    options: {},
    sources: ['kube-linter schema-validation', 'monokle K8S001'],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      const definition = definitionIn(file, object);
      if (definition === undefined) continue;
      const place = { document: object.document, partial: object.context === 'patch' };
      for (const finding of fieldFindings(place, definition, object.root, object.path)) {
        const dropped = finding.message === 'unknown' || finding.message === 'misplaced';
        yield { ...finding, offset: start, ...(dropped && { severity: 'warning' }) };
      }
    }
  },
});

/** By the definition nearest to the object: several releases of one may lie about in a workspace. */
function definitionIn({ objects, neighbours }: KubernetesFile, { apiVersion, kind }: KubernetesObject) {
  if (!apiVersion.value.includes('.')) return undefined;
  for (const placed of [...objects, ...(neighbours?.near ?? []), ...(neighbours?.far ?? [])]) {
    const made = customKinds(placed.object).find(
      (one) => one.kind === kind.value && one.apiVersion === apiVersion.value,
    );
    if (made !== undefined) return made.definition;
  }
  return undefined;
}
