import { parseArgs } from 'node:util';
import { parseVersion } from '../core/engine/schema.ts';
import type { KubernetesVersion } from '../core/kubernetes/model.ts';

export type Command =
  | {
      readonly kind: 'check';
      readonly format: 'text' | 'json' | 'sarif';
      readonly all: boolean;
      readonly fix: boolean;
      /** Just these, on or off; undefined for what the settings leave on. */
      readonly rules: readonly string[] | undefined;
      readonly kubernetesVersion: KubernetesVersion | undefined;
      readonly paths: readonly string[];
    }
  | { readonly kind: 'rules'; readonly format: 'text' | 'json' }
  | {
      readonly kind: 'size';
      readonly format: 'text' | 'json' | 'markdown';
      readonly together: boolean;
      /** A file of measured usage; undefined for the one that the settings name. */
      readonly samples: string | undefined;
      readonly paths: readonly string[];
    }
  | { readonly kind: 'help' };

/** What was asked for cannot be done as asked; the message says why. Ends with exit code 2. */
export class UsageError extends Error {}

export const usage = `plimsoll check [--format text|json|sarif] [--all] [--rule ID]… [--kubernetes-version X.Y] [--fix] PATH…
plimsoll rules [--format text|json]
plimsoll size [--format text|json|markdown] [--together] [--samples FILE] PATH…

Exit code: 0 nothing found, 1 findings at warning or above, 2 wrong usage or unreadable input.`;

function formatOf<Format extends string>(value: string | undefined, formats: readonly ['text', ...Format[]]) {
  const format = value === undefined ? 'text' : formats.find((name) => name === value);
  if (format === undefined) throw new UsageError(`--format is one of ${formats.join(', ')}, not ${value}`);
  return format;
}

function versionOf(value: string | undefined): KubernetesVersion | undefined {
  if (value === undefined) return undefined;
  const version = parseVersion(value);
  if (version === undefined) throw new UsageError(`--kubernetes-version is a version such as 1.36, not ${value}`);
  return version;
}

function pathsOf(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) throw new UsageError('name at least one file or folder');
  return paths;
}

/** @throws UsageError */
export function readArguments(words: readonly string[]): Command {
  const [name, ...rest] = words;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return { kind: 'help' };
  const parsed = parse(rest);
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  switch (name) {
    case 'check':
      return {
        kind: 'check',
        format: formatOf(values.format, ['text', 'json', 'sarif']),
        all: values.all ?? false,
        fix: values.fix ?? false,
        rules: values.rule,
        kubernetesVersion: versionOf(values['kubernetes-version']),
        paths: pathsOf(positionals),
      };
    case 'rules':
      return { kind: 'rules', format: formatOf(values.format, ['text', 'json']) };
    case 'size':
      return {
        kind: 'size',
        format: formatOf(values.format, ['text', 'json', 'markdown']),
        together: values.together ?? false,
        samples: values.samples,
        paths: pathsOf(positionals),
      };
    default:
      throw new UsageError(`there is no command ${name}`);
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        all: { type: 'boolean' },
        fix: { type: 'boolean' },
        together: { type: 'boolean' },
        samples: { type: 'string' },
        rule: { type: 'string', multiple: true },
        'kubernetes-version': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
