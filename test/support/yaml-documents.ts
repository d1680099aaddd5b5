import fc from 'fast-check';

/** A document as it is to be written: every choice of style is part of it. */
type Shape =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'alias' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'flow'; readonly text: string }
  | { readonly kind: 'block-text'; readonly header: string; readonly lines: readonly string[] }
  | { readonly kind: 'mapping'; readonly members: readonly Member[] }
  | { readonly kind: 'sequence'; readonly members: readonly Member[]; readonly indented: boolean };

interface Member {
  readonly key: string;
  readonly value: Shape;
  readonly anchored: boolean;
  readonly comment: 'none' | 'above' | 'behind';
  readonly blank: boolean;
}

const scalars = [
  'nginx',
  '1',
  '"on"',
  "'it''s'",
  '0777',
  'a b:c',
  '"x\\ty"',
  'null',
  '~',
  'true',
  '-x',
  'é🚢',
  '!!str 5',
  'http://a.b/c#d',
];
const flows = [
  '{}',
  '[]',
  '{ a: 1, b: [x, "y"] }',
  '[1, 2, {c: d}]',
  '{"k": "v"}',
  '[a, b,]',
  '{a: &in 1, c: }',
  '[\n  one, # first\n  two\n  ]',
  '{\n  p: 1,\n  q: 2, # last\n  }',
];

const { shape } = fc.letrec<{ shape: Shape; mapping: Shape; sequence: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...scalars).map((text): Shape => ({ kind: 'scalar', text })),
    fc.constant<Shape>({ kind: 'alias' }),
    fc.constant<Shape>({ kind: 'empty' }),
    fc.constantFrom(...flows).map((text): Shape => ({ kind: 'flow', text })),
    fc
      .tuple(
        fc.constantFrom('|', '|-', '|+', '>', '>-', '| # header'),
        fc.constantFrom(['a: b'], ['x', '  y', '', 'z # no'], ['w', '']),
      )
      .map(([header, lines]): Shape => ({ kind: 'block-text', header, lines })),
    tie('mapping'),
    tie('sequence'),
  ),
  mapping: members(tie('shape')).map((found): Shape => ({ kind: 'mapping', members: found })),
  sequence: fc
    .tuple(members(tie('shape')), fc.boolean())
    .map(([found, indented]): Shape => ({ kind: 'sequence', members: found, indented })),
}));

function members(value: fc.Arbitrary<Shape>): fc.Arbitrary<readonly Member[]> {
  return fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('a', 'b', 'name', 'image', '"quoted"', 'k/8.s', "'on'", 'x y'),
      value,
      anchored: fc.boolean(),
      comment: fc.constantFrom('none', 'none', 'above', 'behind'),
      blank: fc.constantFrom(false, false, true),
    }),
    { minLength: 1, maxLength: 4, selector: ({ key }) => key },
  );
}

interface Writing {
  readonly step: number;
  anchors: number;
  comments: number;
}

/** Texts of documents in block and flow style with comments, anchors, aliases, block scalars, LF or CRLF. */
export const yamlDocuments: fc.Arbitrary<string> = fc
  .record({
    shape: shape.filter(({ kind }) => kind === 'mapping' || kind === 'sequence'),
    step: fc.constantFrom(2, 4),
    crlf: fc.boolean(),
    finalBreak: fc.boolean(),
    head: fc.constantFrom('', '---\n', '# head\n', '%YAML 1.1\n---\n', '\uFEFF'),
    tail: fc.constantFrom('', '# tail\n', '\n\n'),
  })
  .map(({ shape: root, step, crlf, finalBreak, head, tail }) => {
    const lines = write(root, { step, anchors: 0, comments: 0 });
    const text = `${head}${lines.join('\n')}\n${tail}`;
    const ended = finalBreak ? text : text.replace(/\n+$/, '');
    return crlf ? ended.replaceAll('\n', '\r\n') : ended;
  });

function write(node: Shape, writing: Writing): readonly string[] {
  if (node.kind === 'mapping') {
    return node.members.flatMap((member) => {
      const head = node.members.length > 0 ? `${member.key}:` : '';
      return writeMember(
        head,
        member,
        member.value.kind === 'sequence' && !member.value.indented ? 0 : writing.step,
        writing,
      );
    });
  }
  if (node.kind === 'sequence') return node.members.flatMap((member) => writeMember('-', member, 2, writing));
  return [inline(node, writing)];
}

function inline(node: Shape, writing: Writing): string {
  if (node.kind === 'alias') return writing.anchors > 0 ? `*n${writing.anchors}` : 'none';
  return node.kind === 'scalar' || node.kind === 'flow' ? node.text : '';
}

function writeMember(head: string, member: Member, deeper: number, writing: Writing): readonly string[] {
  const { value } = member;
  const comment = `# c${++writing.comments}`;
  const above = [...(member.blank ? [''] : []), ...(member.comment === 'above' ? [comment] : [])];
  const behind =
    member.comment === 'behind' && value.kind !== 'block-text' && !inline(value, writing).includes('#')
      ? ` ${comment}`
      : '';
  const indent = ' '.repeat(deeper);
  const below = (lines: readonly string[]) => lines.map((line) => (line === '' ? '' : indent + line));
  if (value.kind === 'block-text') {
    const inner = ' '.repeat(Math.max(deeper, writing.step));
    return [...above, `${head} ${value.header}`, ...value.lines.map((line) => (line === '' ? '' : inner + line))];
  }
  if (value.kind === 'mapping' || value.kind === 'sequence') {
    // The anchor stands on the line of the key; a dash takes it only with the collection below.
    const anchor = member.anchored ? ` &n${writing.anchors + 1}` : '';
    const inner = write(value, { ...writing });
    writing.comments += 100;
    if (member.anchored) writing.anchors++;
    if (head === '-' && anchor === '' && behind === '' && !/^(?:#|$)/.test(inner[0] ?? '')) {
      const [first = '', ...rest] = inner;
      return [...above, `- ${first}`, ...below(rest)];
    }
    return [...above, `${head}${anchor}${behind}`, ...below(inner)];
  }
  const text = inline(value, writing);
  const anchored = member.anchored && value.kind !== 'alias' && !text.startsWith('!');
  if (anchored) writing.anchors++;
  const anchor = anchored ? ` &n${writing.anchors}` : '';
  const [first = '', ...rest] = `${head}${anchor}${text === '' ? '' : ` ${text}`}${behind}`.split('\n');
  return [...above, first, ...rest];
}
