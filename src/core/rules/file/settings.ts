import { defineRule } from '../../engine/rule.ts';

export default defineRule('settings', {
  meta: {
    id: 'file/settings',
    rows: [],
    summary: '`.plimsoll.yaml` should only hold settings that exist, with values that fit.',
    why: 'A misspelt setting is ignored, so that a check which was meant to be on or off quietly is not.',
    severity: 'warning',
    topic: 'configuration',
    messages: { problem: '{problem}' },
    titles: {},
    fix: 'never',
    examples: [{ file: '.plimsoll.yaml', bad: 'profle: strict\n', good: 'profile: strict\n' }],
    options: {},
    sources: [],
  },
  *check(problems) {
    for (const { message, span } of problems) yield { message: 'problem', data: { problem: message }, span };
  },
});
