import { shortName } from '../engine/active.ts';
import type { Finding, Fix } from '../engine/finding.ts';
import type { Parsed } from '../parsed.ts';
import { insert, shiftEdit } from '../text/edit.ts';
import { lineBreak, lineStart } from '../text/lines.ts';
import { containsSpan } from '../text/span.ts';
import { patchYaml } from '../yaml/patch.ts';
import { nodeAtOffset } from '../yaml/read.ts';

const annotation = 'plimsoll.dev/ignore';

function indentAt(text: string, start: number): string {
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

function topOfFile(parsed: Parsed): number {
  const { text } = parsed.file;
  if (parsed.kind !== 'dockerfile') return text.startsWith('\uFEFF') ? 1 : 0;
  // Directives only count above every comment.
  const last = parsed.dockerfile.directives.at(-1);
  if (last === undefined) return text.startsWith('\uFEFF') ? 1 : 0;
  const end = text.indexOf('\n', last.span.end);
  return end < 0 ? text.length : end + 1;
}

/** Where a comment above the finding goes: above its instruction in a Dockerfile, above its line in YAML, or its text's first. */
function lineOf(parsed: Parsed, finding: Finding): number {
  const { text } = parsed.file;
  if (parsed.kind !== 'dockerfile') return lineStart(text, startOfText(parsed, finding.span.start));
  const holder = parsed.dockerfile.instructions.find(
    ({ span }) => span.start <= finding.span.start && finding.span.start <= span.end,
  );
  return lineStart(text, holder?.span.start ?? finding.span.start);
}

/** Where the text begins that an offset of a YAML file lies in, such as a file in a ConfigMap; else the offset. */
function startOfText(parsed: Parsed, offset: number): number {
  if (!('yaml' in parsed)) return offset;
  const part = parsed.yaml.parts.find(
    ({ start, document }) => start <= offset && offset <= start + document.text.length,
  );
  const node = part && nodeAtOffset(part.document, offset - part.start)?.node;
  return part && node?.kind === 'scalar' ? part.start + node.span.start : offset;
}

/**
 * Whether a finding is about a directive or a comment: a comment above a directive would end all directives, and one above
 * a comment is about the instruction below both.
 */
function isAboutComment(parsed: Parsed, { span }: Finding): boolean {
  if (parsed.kind !== 'dockerfile') return false;
  const { directives, comments, instructions } = parsed.dockerfile;
  // One between the lines of an instruction is silenced with it.
  if (instructions.some((instruction) => containsSpan(instruction.span, span))) return false;
  return [...directives, ...comments].some((line) => containsSpan(line.span, span));
}

/** Ways to silence one finding, to be offered after everything else. */
export function suppressions(parsed: Parsed, finding: Finding): readonly Fix[] {
  const { text } = parsed.file;
  const id = finding.rule;
  const name = shortName(id);
  const end = lineBreak(text);
  const line = lineOf(parsed, finding);
  const here: Fix = {
    title: `Ignore ${name} here`,
    safety: 'safe',
    edits: [insert(line, `${indentAt(text, line)}# plimsoll-ignore ${id}${end}`)],
  };
  const fixes: Fix[] = [
    ...(isAboutComment(parsed, finding) ? [] : [here]),
    {
      title: `Ignore ${name} in this file`,
      safety: 'safe',
      edits: [insert(topOfFile(parsed), `# plimsoll-ignore-file ${id}${end}`)],
    },
  ];
  const onObject = parsed.kind === 'kubernetes' ? ignoreOnObject(parsed, finding) : undefined;
  return onObject ? [...fixes, onObject] : fixes;
}

function ignoreOnObject(parsed: Extract<Parsed, { kind: 'kubernetes' }>, finding: Finding): Fix | undefined {
  const placed = parsed.kubernetes.objects.find(({ object, start }) => {
    const { span } = object.root;
    return span.start + start <= finding.span.start && finding.span.start <= span.end + start;
  });
  if (placed === undefined) return undefined;
  const { object, start } = placed;
  const existing = object.annotations.get(annotation)?.value;
  const value = existing ? `${existing}, ${finding.rule}` : finding.rule;
  const edits = patchYaml(object.document, [
    { kind: 'set', path: [...object.path, 'metadata', 'annotations', annotation], value },
  ]);
  if (edits === undefined) return undefined;
  const title = `Ignore ${shortName(finding.rule)} on this ${object.kind.value}`;
  return { title, safety: 'safe', edits: edits.map((edit) => shiftEdit(edit, start)) };
}
