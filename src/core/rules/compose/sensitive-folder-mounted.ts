import { readVolumes } from '../../compose/volumes.ts';
import { defineRule } from '../../engine/rule.ts';

const folders =
  /^(?:\/|\/(?:boot|dev|etc|lib|lib64|proc|sys|usr|root|run|var\/run|var\/lib\/docker)|~\/\.ssh|\/root\/\.ssh)\/?$/;

export default defineRule('compose-service', {
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
  *check(service) {
    for (const { source, kind, readOnly } of readVolumes(service)) {
      if (source === undefined || kind !== 'bind' || !folders.test(source.value)) continue;
      yield {
        message: readOnly ? 'readable' : 'writable',
        data: { source: source.value },
        span: source.span,
        ...(readOnly && { severity: 'information' }),
      };
    }
  },
});
