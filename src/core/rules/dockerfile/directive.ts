import type { Directive, Dockerfile, DockerfileComment } from '../../dockerfile/model.ts';
import { nearest } from '../../dockerfile/stage-references.ts';
import { defineRule, type MessageData, type ProposedFix } from '../../engine/rule.ts';
import { insert, remove, replace } from '../../text/edit.ts';
import { lineBreak, lineEnd, lineStart } from '../../text/lines.ts';
import type { Span } from '../../text/span.ts';

const form = /^#[ \t]*([A-Za-z]+)[ \t]*=[ \t]*(\S+)[ \t]*$/;

/** Whether a value could be meant for a directive; prose and settings of other tools are not. */
function plausible(name: string, value: string): boolean {
  if (name === 'check') return /^(?:skip|error|experimental)=\S/.test(value);
  return name === 'syntax' ? /^[\w.-]+(?::\d+)?\/[\w./:@-]+$/.test(value) : name === 'escape' && /^[\\`]$/.test(value);
}

/** What two `# check=` say together. */
function mergedChecks(first: string, second: string): string {
  const options = new Map<string, string>();
  for (const option of `${first};${second}`.split(';')) {
    const [, key = option, value = ''] = /^([^=]*)=(.*)$/.exec(option) ?? [];
    const before = options.get(key);
    const listed =
      before === undefined || key === 'error' ? value : [...new Set(`${before},${value}`.split(','))].join();
    options.set(key, /(?:^|,)all(?:,|$)/.test(listed) ? 'all' : listed);
  }
  return [...options].map(([key, value]) => `${key}=${value}`).join(';');
}

interface Wrong {
  readonly message: 'escape' | 'twice' | 'casing' | 'late' | 'misspelt';
  readonly data: MessageData;
  readonly span: Span;
  readonly severity?: 'warning' | 'information';
  readonly fixes: readonly ProposedFix<'write' | 'remove' | 'move' | 'merge'>[];
}

function wholeLine({ text }: Dockerfile, span: Span): Span {
  const start = lineStart(text, span.start);
  return { start: start === 0 && text.startsWith('\ufeff') ? 1 : start, end: lineEnd(text, span.end) };
}

function* wrongDirectives(dockerfile: Dockerfile): Generator<Wrong> {
  const first = new Map<string, Directive>();
  for (const directive of dockerfile.directives) {
    const { name, value, span } = directive;
    const written = dockerfile.text.slice(name.span.start, name.span.end);
    const data = { name: name.value, text: name.value, value: value.value };
    const earlier = first.get(name.value);
    if (earlier !== undefined) {
      const same = earlier.value.value === value.value;
      const edits = [remove(wholeLine(dockerfile, span))];
      if (name.value === 'check' && !same) {
        const merged = replace(earlier.value.span, mergedChecks(earlier.value.value, value.value));
        const fixes = [{ title: 'merge', safety: 'safe', edits: [merged, ...edits] } as const];
        yield { message: 'twice', data, span: name.span, fixes };
        continue;
      }
      const fixes = [{ title: 'remove', data, safety: same ? 'safe' : 'suggested', edits } as const];
      yield { message: 'twice', data, span: name.span, fixes };
      continue;
    }
    first.set(name.value, directive);
    if (written !== name.value) {
      const edits = [replace(name.span, name.value)];
      const fixes = [{ title: 'write', data, safety: 'safe', edits } as const];
      yield { message: 'casing', data, severity: 'information', span: name.span, fixes };
    }
    if (name.value === 'escape' && !/^[\\`]$/.test(value.value)) {
      const fixes = ['\\', '`'].map((text) => {
        return { title: 'write', data: { text }, safety: 'suggested', edits: [replace(value.span, text)] } as const;
      });
      yield { message: 'escape', data, span: value.span, fixes };
    }
  }
}

/** A comment above all instructions that looks like a directive and is none. */
function notRead(dockerfile: Dockerfile, comment: DockerfileComment, header: boolean): Wrong | undefined {
  const { text, directives } = dockerfile;
  const match = form.exec(text.slice(comment.span.start, comment.span.end));
  if (match === null) return undefined;
  const [whole, written = '', value = ''] = match;
  const name = ['syntax', 'escape'].find((known) => known === written.toLowerCase());
  const severity = 'warning';
  const start = comment.span.start + whole.indexOf(written);
  const span = { start, end: start + written.length };
  if (directives.some((directive) => directive.name.value === name)) return undefined;
  if (name !== undefined) {
    if (header || !plausible(name, value)) return undefined;
    const top = directives.at(-1);
    const place = top === undefined ? (text.startsWith('\ufeff') ? 1 : 0) : lineEnd(text, top.span.end);
    const line = text.slice(comment.span.start, comment.span.end).trimEnd() + lineBreak(text);
    const edits = [insert(place, line), remove(wholeLine(dockerfile, comment.span))];
    const fixes = [{ title: 'move', safety: 'suggested', edits } as const];
    return { message: 'late', data: { name }, severity, span, fixes };
  }
  const meant = nearest(written.toLowerCase(), ['syntax', 'escape', 'check'], 2);
  if (meant === undefined || !plausible(meant, value)) return undefined;
  if (directives.some((directive) => directive.name.value === meant)) return undefined;
  const edits = [replace(span, meant)];
  const fixes = [{ title: 'write', data: { text: meant }, safety: 'suggested', edits } as const];
  return { message: 'misspelt', data: { written, name: meant }, severity, span, fixes };
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/directive',
    rows: ['D125'],
    summary: 'Directives stand at the very top, once each, in lower case.',
    why: 'Behind the first line that is no directive, an empty one or a comment will do, `# syntax=` and `# escape=` are comments and change nothing. The builder refuses a second directive of one name, and any escape character but a backslash and a backquote.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      escape: '`{value}` cannot be the escape character: it is a backslash or a backquote',
      twice: 'The directive `{name}` is given twice',
      casing: 'The directive is `{name}`, in lower case',
      late: 'Too late for a directive: `{name}` counts at the very top only',
      misspelt: '`{written}` is no directive, `{name}` is',
    },
    titles: {
      write: 'Write `{text}`',
      remove: 'Remove this directive',
      move: 'Move to the top',
      merge: 'Put both into one',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: '# The shop\n# syntax=docker/dockerfile:1\nFROM node:24\n',
        good: '# syntax=docker/dockerfile:1\n# The shop\nFROM node:24\n',
      },
      {
        file: 'Dockerfile',
        bad: '# syntx=docker/dockerfile:1\nFROM node:24\n',
        good: '# syntax=docker/dockerfile:1\nFROM node:24\n',
      },
    ],
    options: {},
    sources: [
      'dockerfile-utils INVALID_ESCAPE_DIRECTIVE',
      'dockerfile-utils DUPLICATED_ESCAPE_DIRECTIVE',
      'dockerfile-utils CASING_DIRECTIVE',
      'tally syntax-directive-typo',
    ],
  },
  beside: ['header'],
  *check(dockerfile) {
    const { text, comments, directives, instructions } = dockerfile;
    const end = instructions[0]?.span.start ?? text.length;
    yield* wrongDirectives(dockerfile);
    // BuildKit finds the syntax behind a line for the shell too.
    const script = text.startsWith('#!');
    const top = directives.at(-1);
    const place = top === undefined ? (text.startsWith('\ufeff') ? 1 : 0) : lineEnd(text, top.span.end);
    const names = new Set<string>();
    for (const comment of comments) {
      if (comment.span.start >= end || script) return;
      const wrong = notRead(dockerfile, comment, lineStart(text, comment.span.start) === place);
      const name = String(wrong?.data['name']);
      if (wrong === undefined || names.has(name)) continue;
      names.add(name);
      yield wrong;
    }
  },
});
