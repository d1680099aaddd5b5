import { readVolumes } from '../../compose/volumes.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/volume-propagation',
    rows: ['C309'],
    summary: 'What is mounted below a folder should not be passed on between a service and the machine.',
    why: 'With `shared` and `rshared` what the service mounts below the folder appears on the machine and in every container that mounts the same folder, and stays when the service is gone. With `slave` and `rslave` the service gets to see disks that the machine mounts there later. Drivers of storage and programs that watch the machine need it; nothing else does.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      both: '`{word}`: what this service mounts below this folder appears on the machine',
      inward: '`{word}`: what the machine mounts below this folder appears in this service',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    volumes:\n      - ./data:/data:rshared\n',
        good: 'services:\n  web:\n    image: web:1.4\n    volumes:\n      - ./data:/data\n',
      },
    ],
    options: {},
    sources: ['kics volume_mounted_in_multiple_containers'],
  },
  *check(service) {
    for (const { propagation } of readVolumes(service)) {
      if (propagation === undefined || !/^r?(?:shared|slave)$/.test(propagation.value)) continue;
      const message = propagation.value.endsWith('shared') ? 'both' : 'inward';
      yield { message, data: { word: propagation.value }, span: propagation.span };
    }
  },
});
