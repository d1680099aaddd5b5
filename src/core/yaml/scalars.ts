import type { YamlScalar } from './node.ts';

/** What a scalar means to Go's YAML. */
export type GoScalar =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  /** A date; Kubernetes and Compose get it as the text that was written. */
  | { readonly kind: 'timestamp'; readonly value: string };

const yes = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const no = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const timestamp =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?[ \t]*(?:Z|[-+]\d{1,2}(?::?\d{2})?)?)?$/;

/**
 * A scalar as Go reads it: `sigs.k8s.io/yaml` (Kubernetes) after yaml.v2, whose rules for numbers yaml.v3 (Compose) kept.
 * `yes`, `no`, `on`, `off`, `y` and `n` are booleans to yaml.v2 and, where a boolean is wanted, to yaml.v3.
 * `0777` and `0o777` are octal, `0b1` is binary, `1_000` is a number; `22:22` is a text, not sexagesimal. Quoted, block and
 * `!!str` scalars are texts. An unknown scalar is a text too: ask `unknown` first.
 */
export function goScalar(scalar: Pick<YamlScalar, 'style' | 'text' | 'tag'>): GoScalar {
  const { text } = scalar;
  if (scalar.tag === '!!str' || scalar.tag === '!' || (scalar.style !== 'plain' && scalar.tag === undefined)) {
    return { kind: 'string', value: text };
  }
  return plainScalar(text);
}

/** A plain scalar's text as Go reads it. */
export function plainScalar(text: string): GoScalar {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return { kind: 'null' };
  if (yes.test(text)) return { kind: 'boolean', value: true };
  if (no.test(text)) return { kind: 'boolean', value: false };
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) {
    return { kind: 'float', value: text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
  }
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return { kind: 'float', value: Number.NaN };
  if (timestamp.test(text)) return { kind: 'timestamp', value: text };
  if (!/^[-+]?[.0-9]/.test(text)) return { kind: 'string', value: text };
  const digits = text.replaceAll('_', '');
  const integer = goInteger(digits);
  if (integer !== undefined) return { kind: 'integer', value: integer };
  if (float.test(digits)) return { kind: 'float', value: Number(digits) };
  return { kind: 'string', value: text };
}

function goInteger(text: string): bigint | undefined {
  const parts = /^([-+]?)(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(text);
  if (parts === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = parts;
  const value = BigInt(hex ?? binary ?? (octal === undefined ? (decimal ?? '0') : `0o${octal}`));
  return sign === '-' ? -value : value;
}

/**
 * Whether a text must be quoted so that YAML 1.1, 1.2 and Go's YAML all read it as this text, as key and as value. `flow`
 * says that it stands inside brackets.
 */
export function needsQuotes(text: string, flow = false): boolean {
  if (text === '' || text !== text.trim()) return true;
  if (plainScalar(text).kind !== 'string') return true;
  // Sexagesimal numbers of YAML 1.1, its `=`, merge keys, and numbers with underscores that only some readers take.
  if (/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text) || text === '=' || text === '<<') return true;
  if (/^[-+]?(?:0[xob][0-9a-f_]+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(?:e[-+]?[0-9_]*)?)$/i.test(text)) return true;
  if (/^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)/.test(text)) return true;
  if (/:(?:\s|$)|\s#/.test(text)) return true;
  if (flow && /[,[\]{}]|^[-?:]|:$|:[,"']/.test(text)) return true;
  return hasControl(text);
}

/** Characters that a plain or single-quoted scalar cannot hold. */
export function hasControl(text: string): boolean {
  return /[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[\u2028\u2029]/u.test(text);
}
