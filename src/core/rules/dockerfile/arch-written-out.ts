import { downloadOf } from '../../dockerfile/downloads.ts';
import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction, RunInstruction, Stage } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { programsCalled } from '../../dockerfile/subjects.ts';
import { variablesAt } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';
import type { ShellWord } from '../../shell/model.ts';
import { replace, type TextEdit } from '../../text/edit.ts';
import type { Span } from '../../text/span.ts';

const names = ['amd64', 'x86_64', 'x86-64', 'arm64', 'aarch64'];
const anyName = new RegExp(names.join('|'));
const architecture = new RegExp(`(?<![A-Za-z0-9])(?:${names.join('|')})(?![A-Za-z0-9])`, 'g');
const asks = /TARGET(?:ARCH|PLATFORM)|\buname\b|print-arch|\bGOARCH\b|\barch\b(?!=)|\bcase\b/;
const checked = /\bsha\d+sum\b|\bmd5sum\b|\bshasum\b|\bgpgv?\b|\bcosign\b|\bminisign\b|--checksum=/;

/** The stage asks for the architecture somewhere, or is made for one alone. */
function settled(dockerfile: Dockerfile, stage: Stage): boolean {
  return ancestry(stage).some(({ from, instructions }) => {
    if (from?.platform !== undefined && /(?:amd64|arm64|x86|aarch)/i.test(from.platform.value)) return true;
    if (from?.image !== undefined && from.image.text.search(architecture) >= 0) return true;
    return instructions.some(({ span }) => asks.test(dockerfile.text.slice(span.start, span.end)));
  });
}

interface Place {
  readonly name: string;
  readonly span: Span;
}

function hasName({ text }: Dockerfile, { start, end }: Span): boolean {
  return anyName.test(text.slice(start, end));
}

function placesIn(dockerfile: Dockerfile, { start, end }: Span): readonly Place[] {
  if (!hasName(dockerfile, { start, end })) return [];
  const written = dockerfile.text.slice(start, end);
  return Array.from(written.matchAll(architecture), ({ index, 0: name }) => {
    return { name, span: { start: start + index, end: start + index + name.length } };
  });
}

function addresses(instruction: Instruction): readonly { readonly span: Span; readonly conditional: boolean }[] {
  if (instruction.kind === 'add')
    return instruction.sources
      .filter(({ value }) => /^https?:/i.test(value))
      .map(({ span }) => ({ span, conditional: false }));
  if (instruction.kind !== 'run') return [];
  const programs = programsCalled(instruction);
  if (!programs.has('curl') && !programs.has('wget')) return [];
  return (instruction.script?.commands ?? []).flatMap((command) =>
    (downloadOf(command)?.addresses ?? [])
      .filter(({ value }) => /^["']?[a-z]+:\/\//i.test(value))
      .map(({ span }) => ({ span, conditional: command.conditional })),
  );
}

/** Every word of the RUN that names the architecture gets it from the builder: the file's name behind the download too. */
function fixFor(dockerfile: Dockerfile, run: RunInstruction, name: string): readonly TextEdit[] | undefined {
  const go = name === 'amd64' || name === 'arm64';
  if ((!go && name !== 'x86_64' && name !== 'aarch64') || run.command.kind === 'exec' || run.onbuild) return undefined;
  if (checked.test(dockerfile.text.slice(run.span.start, run.span.end))) return undefined;
  const words: ShellWord[] = (run.script?.commands ?? []).flatMap((command) => [...command.words]);
  const places = words.flatMap((word) => placesIn(dockerfile, word.span).map((place) => ({ ...place, word })));
  if (places.some((place) => place.name !== name || place.word.source.includes("'"))) return undefined;
  const edits = places.map(({ span }) => replace(span, go ? '$' + '{TARGETARCH}' : '$(uname -m)'));
  if (!go || variablesAt(dockerfile, run).get('TARGETARCH') !== undefined) return edits;
  return [insertInstructionBefore(dockerfile, run, 'ARG TARGETARCH'), ...edits];
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/arch-written-out',
    rows: ['D1001'],
    summary: 'A download for one architecture should follow the platform that is built for.',
    why: 'On an Arm machine, or in a build for several platforms, the image gets a program for the wrong processor, and says so only when it is started: `exec format error`. `TARGETARCH` (`amd64`, `arm64`) and `uname -m` (`x86_64`, `aarch64`) give the right name. Where the base image or its `--platform` is for one architecture, the file or its folder is named for it, or the stage asks for it anywhere, nothing is said.',
    severity: 'information',
    topic: 'correctness',
    messages: { fixed: '`{name}` is written out: built for another architecture, the image gets the wrong program' },
    titles: { ask: 'Use the architecture that is built for' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN curl -fsSLO https://example.com/tool-linux-amd64\n',
        good: 'FROM debian:13-slim\nARG TARGETARCH\nRUN curl -fsSLO https://example.com/tool-linux-${TARGETARCH}\n',
      },
    ],
    options: {},
    sources: [],
  },
  mentions: names,
  when: ({ stage: { from, instructions }, dockerfile: { text } }) =>
    anyName.test(text.slice(from?.span.start ?? 0, instructions.at(-1)?.span.end)),
  *check({ stage, dockerfile }, { file }) {
    if (stage.windows) return;
    const found: { readonly instruction: Instruction; readonly place: Place }[] = [];
    for (const outer of stage.instructions) {
      const instruction = (outer.kind === 'onbuild' ? outer.trigger : undefined) ?? outer;
      if (!hasName(dockerfile, instruction.span)) continue;
      for (const { span, conditional } of addresses(instruction)) {
        const [place, other] = placesIn(dockerfile, span).toReversed();
        if (place === undefined || conditional) continue;
        // Both in one address are no choice between the two.
        if (other === undefined || other.name === place.name) found.push({ instruction, place });
      }
    }
    if (found.length === 0 || settled(dockerfile, stage)) return;
    if (/(?:amd64|arm64|arm32|x86.?64|aarch64)/i.test(file.path.split('/').slice(-2).join('/'))) return;
    if (new Set(found.map(({ place }) => /arm|aarch/i.test(place.name))).size > 1) return;
    for (const { instruction, place } of found) {
      const edits = instruction.kind === 'run' ? fixFor(dockerfile, instruction, place.name) : undefined;
      yield {
        message: 'fixed',
        data: { name: place.name },
        span: place.span,
        fixes: edits ? [{ title: 'ask', safety: 'suggested', edits }] : [],
      };
    }
  },
});
