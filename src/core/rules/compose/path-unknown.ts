import type { ComposeService } from '../../compose/model.ts';
import { type NamedPath, namedPaths } from '../../compose/paths.ts';
import { isMainPath, isOverridePath } from '../../compose/recognise.ts';
import { type BuildContext, entryAt } from '../../dockerfile/build-context.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Located, Span } from '../../text/span.ts';

const mainNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const exampleEndings = ['.example', '.sample', '.template', '.dist', '.default'];

export default defineRule('compose-file', {
  meta: {
    id: 'compose/path-unknown',
    rows: ['C111'],
    summary: 'Files and folders that a service names should be there.',
    why: 'Compose does not start a project without the `env_file` that it names (unless that is `required: false`), without what it includes or extends, and builds nothing without the context and the Dockerfile. In the place of a file that is mounted and not there Docker makes a folder, and the program finds that instead. Paths are looked for beside the Compose file; where it seems to stand alone, nothing is said.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      environment: 'There is no `{path}`: Compose does not start without it; `required: false` makes it optional',
      context: 'There is no folder `{path}` to build from',
      dockerfile: 'There is no `{path}` to build from',
      mount: 'There is no `{path}`: Docker makes a folder with this name, and mounts that',
      include: 'There is no `{path}` to include',
      extends: 'There is no `{path}` to extend a service from',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        around: { 'settings.env': 'A=1\n', 'app.py': '' },
        bad: 'services:\n  web:\n    image: web:1.4\n    env_file: setings.env\n',
        good: 'services:\n  web:\n    image: web:1.4\n    env_file: settings.env\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(file, { file: { path, context, around } }) {
    if (context === undefined || !isRelativeToHere(path, context)) return;
    const known = (named: NamedPath) => isThere(named.path, context, around);
    const paths = namedPaths(file).filter(({ path: at }) => at !== '.');
    if (paths.length === 0 || (standsAlone(context) && !paths.some((named) => known(named) === true))) return;
    const told = new Set<ComposeService>();
    for (const named of paths) {
      const { kind, service, written } = named;
      // Without its context a build has no Dockerfile, either.
      if (known(named) !== false || (kind === 'dockerfile' && service && told.has(service))) continue;
      if (kind === 'mount' && !looksLikeFile(named.path)) continue;
      if (kind === 'environment' && hasExample(named.path, context)) continue;
      if (kind === 'context' && service) told.add(service);
      yield { message: kind, data: { path: named.path }, span: ownSpan(service, written) };
    }
  },
});

/** Several files are laid over each other from the folder of the first one, which has a name of its own. */
function isRelativeToHere(path: string, { entries }: BuildContext): boolean {
  if (isMainPath(path)) return true;
  return (
    !/(?:^|\/)\.devcontainer\//.test(path) && (isOverridePath(path) || mainNames.some((name) => entries.has(name)))
  );
}

/** Undefined where it cannot be told. */
function isThere(path: string, context: BuildContext, around: ReadonlyMap<string, string | null>): boolean | undefined {
  const text = around.get(path);
  if (typeof text === 'string') return true;
  if (path.startsWith('..')) return text === null ? false : undefined;
  const entry = entryAt(context, path);
  return entry === 'unknown' ? undefined : entry !== 'absent';
}

/** Whether the folder has Compose files and nothing else: as a lone copy has, whose project is elsewhere. */
function standsAlone({ entries }: BuildContext): boolean {
  return [...entries.keys()].every((name) => name.includes('/') || /\.ya?ml$|^\.env|^\.git|^README/i.test(name));
}

/** A mounted folder may well be made by Docker; a file cannot. */
function looksLikeFile(path: string): boolean {
  return /[^./]\.(?:conf|cfg|cnf|ini|toml|ya?ml|json|xml|env|properties|sql|sh|py|js|ts|lua|rb|php|html|txt|crt|pem|key|cert|acl|template|tmpl|hcl)$|(?:^|\/)(?:nginx\.conf|Caddyfile|Dockerfile)$/i.test(
    path,
  );
}

/** An example beside it says that each person writes their own. */
function hasExample(path: string, { entries }: BuildContext): boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const name = path.slice(folder.length);
  return (
    exampleEndings.some((ending) => entries.has(path + ending)) ||
    [`example${name}`, `sample${name}`, `${name.replace(/^\./, '')}.example`].some((other) =>
      entries.has(folder + other),
    ) ||
    [...entries.keys()].some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}-`))
  );
}

/** Where it is used, where it stands behind an alias or a merge key. */
function ownSpan(service: ComposeService | undefined, { span }: Located<string>): Span {
  if (service === undefined) return span;
  const { node, name } = service;
  const own = span.start >= node.span.start && span.end <= node.span.end && node.span.start >= name.span.end;
  return own ? span : name.span;
}
