import { cutWord } from '../../dockerfile/edit.ts';
import type { Dockerfile } from '../../dockerfile/model.ts';
import { callingAny, type Manager, managerCall } from '../../dockerfile/package-managers.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellWord } from '../../shell/model.ts';
import { replace, type TextEdit } from '../../text/edit.ts';

const dnf = /^(?:install|groupinstall|reinstall)$/;
const installs: Readonly<Partial<Record<Manager, RegExp>>> = {
  ...{ 'apt-get': /^install$/, apt: /^install$/, aptitude: /^install$/, apk: /^add$/, yum: dnf, dnf, microdnf: dnf },
  zypper: /^(?:install|in)$/,
};

/** By what the packages are called, as people sort them: capitals and quotes do not count. */
function byName(a: ShellWord, b: ShellWord): number {
  const [left, right] = [a.value.toLowerCase(), b.value.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** One package on each line and nothing else between the first and the last: no comments, no options. */
function oneToALine({ text }: Dockerfile, words: readonly ShellWord[]): boolean {
  return words.every((word, at) => {
    const next = words[at + 1];
    return next === undefined || /^[ \t]*[\\`][ \t]*\r?\n[ \t]*$/.test(text.slice(word.span.end, next.span.start));
  });
}

/** Puts the names where the others were: lines, indentation and continuations stay. */
function sorted({ text }: Dockerfile, words: readonly ShellWord[]): readonly TextEdit[] {
  return words.toSorted(byName).flatMap((word, at) => {
    const place = words[at];
    if (place === undefined || place === word) return [];
    return [replace(place.span, text.slice(word.span.start, word.span.end))];
  });
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/package-order',
    rows: ['D331'],
    summary: 'A list of packages may be sorted, and should name each of them once.',
    why: 'In a sorted list, one package to a line, it is plain what is there and what a change adds, and nothing is named twice. Sorting changes nothing that is installed. Lists on one line, with comments or with variables are left alone. This is off by default.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: {
      unsorted: '`{name}` comes before `{before}` by the alphabet',
      twice: '`{name}` is in this list already',
    },
    titles: { sort: 'Sort the packages', remove: 'Remove the second `{name}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN apk add --no-cache \\\n    git \\\n    curl\n',
        good: 'FROM alpine:3.22\nRUN apk add --no-cache \\\n    curl \\\n    git\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN apk add --no-cache curl git curl\n',
        good: 'FROM alpine:3.22\nRUN apk add --no-cache curl git\n',
      },
    ],
    options: {},
    sources: ['tally sort-packages'],
  },
  calls: callingAny('apt-get', 'apt', 'aptitude', 'apk', 'yum', 'dnf', 'microdnf', 'zypper'),
  when: ({ command }) => (managerCall(command)?.operands.length ?? 0) > 1,
  *check({ command, dockerfile }) {
    const call = managerCall(command);
    if (call === undefined || installs[call.manager]?.test(call.subcommand.value) !== true) return;
    const { operands } = call;
    if (call.uncertain) return;
    const names = new Set<string>();
    let repeated = false;
    for (const { constant, value, span } of operands) {
      if (constant && names.has(value)) {
        repeated = true;
        const edit = cutWord(dockerfile.text, span);
        const fixes = edit ? [{ title: 'remove', safety: 'safe', edits: [edit] } as const] : [];
        yield { message: 'twice', data: { name: value }, span, fixes };
      }
      names.add(value);
    }
    // First the doubles go: both edits at once would get in each other's way.
    if (repeated || !operands.every(({ constant }) => constant)) return;
    const at = operands.findIndex((word, index) => {
      const before = operands[index - 1];
      return before !== undefined && byName(before, word) > 0;
    });
    const [word, before] = [operands[at], operands[at - 1]];
    if (word === undefined || before === undefined || !oneToALine(dockerfile, operands)) return;
    yield {
      message: 'unsorted',
      data: { name: word.value, before: before.value },
      span: word.span,
      lateFixes: () => [{ title: 'sort', safety: 'safe', edits: sorted(dockerfile, operands) }],
    };
  },
});
