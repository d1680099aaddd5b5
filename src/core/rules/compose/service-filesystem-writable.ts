import { defineRule } from '../../engine/rule.ts';
import { fieldAt, scalarText } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-filesystem-writable',
    rows: ['C307'],
    summary: 'The file system of a service should be read-only.',
    why: 'Whoever gets into a service can change its programs and leave others there, for as long as the container lives. With `read_only` nothing but its volumes and its tmpfs can be written, which most servers do with: they need `/tmp`, and some a folder for their PID.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      missing: 'The file system of this service can be written to: there is no `read_only`',
      off: 'The file system of this service can be written to',
    },
    titles: { set: 'Make it read-only, with a tmpfs for /tmp', only: 'Make it read-only' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n',
        good: 'services:\n  web:\n    image: web:1.4\n    read_only: true\n    tmpfs:\n      - /tmp\n',
      },
    ],
    options: {},
    sources: ['semgrep writable-filesystem-service'],
  },
  *check({ node, path, file, partial, name }) {
    const field = fieldAt(node, 'read_only');
    if (field === 'unknown' || (field === undefined && partial)) return;
    const value = field && scalarText(field);
    if (field !== undefined && !/^(?:false|no|off|n)$/i.test(value?.value ?? '')) return;
    const temporary = fieldAt(node, 'tmpfs') === undefined;
    const patches: readonly YamlPatch[] = [
      { kind: 'set', path: [...path, 'read_only'], value: true },
      ...(temporary ? [{ kind: 'append', path: [...path, 'tmpfs'], value: '/tmp' } as const] : []),
    ];
    yield {
      message: value === undefined ? 'missing' : 'off',
      span: value?.span ?? name.span,
      fixes: patchFix(file.document, { title: temporary ? 'set' : 'only', safety: 'suggested', patches }),
    };
  },
});
