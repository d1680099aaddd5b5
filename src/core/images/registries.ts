/** The names that Docker Hub goes by. */
export const dockerHub: ReadonlySet<string> = new Set([
  'docker.io',
  'index.docker.io',
  'hub.docker.com',
  'registry-1.docker.io',
]);

/** Whether a registry is one that the pattern means: `*` stands for any characters, all names of Docker Hub for each other. */
export function matchesRegistry(pattern: string, registry: string): boolean {
  if (dockerHub.has(pattern)) return dockerHub.has(registry);
  const parts = pattern.toLowerCase().split('*');
  const quoted = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${quoted.join('.*')}$`).test(registry.toLowerCase());
}
