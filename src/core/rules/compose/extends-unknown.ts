import type { ComposeService } from '../../compose/model.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownMapping, knownText } from '../../yaml/field.ts';
import { mayHave } from '../../yaml/read.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/extends-unknown',
    rows: ['C108'],
    summary: 'A service should only extend services that are in the file, and not itself.',
    why: 'What `extends` names without a `file` is looked for in the very same file: neither in one that it includes, nor in one that it is laid over. Compose refuses a file in which it is not there, or in which services extend each other in a circle.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      unknown: 'There is no service `{name}` in this file to extend',
      circle: 'These extend each other: {circle}',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    extends: bsae\n  base:\n    image: web:1.4\n',
        good: 'services:\n  web:\n    extends: base\n  base:\n    image: web:1.4\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ root, services, document }) {
    const holder = knownMapping(root, 'services');
    if (holder === undefined || document.actions.length > 0) return;
    const byName = new Map(services.map((service) => [service.name.value, service]));
    for (const service of services) {
      const base = extended(service);
      if (base === undefined) continue;
      if (!mayHave(holder, base.value)) {
        yield { message: 'unknown', data: { name: base.value }, span: base.span };
        continue;
      }
      const circle = circleOf(service, byName);
      // Told once, at the service of it that the file has first.
      const first = circle && services.find(({ name }) => circle.includes(name.value));
      if (circle && first === service)
        yield { message: 'circle', data: { circle: circle.join(' → ') }, span: base.span };
    }
  },
});

/** The service of the same file that another one extends. */
function extended({ node }: ComposeService): Located<string> | undefined {
  if (fieldAt(node, 'extends', 'file') !== undefined) return undefined;
  const name = knownText(node, 'extends', 'service') ?? knownText(node, 'extends');
  return name === undefined || name.value === '' || name.value.includes('$') ? undefined : name;
}

/** The way from a service back to itself; undefined where it ends, or runs into a circle of others. */
function circleOf(start: ComposeService, byName: ReadonlyMap<string, ComposeService>): readonly string[] | undefined {
  const way = [start.name.value];
  for (let next = extended(start)?.value; next !== undefined; ) {
    if (next === start.name.value) return [...way, next];
    const service = byName.get(next);
    if (service === undefined || way.includes(next)) return undefined;
    way.push(next);
    next = extended(service)?.value;
  }
  return undefined;
}
