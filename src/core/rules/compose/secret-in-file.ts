import { defineRule } from '../../engine/rule.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownItems, scalarText } from '../../yaml/field.ts';
import type { YamlMapping, YamlNode, YamlPath, YamlValue } from '../../yaml/node.ts';
import { asMapping, asScalar, entries } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

/** Words of a name that hold a secret, and endings that only tell where or what it is. */
const secret =
  /(?:^|_)(?:apikey|api_key|password|passwd|pword|secret|token|credentials?|private_key|secret_key|access_key)(?:$|_)/i;
const about = /_(?:file|path|dir|url|host|name|type|length|ttl|expiry|issuer|enabled|required|header|method|id)$/i;

interface Variable {
  readonly name: string;
  readonly value: Located<string>;
  readonly path: YamlPath;
  /** What the place takes: a value, or a list's whole item. */
  readonly written: (value: string) => YamlValue;
}

function* variables(node: YamlMapping, at: YamlPath): Generator<Variable> {
  for (const below of [['environment'], ['build', 'args']]) {
    const field = fieldAt(node, ...below);
    if (field === undefined || field === 'unknown') continue;
    const path = [...at, ...below];
    const mapping = asMapping(field);
    for (const { key, value } of mapping ? entries(mapping) : []) {
      const text = value && literal(value);
      if (text) yield { name: key.text, value: text, path: [...path, key.text], written: (said) => said };
    }
    for (const { index, node: item } of knownItems(node, ...below)) {
      const text = literal(item);
      const parts = text && /^([^=]+)=(.*)$/s.exec(text.value);
      if (!text || !parts) continue;
      const [, name = '', value = ''] = parts;
      yield { name, value: { value, span: text.span }, path: [...path, index], written: (said) => `${name}=${said}` };
    }
  }
}

/** A default is for others to replace. */
function literal(node: YamlNode): Located<string> | undefined {
  return asScalar(node)?.interpolated ? undefined : scalarText(node);
}

function isSecret({ name, value }: Variable): boolean {
  const { value: text } = value;
  if (!secret.test(name) || about.test(name)) return false;
  // Interpolated, a place to find it, or a switch.
  return (
    text !== '' && !text.includes('$') && !/^[./~]/.test(text) && !/^(?:true|false|yes|no|on|off|\d{1,2})$/i.test(text)
  );
}

export default defineRule('compose-service', {
  meta: {
    id: 'compose/secret-in-file',
    rows: ['C311'],
    summary: 'Secrets should not be written into a Compose file.',
    why: 'A Compose file is checked in and shown to everyone who reads the project, and so is every value in it. `${NAME}` takes the value from the shell or from an `.env` that is not checked in; `secrets:` with the `_FILE` variable that many images know keeps it out of the environment altogether.',
    severity: 'warning',
    topic: 'security',
    messages: { literal: '`{name}` is written out: everyone who can read this file has it' },
    titles: { interpolate: 'Take it from the environment: ${{{name}}}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  db:\n    image: postgres:18\n    environment:\n      POSTGRES_PASSWORD: hunter2\n',
        good: 'services:\n  db:\n    image: postgres:18\n    environment:\n      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ node, path, file }) {
    for (const variable of variables(node, path)) {
      if (!isSecret(variable)) continue;
      const { name, value, path: at, written } = variable;
      yield {
        message: 'literal',
        data: { name },
        span: value.span,
        fixes: patchFix(file.document, {
          title: 'interpolate',
          safety: 'suggested',
          patches: [{ kind: 'set', path: at, value: written(`\${${name}}`) }],
        }),
      };
    }
  },
});
