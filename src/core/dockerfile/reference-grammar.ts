import { imageParts } from './image-reference.ts';

/** Why a text names no image, by the grammar of github.com/distribution/reference and the rules of Docker's normalising. */
export type ReferenceFlaw =
  | 'scheme'
  | 'colon'
  | 'uppercase'
  | 'emptyTag'
  | 'tag'
  | 'digest'
  | 'length'
  | 'name'
  | 'hexadecimal';

const domainPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domain = new RegExp(`^(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const path = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
/** Hexadecimal digits of the registered algorithms. */
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const longest = 255;

/** What most names look like, which have none of the flaws. */
const ordinary = /^(?:[a-z0-9]+(?:[.-][a-z0-9]+)*\/)*[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\w[\w.-]{0,127})?$/;

/** The first flaw of an image's name without variables; undefined where the builder takes it. */
export function referenceFlaw(text: string): ReferenceFlaw | undefined {
  // As long as a digest it may be one without the name of its algorithm.
  if (text.length < 64 && ordinary.test(text)) return undefined;
  if (/^[a-z]+:\/\//.test(text)) return 'scheme';
  if (/:sha(?:256|384|512):[0-9a-f]+$/.test(text)) return 'colon';
  if (/^[0-9a-f]{64}$/.test(text)) return 'hexadecimal';
  const { repository, registry, tag, digest } = imageParts(text);
  if (digest !== undefined && !isDigest(digest)) return 'digest';
  if (tag === '') return 'emptyTag';
  if (tag !== undefined && !tagForm.test(tag)) return 'tag';
  const { host, rest } = splitHost(registry, repository);
  if (host !== undefined && !domain.test(host)) return 'name';
  if (!path.test(rest)) return path.test(rest.toLowerCase()) ? 'uppercase' : 'name';
  return (host === undefined ? rest.length : host.length + 1 + rest.length) > longest ? 'length' : undefined;
}

function isDigest(digest: string): boolean {
  if (!digestForm.test(digest)) return false;
  const colon = digest.indexOf(':');
  const expected = digestLengths[digest.slice(0, colon)];
  return expected === undefined || digest.length - colon - 1 === expected;
}

/** A first part with a capital letter is taken for a host too. */
function splitHost(
  registry: string | undefined,
  repository: string,
): { readonly host: string | undefined; readonly rest: string } {
  if (registry !== undefined) return { host: registry, rest: repository };
  const slash = repository.indexOf('/');
  const first = slash < 0 ? '' : repository.slice(0, slash);
  if (first === first.toLowerCase()) return { host: undefined, rest: repository };
  return { host: first, rest: repository.slice(slash + 1) };
}
