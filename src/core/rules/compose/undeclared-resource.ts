import type { ComposeFile, ComposeService } from '../../compose/model.ts';
import { isMainPath } from '../../compose/recognise.ts';
import { readVolumes } from '../../compose/volumes.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../../yaml/field.ts';
import type { YamlMapping } from '../../yaml/node.ts';
import { asMapping, entries, entry, mayHave } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

type Section = 'volumes' | 'networks' | 'configs' | 'secrets';

/** Names in a service's list, short or long, or keys of its map (`networks`). */
function* namesIn(node: YamlMapping, key: Exclude<Section, 'volumes'>): Generator<Located<string>> {
  const field = fieldAt(node, key);
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  for (const pair of mapping ? entries(mapping) : []) {
    if (!pair.key.unknown) yield { value: pair.key.text, span: pair.key.span };
  }
  for (const { node: item } of knownItems(node, key)) {
    const name = scalarText(item) ?? knownText(item, 'source');
    if (name !== undefined) yield name;
  }
}

function* uses(service: ComposeService): Generator<readonly [Section, Located<string>]> {
  for (const { kind, source } of readVolumes(service)) {
    if (kind === 'volume' && source !== undefined && /^[\w][\w.-]*$/.test(source.value)) yield ['volumes', source];
  }
  for (const section of ['networks', 'configs', 'secrets'] as const) {
    for (const name of namesIn(service.node, section)) yield [section, name];
  }
}

/** Whether the file or its override declares it, or a template may. */
function isDeclared({ root, overlay }: ComposeFile, section: Section, name: string): boolean {
  if (section === 'networks' && name === 'default') return true;
  const field = fieldAt(root, section);
  if (field === 'unknown') return true;
  const mapping = field === undefined ? undefined : asMapping(field);
  return (
    (mapping !== undefined && (entry(mapping, name) !== undefined || mayHave(mapping, name))) ||
    (overlay !== undefined && isDeclared(overlay, section, name))
  );
}

export default defineRule('compose-service', {
  meta: {
    id: 'compose/undeclared-resource',
    rows: ['C109'],
    summary: 'Volumes, networks, configs and secrets that a service names should be declared.',
    why: 'Compose refuses a file in which a service names a volume, network, config or secret that the top level does not have. Files of other names are often laid over the main one, and a file may include others: what they lack may stand there, and they are left alone.',
    severity: 'error',
    topic: 'correctness',
    messages: { undeclared: '`{name}` is not declared under `{section}`' },
    titles: { declare: 'Declare `{name}` under `{section}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  db:\n    image: postgres:18\n    volumes:\n      - data:/var/lib/postgresql\n',
        good: 'services:\n  db:\n    image: postgres:18\n    volumes:\n      - data:/var/lib/postgresql\nvolumes:\n  data: {}\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service, context) {
    const { file } = service;
    if (service.partial || !isMainPath(context.file.path) || mayHave(file.root, 'include')) return;
    for (const [section, { value: name, span }] of uses(service)) {
      if (name.includes('$') || isDeclared(file, section, name)) continue;
      // A config or secret needs to say where it comes from: only a person knows.
      const knows = section === 'volumes' || section === 'networks';
      yield {
        message: 'undeclared',
        data: { name, section },
        span,
        fixes: knows
          ? patchFix(file.document, {
              title: 'declare',
              safety: 'suggested',
              patches: [{ kind: 'set', path: [section, name], value: {} }],
            })
          : [],
      };
    }
  },
});
