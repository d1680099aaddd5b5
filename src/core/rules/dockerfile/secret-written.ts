import type { Dockerfile, Instruction, Stage, Word } from '../../dockerfile/model.ts';
import {
  secretFiles,
  secretHints,
  secretNames,
  secretPaths,
  secretShapes,
  urlPassword,
} from '../../dockerfile/secret-shapes.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Span } from '../../text/span.ts';

interface Written {
  readonly span: Span;
  /** Undefined for the password of a URL. */
  readonly what: string | undefined;
}

/** The example keys of manuals, words that stand for a password, and hosts that are none. */
const example = /EXAMPLE|x{6}|0{8}|1234567/i;
const standsFor = /^(?:password|passwd|pass|pwd|secret|token|changeme|x+|\.+|example)$/i;

/** Read once for the whole file: hardly any has one. */
function writtenIn({ text }: Dockerfile): readonly Written[] {
  const found: Written[] = [];
  for (const { what, pattern } of secretHints.test(text) ? secretShapes : []) {
    for (const { index, 0: match } of text.matchAll(pattern)) {
      if (!example.test(match)) found.push({ what, span: { start: index, end: index + match.length } });
    }
  }
  for (const { index, 0: match, 1: password = '' } of text.includes('@') ? text.matchAll(urlPassword) : []) {
    if (standsFor.test(password)) continue;
    const start = index + match.length - password.length - 2;
    if (found.some(({ span }) => span.start === start)) continue;
    found.push({ what: undefined, span: { start, end: start + password.length } });
  }
  return found.toSorted((a, b) => a.span.start - b.span.start);
}

function inside(dockerfile: Dockerfile, { span }: Instruction, at: Span): boolean {
  if (at.start < span.start || at.end > span.end) return false;
  return !dockerfile.comments.some((comment) => comment.span.start <= at.start && at.end <= comment.span.end);
}

/** What a file of the build context holds, by its name. */
function secretFile({ value }: Word): { readonly what: string; readonly unsure: boolean } | undefined {
  if (secretPaths.test(value)) return { what: 'credentials', unsure: false };
  if (!secretNames.test(value)) return undefined;
  const name = value.slice(value.lastIndexOf('/') + 1);
  return secretFiles.find((one) => one.name.test(name));
}

function milder(unsure: boolean, stage: Stage | undefined): { readonly severity?: 'information' } {
  return unsure || stage?.shipped === false ? { severity: 'information' } : {};
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/secret-written',
    rows: ['D606'],
    summary: 'Secrets should be neither written into a Dockerfile nor copied into an image.',
    why: 'A Dockerfile is in version control, and whoever can pull an image can read every file that was ever copied into it, one that a later step removes too. `RUN --mount=type=secret` shows a file or a variable to one command and leaves nothing behind; what the program needs belongs in a mount when it runs. A secret that was pushed is known: replace it. Files that may as well hold none, such as `.npmrc`, and stages that are not shipped are information.',
    severity: 'warning',
    topic: 'security',
    messages: {
      value: 'This looks like {what}',
      url: 'This URL has its password written out',
      file: '`{file}` is likely to hold {what}, which then is in the image',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nCOPY id_rsa /root/.ssh/\n',
        good: 'FROM alpine:3.22\nCOPY id_rsa.pub /root/.ssh/\n',
      },
    ],
    options: {},
    sources: ['trivy DS-0031', 'dockle CIS-DI-0010', 'tally secrets-in-code'],
  },
  *check(dockerfile) {
    const written = writtenIn(dockerfile);
    for (const { instruction, stage } of instructionsOf(dockerfile)) {
      // The trigger of an ONBUILD comes by itself.
      for (const { what, span } of instruction.kind === 'onbuild' ? [] : written) {
        if (!inside(dockerfile, instruction, span)) continue;
        if (what === undefined) yield { message: 'url', span };
        else yield { message: 'value', data: { what }, span };
      }
      if ((instruction.kind !== 'copy' && instruction.kind !== 'add') || instruction.from !== undefined) continue;
      for (const source of instruction.sources) {
        const secret = source.constant ? secretFile(source) : undefined;
        if (secret === undefined || /^[a-z]+:\/\//i.test(source.value)) continue;
        if (/^\/(?:etc\/apt|usr\/share\/keyrings)/.test(instruction.destination?.value ?? '')) break;
        yield {
          message: 'file',
          data: { file: source.value, what: secret.what },
          span: source.span,
          ...milder(secret.unsure, stage),
        };
      }
    }
  },
});
