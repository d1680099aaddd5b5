import { secretShapes, urlPassword } from '../../../dockerfile/secret-shapes.ts';

/** Names of what is secret, in any spelling: `DB_PASSWORD`, `spring.datasource.password`, `clientSecret`, `AZURE_BATCH_KEY`. */
const secret =
  /passw(?:or)?d|passphrase|secret|bearer|(?:^|[^a-z])(?:pwd|token)(?![a-z])|[a-z](?:Token|Pwd)(?![a-z])|api_?key|private_?key|access_?key|client_?key|^azure_.+key$|^oci_cli_key_content$/i;

/** Names that only tell of it: where it lies, how long it lasts. */
const about =
  /(?:file|path|dir|mount|url|uri|host|port|name|type|length|len|ttl|timeout|age|expir\w*|lifetime|interval|rotation|issuer|audience|enabled?|disabled?|required|header|prefix|method|mode|policy|provider|backend|store|id|ids|ref|count|limit|min|max|size|version|rules?|algorithm|encoding|format|field|class|namespace|cookie|user|username)$/i;

/** What stands for a value that comes from elsewhere, or is to be filled in. */
const stand = /[$<{%]|^(?:[./~]|\w+(?:\+\w+)?:\/\/|vault:|arn:|ref\+|ENC\[)|^\*+$|^\s*$/;

/** Switches and numbers, which are what such a setting is about and not the secret. */
const setting = /^(?:true|false|yes|no|on|off|none|null|nil|disabled?|enabled?|required|optional|\d{1,3}|\d+[smhd])$/i;

/** Whether a value by its name holds a secret, and is one that is written out. */
export function isSecret(name: string, value: string): boolean {
  if (!secret.test(name) || about.test(name)) return false;
  return !stand.test(value) && !setting.test(value.trim());
}

/** What a text gives away by its own form, whatever it is called: with article, such as `a private key`. */
export function secretShape(text: string): string | undefined {
  const shape = secretShapes.find(
    ({ hints, pattern }) => hints.some((hint) => text.includes(hint)) && text.search(pattern) >= 0,
  );
  if (shape !== undefined) return shape.what;
  if (/-BEGIN\s[^-\n]*PRIVATE KEY-/.test(text)) return 'a private key';
  return text.includes('://') && text.search(urlPassword) >= 0 ? 'a URL with its password' : undefined;
}
