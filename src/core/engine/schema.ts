import { parseRamInBytes } from '../quantity/compose.ts';
import { parseKubernetesQuantity } from '../quantity/kubernetes.ts';
import { type AssumptionName, assumptionNames, assumptions } from './assumptions.ts';
import type { Rule } from './rule.ts';
import { defaultSettings, podSecurityLevels, profiles } from './settings.ts';

/**
 * The shape of the settings, once: `.plimsoll.yaml` is read, checked and completed by it, and VS Code's settings are
 * generated from it. A small part of JSON Schema, with the same words.
 */
export type Schema =
  | {
      readonly type: 'object';
      readonly description: string;
      readonly properties: Readonly<Record<string, Schema>>;
      readonly additional?: Schema;
    }
  | {
      readonly type: 'string';
      readonly description: string;
      readonly default?: string;
      readonly enum?: readonly string[];
      /** Says what is wrong with a text, or nothing. */
      readonly check?: (text: string) => string | undefined;
    }
  | { readonly type: 'boolean' | 'number'; readonly description: string; readonly default?: boolean | number }
  | { readonly type: 'string[]'; readonly description: string; readonly default?: readonly string[] }
  /** A level, or an object with a level and options. */
  | {
      readonly type: 'rule';
      readonly description: string;
      readonly levels: readonly string[];
      readonly options: Readonly<Record<string, Schema>>;
    };

export const levels = ['off', 'on', 'error', 'warning', 'information'] as const;

function quantity(description: string, fallback?: string): Schema {
  return {
    type: 'string',
    description,
    ...(fallback !== undefined && { default: fallback }),
    check: (text) =>
      parseKubernetesQuantity(text).ok ? undefined : `\`${text}\` is no Kubernetes quantity such as 500m or 256Mi`,
  };
}

function ruleSchema(rule: Rule): Schema {
  const options: Record<string, Schema> = {};
  for (const [name, option] of Object.entries(rule.meta.options)) {
    options[name] = { type: option.type, description: option.description, default: option.default } as Schema;
  }
  const state = rule.meta.optional ? 'off' : rule.meta.severity;
  return { type: 'rule', description: `${rule.meta.summary} Default: ${state}.`, levels, options };
}

function assumptionSchema(name: AssumptionName): Schema {
  const { description, initial, check } = assumptions[name];
  return {
    type: 'string',
    description,
    ...(typeof initial === 'string' && initial !== '' && { default: initial }),
    check,
  };
}

/** The settings that all hosts share; `rules` has one entry a rule. */
export function settingsSchema(rules: readonly Rule[]): Schema & { readonly type: 'object' } {
  return {
    type: 'object',
    description: 'Settings of Plimsoll.',
    properties: {
      profile: {
        type: 'string',
        enum: profiles,
        default: defaultSettings.profile,
        description:
          '`strict` turns on the rules that are off by default. `hadolint` and `buildkit` leave of the Dockerfile rules those that the tool has.',
      },
      rules: {
        type: 'object',
        description: 'Rules by id: off, on, a severity, or an object with a level and options.',
        properties: Object.fromEntries(rules.map((rule) => [rule.meta.id, ruleSchema(rule)])),
      },
      policy: {
        type: 'object',
        description: 'What your platform asks for.',
        properties: {
          cpuLimits: {
            type: 'string',
            enum: ['optional', 'required', 'forbidden'],
            default: defaultSettings.policy.cpuLimits,
            description: 'Whether containers must have, may have, or must not have a CPU limit.',
          },
        },
      },
      podSecurity: {
        type: 'string',
        enum: podSecurityLevels,
        default: defaultSettings.podSecurity,
        description:
          'The level of the Pod Security Standards whose controls are reported: those of `baseline` and `restricted`, of `baseline` alone, or none. A control that `rules` names is reported at every level.',
      },
      kubernetesVersion: {
        type: 'string',
        default: `${defaultSettings.kubernetesVersion.major}.${defaultSettings.kubernetesVersion.minor}`,
        description: 'The minor version of Kubernetes that manifests are for, such as 1.36.',
        check: (text) => (parseVersion(text) ? undefined : `\`${text}\` is no Kubernetes version such as 1.36`),
      },
      resources: {
        type: 'object',
        description: 'Values that quick-fixes may write where a request or limit is missing.',
        properties: {
          requests: {
            type: 'object',
            description: 'Requests that quick-fixes may write.',
            properties: {
              cpu: quantity('CPU request, such as 100m.'),
              memory: quantity('Memory request, such as 128Mi.'),
            },
            additional: quantity('Request of an extended resource.'),
          },
          limits: {
            type: 'object',
            description: 'Limits that quick-fixes may write.',
            properties: { cpu: quantity('CPU limit, such as 500m.'), memory: quantity('Memory limit, such as 256Mi.') },
            additional: quantity('Limit of an extended resource.'),
          },
        },
      },
      node: {
        type: 'object',
        description: 'The node that previews assume.',
        properties: {
          cpu: quantity('Cores of the node.', defaultSettings.node.cpu),
          memory: quantity('Memory of the node.', defaultSettings.node.memory),
        },
      },
      host: {
        type: 'object',
        description: 'The machine that Compose files are for. Limits are held against it where it is said.',
        properties: {
          cpus: {
            type: 'string',
            default: defaultSettings.host.cpus,
            description: 'CPUs of the machine, such as 4.',
            check: (text) =>
              /^(?:[1-9]\d{0,4})?$/.test(text) ? undefined : `\`${text}\` is no number of CPUs such as 4`,
          },
          memory: {
            type: 'string',
            default: defaultSettings.host.memory,
            description: 'Memory of the machine as Docker writes it, such as 16g.',
            check: (text) =>
              text === '' || parseRamInBytes(text).ok ? undefined : `\`${text}\` is no size to Docker such as 16g`,
          },
        },
      },
      assumptions: {
        type: 'object',
        description: 'What previews need and no manifest says. The panel writes it when it is asked to.',
        properties: Object.fromEntries(assumptionNames.map((name) => [name, assumptionSchema(name)])),
      },
    },
  };
}

/** `1.36` or `v1.36.2` as a minor version. */
export function parseVersion(text: string): { readonly major: number; readonly minor: number } | undefined {
  const match = /^v?(\d{1,3})\.(\d{1,3})(?:\.\d+)?$/.exec(text.trim());
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}
