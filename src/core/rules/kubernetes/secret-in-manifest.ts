import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownMapping, knownText, textMap } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { secretLines, secretShape } from './parts/secret-words.ts';

const manifest = (kind: string) => `apiVersion: v1
kind: ${kind}
metadata:
  name: shop
stringData:
  password: hunter2
`;

/** What is to be filled in, or encrypted: SOPS writes `ENC[…]`. */
const stand = /^\s*$|[$<{]|^ENC\[|^(?:change|replace)[-_ ]?(?:me|this|it)|^x+$|^\.+$|^\*+$/i;

/** Certificates are for everyone to see. */
const open =
  /^(?:ca|tls|server|client)?\.?(?:crt|cert|pem|ca-bundle)$|\.pub$|^(?:user(?:name)?|namespace|host|port|name|url)$/i;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/secret-in-manifest',
    rows: ['K510'],
    summary: 'A Secret with its values should not be checked in.',
    why: 'Values of a Secret are only encoded, in base64: whoever has the file has them, and the history of the project keeps them. Sealed Secrets, SOPS and External Secrets keep what is checked in unreadable.',
    severity: 'information',
    topic: 'security',
    messages: { values: 'Holds the values themselves: base64 hides nothing' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'secret.yaml',
        bad: manifest('Secret'),
        good: manifest('Secret').replace('hunter2', '<password>'),
      },
    ],
    options: {},
    sources: ['semgrep secrets-in-config-file', 'kubescape C-0012'],
  },
  *check({ root, kind, apiVersion, context }) {
    if (kind.value !== 'Secret' || apiVersion.value !== 'v1' || context === 'helm-template') return;
    // Encrypted by SOPS, or filled by a controller.
    if (fieldAt(root, 'sops') !== undefined) return;
    if (/^(?:kubernetes\.io\/service-account-token|bootstrap\.)/.test(knownText(root, 'type')?.value ?? '')) return;
    for (const field of ['data', 'stringData']) {
      const values = [...textMap(knownMapping(root, field))];
      const written = values.some(([name, { value }]) => {
        const text = field === 'data' ? decoded(value) : value;
        return !open.test(name) && text !== undefined && !stand.test(text) && isCredential(text);
      });
      const pair = entry(root, field);
      if (written && pair !== undefined) yield { message: 'values', span: pair.key.span };
    }
  },
});

/** A file of settings is one where it holds a password or key. */
function isCredential(text: string): boolean {
  if (!/\n\s*\S/.test(text)) return true;
  return secretShape(text) !== undefined || secretLines(text).next().done !== true;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** What base64 stands for, a character for each byte; undefined where it is none. */
function decoded(value: string): string | undefined {
  const base64 = value.replace(/\s/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const character of base64.replace(/=+$/, '')) {
    buffer = (buffer << 6) | alphabet.indexOf(character);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    text += String.fromCharCode((buffer >> bits) & 0xff);
  }
  return text;
}
