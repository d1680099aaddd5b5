import type { Span } from '../text/span.ts';
import type { YamlNode, YamlPath } from '../yaml/node.ts';
import { asScalar, entry } from '../yaml/read.ts';
import type { ComposeFile, ComposePort, ComposeService } from './model.ts';

/** An entry of a collection, and its place among the others when they stand in order. */
export interface Place {
  readonly name: string;
  readonly span: Span;
  /** Undefined for what may stand anywhere, as its port is not known. */
  readonly rank: number | undefined;
}

/** A collection in which nothing depends on the order of the entries, so that one can be agreed upon. */
export interface Unordered {
  readonly kind: 'keys' | 'services' | 'ports' | 'dependencies' | 'sections';
  readonly path: YamlPath;
  readonly places: readonly Place[];
}

/** From what a service is, over what it is given, to how it runs. */
const serviceKeys = [
  ...['<<', 'image', 'build', 'container_name', 'depends_on', 'volumes', 'volumes_from', 'configs', 'secrets'],
  ...['environment', 'env_file', 'ports', 'networks', 'network_mode', 'extra_hosts', 'command', 'entrypoint'],
  ...['working_dir', 'restart', 'healthcheck', 'logging', 'labels', 'user', 'isolation'],
];
const sections = ['version', 'name', 'include', 'services', 'networks', 'volumes', 'configs', 'secrets'];

type Entry = Pick<Place, 'name' | 'span'>;

function indexIn(list: readonly string[], name: string): number {
  const at = list.indexOf(name);
  return at < 0 ? list.length : at;
}

/** By a number for each, and by the alphabet where that is the same. */
function ranked(entries: readonly Entry[], number: (name: string) => number): readonly Place[] {
  const sorted = entries.toSorted((a, b) => {
    const [one, other] = [a.name.toLowerCase(), b.name.toLowerCase()];
    return number(a.name) - number(b.name) || (one < other ? -1 : Number(one > other));
  });
  return entries.map((each) => ({ ...each, rank: sorted.indexOf(each) }));
}

/** The keys of a mapping or the texts of a list, as far as they are written there. */
function entriesOf(node: YamlNode | null | undefined): readonly Entry[] {
  if (node?.kind === 'mapping') return node.pairs.map(({ key }) => ({ name: key.text, span: key.span }));
  if (node?.kind !== 'sequence') return [];
  return node.items.map((item) => ({ name: asScalar(item)?.text ?? '', span: item?.span ?? node.span }));
}

function placeOf(port: ComposePort | undefined, node: YamlNode): Place {
  const outer = port?.published ?? port?.target;
  const rank = port?.interpolated ? Number.NaN : Number.parseInt(outer?.value ?? '', 10);
  return { name: outer?.value ?? '', span: outer?.span ?? node.span, rank: Number.isNaN(rank) ? undefined : rank };
}

function* inService({ node, path, ports }: ComposeService): Generator<Unordered> {
  yield { kind: 'keys', path, places: ranked(entriesOf(node), (name) => indexIn(serviceKeys, name)) };
  const list = entry(node, 'ports')?.value;
  if (list?.kind === 'sequence') {
    const known = new Map(ports.map((port) => [port.path.at(-1), port]));
    const places = list.items.map((_, at) => placeOf(known.get(at), list));
    yield { kind: 'ports', path: [...path, 'ports'], places };
  }
  const needed = entriesOf(entry(node, 'depends_on')?.value);
  yield { kind: 'dependencies', path: [...path, 'depends_on'], places: ranked(needed, () => 0) };
}

/**
 * What of a Compose file has no order to the engine: top-level keys (`x-` first, as they hold what others refer to), services,
 * their keys, their dependencies, and their ports by the number on the machine.
 */
export function* unorderedIn({ root, services }: ComposeFile): Generator<Unordered> {
  const section = (name: string) => (name.startsWith('x-') ? -1 : indexIn(sections, name));
  yield { kind: 'sections', path: [], places: ranked(entriesOf(root), section) };
  const named = entriesOf(entry(root, 'services')?.value);
  yield { kind: 'services', path: ['services'], places: ranked(named, (name) => (name === '<<' ? -1 : 0)) };
  const seen = new Set<YamlNode>();
  for (const service of services) {
    // A service may be an alias of another one.
    if (!seen.has(service.node)) yield* inService(service);
    seen.add(service.node);
  }
}
