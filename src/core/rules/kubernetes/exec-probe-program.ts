import { defineRule } from '../../engine/rule.ts';
import { knownItems, scalarText } from '../../yaml/field.ts';
import { probesOf } from './parts/probes.ts';

const pod = (command: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      livenessProbe:
        exec:
          command: ${command}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/exec-probe-program',
    rows: ['K520'],
    summary: 'A probe should ask the program, not look at its process or its files.',
    why: '`ps` finds a process that hangs, and `ls` a file that was written before it did: such a probe passes whatever happens. `jcmd` starts a Java machine of its own at every probe. A request to the program tells whether it still answers.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { looks: '`{program}` does not tell whether the program still answers' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod('[ps, -p, "1"]'), good: pod('[web, --check]') }],
    options: {
      programs: {
        type: 'string[]',
        default: ['jcmd', 'ps', 'ls'],
        description: 'Programs that a probe should not run.',
      },
    },
    sources: ['kyverno deny-commands-in-exec-probe'],
  },
  *check(container, { options }) {
    for (const { node } of probesOf(container)) {
      for (const { node: item } of knownItems(node, 'exec', 'command')) {
        const text = scalarText(item);
        // The program itself, or the first word of a command in a script.
        const words = text?.value.matchAll(/(?:^|[\n;&|(]\s*)(?:\S*\/)?([\w.-]+)(?=\s|$)/g) ?? [];
        const program = [...words].map((match) => match[1] ?? '').find((word) => options.programs.includes(word));
        if (text === undefined || program === undefined) continue;
        yield { message: 'looks', data: { program }, span: text.span };
        break;
      }
    }
  },
});
