import { keySpan } from '../../compose/key-span.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, scalarText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-capabilities',
    rows: ['C305'],
    summary: 'A service should have the capabilities that it needs, and no others.',
    why: 'Capabilities are the parts of root. Docker leaves a container fourteen of them, such as to change the owner of any file or to send forged packets, and few programs need one: `cap_drop: [ALL]` takes them away, and `cap_add` gives back what is missed. Each that is added is worth a second look.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      kept: 'No `cap_drop`: this service has every capability that Docker gives by default',
      some: '`cap_drop` leaves this service other capabilities: only ALL drops them',
      added: '`cap_add` gives this service {names}',
    },
    titles: { drop: 'Drop all capabilities' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n',
        good: 'services:\n  web:\n    image: web:1.4\n    cap_drop:\n      - ALL\n',
      },
    ],
    options: {
      all: { type: 'boolean', default: false, description: 'A `cap_drop` without ALL is reported too.' },
    },
    sources: ['kics container_capabilities_unrestricted'],
  },
  *check(service, { options }) {
    const { node, path, file, partial } = service;
    const privileged = fieldAt(node, 'privileged');
    const names = (key: string) => knownItems(node, key).flatMap(({ node: item }) => scalarText(item)?.value ?? []);
    const added = names('cap_add');
    if (added.length > 0)
      yield { message: 'added', data: { names: added.join(', ') }, span: keySpan(service, 'cap_add') };
    // Capabilities of a privileged service cannot be dropped.
    const isPrivileged =
      privileged === 'unknown' || (privileged && /^(?:true|yes|on|\$.*)$/i.test(scalarText(privileged)?.value ?? ''));
    const field = fieldAt(node, 'cap_drop');
    if (partial || isPrivileged || field === 'unknown') return;
    const dropped = names('cap_drop');
    if (dropped.some((name) => name.includes('$') || /^(?:CAP_)?ALL$/i.test(name))) return;
    if (dropped.length > 0 && !options.all) return;
    yield {
      message: dropped.length > 0 ? 'some' : 'kept',
      span: keySpan(service, 'cap_drop'),
      fixes: patchFix(file.document, {
        title: 'drop',
        safety: 'suggested',
        patches: [{ kind: 'append', path: [...path, 'cap_drop'], value: 'ALL' }],
      }),
    };
  },
});
