import { DockerfileParser, type ModifiableInstruction } from 'dockerfile-ast';
import type { Located, Span } from '../text/span.ts';
import type { Flag, Mount } from './model.ts';

/** What BuildKit takes for the same property. */
const ALIASES: Readonly<Record<string, string>> = {
  dst: 'target',
  destination: 'target',
  src: 'source',
  ro: 'readonly',
  rw: 'readwrite',
};

/**
 * The `--mount` flags of a RUN. Properties go by their long names: `target`, `source`, `readonly`, `readwrite`.
 * A property without value has the value `''`.
 */
export function readMounts(flags: readonly Flag[], source: string): readonly Mount[] {
  return flags.flatMap((flag) =>
    flag.name.value === 'mount' && flag.value !== undefined ? [mount(flag, flag.value, source)] : [],
  );
}

function mount(flag: Flag, value: Located<string>, source: string): Mount {
  const properties = new Map<string, Located<string>>();
  const place = placeIn(value, source);
  for (const option of options(value.value)) {
    const name = option.name.toLowerCase();
    properties.set(ALIASES[name] ?? name, { value: option.value, span: place(option.at) });
  }
  return { span: flag.span, type: properties.get('type')?.value ?? 'bind', properties };
}

interface Option {
  readonly name: string;
  readonly value: string;
  /** The value's place, or the name's where there is none, in the flag's value. */
  readonly at: Span;
}

/** Takes the properties of a flag apart with dockerfile-ast, which is shown that flag alone. */
function options(value: string): readonly Option[] {
  const before = 'RUN --mount=';
  // It would end a flag at a blank, which a quoted value may hold.
  const line = `${before}${value.replace(/[\s\\`<]/g, '_')} true`;
  const instruction = DockerfileParser.parse(line).getInstructions()[0] as ModifiableInstruction | undefined;
  const flag = instruction?.getFlags()[0];
  return (flag?.getOptions() ?? []).map((option) => {
    const name = option.getNameRange();
    const range = option.getValueRange() ?? name;
    const at = { start: range.start.character - before.length, end: range.end.character - before.length };
    const nameText = value.slice(name.start.character - before.length, name.end.character - before.length);
    return { name: nameText.trim(), value: option.getValueRange() === null ? '' : value.slice(at.start, at.end), at };
  });
}

/** From offsets of a flag's value to the document's, which are the same as long as no quotes or continuations were taken off. */
function placeIn(value: Located<string>, source: string): (at: Span) => Span {
  const { start, end } = value.span;
  if (source.slice(start, end) === value.value) {
    return (at) => ({ start: start + at.start, end: start + at.end });
  }
  const inner = source.slice(start + 1, end - 1);
  if (inner === value.value) return (at) => ({ start: start + 1 + at.start, end: start + 1 + at.end });
  return () => value.span;
}
