import { isEngineSocket, isWithinMachine } from '../../compose/machine-paths.ts';
import { readBoundFolders, readVolumes } from '../../compose/volumes.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/system-path-mounted',
    rows: ['C309'],
    summary: 'A service should bring its files along, not take them from the system folders of the machine.',
    why: 'What lies below `/etc`, `/usr` or `/var` belongs to the programs of the machine. A service that mounts it depends on how that one machine is set up, reads what was not meant for it, and may change it. A named volume or a folder beside the Compose file is free of that. Whole folders and the sockets of engines have rules of their own. For machines that run one thing alone this is often meant so: off by default.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      writable: '`{source}` belongs to the machine and can be written from this service',
      readable: '`{source}` belongs to the machine and can be read from this service',
      volume: 'This volume is `{source}`, which belongs to the machine',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    volumes:\n      - /etc/letsencrypt:/certificates:ro\n',
        good: 'services:\n  web:\n    image: web:1.4\n    volumes:\n      - ./certificates:/certificates:ro\n',
      },
    ],
    options: {},
    sources: ['kics volume_has_sensitive_host_directory'],
  },
  *check(file) {
    for (const { source, readOnly } of readBoundFolders(file)) {
      if (isWithinMachine(source.value, readOnly))
        yield { message: 'volume', data: { source: source.value }, span: source.span };
    }
    for (const { source, kind, readOnly } of file.services.flatMap(readVolumes)) {
      if (source === undefined || kind !== 'bind' || isEngineSocket(source.value)) continue;
      if (!isWithinMachine(source.value, readOnly)) continue;
      yield { message: readOnly ? 'readable' : 'writable', data: { source: source.value }, span: source.span };
    }
  },
});
