import { dependenciesOf } from '../../compose/dependencies.ts';
import { keySpan } from '../../compose/key-span.ts';
import type { ComposeService } from '../../compose/model.ts';
import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/links-legacy',
    rows: ['C110'],
    summary: 'Services should find each other by their names on a network, and share data in volumes.',
    why: '`links` are from the time before networks: services of one network reach each other by name without them, and `depends_on` says in which order they start. On the default bridge no names are known at all, which is what links were for. `volumes_from` mounts all that another container has: a named volume says what is shared, and where.',
    severity: 'information',
    look: 'deprecated',
    topic: 'network',
    messages: {
      links: '`links` are not needed: services of a network reach each other by name',
      external: '`external_links` are legacy: share an external network with that container',
      volumes: '`volumes_from` mounts whatever the other container has: name the volumes that are shared',
      bridge: 'On the default bridge services do not find each other by name',
    },
    titles: { depends: 'Say it with depends_on' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    links:\n      - db\n  db:\n    image: postgres:18\n',
        good: 'services:\n  web:\n    image: web:1.4\n    depends_on:\n      - db\n  db:\n    image: postgres:18\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service) {
    const { node } = service;
    const has = (key: string) => knownItems(node, key).length > 0;
    if (has('links')) yield { message: 'links', span: keySpan(service, 'links'), fixes: withDependencies(service) };
    if (has('external_links')) yield { message: 'external', span: keySpan(service, 'external_links') };
    if (has('volumes_from')) yield { message: 'volumes', span: keySpan(service, 'volumes_from') };
    const mode = knownText(node, 'network_mode');
    // Alone it has nobody to find.
    if (mode?.value === 'bridge' && service.file.services.length > 1) yield { message: 'bridge', span: mode.span };
  },
});

/** A link makes its service start first, which stays so. One with another name (`db:database`) is needed for that name. */
function withDependencies(service: ComposeService): readonly ProposedFix<'depends'>[] {
  const { node, path, file } = service;
  const links = knownItems(node, 'links');
  const names = links.flatMap(({ node: item }) => scalarText(item)?.value ?? []);
  const plain = names.every((name) => !/[:$]/.test(name) && file.services.some((one) => one.name.value === name));
  if (names.length !== links.length || !plain) return [];
  const field = fieldAt(node, 'depends_on');
  if (field === 'unknown') return [];
  const known = new Set(dependenciesOf(service).map(({ name }) => name.value));
  const wanted = [...new Set(names)].filter((name) => !known.has(name));
  const added: readonly YamlPatch[] =
    field?.kind === 'mapping'
      ? wanted.map((name) => ({
          kind: 'set',
          path: [...path, 'depends_on', name],
          value: { condition: 'service_started' },
        }))
      : wanted.map((value) => ({ kind: 'append', path: [...path, 'depends_on'], value }));
  return patchFix(file.document, {
    title: 'depends',
    safety: 'suggested',
    patches: [...added, { kind: 'remove', path: [...path, 'links'] }],
  });
}
