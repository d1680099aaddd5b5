import type { StartedProcess } from './started-process.ts';

/** A runtime whose use of memory and processors is known. */
export type RuntimeName =
  | 'JVM'
  | 'Node'
  | 'Go'
  | '.NET'
  | 'Python server'
  | 'nginx'
  | 'PostgreSQL'
  | 'Redis'
  | 'memcached'
  | 'Elasticsearch';

const programs: readonly (readonly [RegExp, RuntimeName])[] = [
  [/^java$/, 'JVM'],
  [/^node$/, 'Node'],
  [/^dotnet$/, '.NET'],
  [/^(?:gunicorn|uvicorn)$/, 'Python server'],
  [/^nginx$/, 'nginx'],
  [/^postgres$/, 'PostgreSQL'],
  [/^(?:redis|valkey|keydb)-server$/, 'Redis'],
  [/^memcached$/, 'memcached'],
];

const images: readonly (readonly [RegExp, RuntimeName])[] = [
  [/^(?:elasticsearch|opensearch)$/, 'Elasticsearch'],
  [/^(?:eclipse-temurin|openjdk|amazoncorretto|ibm-semeru-runtimes|tomcat|jetty|java\d*-debian\d+)$/, 'JVM'],
  [/^(?:node|nodejs\d+-debian\d+)$/, 'Node'],
  [/^(?:golang)$/, 'Go'],
  [/^(?:aspnet|dotnet)$/, '.NET'],
  [/^nginx(?:-unprivileged)?$/, 'nginx'],
  [/^(?:postgres|postgresql|timescaledb|postgis)$/, 'PostgreSQL'],
  [/^(?:redis|redis-stack(?:-server)?|valkey|keydb)$/, 'Redis'],
  [/^memcached$/, 'memcached'],
];

const variables: readonly (readonly [RegExp, RuntimeName])[] = [
  [/^ES_JAVA_OPTS$/, 'Elasticsearch'],
  [/^(?:JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|JAVA_OPTS|CATALINA_OPTS|JVM_OPTS)$/, 'JVM'],
  [/^(?:NODE_OPTIONS|NODE_ENV|UV_THREADPOOL_SIZE)$/, 'Node'],
  [/^(?:GOMEMLIMIT|GOMAXPROCS|GOGC)$/, 'Go'],
  [/^(?:DOTNET_|COMPlus_|ASPNETCORE_)/, '.NET'],
  [/^(?:GUNICORN_CMD_ARGS|WEB_CONCURRENCY)$/, 'Python server'],
];

/**
 * The runtime that a container starts: by the program of its command, else its options in the environment where it starts
 * something of its own, else by its image. Undefined where none of them tells.
 */
export function runtimeOf({ image, args, env }: StartedProcess): RuntimeName | undefined {
  for (const word of args) {
    const found = named(programs, baseOf(word));
    if (found !== undefined) return found;
  }
  const name = image === undefined ? '' : baseOf(image.replace(/@.*$/, '')).replace(/:.*$/, '');
  if (args.some((word) => /^-Xm[sx]\d|^-XX:/.test(word))) return 'JVM';
  if (args.some((word) => /^--max[-_]old[-_]space[-_]size/.test(word))) return 'Node';
  // Clients, exporters and tests are run in the images of servers too.
  const starts = args.length === 0 || args[0]?.startsWith('-') === true;
  const byImage = named(images, name);
  if (
    byImage !== undefined &&
    (starts || byImage === 'JVM' || byImage === 'Node' || byImage === 'Go' || byImage === '.NET')
  )
    return byImage;
  for (const variable of env.keys()) {
    const found = named(variables, variable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function named(table: readonly (readonly [RegExp, RuntimeName])[], text: string): RuntimeName | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
