import { isPlain } from '../../dockerfile/dialect.ts';
import { insertInstructionAfter } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction, KeyValue, Stage } from '../../dockerfile/model.ts';
import { isPredefined, setForFrom } from '../../dockerfile/predefined-args.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { nearest } from '../../dockerfile/stage-references.ts';
import { type VariableUse, variableUses, variableUsesAt } from '../../dockerfile/variable-uses.ts';
import { variablesAt } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';
import { variablesOfBase } from '../../images/base-variables.ts';
import { replace } from '../../text/edit.ts';
import { onceFor } from '../../text/once-for.ts';
import { containsSpan, type Span } from '../../text/span.ts';

/** Instructions whose words BuildKit itself expands; RUN, CMD and ENTRYPOINT leave that to the shell. */
const expanding = new Set(['add', 'arg', 'copy', 'env', 'expose', 'label', 'user', 'workdir', 'volume', 'stopsignal']);
/** What programs take paths from: adding to them is usual and harmless where they are empty. */
const appended = /^(?:PATH|LD_LIBRARY_PATH|PYTHONPATH|[A-Z]+_?PATH|[A-Z_]+(?:FLAGS|OPTS|OPTIONS))$/;

function usesIn(dockerfile: Dockerfile, instruction: Instruction): readonly VariableUse[] {
  if (!expanding.has(instruction.kind)) return [];
  const flags = instruction.flags.flatMap(({ name, value }) =>
    value !== undefined && (name.value === 'chown' || name.value === 'chmod') ? variableUsesAt(dockerfile, value) : [],
  );
  const bodies = instruction.heredocs.flatMap(({ expand, body, content }) =>
    expand ? variableUsesAt(dockerfile, { value: content, span: body }) : [],
  );
  return [...flags, ...variableUses(instruction.arguments, dockerfile.escape), ...bodies];
}

/** What the stage begins with: all variables of its base image, undefined where those are not known. */
const inherited = onceFor((stage: Stage): readonly string[] | undefined => {
  const image = ancestry(stage)[0]?.from?.image;
  if (image?.repository === undefined) return undefined;
  const { registry, repository, tag } = image;
  return variablesOfBase({ registry, repository, tag });
});

/** Names that triggers set, for the triggers behind them. */
const triggered = onceFor((stage: Stage): ReadonlySet<string> => {
  const inner = ancestry(stage).flatMap(({ instructions }) => instructions);
  const triggers = inner.flatMap((one) => (one.kind === 'onbuild' && one.trigger ? [one.trigger] : []));
  return new Set(
    triggers.flatMap((one) => (one.kind === 'arg' || one.kind === 'env' ? one.pairs.map(({ key }) => key.value) : [])),
  );
});

/** ENV and ARG of the stages by name, the first of each. */
const declared = onceFor((dockerfile: Dockerfile) => {
  const found = new Map<string, { readonly stage: Stage; readonly pair: KeyValue }>();
  for (const stage of dockerfile.stages) {
    for (const one of stage.instructions) {
      if (one.kind !== 'arg' && one.kind !== 'env') continue;
      for (const pair of one.pairs) if (!found.has(pair.key.value)) found.set(pair.key.value, { stage, pair });
    }
  }
  return found;
});

/** Set by the very ENV: that has a rule of its own. */
function setBeside(instruction: Instruction, name: string, { start }: Span): boolean {
  const sets = ({ key, span }: KeyValue) => key.value === name && !(span.start <= start && start < span.end);
  return instruction.kind === 'env' && instruction.pairs.some(sets);
}

function addsToItself(instruction: Instruction, name: string): boolean {
  return instruction.kind === 'env' && appended.test(name) && instruction.pairs.some(({ key }) => key.value === name);
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/variable-undefined',
    rows: ['D121', 'D122'],
    summary: 'A variable should be set before it is used.',
    why: 'The builder puts nothing in the place of a variable that is not set, and goes on: the copy goes to another folder, the path ends early. ARGs before the first FROM count in a stage only behind an `ARG` of the same name there, and those of another stage do not count at all.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      unset: '`{name}` is not set: nothing takes its place',
      misspelt: '`{name}` is not set: was `{near}` meant?',
      global: '`{name}` is empty here: an ARG before FROM needs `ARG {name}` in the stage',
      platform: '`{name}` is empty here: the stage has no `ARG {name}`',
      later: '`{name}` is not set yet: that comes further down',
      elsewhere: '`{name}` is not set here: another stage sets it',
      there: 'Set here',
    },
    titles: { rename: 'Change to `{near}`', declare: 'Add `ARG {name}` to the stage' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'ARG APP=web\nFROM alpine:3.22\nCOPY $APP /srv\n',
        good: 'ARG APP=web\nFROM alpine:3.22\nARG APP\nCOPY $APP /srv\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nARG ASSETS=assets/\nCOPY $ASSET /srv\n',
        good: 'FROM alpine:3.22\nARG ASSETS=assets/\nCOPY $ASSETS /srv\n',
      },
    ],
    options: {},
    sources: ['buildkit UndefinedVar', 'sonar S6579'],
  },
  only: ['add', 'arg', 'copy', 'env', 'expose', 'label', 'user', 'workdir', 'volume', 'stopsignal'],
  mentions: ['$'],
  when: ({ instruction }) =>
    instruction.arguments.text.includes('$') || instruction.heredocs.length > 0 || instruction.flags.length > 0,
  *check({ instruction, stage, dockerfile }) {
    if (stage?.from === undefined || stage.windows || instruction.span.start < stage.from.span.start) return;
    const uses = usesIn(dockerfile, instruction);
    if (uses.length === 0 || !isPlain(dockerfile)) return;
    const variables = variablesAt(dockerfile, instruction);
    const base = inherited(stage);
    for (const { name: located, span, hasDefault } of uses) {
      const name = located.value;
      if (hasDefault || variables.get(name) !== undefined || base?.includes(name) || name === 'PATH') continue;
      if (addsToItself(instruction, name) || setBeside(instruction, name, span)) continue;
      if (instruction.onbuild && triggered(stage).has(name)) continue;
      const { from } = stage;
      // BuildKit does not tell of ports, nor of triggers.
      const own = (instruction.kind === 'expose' || instruction.onbuild) && { peers: ['sonar S6579'] };
      const declare = [
        {
          title: 'declare',
          safety: 'suggested',
          edits: [insertInstructionAfter(dockerfile, from, `ARG ${name}`)],
        },
      ] as const;
      if (dockerfile.globalArgs.has(name)) {
        yield { message: 'global', data: { name }, span, ...own, fixes: declare };
      } else if (setForFrom(name)) {
        yield { message: 'platform', data: { name }, span, ...own, fixes: declare };
      } else if (!isPredefined(name)) {
        const first = declared(dockerfile).get(name);
        const set = first && containsSpan(first.pair.span, span) ? undefined : first;
        const limit = name.length > 5 ? 2 : 1;
        const near = first ? undefined : nearest(name, [...variables.names(), ...(base ?? ['PATH'])], limit);
        if (near !== undefined && name.length > 3) {
          const fixes = [{ title: 'rename', safety: 'suggested', edits: [replace(located.span, near)] }] as const;
          yield { message: 'misspelt', data: { name, near }, span, ...own, fixes };
        } else if (base !== undefined) {
          const later = set !== undefined && ancestry(stage).includes(set.stage);
          yield {
            message: set === undefined ? 'unset' : later ? 'later' : 'elsewhere',
            data: { name },
            span,
            ...own,
            related: set ? [{ message: 'there', span: set.pair.span }] : [],
          };
        }
      }
    }
  },
});
