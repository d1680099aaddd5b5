import { onceFor } from '../text/once-for.ts';
import type { Dockerfile } from './model.ts';

/** A frontend of someone else's may know instructions of its own. */
function foreignFrontend(dockerfile: Dockerfile): boolean {
  return dockerfile.directives.some(
    ({ name, value }) =>
      name.value === 'syntax' && !/(?:^|\/)docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(value.value),
  );
}

/** Lines of a template engine stand where instructions should. */
function isTemplate(dockerfile: Dockerfile): boolean {
  const { text } = dockerfile;
  return dockerfile.instructions.some(
    ({ kind, keyword, span }) =>
      kind === 'unknown' &&
      (/^(?:\{\{|\{%|<%|@)/.test(keyword.value) ||
        text.lastIndexOf('{{', span.start) > text.lastIndexOf('}}', span.start)),
  );
}

/** Whether Docker's own frontend reads the file as it stands: it is no template, and names no other frontend. */
export const isPlain = onceFor((dockerfile: Dockerfile) => !foreignFrontend(dockerfile) && !isTemplate(dockerfile));

/** Whether a word has the brackets or marks of a template that is filled in before the build, or is one like `REPLACE-ME`. */
export function isPlaceholder(text: string): boolean {
  const written = text.includes('${') ? text.replace(/\$\{[^}]*\}/g, '') : text;
  return /[{<%]|@[A-Za-z_]+@|^[A-Z]+[-_][A-Z_-]+$/.test(written);
}
