import { imageParts } from '../../dockerfile/image-reference.ts';
import { nearest, sourceReferences, stageNamed } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';
import { knownOfficial } from '../../images/base-images.ts';
import { replace } from '../../text/edit.ts';

const itselfPeers = ['hadolint DL3023', 'trivy DS-0006', 'kics copy_from_references_current_from_alias'];
const peers = ['hadolint DL3022'];

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/copy-from-stage',
    rows: ['D115'],
    summary: '`--from` should name a stage that is built before.',
    why: "Files can be taken from an earlier stage, an image or a named build context. A stage cannot copy from itself, a number that no stage has fails, and a misspelt stage is looked for in the registry, where it is not found or, worse, somebody else's image is. Stages further down are found by BuildKit only.",
    severity: 'warning',
    topic: 'correctness',
    messages: {
      itself: '`{from}` is this very stage: it cannot take files from itself',
      later: '`{from}` is a later stage, which only BuildKit finds',
      missing: 'There is no stage {from}: the last one is {last}',
      unknown: 'No stage is called `{from}`: a build context or an image of that name is looked for',
      misspelt: 'No stage is called `{from}`, but one is called `{suggestion}`',
    },
    titles: { rename: 'Change to `{suggestion}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS builder\nRUN go build -o /app .\nFROM scratch\nCOPY --from=bulider /app /app\n',
        good: 'FROM golang:1.25 AS builder\nRUN go build -o /app .\nFROM scratch\nCOPY --from=builder /app /app\n',
      },
    ],
    options: {},
    sources: [...peers, ...itselfPeers],
  },
  beside: ['flag'],
  *check(dockerfile) {
    for (const { from, stage, instruction } of sourceReferences(dockerfile)) {
      if (instruction.onbuild) continue;
      const { value, span } = from;
      const target =
        dockerfile.stages.slice(0, stage.index).find(({ name }) => name === value.toLowerCase()) ??
        stageNamed(dockerfile, value);
      if (target !== undefined && target.index < stage.index) continue;
      const data = { from: value, last: dockerfile.stages.length - 1 };
      // A number that is too high is one to the others, too.
      const own = /^\d+$/.test(value) ? [...peers, ...itselfPeers] : itselfPeers;
      if (target === stage) yield { message: 'itself', severity: 'error', data, span, peers: own };
      else if (target !== undefined) yield { message: 'later', data, span, peers };
      else if (/^\d+$/.test(value)) yield { message: 'missing', severity: 'error', data, span, peers };
      else if (!/[/:@.]/.test(value) && !knownOfficial(imageParts(value))) {
        const names = dockerfile.stages.slice(0, stage.index).flatMap(({ from: start }) => start?.alias?.value ?? []);
        const suggestion = nearest(value, names, value.length <= 3 ? 1 : 2);
        if (suggestion === undefined) {
          // Who names stages knows what is none of them: a build context, most likely.
          if (names.length === 0) yield { message: 'unknown', severity: 'information', data, span, peers };
          continue;
        }
        yield {
          message: 'misspelt',
          data: { ...data, suggestion },
          span,
          peers,
          fixes: [{ title: 'rename', safety: 'suggested', edits: [replace(span, suggestion)] }],
        };
      }
    }
  },
});
