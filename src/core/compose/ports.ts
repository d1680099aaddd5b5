import type { Located, Span } from '../text/span.ts';
import { knownItems, knownText } from '../yaml/field.ts';
import type { YamlDocument, YamlMapping, YamlPath, YamlScalar } from '../yaml/node.ts';
import { asMapping, asScalar } from '../yaml/read.ts';
import type { ComposePort } from './model.ts';

/** The `ports` of a service, short and long ones, in order. */
export function readPorts(document: YamlDocument, service: YamlMapping, path: YamlPath): readonly ComposePort[] {
  return knownItems(service, 'ports').flatMap(({ index, node }) => {
    const at: YamlPath = [...path, 'ports', index];
    const scalar = asScalar(node);
    if (scalar !== undefined) return [readShort(document, scalar, node.span, at)];
    const mapping = asMapping(node);
    return mapping === undefined ? [] : [readLong(mapping, node.span, at)];
  });
}

/** `[host address:][published:]target[/protocol]`, as docker/go-connections splits it: from the end. */
function readShort(document: YamlDocument, scalar: YamlScalar, span: Span, path: YamlPath): ComposePort {
  const { text } = scalar;
  const quoted = scalar.style === 'single' || scalar.style === 'double';
  const contentStart = scalar.span.start + (quoted ? 1 : 0);
  // With escapes or folds in it the offsets of its parts are unknown: each is then the whole.
  const plain = document.text.startsWith(text, contentStart) && span === scalar.span;
  // A `:` or `/` within `${…}` splits nothing.
  const masked = text.replace(/\$\{[^}]*\}?/g, (match) => '$'.repeat(match.length));
  const part = (start: number, end: number): Located<string> | undefined => {
    const value = text.slice(start, end);
    if (value === '' || masked.slice(start, end).includes('$')) return undefined;
    return { value, span: plain ? { start: contentStart + start, end: contentStart + end } : span };
  };
  const slash = masked.lastIndexOf('/');
  const end = slash < 0 ? text.length : slash;
  const beforeTarget = masked.lastIndexOf(':', end - 1);
  const beforePublished = beforeTarget < 0 ? -1 : masked.lastIndexOf(':', beforeTarget - 1);
  const protocol = slash < 0 ? 'tcp' : text.slice(slash + 1).toLowerCase();
  const hasPublished = beforeTarget > 0;
  const hasHost = hasPublished && beforeTarget > 0 && beforePublished > 0;
  return {
    span,
    path,
    form: 'short',
    text,
    quoted,
    interpolated: masked.includes('$'),
    hostAddress: hasHost ? part(0, beforePublished) : undefined,
    published: beforeTarget < 0 ? undefined : part(beforePublished + 1, beforeTarget),
    target: part(beforeTarget + 1, end),
    protocol,
  };
}

function readLong(mapping: YamlMapping, span: Span, path: YamlPath): ComposePort {
  const texts = ['host_ip', 'published', 'target', 'protocol'].map((key) => knownText(mapping, key));
  const [hostAddress, published, target] = texts.map((text) => (text?.value.includes('$') ? undefined : text));
  return {
    span,
    path,
    form: 'long',
    text: target?.value ?? '',
    quoted: false,
    interpolated: texts.some((text) => text?.value.includes('$') === true),
    hostAddress,
    published,
    target,
    protocol: texts[3]?.value.toLowerCase() ?? 'tcp',
  };
}
