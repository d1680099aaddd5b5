import { keySpan } from '../../compose/key-span.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../../yaml/field.ts';
import { asMapping, asSequence } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const peers = ['kics no_new_privileges_not_set', 'semgrep no-new-privileges'];
const unsetPeers = ['kics security_opt_not_set', 'semgrep no-new-privileges'];

const option = /^no-new-privileges(?:[:=](true|false))?$/;

export default defineRule('compose-service', {
  meta: {
    id: 'compose/new-privileges-allowed',
    rows: ['C303'],
    summary: 'A service should not be able to gain privileges.',
    why: 'A program that is setuid root makes root of whoever starts it, in a container too: a service that runs as another user may so get back what it gave up. With `no-new-privileges` the kernel lets none of its processes have more than they started with. Images that use sudo or ping by setuid need it off.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      unset: 'No `security_opt`: setuid programs in this service may make root of their callers',
      missing: 'Without `no-new-privileges`, setuid programs may make root of their callers',
      off: '`no-new-privileges` is turned off: setuid programs may make root of their callers',
    },
    titles: { add: 'Add no-new-privileges' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: `services:
  web:
    image: web:1.4
    security_opt:
      - apparmor:web
`,
        good: `services:
  web:
    image: web:1.4
    security_opt:
      - apparmor:web
      - no-new-privileges:true
`,
      },
    ],
    options: {},
    sources: [...new Set([...peers, ...unsetPeers])],
  },
  *check(service) {
    const { node, path, file } = service;
    if (service.partial) return;
    const field = fieldAt(node, 'security_opt');
    if (field === 'unknown' || (field !== undefined && asSequence(field)?.open !== false)) return;
    // With a blank behind the colon an option becomes a mapping, which Compose refuses; what it was meant to be is clear.
    const options = knownItems(node, 'security_opt').map(({ index, node: item }) => {
      const key = asMapping(item)?.pairs[0]?.key.text;
      if (key === undefined) return { index, text: scalarText(item)?.value };
      return { index, text: `${key}:${knownText(item, key)?.value ?? ''}` };
    });
    if (options.some(({ text }) => text === undefined || text.includes('$'))) return;
    const own = options.findLast(({ text }) => option.test(text ?? ''));
    const value = 'no-new-privileges:true';
    if (own?.text === undefined) {
      const patches = [{ kind: 'append', path: [...path, 'security_opt'], value }] as const;
      yield {
        message: field === undefined ? 'unset' : 'missing',
        peers: field === undefined ? unsetPeers : peers,
        span: keySpan(service, 'security_opt'),
        fixes: patchFix(file.document, { title: 'add', safety: 'suggested', patches }),
      };
    } else if (option.exec(own.text)?.[1] === 'false') {
      const patches = [{ kind: 'set', path: [...path, 'security_opt', own.index], value }] as const;
      yield {
        message: 'off',
        peers,
        span: keySpan(service, 'security_opt'),
        fixes: patchFix(file.document, { title: 'add', safety: 'suggested', patches }),
      };
    }
  },
});
