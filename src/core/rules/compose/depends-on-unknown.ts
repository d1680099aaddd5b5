import type { ComposeService } from '../../compose/model.ts';
import { isMainPath } from '../../compose/recognise.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownItems, knownMapping, knownText, mayHide, scalarText } from '../../yaml/field.ts';
import { asMapping, entries, mayHave } from '../../yaml/read.ts';

/** The services that one waits for, from the list or the map. */
function dependencies({ node }: ComposeService): readonly Located<string>[] {
  const field = fieldAt(node, 'depends_on');
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  const keys = (mapping ? entries(mapping) : []).map(({ key }) => ({ value: key.text, span: key.span }));
  const items = knownItems(node, 'depends_on').flatMap(({ node: item }) => scalarText(item) ?? []);
  return [...keys, ...items].filter(({ value }) => !value.includes('$'));
}

export default defineRule('compose-file', {
  meta: {
    id: 'compose/depends-on-unknown',
    rows: ['C108'],
    summary: 'A service should only wait for services that exist, and not for itself.',
    why: 'Compose refuses a file in which `depends_on` names a service that is not there, or in which services wait for each other in a circle: none of them could ever be started first. Files of other names are often laid over the main one, and a file may include others: a name that is not in them may stand there. A service of a profile is not there either while the profile is not asked for; `required: false` lets others start without it.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      unknown: 'There is no service `{name}` to wait for',
      circle: 'These wait for each other: {circle}',
      profile: '{name} only runs with profile {profiles}: started without it, Compose refuses the project',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.2\n    depends_on: [databse]\n  database:\n    image: postgres:18\n',
        good: 'services:\n  web:\n    image: web:1.2\n    depends_on: [database]\n  database:\n    image: postgres:18\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(file, context) {
    const whole = isMainPath(context.file.path) && !mayHave(file.root, 'include');
    if (file.partial) return;
    const services = new Map(file.services.map((service) => [service.name.value, service]));
    const named = fieldAt(file.root, 'services');
    const holder = named === undefined || named === 'unknown' ? undefined : asMapping(named);
    const overlaid = knownMapping(file.overlay?.root, 'services');
    for (const service of file.services) {
      for (const { value: name, span } of dependencies(service)) {
        if (!services.has(name)) {
          if (whole && holder !== undefined && !mayHave(holder, name) && !mayHave(overlaid, name))
            yield { message: 'unknown', data: { name }, span };
          continue;
        }
        const target = services.get(name);
        const hidden = target === undefined ? [] : profilesThatHide(service, target);
        if (hidden.length > 0)
          yield { message: 'profile', severity: 'warning', data: { name, profiles: hidden.join(' or ') }, span };
        const circle = circleFrom(service.name.value, name, services);
        // Told once, at the service of it that the file has first.
        const first = circle && file.services.find(({ name: { value } }) => circle.includes(value));
        if (circle && first === service) yield { message: 'circle', data: { circle: circle.join(' → ') }, span };
      }
    }
  },
});

/** The profiles of which one must be asked for before the other is there, where a service may be started without; else none. */
function profilesThatHide(service: ComposeService, target: ComposeService): readonly string[] {
  if (service.partial || target.partial) return [];
  const own = profilesOf(service);
  const its = profilesOf(target);
  if (own === undefined || its === undefined || its.length === 0) return [];
  const written = ['depends_on', target.name.value, 'required'] as const;
  const required =
    fieldAt(service.node, ...written) === undefined || knownText(service.node, ...written)?.value === 'true';
  if (!required) return [];
  return own.length > 0 && own.every((profile) => its.includes(profile)) ? [] : its;
}

/** Undefined where one of them is not known. */
function profilesOf({ node }: ComposeService): readonly string[] | undefined {
  if (mayHide(node, 'profiles')) return undefined;
  const names = knownItems(node, 'profiles').map(({ node: item }) => scalarText(item)?.value);
  const known = names.filter((name) => name !== undefined && !name.includes('$'));
  return known.length === names.length ? known.filter((name) => name !== undefined) : undefined;
}

/** The way from `start` over `next` back to `start`; undefined where there is none. */
function circleFrom(
  start: string,
  next: string,
  services: ReadonlyMap<string, ComposeService>,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>([[next, start]]);
  const rest = [next];
  for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
    if (at === start) {
      const way = [start];
      for (let back = cameFrom.get(start); back !== undefined && back !== start; back = cameFrom.get(back))
        way.unshift(back);
      return [start, ...way];
    }
    const service = services.get(at);
    for (const { value } of service ? dependencies(service) : []) {
      if (cameFrom.has(value)) continue;
      cameFrom.set(value, at);
      rest.push(value);
    }
  }
  return undefined;
}
