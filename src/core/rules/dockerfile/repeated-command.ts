import { removeInstruction } from '../../dockerfile/edit.ts';
import { defineRule } from '../../engine/rule.ts';

const single = ['cmd', 'entrypoint', 'healthcheck'] as const;

const anyPeers = ['buildkit MultipleInstructionsDisallowed', 'dockerfile-utils MULTIPLE_INSTRUCTIONS', 'sonar S6589'];
const entrypointPeers = ['kics multiple_entrypoint_instructions_listed', 'semgrep multiple-entrypoint-instructions'];
/** Those that have a rule for each. */
const peers: Readonly<Record<(typeof single)[number], readonly string[]>> = {
  cmd: ['hadolint DL4003', 'trivy DS-0016', 'kics multiple_cmd_instructions_listed'],
  entrypoint: ['hadolint DL4004', 'trivy DS-0007', ...entrypointPeers],
  healthcheck: ['hadolint DL3012', 'trivy DS-0023'],
};

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/repeated-command',
    rows: ['D128'],
    summary: 'A stage should have one `CMD`, one `ENTRYPOINT` and one `HEALTHCHECK`.',
    why: 'Each replaces the one before it. The earlier line does nothing, though it looks as if two programs were started or two checks made.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      dead: 'This `{keyword}` has no effect: a later one replaces it',
      last: 'This one counts',
    },
    titles: { remove: 'Remove this `{keyword}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCMD ["npm", "start"]\nUSER node\nCMD ["node", "server.js"]\n',
        good: 'FROM node:24\nUSER node\nCMD ["node", "server.js"]\n',
      },
    ],
    options: {},
    sources: [...anyPeers, ...Object.values(peers).flat()],
  },
  only: ['cmd', 'entrypoint', 'healthcheck'],
  when: ({ stage }) => single.some((kind) => stage.instructions.filter((one) => one.kind === kind).length > 1),
  *check({ stage, dockerfile }) {
    for (const kind of single) {
      const all = stage.instructions.filter((instruction) => instruction.kind === kind);
      const last = all.at(-1);
      for (const dead of all.slice(0, -1)) {
        yield {
          message: 'dead',
          data: { keyword: dead.keyword.value.toUpperCase() },
          span: dead.keyword.span,
          peers: [...anyPeers, ...peers[kind]],
          related: last ? [{ message: 'last', span: last.keyword.span }] : [],
          fixes: [{ title: 'remove', safety: 'safe', edits: [removeInstruction(dockerfile, dead)] }],
        };
      }
    }
  },
});
