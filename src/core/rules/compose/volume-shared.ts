import type { ComposeFile } from '../../compose/model.ts';
import { readVolumes } from '../../compose/volumes.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Located } from '../../text/span.ts';

interface Mount {
  readonly service: string;
  readonly source: Located<string>;
}

/** The mounts that a service can write to, by their source without a slash at its end. */
function writableMounts({ services }: ComposeFile): ReadonlyMap<string, readonly Mount[]> {
  const found = new Map<string, Mount[]>();
  for (const service of services) {
    for (const { source, readOnly, kind } of readVolumes(service)) {
      if (source === undefined || readOnly || kind === 'other') continue;
      const name = source.value.replace(/(?<=.)\/+$/, '');
      const mounts = found.get(name) ?? [];
      mounts.push({ service: service.name.value, source });
      found.set(name, mounts);
    }
  }
  return found;
}

export default defineRule('compose-file', {
  meta: {
    id: 'compose/volume-shared',
    rows: ['C310'],
    summary: 'A volume should be written by one service.',
    why: 'Two services that write to one volume have to agree on locks, owners and formats, and what breaks into one of them reaches the files of the other. Where one only reads what the other makes, `:ro` says so and keeps it to that. Sharing is often the plan: off by default.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      shared: '`{source}` can be written by {others}, too',
      other: 'It is mounted here, too',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: `x-files: &files
  - uploads:/uploads
services:
  web:
    image: web:1.4
    volumes: *files
  worker:
    image: worker:1.4
    volumes: *files
volumes:
  uploads:
`,
        good: `services:
  web:
    image: web:1.4
    volumes:
      - uploads:/uploads
  worker:
    image: worker:1.4
    volumes:
      - uploads:/uploads:ro
volumes:
  uploads:
`,
      },
    ],
    options: {},
    sources: ['kics shared_volumes_between_containers'],
  },
  *check(file) {
    for (const mounts of writableMounts(file).values()) {
      const reported = new Set<number>();
      for (const { service, source } of mounts) {
        const others = mounts.filter((other) => other.service !== service);
        // Services that merge one list have it in one place.
        if (others.length === 0 || reported.has(source.span.start)) continue;
        reported.add(source.span.start);
        yield {
          message: 'shared',
          data: { source: source.value, others: [...new Set(others.map((other) => other.service))].join(', ') },
          span: source.span,
          related: others.flatMap((other) =>
            other.source.span.start === source.span.start ? [] : [{ message: 'other', span: other.source.span }],
          ),
        };
      }
    }
  },
});
