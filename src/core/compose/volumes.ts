import type { Located, Span } from '../text/span.ts';
import { knownItems, knownMapping, knownText, scalarText } from '../yaml/field.ts';
import { asMapping, entries } from '../yaml/read.ts';
import type { ComposeFile, ComposeService } from './model.ts';

/** One entry of a service's `volumes`, short or long; what holds `${…}` is undefined. */
export interface ComposeVolume {
  readonly span: Span;
  /** A path of the machine for a bind mount, else a volume's name; undefined for an anonymous volume. */
  readonly source: Located<string> | undefined;
  readonly kind: 'bind' | 'volume' | 'other';
  readonly readOnly: boolean;
  /** How mounts made below it are passed on, where that is written: `rshared`. */
  readonly propagation: Located<string> | undefined;
}

const propagations = /^r?(?:shared|slave|private)$/;

/** The folders of the machine that top-level `volumes` bind: `driver_opts` with `o: bind` and a `device`. */
export function readBoundFolders({
  root,
}: ComposeFile): readonly { readonly source: Located<string>; readonly readOnly: boolean }[] {
  const volumes = knownMapping(root, 'volumes');
  return (volumes === undefined ? [] : entries(volumes)).flatMap(({ value }) => {
    const options = knownText(value, 'driver_opts', 'o')?.value.split(',') ?? [];
    const source = plain(knownText(value, 'driver_opts', 'device'));
    if (source === undefined || !options.some((option) => /^r?bind$/.test(option))) return [];
    return [{ source, readOnly: options.includes('ro') }];
  });
}

/** The volumes of a service. */
export function readVolumes(service: ComposeService): readonly ComposeVolume[] {
  return knownItems(service.node, 'volumes').flatMap(({ node }) => {
    const mapping = asMapping(node);
    if (mapping !== undefined) {
      const type = knownText(mapping, 'type')?.value ?? 'volume';
      const source = knownText(mapping, 'source') ?? knownText(mapping, 'src');
      const readOnly = /^(?:true|yes|on)$/i.test(knownText(mapping, 'read_only')?.value ?? '');
      const kind = type === 'bind' || type === 'volume' ? type : 'other';
      const propagation = plain(knownText(mapping, 'bind', 'propagation'));
      return [{ span: node.span, source: plain(source), kind, readOnly, propagation }];
    }
    const text = scalarText(node);
    return text === undefined ? [] : [readShort(text)];
  });
}

function readShort({ value, span }: Located<string>): ComposeVolume {
  // A drive letter's colon parts nothing.
  const [source = '', target, mode = ''] = value.split(/(?<!^[A-Za-z]):/);
  const around = span.end - span.start - value.length;
  const start = span.start + (around === 2 ? 1 : 0);
  const bind = /^(?:[./~\\]|[A-Za-z]:[\\/])/.test(source);
  // With variables, escapes or folds in it the offsets of its parts are unknown: each is then the whole.
  const known = around === 0 || around === 2;
  const located = (part: string, at: number): Located<string> => ({
    value: part,
    span: known ? { start: start + at, end: start + at + part.length } : span,
  });
  const words = mode.split(',');
  const propagation = words.find((word) => propagations.test(word));
  return {
    span,
    source: target === undefined ? undefined : plain(located(source, 0)),
    kind: bind ? 'bind' : 'volume',
    readOnly: words.includes('ro'),
    propagation: propagation === undefined ? undefined : located(propagation, value.lastIndexOf(propagation)),
  };
}

function plain(text: Located<string> | undefined): Located<string> | undefined {
  return text === undefined || text.value.includes('$') ? undefined : text;
}
