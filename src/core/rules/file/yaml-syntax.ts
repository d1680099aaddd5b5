import { defineRule } from '../../engine/rule.ts';

export default defineRule('yaml-document', {
  meta: {
    id: 'file/yaml-syntax',
    rows: ['K801'],
    summary: 'A manifest or Compose file should be well-formed YAML.',
    why: 'What cannot be parsed is refused as a whole by kubectl and docker compose. Plimsoll reads on behind the mistake, so that one half-typed line silences nothing else.',
    severity: 'error',
    topic: 'correctness',
    messages: { problem: '{problem}' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: "web\n',
        good: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: "web"\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(document) {
    for (const { message, span } of document.problems) yield { message: 'problem', data: { problem: message }, span };
  },
});
