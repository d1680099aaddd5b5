import { insert, remove, replace, type TextEdit } from '../text/edit.ts';
import { lineStart } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { YamlMapping, YamlSequence } from './node.ts';
import { endOfLine } from './patch-block.ts';
import type { Habits } from './write.ts';

type Flow = YamlMapping | YamlSequence;

/** Members of a flow collection; undefined where one of them cannot be told from what is between them. */
export function membersOf(flow: Flow): readonly Span[] | undefined {
  if (flow.kind === 'mapping') return flow.pairs.map(({ span }) => span);
  const spans = flow.items.flatMap((item) => (item === null ? [] : [item.span]));
  return spans.length === flow.items.length ? spans : undefined;
}

function isClosed(flow: Flow, text: string): boolean {
  return text[flow.span.end - 1] === (flow.kind === 'mapping' ? '}' : ']');
}

/** Adds members, already written, behind the last one: on lines of their own where the last one has one. */
export function addToFlow(
  flow: Flow,
  texts: readonly string[],
  text: string,
  habits: Habits,
): readonly TextEdit[] | undefined {
  const members = membersOf(flow);
  if (members === undefined || !isClosed(flow, text)) return undefined;
  const last = members.at(-1);
  if (last === undefined) {
    const inside = text.slice(flow.span.start + 1, flow.span.end - 1);
    if (inside.trim() !== '') return undefined;
    const pad = habits.padded && flow.kind === 'mapping' ? ' ' : '';
    const open = text.slice(flow.span.start, flow.span.start + 1);
    return [replace(flow.span, `${open}${pad}${texts.join(', ')}${pad}${text[flow.span.end - 1]}`)];
  }
  const start = lineStart(text, last.start);
  const indentation = text.slice(start, last.start);
  const lineOfItsOwn =
    indentation.trim() === '' && endOfLine(text, last.end) < flow.span.end && start > flow.span.start;
  const comma = /\s*,/y;
  comma.lastIndex = last.end;
  const trailing = comma.test(text);
  const after = trailing ? comma.lastIndex : last.end;
  if (!lineOfItsOwn) return [insert(after, `${trailing ? '' : ','} ${texts.join(', ')}`)];
  const lines = texts.join(`,${habits.lineBreak}${indentation}`);
  const added = `${habits.lineBreak}${indentation}${lines}${trailing ? ',' : ''}`;
  const end = endOfLine(text, after);
  if (!/^[ \t]*#/.test(text.slice(after, end))) return [insert(after, trailing ? added : `,${added}`)];
  return trailing ? [insert(end, added)] : [insert(after, ','), insert(end, added)];
}

/** Takes one member out, with the comma that it needs no more. */
export function removeFromFlow(flow: Flow, index: number, text: string): readonly TextEdit[] | undefined {
  const members = membersOf(flow);
  const member = members?.[index];
  if (members === undefined || member === undefined || !isClosed(flow, text)) return undefined;
  const next = members[index + 1];
  const previous = members[index - 1];
  const before = text.slice(previous?.end ?? flow.span.start + 1, member.start);
  if (!(previous ? /^\s*,(?:\s|(?<=\s)#.*)*$/ : /^(?:\s|(?<=\s)#.*)*$/).test(before)) return undefined;
  if (next !== undefined) {
    const between = text.slice(member.end, next.start);
    if (/^\s*,\s*$/.test(between)) return [remove({ start: member.start, end: next.start })];
    const comma = /^\s*,[ \t]*/.exec(between);
    return comma === null ? undefined : [remove({ start: member.start, end: member.end + comma[0].length })];
  }
  const after = text.slice(member.end, flow.span.end - 1);
  if (previous === undefined) {
    if (before.trim() !== '' || !/^\s*,?\s*$/.test(after)) return undefined;
    return [remove({ start: flow.span.start + 1, end: flow.span.end - 1 })];
  }
  // A comment stays, and the comma before it: YAML allows for one at the end.
  if (/#/.test(before) || /^\s*,/.test(after))
    return /^\s*,/.test(after) && !/#/.test(before)
      ? [remove({ start: previous.end, end: member.end })]
      : [remove(member)];
  return [remove({ start: previous.end, end: member.end })];
}
