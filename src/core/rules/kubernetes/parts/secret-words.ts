import { secretHints, secretShapes, urlPassword } from '../../../dockerfile/secret-shapes.ts';
import type { Span } from '../../../text/span.ts';

/** Names of what is secret, in any spelling: `DB_PASSWORD`, `spring.datasource.password`, `clientSecret`, `AZURE_BATCH_KEY`. */
const secret =
  /passw(?:or)?d|passphrase|secret|bearer|(?:^|[^a-z])(?:pwd|token)(?![a-z])|[a-z](?:Token|Pwd)(?![a-z])|api_?key|private_?key|access_?key|client_?key|^azure_.+key$|^oci_cli_key_content$/i;

/** Names that only tell of it: where it lies, how long it lasts. */
const about =
  /(?:file|path|dir|mount|url|uri|host|port|name|type|length|len|ttl|timeout|age|expir\w*|lifetime|interval|rotation|issuer|audience|enabled?|disabled?|required|header|prefix|method|mode|policy|provider|backend|store|id|ids|ref|count|limit|min|max|size|version|rules?|algorithm|encoding|format|field|class|namespace|cookie|user|username)$/i;

/** What stands for a value that comes from elsewhere, or is to be filled in. */
const stand =
  /[$<{%]|^(?:[./~]|\w+(?:\+\w+)?:\/\/|vault:|arn:|ref\+|ENC\[|(?:INSERT|REPLACE|YOUR)[-_ ])|^[A-Z]+(?:_[A-Z]+)+$|^\*+$|^\s*$/;

/** Switches and numbers, which are what such a setting is about and not the secret. */
const setting = /^(?:true|false|yes|no|on|off|none|null|nil|disabled?|enabled?|required|optional|\d{1,3}|\d+[smhd])$/i;

/** Where nsswitch.conf has users looked up: `passwd: files`. */
const nameServices = /^(?:files|compat|db|ldap|nis|sss|systemd|winbind)$/;

/** Whether a value by its name holds a secret, and is one that is written out. */
export function isSecret(name: string, value: string): boolean {
  if (!secret.test(name) || about.test(name)) return false;
  return !stand.test(value) && !setting.test(value.trim());
}

/** What a text gives away by its own form, whatever it is called: with article, such as `a private key`. */
export function secretShape(text: string): string | undefined {
  const shape = secretHints.test(text) ? secretShapes.find(({ pattern }) => text.search(pattern) >= 0) : undefined;
  if (shape !== undefined) return shape.what;
  if (/-BEGIN\s[^-\n]*PRIVATE KEY-/.test(text)) return 'a private key';
  return text.includes('://') && text.search(urlPassword) >= 0 ? 'a URL with its password' : undefined;
}

/** A setting on a line of its own, in the forms of properties, ini, dotenv, YAML and JSON. */
const line = /^[ \t]*(?:export[ \t]+|-[ \t]+)?(["']?)([A-Za-z][\w.-]*)\1[ \t]*[=:][ \t]*(.*)$/gm;

/** The values of secrets in a text of settings, such as a file in a ConfigMap. */
export function* secretLines(source: string): Generator<{ readonly name: string; readonly span: Span }> {
  if (!/passw|secret|token|pwd|key/i.test(source)) return;
  const quoted = /^["']/.test(source) ? 1 : 0;
  for (const match of source.matchAll(line)) yield* written(match, 0);
  if (quoted === 1) for (const match of source.slice(1, -1).matchAll(line)) yield* written(match, 1);
}

function* written(match: RegExpMatchArray, offset: number) {
  const [whole, , name = '', rest = ''] = match;
  // Code calls, opens or continues something; a comment may follow.
  if (/[([{|>&]|\\$/.test(rest)) return;
  const said = /^(?:"([^"]*)"|'([^']*)'|([^\s#;,]+))[ \t]*,?[ \t]*(?:#.*)?$/.exec(rest.trimEnd());
  const value = said?.[1] ?? said?.[2] ?? said?.[3] ?? '';
  if (value === '' || !isSecret(name, value) || (name === 'passwd' && nameServices.test(value))) return;
  const start = match.index === undefined ? 0 : match.index + offset + whole.length - rest.length + rest.indexOf(value);
  yield { name, span: { start, end: start + value.length } };
}
