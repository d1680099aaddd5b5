import { defineRule } from '../../engine/rule.ts';
import { knownMapping, textMap } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { writtenFields } from './parts/written-fields.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/apparmor-profile',
    rows: ['K310'],
    summary: 'The AppArmor profile of a container should stay on.',
    why: 'AppArmor keeps a container from writing to `/proc` and `/sys`, from mounting, and from what else its profile names. Runtimes give every container such a profile; `Unconfined` takes it away, and a profile by another name is none that the API server takes.',
    severity: 'warning',
    podSecurity: 'baseline',
    topic: 'security',
    messages: {
      off: 'AppArmor profile `{profile}`: the default one of the runtime is taken away',
    },
    titles: { default: 'Set AppArmor profile {profile}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    appArmorProfile:
      type: Unconfined
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    appArmorProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [
      'pod-security appArmorProfile',
      'trivy KSV-0002',
      'kubesec ApparmorAny',
      'kubesec ApparmorUnconfined',
      'kics missing_app_armor_config',
      'monokle PSS107',
    ],
  },
  *check(workload) {
    const { document } = workload.object;
    for (const { field } of writtenFields(workload, 'appArmorProfile', 'type')) {
      if (field.text === undefined || field.text === 'RuntimeDefault' || field.text === 'Localhost') continue;
      yield {
        message: 'off',
        data: { profile: field.text },
        span: field.span,
        fixes: patchFix(document, {
          title: 'default',
          data: { profile: 'RuntimeDefault' },
          safety: 'suggested',
          patches: [{ kind: 'set', path: field.path, value: 'RuntimeDefault' }],
        }),
      };
    }
    for (const [key, profile] of textMap(knownMapping(workload.podMetadata, 'annotations'))) {
      if (!key.startsWith('container.apparmor.security.beta.kubernetes.io/')) continue;
      if (/^(?:|runtime\/default|localhost\/.*)$/.test(profile.value)) continue;
      yield {
        message: 'off',
        data: { profile: profile.value },
        span: profile.span,
        fixes: patchFix(document, {
          title: 'default',
          data: { profile: 'runtime/default' },
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...workload.podMetadataPath, 'annotations', key], value: 'runtime/default' }],
        }),
      };
    }
  },
});
