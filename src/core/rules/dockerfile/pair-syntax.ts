import { isPlaceholder, isPlain } from '../../dockerfile/dialect.ts';
import { expand } from '../../dockerfile/expansion.ts';
import type { Dockerfile, KeyValue, PairsInstruction } from '../../dockerfile/model.ts';
import { defineRule, type MessageData, type ProposedFix } from '../../engine/rule.ts';
import { insert, remove } from '../../text/edit.ts';
import type { Span } from '../../text/span.ts';

type Message = 'name' | 'noValue' | 'equals' | 'blank' | 'quote';
type Title = 'join' | 'close';

interface Wrong {
  readonly message: Message;
  readonly data: MessageData;
  readonly span: Span;
  readonly severity?: 'warning';
  readonly fixes?: readonly ProposedFix<Title>[];
}

/** Takes the blanks between two places out, where they are nothing but blanks. */
function joining(dockerfile: Dockerfile, gaps: readonly Span[]): readonly ProposedFix<Title>[] {
  const clear = gaps.every(({ start, end }) => /^[ \t]*$/.test(dockerfile.text.slice(start, end)));
  const edits = gaps.filter(({ start, end }) => start < end).map((gap) => remove(gap));
  return clear ? [{ title: 'join', safety: 'suggested', edits }] : [];
}

/** The quote of a pair that is never closed: the builder looks for its end to the end of the instruction. */
function openQuote(dockerfile: Dockerfile, pair: KeyValue): Wrong | undefined {
  const { value } = pair;
  if (value === undefined || !/["']/.test(value.text)) return undefined;
  const expanded = expand(value.text, () => '', { escape: dockerfile.escape });
  if (expanded.ok || !expanded.error.startsWith('missing closing')) return undefined;
  const quote = expanded.error.includes('single') ? "'" : '"';
  const source = dockerfile.text.slice(value.span.start, value.span.end);
  // Quotes of the other kind, or a line that goes on, leave the place in doubt.
  const sure = source === value.text && source.split(quote).length === 2 && source.indexOf(quote) === 0;
  const at = sure ? value.span.start : undefined;
  const span = at === undefined ? value.span : { start: at, end: at + 1 };
  const last = sure && !/\s/.test(source) && !source.endsWith(dockerfile.escape);
  const fixes = last
    ? [{ title: 'close', data: { quote }, safety: 'suggested', edits: [insert(value.span.end, quote)] } as const]
    : [];
  return { message: 'quote', data: { quote }, span, fixes };
}

/** No quotes, or one pair of them with nothing but plain text inside. */
const quotedWell = /^(?:[^"']*|"[^"'\\`$]*"|'[^"']*')$/;

/** A name and a value whose quotes are closed: nothing can be wrong. */
function isWhole({ key, value, legacy }: KeyValue, { kind, pairs }: PairsInstruction): boolean {
  if (key.text === '') return false;
  if (value === undefined) return !legacy && kind === 'arg' && pairs.length === 1;
  return value.text !== '' && !(legacy && value.text.startsWith('=')) && quotedWell.test(value.text);
}

function* wrongPairs(dockerfile: Dockerfile, instruction: PairsInstruction): Generator<Wrong> {
  const { kind, pairs } = instruction;
  const keyword = kind.toUpperCase();
  const [first] = pairs;
  if (first?.legacy) {
    const { key, value } = first;
    const data = { keyword, name: key.text };
    if (value === undefined) yield { message: 'noValue', data, span: key.span };
    else if (value.text.startsWith('=')) {
      const start = value.span.start + 1;
      const blanks = /^[ \t]*/.exec(dockerfile.text.slice(start))?.[0].length ?? 0;
      const fixes = joining(dockerfile, [
        { start: key.span.end, end: value.span.start },
        { start, end: start + blanks },
      ]);
      const span = { start: value.span.start, end: start };
      // A value with blanks and no quotes would fall apart into several pairs.
      const whole = /^=\s*(?:"[^"]*"|'[^']*'|\S*)$/.test(value.text);
      yield { message: 'blank', data, severity: 'warning', span, fixes: whole ? fixes : [] };
    } else {
      const wrong = openQuote(dockerfile, first);
      if (wrong !== undefined) yield wrong;
    }
    return;
  }
  yield* wrongInRow(dockerfile, instruction);
}

/** The same for the form with `=`, where each word is a pair. */
function* wrongInRow(dockerfile: Dockerfile, { kind, pairs }: PairsInstruction): Generator<Wrong> {
  for (let at = 0; at < pairs.length; at++) {
    const pair = pairs[at];
    if (pair === undefined) return;
    const { key, value, span } = pair;
    const before = pairs[at - 1];
    const after = pairs[at + 1];
    const data = { keyword: kind.toUpperCase(), name: key.text };
    if (value !== undefined) {
      if (key.text === '') yield { message: 'name', data, span };
      const wrong = openQuote(dockerfile, pair);
      if (wrong !== undefined) yield wrong;
    } else if (after?.key.text === '' && after.value !== undefined) {
      const gaps = [{ start: span.end, end: after.span.start }];
      const third = after.value.text === '' ? pairs[at + 2] : undefined;
      if (third?.value === undefined && third !== undefined)
        gaps.push({ start: after.span.end, end: third.span.start });
      const equals = { start: after.span.start, end: after.span.start + 1 };
      yield { message: 'blank', data, span: equals, ...mild(kind), fixes: joining(dockerfile, gaps) };
      at += gaps.length;
    } else if (before?.value?.text === '' && before.key.text !== '') {
      const gap = { start: before.span.end, end: span.start };
      const equals = { start: gap.start - 1, end: gap.start };
      const fixes = joining(dockerfile, [gap]);
      yield { message: 'blank', data: { ...data, name: before.key.text }, span: equals, ...mild(kind), fixes };
    } else if (kind !== 'arg') yield { message: 'equals', data, span };
  }
}

/** ARG takes a name without a value, and so another meaning than the one that was meant. */
function mild(kind: PairsInstruction['kind']): { readonly severity?: 'warning' } {
  return kind === 'arg' ? { severity: 'warning' } : {};
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/pair-syntax',
    rows: ['D111'],
    summary: '`ENV`, `LABEL` and `ARG` take pairs of `name=value` without blanks around the `=`.',
    why: 'The builder refuses a pair without a name, without `=` or with a quote that is never closed. `ENV name = value` it takes, and sets the value `= value`.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      name: 'No name before the `=`',
      noValue: '`{name}` has no value: write `{name}=value`',
      equals: '`{name}` has no `=`: write `name=value`, and quotes around a value with blanks',
      blank: 'Blanks around this `=`: {keyword} reads `{name}` without its value',
      quote: 'This {quote} is never closed',
    },
    titles: { join: 'Remove the blanks', close: 'Close with {quote}' },
    fix: 'sometimes',
    examples: [
      { file: 'Dockerfile', bad: 'FROM alpine:3.22\nENV LEVEL = 3\n', good: 'FROM alpine:3.22\nENV LEVEL=3\n' },
      { file: 'Dockerfile', bad: 'FROM alpine:3.22\nLABEL a="b\n', good: 'FROM alpine:3.22\nLABEL a="b"\n' },
    ],
    options: {},
    sources: [
      'dockerfile-utils SYNTAX_MISSING_EQUALS',
      'dockerfile-utils SYNTAX_MISSING_NAMES',
      'dockerfile-utils SYNTAX_MISSING_SINGLE_QUOTE',
      'dockerfile-utils SYNTAX_MISSING_DOUBLE_QUOTE',
      'dockerfile-utils INVALID_SYNTAX',
      'sonar S6574',
    ],
  },
  only: ['env', 'label', 'arg'],
  when: ({ instruction }) => !instruction.pairs.every((pair) => isWhole(pair, instruction)),
  *check({ instruction, dockerfile }) {
    if (!isPlain(dockerfile)) return;
    // A comment behind the pairs is another rule's.
    const comment = instruction.words.findIndex(({ text }) => text.startsWith('#'));
    if (comment > 0 && instruction.pairs[0]?.legacy !== true) return;
    for (const wrong of wrongPairs(dockerfile, instruction)) {
      if (!isPlaceholder(dockerfile.text.slice(wrong.span.start, wrong.span.end))) yield wrong;
    }
  },
});
