import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

/** The name as a quoted value of LABEL, where the builder would otherwise replace variables. */
function quoted(name: string, escape: string): string {
  const bare = /^(["'])(.*)\1$/s.exec(name)?.[2] ?? name;
  return `"${bare.replace(/["$\\`]/g, (character) => (character === '`' && escape !== '`' ? character : escape + character))}"`;
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
    titles: { label: 'Change to `LABEL org.opencontainers.image.authors`' },
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
  *check({ instruction, dockerfile }) {
    const { keyword, span } = instruction;
    const name = instruction.arguments.text.trim();
    const label = keyword.value === keyword.value.toLowerCase() ? 'label' : 'LABEL';
    const text = `${label} org.opencontainers.image.authors=${quoted(name, dockerfile.escape)}`;
    yield {
      message: 'deprecated',
      span: keyword.span,
      fixes: name === '' ? [] : [{ title: 'label', safety: 'safe', edits: [replace(span, text)] }],
    };
  },
});
