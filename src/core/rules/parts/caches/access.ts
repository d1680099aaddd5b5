import type { CacheServer, CacheSetting } from '../../../caches/server.ts';
import type { Proposal } from '../../../engine/rule.ts';
import type { Severity } from '../../../engine/settings.ts';
import type { Span } from '../../../text/span.ts';

export const accessMessages = {
  open: '{name} asks for no password, and {reach}',
  unprotected: '`protected-mode no`: {name} answers everybody, and asks for no password',
  literal: 'The password of {name} is written here: whoever reads the file has it',
} as const;

export const accessWhy =
  'Redis does what it is told by whoever reaches its port: read everything, empty it, and with `CONFIG SET` write files on its machine. Open ones are found within minutes. A password belongs into a secret, and reaches the server by a variable or a mounted file.';

interface AccessOf {
  readonly server: CacheServer;
  readonly name: string;
  readonly label: Span;
  /** How it is reached from outside its own pods or project, in words; undefined where it is not. */
  readonly reach: { readonly words: string; readonly severity: Severity } | undefined;
  /** Whether a value is taken from somewhere else when it runs. */
  readonly isReference: (value: string) => boolean;
}

const passwords = ['requirepass', 'masterauth', 'user'];

/** What is wrong with who may use a cache server, for the rules of Kubernetes and Compose. */
export function* accessFindings(of: AccessOf): Generator<Proposal<keyof typeof accessMessages, never>> {
  const { server, name, label, reach, isReference } = of;
  if (server.program !== 'redis') return;
  const { settings } = server;
  const asks = [...passwords, 'aclfile'].some((key) => settings.has(key) && !isEmpty(settings.get(key)));
  for (const key of ['requirepass', 'masterauth']) {
    const setting = settings.get(key);
    const [value] = setting?.values ?? [];
    if (setting?.span === undefined || value === undefined || value === '' || isReference(value)) continue;
    yield { message: 'literal', data: { name }, span: setting.span };
  }
  if (asks || server.open) return;
  const protectedMode = settings.get('protected-mode');
  if (protectedMode?.values[0] === 'no')
    yield { message: 'unprotected', data: { name }, span: protectedMode.span ?? label };
  else if (reach !== undefined)
    yield { message: 'open', data: { name, reach: reach.words }, severity: reach.severity, span: label };
}

function isEmpty(setting: CacheSetting | undefined): boolean {
  return setting?.values.every((value) => value === '') !== false;
}
