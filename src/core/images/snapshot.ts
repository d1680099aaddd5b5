/**
 * Reads the text of a snapshot as `JSON.parse` does, but each row of its tables when it is first asked for: there are hundreds,
 * and a document names one image or two. The text is laid out as `npm run data` writes it: a table's name behind two blanks, and
 * a line for each row behind four; or it is all one line, and read at once.
 * @throws SyntaxError where the text is no JSON; for a row, when it is asked for
 */
export function readSnapshot(text: string): unknown {
  const tables: Record<string, object> = {};
  let table: object | undefined;
  const rest = text.split('\n').filter((line) => {
    if (line.startsWith('  "') && line.endsWith(': {')) {
      table = {};
      tables[line.slice(3, -4)] = table;
      return true;
    }
    const nameEnd = line.startsWith('    "') ? line.indexOf('": ') : -1;
    if (table === undefined || nameEnd < 0) return true;
    defineLater(table, line.slice(5, nameEnd), line.slice(nameEnd + 3, line.endsWith(',') ? -1 : undefined));
    return false;
  });
  const whole: unknown = JSON.parse(rest.join('\n'));
  return typeof whole === 'object' && whole !== null ? Object.assign(whole, tables) : whole;
}

/** A property that is parsed once. */
function defineLater(table: object, name: string, text: string): void {
  Object.defineProperty(table, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value: unknown = JSON.parse(text);
      Object.defineProperty(table, name, { value });
      return value;
    },
  });
}
