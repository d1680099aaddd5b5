import { isPlaceholder, isPlain } from '../../dockerfile/dialect.ts';
import type { Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import { referenceFlaw } from '../../dockerfile/reference-grammar.ts';
import { stageNamed } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';
import { remove, replace } from '../../text/edit.ts';
import type { Located } from '../../text/span.ts';

/** The text that names an image and has no variable in it; the names of stages are left out. */
function imageNamed(
  dockerfile: Dockerfile,
  instruction: Instruction,
  stage: Stage | undefined,
): Located<string> | undefined {
  if (instruction.kind === 'copy') {
    const { from } = instruction;
    if (from === undefined || from.value === '' || from.value.includes('$')) return undefined;
    return stageNamed(dockerfile, from.value) || /^\d+$/.test(from.value) ? undefined : from;
  }
  if (instruction.kind !== 'from' || instruction.onbuild) return undefined;
  const { image } = instruction;
  // Quotes would stand between the text and its parts.
  if (image?.resolved === undefined || image.resolved !== image.text || stage?.parent !== undefined) return undefined;
  return { value: image.text, span: image.span };
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/image-name-invalid',
    rows: ['D107'],
    summary: 'The name of an image should be one that a registry can have.',
    why: 'The builder refuses the file before it asks any registry. A name is `host/path:tag@digest`: the path has lower-case letters, digits and single separators, a tag has letters, digits, `_`, `.` and `-`.',
    severity: 'error',
    topic: 'base image',
    messages: {
      scheme: '`{text}` is an address: an image is named without `{scheme}`',
      colon: 'A digest stands behind `@`, not behind `:`',
      uppercase: 'The name of an image has no capital letters',
      emptyTag: 'The tag behind the `:` is missing',
      tag: '`{tag}` is no tag',
      digest: '`{digest}` is no digest: one of SHA-256 has 64 hexadecimal digits',
      length: 'The name of an image has 255 characters at most',
      name: '`{text}` is no name of an image',
      hexadecimal: 'A name of 64 hexadecimal digits would be taken for an ID',
    },
    titles: { lowercase: 'Change to `{lower}`', drop: 'Remove `{scheme}`', at: 'Write `@`' },
    fix: 'sometimes',
    examples: [
      { file: 'Dockerfile', bad: 'FROM library/Debian:13\n', good: 'FROM library/debian:13\n' },
      {
        file: 'Dockerfile',
        bad: 'FROM https://ghcr.io/acme/base:1\n',
        good: 'FROM ghcr.io/acme/base:1\n',
      },
    ],
    options: {},
    sources: ['dockerfile-utils INVALID_REFERENCE_FORMAT', 'dockerfile-utils FLAG_INVALID_FROM_VALUE'],
  },
  only: ['from', 'copy'],
  when({ instruction, stage, dockerfile }) {
    const image = imageNamed(dockerfile, instruction, stage);
    return image !== undefined && referenceFlaw(image.value) !== undefined;
  },
  *check({ instruction, stage, dockerfile }) {
    const image = imageNamed(dockerfile, instruction, stage);
    if (image === undefined || isPlaceholder(image.value) || !isPlain(dockerfile)) return;
    const { value: text, span } = image;
    // A comment behind FROM and a flag in the wrong place are no images.
    if (/^(?:#|--)/.test(text)) return;
    const flaw = referenceFlaw(text);
    if (flaw === undefined) return;
    const at = text.indexOf('@');
    const nameEnd = at < 0 ? text.length : at;
    const colon = text.lastIndexOf(':', nameEnd);
    const continued = span.end - span.start !== text.length;
    switch (flaw) {
      case 'scheme': {
        const [scheme = ''] = /^[a-z]+:\/\//.exec(text) ?? [];
        const edits = [remove({ start: span.start, end: span.start + scheme.length })];
        const clear = !continued && referenceFlaw(text.slice(scheme.length)) === undefined;
        const fixes = clear ? [{ title: 'drop', data: { scheme }, safety: 'suggested', edits } as const] : [];
        yield { message: flaw, data: { text, scheme }, span, fixes };
        return;
      }
      case 'colon': {
        const place = text.lastIndexOf(':', text.lastIndexOf(':') - 1);
        const before = { start: span.start + place, end: span.start + place + 1 };
        const clear = !continued && referenceFlaw(`${text.slice(0, place)}@${text.slice(place + 1)}`) === undefined;
        const fixes = clear ? [{ title: 'at', safety: 'safe', edits: [replace(before, '@')] } as const] : [];
        yield { message: flaw, span: continued ? span : before, fixes };
        return;
      }
      case 'uppercase': {
        const end = colon > text.lastIndexOf('/', nameEnd) ? colon : nameEnd;
        const lower = text.slice(0, end).toLowerCase();
        const name = continued ? span : { start: span.start, end: span.start + end };
        const fixes = continued
          ? []
          : [{ title: 'lowercase', data: { lower }, safety: 'safe', edits: [replace(name, lower)] } as const];
        yield { message: flaw, span: name, fixes };
        return;
      }
      case 'digest':
      case 'tag':
      case 'emptyTag': {
        const start = flaw === 'digest' ? at + 1 : flaw === 'tag' ? colon + 1 : colon;
        const end = flaw === 'digest' ? text.length : nameEnd;
        const part = continued ? span : { start: span.start + start, end: span.start + end };
        const written = text.slice(start, end);
        yield { message: flaw, data: { tag: written, digest: written }, span: part };
        return;
      }
      default:
        yield { message: flaw, data: { text }, span };
    }
  },
});
