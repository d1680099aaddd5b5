import { expand } from '../../dockerfile/expansion.ts';
import type { Dockerfile, KeyValue, Word } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, type TextEdit } from '../../text/edit.ts';

/** The text with an escape before each blank that stands outside quotes. */
function withEscapedBlanks(text: string, escape: string): string {
  let quote = '';
  let result = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") result += character + text.charAt(++at);
    else if (quote === '' && /\s/.test(character)) result += escape + character;
    else {
      if (character === quote) quote = '';
      else if (quote === '' && /["']/.test(character)) quote = character;
      result += character;
    }
  }
  return result;
}

/** The value as one word, which the builder reads as it reads the rest of the line. */
function asWord({ text }: Word, escape: '\\' | '`'): string | undefined {
  const plain = !/["'`\\]/.test(text);
  const word = !/\s/.test(text) ? text : plain ? `"${text}"` : withEscapedBlanks(text, escape);
  if (plain && !text.includes('$')) return word;
  const options = { escape, keepUnset: true };
  const before = expand(text, () => undefined, options);
  const after = expand(word, () => undefined, options);
  return before.ok && after.ok && before.value === after.value ? word : undefined;
}

function fixFor({ text, escape }: Dockerfile, { key, value }: KeyValue): TextEdit | undefined {
  const word = value && asWord(value, escape);
  // `ENV a = b` was meant as `a=b`: no reason to keep its value.
  if (value === undefined || word === undefined || word.startsWith('"=') || word.startsWith('=')) return undefined;
  const span = { start: key.span.end, end: value.span.end };
  // What stands between the lines would be lost.
  return /\n[ \t]*(?:#|\r?\n)/.test(text.slice(span.start, span.end)) ? undefined : replace(span, `=${word}`);
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/legacy-key-value',
    rows: ['D811'],
    summary: '`ENV` and `LABEL` should be written `name=value`.',
    why: 'Without `=` everything up to the end of the line is one value: `ENV A b C=d` sets one variable, where two were meant. The form is deprecated, and builders are going to refuse it one day. Until then this is information.',
    severity: 'information',
    topic: 'style',
    messages: { legacy: 'Old form without `=`: all of the rest is the value of `{name}`' },
    titles: { equals: 'Write `{name}=…`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nENV NODE_ENV production\n',
        good: 'FROM node:24\nENV NODE_ENV=production\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nLABEL description the shop\n',
        good: 'FROM node:24\nLABEL description="the shop"\n',
      },
    ],
    options: {},
    sources: ['buildkit LegacyKeyValueFormat', 'dockerfile-utils SYNTAX_MISSING_EQUALS'],
  },
  only: ['env', 'label'],
  beside: ['legacy pair'],
  when: ({ instruction }) => instruction.pairs[0]?.legacy === true,
  *check({ instruction, dockerfile }) {
    const [pair] = instruction.pairs;
    if (pair?.value === undefined) return;
    yield {
      message: 'legacy',
      data: { name: pair.key.value },
      span: pair.key.span,
      lateFixes: () => {
        const edit = fixFor(dockerfile, pair);
        return edit ? [{ title: 'equals', safety: 'safe', edits: [edit] }] : [];
      },
    };
  },
});
