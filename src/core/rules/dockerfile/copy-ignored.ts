import { contextPath, contextSources, ignoreInForce } from '../../dockerfile/build-context.ts';
import { valueAt } from '../../dockerfile/folders.ts';
import { ignoredBy } from '../../dockerfile/ignore.ts';
import { defineRule } from '../../engine/rule.ts';

/** Of patterns that match the context's own folder, these mean all that is in it; `.*` and `?*` match its name by chance. */
const everything: ReadonlySet<string> = new Set(['*', '**', '**/*']);

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-ignored',
    rows: ['D132'],
    summary: 'What is copied must not be left out by `.dockerignore`.',
    why: 'The builder never sees a file that `.dockerignore` leaves out: the build fails with “not found”, or copies a folder without it. Take the pattern out, or the source. Ignore files with exceptions (`!`) are not judged.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      ignored: '`{source}` is left out of the build context by `{pattern}` in line {line} of `{file}`',
      pattern: 'This pattern leaves it out',
    },
    titles: { remove: 'Remove `{pattern}` from `{file}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nginx:1.29\nCOPY dist /usr/share/nginx/html\n',
        good: 'FROM nginx:1.29\nCOPY public /usr/share/nginx/html\n',
        around: { '.dockerignore': 'node_modules\ndist\n' },
      },
    ],
    options: {},
    sources: ['buildkit CopyIgnoredFile'],
  },
  only: ['copy', 'add'],
  given: ({ file }) => Boolean(ignoreInForce(file.path, file.around)),
  when: ({ instruction }) => !instruction.onbuild,
  *check({ instruction, dockerfile }, { file }) {
    // A trigger copies from the context of whoever builds on this image.
    const ignore = instruction.onbuild ? undefined : ignoreInForce(file.path, file.around);
    if (!ignore || ignore.file.hasExceptions) return;
    for (const source of contextSources(instruction)) {
      const value = source.constant ? source.value : valueAt(dockerfile, instruction, source.text);
      const path = value === undefined || value === '' ? undefined : contextPath(value);
      const by = path === undefined ? undefined : ignoredBy(ignore.file, path);
      if (by === undefined || (path === '.' && !everything.has(by.pattern))) continue;
      const lines = ignore.text.split('\n');
      const start = lines.slice(0, by.line).join('\n').length + (by.line > 0 ? 1 : 0);
      const end = start + (lines[by.line] ?? '').trimEnd().length;
      const place = file.path.slice(0, file.path.lastIndexOf('/') + 1) + ignore.path;
      const text = lines.toSpliced(by.line, 1).join('\n');
      const whole = path === '.' || /[*?]/.test(by.pattern);
      yield {
        message: 'ignored',
        data: { source: source.value, pattern: by.pattern, line: by.line + 1, file: ignore.path },
        span: source.span,
        related: [{ message: 'pattern', span: { start, end }, file: { path: place, text: ignore.text } }],
        // A pattern with stars leaves out more than this.
        fixes: whole
          ? []
          : [
              {
                title: 'remove',
                safety: 'suggested',
                edits: [],
                creates: { path: ignore.path, text, replaces: ignore.text },
              },
            ],
      };
    }
  },
});
