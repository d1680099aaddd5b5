import { removeInstruction } from '../../dockerfile/edit.ts';
import type { Instruction, Stage, Word } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

const key = 'org.opencontainers.image.authors';

/** What a stage says of its author elsewhere: a later MAINTAINER takes this one's place, the label is what it would become. */
function saidElsewhere(stage: Stage, maintainer: Instruction): 'later' | Word | undefined {
  const { instructions } = stage;
  const at = instructions.indexOf(maintainer);
  if (at >= 0 && instructions.slice(at + 1).some(({ kind }) => kind === 'maintainer')) return 'later';
  const labels = instructions.flatMap((one) => (one.kind === 'label' ? one.pairs : []));
  return labels.find((label) => label.key.value === key)?.value;
}

function unquoted(name: string): string {
  return /^(["'])(.*)\1$/s.exec(name)?.[2] ?? name;
}

/** The name as a quoted value of LABEL, where the builder would otherwise replace variables. */
function quoted(name: string, escape: string): string {
  return `"${unquoted(name).replace(/["$\\`]/g, (character) => (character === '`' && escape !== '`' ? character : escape + character))}"`;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/maintainer',
    rows: ['D809'],
    summary: 'The author should be named by a label instead of `MAINTAINER`.',
    why: 'MAINTAINER has been deprecated for years and can hold one value only. A label with the key of the OCI image specification is shown by `docker inspect` and read by registries. Since builders still take the old instruction, this is information and no warning.',
    severity: 'information',
    look: 'deprecated',
    topic: 'style',
    messages: { deprecated: '`MAINTAINER` is deprecated: name the author in a label' },
    titles: { label: 'Change to `LABEL org.opencontainers.image.authors`', remove: 'Remove `MAINTAINER`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nMAINTAINER Ada Lovelace <ada@example.com>\n',
        good: 'FROM debian:13-slim\nLABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL4000',
      'buildkit MaintainerDeprecated',
      'checkov CKV_DOCKER_6',
      'trivy DS-0022',
      'dockerfile-utils DEPRECATED_MAINTAINER',
      'sonar S6586',
      'kics maintainer_instruction_being_used',
      'semgrep maintainer-is-deprecated',
    ],
  },
  only: ['maintainer'],
  *check({ instruction, stage, dockerfile }) {
    const { keyword, span } = instruction;
    const name = instruction.arguments.text.trim();
    const label = keyword.value === keyword.value.toLowerCase() ? 'label' : 'LABEL';
    const text = `${label} ${key}=${quoted(name, dockerfile.escape)}`;
    const said = stage && saidElsewhere(stage, instruction);
    const same = said === 'later' || said?.value === unquoted(name);
    const fix =
      said === undefined
        ? ({ title: 'label', safety: 'safe', edits: [replace(span, text)] } as const)
        : ({
            title: 'remove',
            safety: same ? 'safe' : 'suggested',
            edits: [removeInstruction(dockerfile, instruction)],
          } as const);
    yield { message: 'deprecated', span: keyword.span, fixes: name === '' ? [] : [fix] };
  },
});
