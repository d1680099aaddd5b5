/** An HTTP request and what came of it. Injected: the core reaches no network by itself. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpResponse {
  readonly status: number;
  /** A header's value by its name in lower case; undefined where it is not there. */
  header(name: string): string | undefined;
  text(): Promise<string>;
}

/** @throws what the host throws when a request is cancelled, takes too long or reaches nobody. */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** An image in a registry. */
export interface RegistryImage {
  /** As people write it: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  /** With `library/` for official images. */
  readonly repository: string;
}

/** Why a registry gave no answer that could be used. The message is for people and holds no secret. */
export class RegistryError extends Error {
  readonly kind: 'unauthorized' | 'missing' | 'limited' | 'refused';

  constructor(kind: RegistryError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The manifests that a builder may be given, indexes first: their digest is that of all architectures. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Enough for the images with the longest lists of tags. */
const mostPages = 50;

/** The image that a reference names. Docker Hub is meant where no registry is written. */
export function registryImage(registry: string | undefined, repository: string): RegistryImage {
  const hub = registry === undefined || registry === 'docker.io' || registry === 'index.docker.io';
  if (!hub) return { registry, repository };
  return { registry: 'docker.io', repository: repository.includes('/') ? repository : `library/${repository}` };
}

/** Of the machine itself, with a port or without. */
const local = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

/** Where the registry answers. Plain HTTP only on the machine itself, as Docker does. */
function baseOf({ registry }: RegistryImage): string {
  if (registry === 'docker.io') return 'https://registry-1.docker.io';
  return `${local.test(registry) ? 'http' : 'https'}://${registry}`;
}

/**
 * The digest of a tag, `sha256:…`: of the index where the image has several architectures (HTTP API v2 of the distribution
 * specification).
 * @throws RegistryError
 */
export async function digestOf(
  client: HttpClient,
  image: RegistryImage,
  tag: string,
  credentials?: Credentials,
): Promise<string> {
  const url = `${baseOf(image)}/v2/${image.repository}/manifests/${encodeURIComponent(tag)}`;
  const headers = { accept: manifestTypes.join(', ') };
  const response = await authorized(client, image, { method: 'HEAD', url, headers }, credentials);
  if (response.status === 404)
    throw new RegistryError('missing', `${image.registry} has no ${image.repository}:${tag}`);
  expectSuccess(image, response);
  const digest = response.header('docker-content-digest');
  if (digest === undefined || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new RegistryError('refused', `${image.registry} answered without a digest`);
  return digest;
}

/**
 * The tags of a repository, as the registry lists them, page by page.
 * @throws RegistryError
 */
export async function tagsOf(
  client: HttpClient,
  image: RegistryImage,
  credentials?: Credentials,
): Promise<readonly string[]> {
  const base = baseOf(image);
  const tags: string[] = [];
  let url: string | undefined = `${base}/v2/${image.repository}/tags/list?n=1000`;
  for (let page = 0; url !== undefined && page < mostPages; page++) {
    const response = await authorized(client, image, { method: 'GET', url, headers: {} }, credentials);
    if (response.status === 404) throw new RegistryError('missing', `${image.registry} has no ${image.repository}`);
    expectSuccess(image, response);
    tags.push(...listedTags(image, await response.text()));
    url = nextPage(base, response.header('link'));
  }
  return tags;
}

function listedTags({ registry }: RegistryImage, text: string): readonly string[] {
  const body = parsed(text);
  const tags = body?.['tags'];
  // A repository that was emptied has null.
  if (tags === null) return [];
  if (!Array.isArray(tags)) throw new RegistryError('refused', `${registry} answered with something else than tags`);
  return tags.filter((tag) => typeof tag === 'string');
}

/** The next page, on the same server only: an answer must not send credentials elsewhere. */
function nextPage(base: string, link: string | undefined): string | undefined {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  if (target.startsWith('/')) return base + target;
  return target.startsWith(`${base}/`) ? target : undefined;
}

function expectSuccess({ registry, repository }: RegistryImage, { status, header }: HttpResponse): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403)
    throw new RegistryError(
      'unauthorized',
      `${registry} does not let you read ${repository}: sign in, or check its name`,
    );
  if (status === 429) {
    const seconds = Number(header('retry-after'));
    const wait = Number.isFinite(seconds) && seconds > 0 ? ` for ${seconds} s` : '';
    throw new RegistryError('limited', `${registry} was asked too often${wait}: try later, or sign in`);
  }
  throw new RegistryError('refused', `${registry} answered ${status}`);
}

/** Asks, and once more with what the registry's challenge wants. */
async function authorized(
  client: HttpClient,
  image: RegistryImage,
  request: HttpRequest,
  credentials: Credentials | undefined,
): Promise<HttpResponse> {
  const first = await client(request);
  if (first.status !== 401) return first;
  const challenge = readChallenge(first.header('www-authenticate'));
  const authorization =
    challenge?.scheme === 'bearer'
      ? await bearerToken(client, image, challenge.values, credentials)
      : challenge?.scheme === 'basic' && credentials !== undefined
        ? basic(credentials)
        : undefined;
  if (authorization === undefined) return first;
  return client({ ...request, headers: { ...request.headers, authorization } });
}

/** `Bearer realm="…",service="…"` of a `www-authenticate` header. */
function readChallenge(text: string | undefined) {
  const match = /^\s*(\w+)\s*(.*)$/s.exec(text ?? '');
  if (match === null) return undefined;
  const values = new Map<string, string>();
  for (const [, name = '', quoted, plain] of (match[2] ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g))
    values.set(name.toLowerCase(), quoted ?? plain ?? '');
  return { scheme: (match[1] ?? '').toLowerCase(), values };
}

/** A token of the server that the challenge names (token authentication of the distribution specification). */
async function bearerToken(
  client: HttpClient,
  image: RegistryImage,
  challenge: ReadonlyMap<string, string>,
  credentials: Credentials | undefined,
): Promise<string | undefined> {
  const realm = challenge.get('realm');
  // Credentials only go over TLS, or to the machine itself.
  const [, scheme, server = ''] = /^(https?):\/\/([^/?#]*)/.exec(realm ?? '') ?? [];
  if (realm === undefined || scheme === undefined || (scheme === 'http' && !local.test(server))) return undefined;
  const scope = challenge.get('scope') ?? `repository:${image.repository}:pull`;
  const query = [`scope=${encodeURIComponent(scope)}`];
  const service = challenge.get('service');
  if (service !== undefined) query.unshift(`service=${encodeURIComponent(service)}`);
  const url = `${realm}${realm.includes('?') ? '&' : '?'}${query.join('&')}`;
  const headers = credentials === undefined ? {} : { authorization: basic(credentials) };
  const response = await client({ method: 'GET', url, headers });
  expectSuccess(image, response);
  const body = parsed(await response.text());
  const token = body?.['token'] ?? body?.['access_token'];
  return typeof token === 'string' ? `Bearer ${token}` : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** `Basic …` of RFC 7617, in UTF-8. */
function basic({ user, password }: Credentials): string {
  const text = `${user}:${password}`;
  const bytes = [...encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/g)].map(([, hex, plain]) =>
    hex === undefined ? (plain?.charCodeAt(0) ?? 0) : Number.parseInt(hex, 16),
  );
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.slice(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    encoded += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    encoded += b === undefined ? '=' : alphabet.charAt((bits >> 6) & 63);
    encoded += c === undefined ? '=' : alphabet.charAt(bits & 63);
  }
  return `Basic ${encoded}`;
}
