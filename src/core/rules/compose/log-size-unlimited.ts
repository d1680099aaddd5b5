import { keySpan } from '../../compose/key-span.ts';
import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import { fieldAt, knownMapping, knownText } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { entries } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

/** Options of the `local` driver; it refuses the others that `json-file` knows. */
const localOptions: ReadonlySet<string> = new Set(['max-size', 'max-file', 'compress']);

export default defineRule('compose-service', {
  meta: {
    id: 'compose/log-size-unlimited',
    rows: ['C407'],
    summary: 'What a service logs should not fill the disk.',
    why: 'Docker keeps what a container prints in one file that grows for as long as the container lives: its own default, `json-file`, never turns it over. Docker recommends the driver `local`, which keeps five files of 20 MB. `max-size: 10m` with `max-file: "3"`, its documentation’s own example, bounds `json-file`, for tools that read these files. `max-file` alone does nothing. A `daemon.json` may say so for all containers of a machine: then this rule is not needed.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      missing: 'No `logging`: unless the daemon says otherwise, the log grows until the disk is full',
      unlimited: 'Without `max-size` the log grows until the disk is full',
      unused: 'Without `max-size` there is only ever one file: it grows until the disk is full',
    },
    titles: { local: 'Use the driver local, which bounds its files', bound: 'Keep three files of 10 MB' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n',
        good: 'services:\n  web:\n    image: web:1.4\n    logging:\n      driver: local\n',
      },
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    logging:\n      driver: json-file\n',
        good: 'services:\n  web:\n    image: web:1.4\n    logging:\n      driver: json-file\n      options:\n        max-size: 10m\n        max-file: "3"\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service) {
    const { node, path, file, partial, name } = service;
    const logging = fieldAt(node, 'logging');
    const local = (): readonly ProposedFix<'local'>[] =>
      patchFix(file.document, {
        title: 'local',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...path, 'logging', 'driver'], value: 'local' }],
      });
    const given = fieldAt(node, 'logging', 'options', 'max-file') !== undefined;
    const bound = (): readonly ProposedFix<'bound'>[] => {
      if (given) return [];
      const patches: readonly YamlPatch[] = [
        ...(fieldAt(node, 'logging', 'driver') === undefined
          ? [{ kind: 'set', path: [...path, 'logging', 'driver'], value: 'json-file' } as const]
          : []),
        { kind: 'set', path: [...path, 'logging', 'options', 'max-size'], value: '10m' },
        { kind: 'set', path: [...path, 'logging', 'options', 'max-file'], value: '3' },
      ];
      return patchFix(file.document, { title: 'bound', safety: 'suggested', patches });
    };
    if (logging === undefined) {
      if (!partial) yield { message: 'missing', span: name.span, fixes: [...local(), ...bound()] };
      return;
    }
    const driver = fieldAt(node, 'logging', 'driver');
    const named = knownText(node, 'logging', 'driver');
    if (logging === 'unknown' || (driver !== undefined && named?.value !== 'json-file')) return;
    const options = knownMapping(node, 'logging', 'options');
    if (fieldAt(node, 'logging', 'options') !== undefined && (options === undefined || options.open)) return;
    if (fieldAt(options, 'max-size') !== undefined) return;
    const takesLocal = options === undefined || entries(options).every(({ key }) => localOptions.has(key.text));
    yield {
      message: given ? 'unused' : 'unlimited',
      span: given ? keySpan(service, 'logging', 'options', 'max-file') : (named?.span ?? keySpan(service, 'logging')),
      fixes: [...bound(), ...(takesLocal ? local() : [])],
    };
  },
});
