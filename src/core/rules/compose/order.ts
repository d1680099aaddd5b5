import { type Place, type Unordered, unorderedIn } from '../../compose/order.ts';
import { defineRule } from '../../engine/rule.ts';
import { patchFix } from '../patch-fix.ts';

const peers: Readonly<Record<Unordered['kind'], string>> = {
  sections: 'dclint top-level-properties-order',
  services: 'dclint services-alphabetical-order',
  keys: 'dclint service-keys-order',
  ports: 'dclint service-ports-alphabetical-order',
  dependencies: 'dclint service-dependencies-alphabetical-order',
};

/** The entry above that comes first among those that an entry belongs before. */
function belongsBefore({ rank }: Place, above: readonly Place[]): Place | undefined {
  const later = above.filter((other) => rank !== undefined && other.rank !== undefined && other.rank > rank);
  return later.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0))[0];
}

function inOrder(places: readonly Place[]): readonly number[] {
  const rankAt = (at: number) => places[at]?.rank ?? -1;
  return [...places.keys()].toSorted((a, b) => rankAt(a) - rankAt(b));
}

export default defineRule('compose-file', {
  meta: {
    id: 'compose/order',
    rows: ['C601'],
    summary: 'Entries that have no order to the engine may have one to the reader.',
    why: 'In a file that many people change, an agreed order tells where to look, and where a new service goes. Sections, services, their keys, ports and dependencies each have a setting. The fix moves whole entries with their comments; where a comment stands by itself, or an alias would come before its anchor, there is none. Off by default.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: {
      sections: 'The section `{name}` belongs before `{before}`',
      services: 'Service {name} belongs before {before}, by the alphabet',
      keys: 'The key `{name}` belongs before `{before}`',
      ports: 'Port {name} belongs before {before}',
      dependencies: '{name} belongs before {before}, by the alphabet',
    },
    titles: { order: 'Bring them into order' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: `services:
  web:
    # The site.
    ports:
      - "127.0.0.1:8080:80"
    image: web:1.4
`,
        good: `services:
  web:
    image: web:1.4
    # The site.
    ports:
      - "127.0.0.1:8080:80"
`,
      },
    ],
    options: {
      sections: { type: 'boolean', default: true, description: 'Order the top-level keys.' },
      services: { type: 'boolean', default: true, description: 'Order services by the alphabet.' },
      keys: { type: 'boolean', default: true, description: 'Order the keys of a service.' },
      ports: { type: 'boolean', default: true, description: 'Order ports by their number on the machine.' },
      dependencies: { type: 'boolean', default: true, description: 'Order `depends_on` by the alphabet.' },
    },
    sources: Object.values(peers),
  },
  *check(file, { options }) {
    for (const { kind, path, places } of unorderedIn(file)) {
      if (!options[kind]) continue;
      const misplaced = places.flatMap((place, at) => {
        const before = belongsBefore(place, places.slice(0, at));
        return before === undefined ? [] : [{ place, before }];
      });
      // One for a list: its items have no lines that tell them apart.
      const list = kind === 'ports' || kind === 'dependencies';
      const patches = [{ kind: 'order', path, order: inOrder(places) }] as const;
      const fixes = misplaced.length === 0 ? [] : patchFix(file.document, { title: 'order', safety: 'safe', patches });
      for (const { place, before } of list ? misplaced.slice(0, 1) : misplaced) {
        const data = { name: place.name, before: before.name };
        yield { message: kind, data, span: place.span, peers: [peers[kind]], fixes };
      }
    }
  },
});
