import { isMachineFolder } from '../../compose/machine-paths.ts';
import { readBoundFolders, readVolumes } from '../../compose/volumes.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/sensitive-folder-mounted',
    rows: ['C309'],
    summary: 'Folders that the machine itself lives from should not be mounted.',
    why: 'A service that can write to `/etc`, `/usr` or the root of the machine can change what runs there as root; one that can read them finds keys and passwords. Mount the one file that is needed, read-only. A read-only mount is only information.',
    severity: 'warning',
    topic: 'security',
    messages: {
      writable: '`{source}` of the machine can be written from this service',
      readable: '`{source}` of the machine can be read from this service',
      volume: 'This volume is `{source}` of the machine',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  agent:\n    image: agent:2.1\n    volumes:\n      - /etc/localtime:/etc/localtime:ro\n      - /etc:/host\n',
        good: 'services:\n  agent:\n    image: agent:2.1\n    volumes:\n      - /etc/localtime:/etc/localtime:ro\n',
      },
    ],
    options: {},
    sources: ['kics volume_has_sensitive_host_directory'],
  },
  *check(file) {
    for (const { source, readOnly } of readBoundFolders(file)) {
      if (!isMachineFolder(source.value)) continue;
      const data = { source: source.value };
      yield { message: 'volume', data, span: source.span, ...(readOnly && { severity: 'information' }) };
    }
    for (const { source, kind, readOnly } of file.services.flatMap(readVolumes)) {
      if (source === undefined || kind !== 'bind' || !isMachineFolder(source.value)) continue;
      yield {
        message: readOnly ? 'readable' : 'writable',
        data: { source: source.value },
        span: source.span,
        ...(readOnly && { severity: 'information' }),
      };
    }
  },
});
