/** What of an image's name these facts go by. */
export interface HealthImage {
  /** Without the registry. */
  readonly repository: string;
  readonly tag: string | undefined;
}

/** How to ask a well-known server whether it takes work: what Compose takes as `healthcheck.test`. */
type HealthTest = readonly string[];

/*
 * Each with programs of the image alone, as their makers document them: PostgreSQL's pg_isready, MySQL's mysqladmin over
 * TCP (the server of the first start listens on its socket only), MariaDB's healthcheck.sh, Redis' PING, MongoDB's ping,
 * RabbitMQ's ping, etcd's endpoint health. `$$` is a dollar sign to Compose.
 */
const tests: Readonly<Record<string, HealthTest>> = {
  postgres: ['CMD-SHELL', 'pg_isready -U $${POSTGRES_USER:-postgres}'],
  mysql: ['CMD', 'mysqladmin', 'ping', '-h', '127.0.0.1'],
  mariadb: ['CMD', 'healthcheck.sh', '--connect', '--innodb_initialized'],
  redis: ['CMD', 'redis-cli', 'ping'],
  valkey: ['CMD', 'valkey-cli', 'ping'],
  keydb: ['CMD', 'keydb-cli', 'ping'],
  mongo: ['CMD', 'mongosh', '--quiet', '--eval', "db.adminCommand('ping')"],
  rabbitmq: ['CMD', 'rabbitmq-diagnostics', '-q', 'ping'],
  etcd: ['CMD', 'etcdctl', 'endpoint', 'health'],
};

/** Repositories that are one of these servers under another name. */
const alike: Readonly<Record<string, string>> = {
  'postgis/postgis': 'postgres',
  'pgvector/pgvector': 'postgres',
  'timescale/timescaledb': 'postgres',
  'valkey/valkey': 'valkey',
  'eqalpha/keydb': 'keydb',
  'redis/redis-stack': 'redis',
  'redis/redis-stack-server': 'redis',
  'coreos/etcd': 'etcd',
  'quay.io/coreos/etcd': 'etcd',
};

/** Databases, queues and caches that others wait for, and that no test above is known of. */
const otherStores: ReadonlySet<string> = new Set([
  ...['cassandra', 'couchdb', 'couchbase', 'elasticsearch', 'influxdb', 'memcached', 'neo4j', 'percona', 'zookeeper'],
  ...['arangodb', 'clickhouse', 'clickhouse-server', 'cockroach', 'kafka', 'cp-kafka', 'opensearch', 'nats'],
]);

/** Images with a HEALTHCHECK of their own. */
const tested: ReadonlySet<string> = new Set([
  ...['gitlab/gitlab-ce', 'gitlab/gitlab-ee', 'mysql/mysql-server', 'pihole/pihole', 'vaultwarden/server'],
]);

function serverOf({ repository }: HealthImage): string {
  const name = repository.replace(/^library\//, '');
  return alike[name] ?? name;
}

/** The test of a server that is known; undefined for others, and where the version lacks the program. */
export function healthTestOf(image: HealthImage): HealthTest | undefined {
  const server = serverOf(image);
  // `mongosh` comes with 5.0, `healthcheck.sh` with 10.4.
  const [major = '', minor = ''] = /^v?(\d+)(?:\.(\d+))?/.exec(image.tag ?? '')?.slice(1) ?? [];
  if (server === 'mongo' && major !== '' && Number(major) < 5) return undefined;
  if (server === 'mariadb' && (Number(major || 99) < 10 || (major === '10' && Number(minor || 99) < 4)))
    return undefined;
  return Object.hasOwn(tests, server) ? tests[server] : undefined;
}

/** Whether the image is that of a database, a queue or a cache, which takes a while until it answers. */
export function isStore(image: HealthImage): boolean {
  const server = serverOf(image);
  return Object.hasOwn(tests, server) || otherStores.has(server.slice(server.lastIndexOf('/') + 1));
}

/** Whether the image is known to bring a HEALTHCHECK along. */
export function hasHealthcheck({ repository }: HealthImage): boolean {
  return tested.has(repository);
}
