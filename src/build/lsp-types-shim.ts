/**
 * What dockerfile-ast uses of vscode-languageserver-types: making positions and ranges. The package itself is a hundred
 * kinds of objects that a bundler cannot leave out, a sixth of ours.
 */
interface At {
  readonly line: number;
  readonly character: number;
}

export const Position = { create: (line: number, character: number): At => ({ line, character }) };

/** From two positions or from four numbers, as the package allows. */
function createRange(start: At | number, end: At | number, endLine = 0, endCharacter = 0): { start: At; end: At } {
  if (typeof start !== 'number' && typeof end !== 'number') return { start, end };
  return { start: Position.create(Number(start), Number(end)), end: Position.create(endLine, endCharacter) };
}

export const Range = { create: createRange };
