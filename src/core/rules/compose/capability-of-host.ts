import { defineRule } from '../../engine/rule.ts';
import { knownItems, knownText, scalarText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

/** What a process can do to the machine with it, whatever namespaces it is in. */
const gains: ReadonlyMap<string, string> = new Map([
  ['ALL', 'has every part of root'],
  ['SYS_ADMIN', 'can mount and change the file systems of the machine'],
  ['SYS_MODULE', 'can put code of its own into the kernel'],
  ['SYS_RAWIO', 'can read and write the memory and ports of the machine'],
  ['DAC_READ_SEARCH', 'can open every file of the machine by its number'],
]);

export default defineRule('compose-service', {
  meta: {
    id: 'compose/capability-of-host',
    rows: ['C305'],
    summary: 'A service should not add capabilities that give it the machine.',
    why: 'Some capabilities are as good as root on the machine: namespaces do not confine them, and ways out of a container with each of them are well known. Most programs that ask for SYS_ADMIN need one of the smaller ones, or a device.',
    severity: 'warning',
    topic: 'security',
    messages: { added: 'With {name} this service {gain}' },
    titles: { remove: 'Do not add {name}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    cap_add:\n      - NET_BIND_SERVICE\n      - SYS_ADMIN\n',
        good: 'services:\n  web:\n    image: web:1.4\n    cap_add:\n      - NET_BIND_SERVICE\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ node, path, file }) {
    // A privileged service has them all; that is said there.
    if (/^(?:true|yes|on|y)$/i.test(knownText(node, 'privileged')?.value ?? '')) return;
    const added = knownItems(node, 'cap_add');
    for (const { index, node: item } of added) {
      const text = scalarText(item);
      const name = text?.value.toUpperCase().replace(/^CAP_/, '') ?? '';
      const gain = gains.get(name);
      if (text === undefined || gain === undefined) continue;
      const below = added.length === 1 ? [] : [index];
      yield {
        message: 'added',
        data: { name, gain },
        span: text.span,
        fixes: patchFix(file.document, {
          title: 'remove',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...path, 'cap_add', ...below] }],
        }),
      };
    }
  },
});
