/** What of an image's reference these facts go by. */
export interface BaseImage {
  readonly registry: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
}

/** The name of an official image (`debian` of `docker.io/library/debian:13`); undefined for all others. */
function officialName(image: Pick<BaseImage, 'registry' | 'repository'>): string | undefined {
  const { registry, repository } = image;
  if (registry !== undefined && registry !== 'docker.io' && registry !== 'index.docker.io') return undefined;
  const name = repository.startsWith('library/') ? repository.slice('library/'.length) : repository;
  return name.includes('/') || name === '' ? undefined : name;
}

/** How a user is made in an image: each family has its own program for it. */
export type Family = 'debian' | 'alpine' | 'redhat' | 'empty';

/** Well-known official images by the system that their plain tags stand on. */
const debianBased = [
  ...['debian', 'ubuntu', 'buildpack-deps', 'python', 'node', 'ruby', 'perl', 'php', 'golang', 'rust', 'gcc', 'pypy'],
  ...['eclipse-temurin', 'maven', 'gradle', 'tomcat', 'httpd', 'nginx', 'erlang', 'elixir', 'julia', 'r-base', 'swift'],
  ...['wordpress', 'drupal', 'dart', 'haskell', 'mono'],
];
const alpineBased = ['alpine', 'composer', 'docker'];
const redhatBased = ['fedora', 'centos', 'rockylinux', 'almalinux', 'oraclelinux', 'amazonlinux', 'amazoncorretto'];
const otherBased = ['busybox', 'bash', 'openjdk', 'clojure', 'traefik', 'registry', 'caddy', 'hello-world'];

/** Official images with a USER of their own. */
const ownUser = [
  ...['jetty', 'elasticsearch', 'kibana', 'logstash', 'memcached', 'haproxy', 'solr', 'varnish', 'sonarqube', 'groovy'],
  ...['open-liberty', 'websphere-liberty', 'kong'],
];
/** Official images whose entry point starts as root and hands over to a user of its own. */
const stepsDown = [
  ...['postgres', 'redis', 'valkey', 'mysql', 'mariadb', 'mongo', 'rabbitmq', 'cassandra', 'couchdb', 'ghost', 'neo4j'],
  ...['zookeeper', 'nats', 'consul', 'vault', 'percona'],
];
const plain: ReadonlySet<string> = new Set([...debianBased, ...alpineBased, ...redhatBased, ...otherBased]);
const official: ReadonlySet<string> = new Set([...plain, ...ownUser, ...stepsDown]);
const notRoot: ReadonlySet<string> = new Set([...ownUser, ...stepsDown]);

/** Users that an image brings along without starting as them. */
const usersOfImages: Readonly<Record<string, string>> = { node: 'node' };

/** WORKDIR of official images that have one; the others work in `/`. */
const foldersOfImages: Readonly<Record<string, string>> = {
  ...{ golang: '/go', php: '/var/www/html', wordpress: '/var/www/html', drupal: '/opt/drupal', composer: '/app' },
  ...{ httpd: '/usr/local/apache2', tomcat: '/usr/local/tomcat', gradle: '/home/gradle', perl: '/usr/src/app' },
  ...{ caddy: '/srv', clojure: '/tmp', dart: '/root', redis: '/data', valkey: '/data' },
};

const nonRootRepositories =
  /(?:^|\/)(?:nonroot|[\w.-]*-(?:nonroot|unprivileged|rootless))(?:$|\/)|^(?:jenkins|bitnami|bitnamilegacy|chainguard)\//;

/** Whether the name is that of a well-known official image. */
export function knownOfficial(image: Pick<BaseImage, 'registry' | 'repository'>): boolean {
  const name = officialName(image);
  return name !== undefined && official.has(name);
}

/**
 * The user that an image's program ends up as: `root` where that is known, `other` where it is known to be another one,
 * `unknown` for images that nothing is known of.
 */
export function userOfBase(image: BaseImage): 'root' | 'other' | 'unknown' {
  const { registry, repository, tag } = image;
  if (registry === 'cgr.dev') return 'other';
  if (nonRootRepositories.test(repository) || /nonroot|unprivileged|rootless/.test(tag ?? '')) return 'other';
  if (registry === 'mcr.microsoft.com' && /chiseled|distroless/.test(tag ?? '')) return 'other';
  const name = officialName(image);
  if (name !== undefined && notRoot.has(name)) return 'other';
  if (name !== undefined && (plain.has(name) || name === 'scratch')) return 'root';
  return repository.startsWith('distroless/') ? 'root' : 'unknown';
}

/** The folder that instructions on top of an image work in; undefined for images that nothing is known of. */
export function folderOfBase(image: BaseImage): string | undefined {
  if (image.repository === 'scratch') return '/';
  const name = officialName(image);
  if (name === undefined) return undefined;
  return foldersOfImages[name] ?? (plain.has(name) ? '/' : undefined);
}

/** Images whose plain tags, those without `slim` or `alpine`, are made for building and hold both curl and wget. */
const forBuilding = ['python', 'node', 'ruby', 'perl', 'golang', 'rust', 'gcc', 'pypy', 'buildpack-deps'];

/** Whether an image is known to come without curl or wget; Alpine's BusyBox has a wget of its own. */
export function lacksProgram(image: BaseImage, program: 'curl' | 'wget'): boolean {
  const { tag = '' } = image;
  const family = familyOfBase(image);
  if (family === 'empty') return !/debug/.test(tag);
  const name = officialName(image) ?? '';
  if (name === 'debian' || name === 'ubuntu') return true;
  if (!forBuilding.includes(name) && name !== 'alpine') return false;
  if (family === 'alpine') return program === 'curl';
  return family === 'debian' && /(?:^|-)slim/.test(tag);
}

/** Images of systems and languages, with nothing in folders that belong to an application. */
const empty = [
  ...['scratch', 'debian', 'ubuntu', 'alpine', 'busybox', 'buildpack-deps', 'python', 'node', 'ruby', 'golang', 'rust'],
  ...['gcc', 'eclipse-temurin', 'amazoncorretto', 'fedora', 'centos', 'rockylinux', 'almalinux', 'amazonlinux'],
];

/** Whether an image is known to hold nothing but what belongs to its system or language. */
export function holdsNoApplication(image: BaseImage): boolean {
  return image.repository === 'scratch' || empty.includes(officialName(image) ?? '');
}

/** A user that the image brings along without starting as it. */
export function userInBase(image: BaseImage): string | undefined {
  const name = officialName(image);
  return name === undefined ? undefined : usersOfImages[name];
}

/** The number of a user of the base image, where that is documented. */
export function numberInBase(image: BaseImage, user: string): string | undefined {
  const { registry, repository } = image;
  if (user === 'nonroot' && registry === 'gcr.io' && repository.startsWith('distroless/')) return '65532';
  return user === 'node' && officialName(image) === 'node' ? '1000' : undefined;
}

/** The system that an image stands on, as far as its name and tag tell. `empty` has no program to make users with. */
export function familyOfBase(image: BaseImage): Family | undefined {
  const { registry, repository, tag } = image;
  if (repository === 'scratch' || (registry === 'gcr.io' && repository.startsWith('distroless/'))) return 'empty';
  const name = officialName(image);
  if (name === undefined || !plain.has(name)) return undefined;
  if (alpineBased.includes(name) || /(?:^|-)alpine/.test(tag ?? '')) return 'alpine';
  if (redhatBased.includes(name)) return 'redhat';
  if (!debianBased.includes(name)) return undefined;
  return /nanoserver|windowsservercore|ubi\d|oraclelinux|corretto|al20|centos|^ol\d/.test(tag ?? '')
    ? undefined
    : 'debian';
}
