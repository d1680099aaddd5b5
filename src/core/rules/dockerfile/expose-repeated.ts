import { removeListed } from '../../dockerfile/edit.ts';
import type { Word } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';

interface Ports {
  readonly word: Word;
  readonly first: number;
  readonly last: number;
  readonly protocol: string;
}

function readPorts(word: Word): Ports | undefined {
  const match = word.constant ? /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(word.value) : null;
  if (match === null) return undefined;
  const first = Number(match[1]);
  return { word, first, last: Number(match[2] ?? first), protocol: (match[3] ?? 'tcp').toLowerCase() };
}

function covers(outer: Ports, inner: Ports): boolean {
  return outer.protocol === inner.protocol && outer.first <= inner.first && inner.last <= outer.last;
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/expose-repeated',
    rows: ['D704'],
    summary: 'A port needs to be exposed once.',
    why: 'The image has a set of ports: a second `EXPOSE` of one, or of a range that holds it, adds nothing, and makes the reader look for the difference. Off by default.',
    severity: 'information',
    optional: true,
    look: 'unnecessary',
    topic: 'network',
    messages: { again: '`{port}` is exposed already', first: 'It is exposed here' },
    titles: { remove: 'Remove the port' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nginx:1.29\nEXPOSE 80 443\nEXPOSE 80/tcp\n',
        good: 'FROM nginx:1.29\nEXPOSE 80 443\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['expose'],
  when: ({ stage: { instructions } }) =>
    instructions.filter(({ kind }) => kind === 'expose').length > 1 ||
    instructions.some((one) => one.kind === 'expose' && one.words.length > 1),
  *check({ stage, dockerfile }) {
    const before: Ports[] = [];
    for (const instruction of stage.instructions) {
      for (const word of instruction.kind === 'expose' ? instruction.words : []) {
        const ports = readPorts(word);
        if (ports === undefined) continue;
        const first = before.find((other) => covers(other, ports));
        before.push(ports);
        if (first === undefined) continue;
        const edit = removeListed(dockerfile, instruction, instruction.words, word);
        yield {
          message: 'again',
          data: { port: word.value },
          span: word.span,
          related: [{ message: 'first', span: first.word.span }],
          fixes: edit ? [{ title: 'remove', safety: 'safe', edits: [edit] }] : [],
        };
      }
    }
  },
});
