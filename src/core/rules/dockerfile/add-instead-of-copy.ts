import { isArchive, isRemote } from '../../dockerfile/context-copy.ts';
import type { Word } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

/** What only ADD can do. */
const ownFlags: ReadonlySet<string> = new Set(['checksum', 'keep-git-dir', 'unpack']);

/** `ADD ${JAR_FILE} app.jar`: by its name it is a file, and an archive is not unpacked into what is named as one. */
function isFileByName(source: Word, destination: Word | undefined): boolean {
  const named = /^\$\{?\w*?(?:jar|war|file)\}?$/i.test(source.value);
  return named && destination !== undefined && /\.[a-z]\w*$/i.test(destination.value) && !isArchive(destination);
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/add-instead-of-copy',
    rows: ['D406'],
    summary: 'Local files should be copied with `COPY`.',
    why: 'ADD also unpacks archives and downloads URLs. For plain files and folders COPY does the same without those surprises, and tells the reader that nothing else happens. Nothing is broken as it stands, so this is information.',
    severity: 'information',
    topic: 'style',
    messages: { local: '`ADD` of local files does what `COPY` says plainer' },
    titles: { copy: 'Change to `{keyword}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nginx:1.29-alpine\nADD site/ /usr/share/nginx/html/\n',
        good: 'FROM nginx:1.29-alpine\nCOPY site/ /usr/share/nginx/html/\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3020',
      'checkov CKV_DOCKER_4',
      'trivy DS-0005',
      'sonar S7029',
      'kics add_instead_of_copy',
      'semgrep prefer-copy-over-add',
      'dockle CIS-DI-0009',
    ],
  },
  only: ['add'],
  *check({ instruction }) {
    if (instruction.sources.length === 0 || instruction.heredocs.length > 0) return;
    if (instruction.flags.some(({ name }) => ownFlags.has(name.value))) return;
    // A variable in front may hold a URL, one at the end an archive's name.
    const { destination } = instruction;
    const unknown = instruction.sources.filter(
      ({ value, constant }) => !constant && (/^\$/.test(value) || /\$(?:\w+|\{[^}]*\})$/.test(value)),
    );
    if (!unknown.every((source) => isFileByName(source, destination))) return;
    if (instruction.sources.some((source) => isArchive(source) || isRemote(source))) return;
    const { value, span } = instruction.keyword;
    const keyword = value === value.toLowerCase() ? 'copy' : 'COPY';
    yield {
      message: 'local',
      span,
      fixes: [
        {
          title: 'copy',
          data: { keyword },
          safety: unknown.length > 0 ? 'suggested' : 'safe',
          edits: [replace(span, keyword)],
        },
      ],
    };
  },
});
