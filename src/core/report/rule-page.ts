import type { Rule } from '../engine/rule.ts';

const peers: Readonly<Record<string, string>> = {
  buildkit: 'BuildKit',
  checkov: 'Checkov',
  dclint: 'DCLint',
  hadolint: 'Hadolint',
  kics: 'KICS',
  'pod-security': 'Pod Security Standards',
  sonar: 'SonarQube',
};

const fixes = { always: 'Yes.', sometimes: 'In some cases.', never: 'No.' } as const;

function fence(language: string, code: string): string {
  return `\`\`\`${language}\n${code.endsWith('\n') ? code : `${code}\n`}\`\`\``;
}

/** What a rule is about, as Markdown: the page that a finding links to. */
export function rulePage({ meta }: Rule): string {
  const parts = [`# ${meta.id}`, meta.summary, meta.why];
  const facts = [
    `- Severity: ${meta.severity}${meta.optional ? ', off unless the profile is `strict` or the rule is turned on' : ''}`,
    `- Topic: ${meta.topic}`,
    ...(meta.podSecurity ? [`- Pod Security Standards: ${meta.podSecurity}`] : []),
    `- Quick-fix: ${fixes[meta.fix]}`,
  ];
  parts.push(facts.join('\n'));
  for (const example of meta.examples) {
    const language = /dockerfile/i.test(example.file) ? 'dockerfile' : 'yaml';
    if (example.settings !== undefined) parts.push('With this in `.plimsoll.yaml`:', fence('yaml', example.settings));
    parts.push('## Instead of', fence(language, example.bad), '## write', fence(language, example.good));
  }
  const options = Object.entries(meta.options);
  if (options.length > 0) {
    const lines = options.map(
      ([name, option]) =>
        `- \`${name}\` (${option.type}, default \`${JSON.stringify(option.default)}\`): ${option.description}`,
    );
    parts.push('## Options', lines.join('\n'));
  }
  const comment = `# plimsoll-ignore ${meta.id}: why`;
  parts.push('## To silence it', 'Here, in a comment on the line or above it:', fence('yaml', comment));
  parts.push('Everywhere, in `.plimsoll.yaml`:', fence('yaml', `rules:\n  ${meta.id}: off`));
  if (meta.sources.length > 0) {
    const known = meta.sources.map((source) => {
      const at = source.indexOf(' ');
      const peer = source.slice(0, at);
      return `- ${peers[peer] ?? peer}: \`${source.slice(at + 1)}\``;
    });
    parts.push(
      '## Known elsewhere as',
      'Their own comments for silencing these are honoured here too.',
      known.join('\n'),
    );
  }
  return `${parts.join('\n\n')}\n`;
}
