import type { Located, Span } from '../text/span.ts';
import { knownItems, knownText, scalarText } from '../yaml/field.ts';
import { asMapping } from '../yaml/read.ts';
import type { ComposeService } from './model.ts';

/** One entry of a service's `volumes`, short or long; what holds `${…}` is undefined. */
export interface ComposeVolume {
  readonly span: Span;
  /** A path of the machine for a bind mount, else a volume's name; undefined for an anonymous volume. */
  readonly source: Located<string> | undefined;
  readonly kind: 'bind' | 'volume' | 'other';
  readonly readOnly: boolean;
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
      return [{ span: node.span, source: plain(source), kind, readOnly }];
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
  const named: Located<string> = { value: source, span: known ? { start, end: start + source.length } : span };
  return {
    span,
    source: target === undefined ? undefined : plain(named),
    kind: bind ? 'bind' : 'volume',
    readOnly: mode.split(',').includes('ro'),
  };
}

function plain(text: Located<string> | undefined): Located<string> | undefined {
  return text === undefined || text.value.includes('$') ? undefined : text;
}
