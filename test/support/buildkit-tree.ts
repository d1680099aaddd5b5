import type { CommandForm, Dockerfile, Instruction } from '../../src/core/dockerfile/model.ts';

/** A Dockerfile as BuildKit's own parser prints its tree: one parenthesised line an instruction. */
export function buildkitTree(dockerfile: Dockerfile): string {
  return dockerfile.instructions.map((instruction) => `(${printed(instruction)})`).join('\n');
}

function printed(instruction: Instruction): string {
  const flags = instruction.flags.map(({ name, value }) =>
    goQuoted(`--${name.value}${value ? `=${value.value}` : ''}`),
  );
  const parts = [instruction.keyword.value.toLowerCase()];
  if (flags.length > 0) parts.push(`[${flags.join(' ')}]`);
  return [...parts, ...operands(instruction)].join(' ');
}

function operands(instruction: Instruction): readonly string[] {
  const whole = instruction.arguments.text;
  switch (instruction.kind) {
    case 'run':
    case 'cmd':
    case 'entrypoint':
    case 'shell':
      return commandOperands(instruction.command);
    case 'healthcheck': {
      const [type] = whole.split(/\s+/);
      if (type === undefined || type === '') return [];
      const rest = whole.slice(type.length).trim();
      const operand = instruction.command ? commandOperands(instruction.command) : rest === '' ? [] : [goQuoted(rest)];
      return [goQuoted(type), ...operand];
    }
    case 'env':
    case 'label':
      return instruction.pairs.flatMap(({ key, value, legacy }) =>
        [key.text, value?.text ?? '', legacy ? '' : '='].map(goQuoted),
      );
    case 'user':
    case 'workdir':
    case 'stopsignal':
    case 'maintainer':
      return whole === '' ? [] : [goQuoted(whole)];
    case 'onbuild':
      return instruction.trigger === undefined ? [] : [`(${printed(instruction.trigger)})`];
    case 'unknown':
      return [];
    case 'copy':
    case 'add':
    case 'volume': {
      const isJson = whole.startsWith('[') && instruction.brokenJson === undefined;
      return instruction.words.map((word) => goQuoted(isJson ? word.value : word.text));
    }
    default:
      return instruction.words.map((word) => goQuoted(word.text));
  }
}

function commandOperands(command: CommandForm): readonly string[] {
  if (command.kind === 'exec') return command.words.map((word) => goQuoted(word.value));
  return command.source.text === '' ? [] : [goQuoted(command.source.text)];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** A string as Go quotes it, for the characters that occur. */
function goQuoted(text: string): string {
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : character;
  });
  return `"${escaped.join('')}"`;
}
