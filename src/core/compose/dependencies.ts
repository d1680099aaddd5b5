import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { knownItems, knownMapping, knownText, scalarText } from '../yaml/field.ts';
import { entries } from '../yaml/read.ts';
import type { ComposeFile, ComposeService } from './model.ts';

/** One service that another waits for. */
export interface Dependency {
  readonly name: Located<string>;
  /** As written; undefined in the short form, which waits for the start alone. */
  readonly condition: Located<string> | undefined;
  readonly form: 'short' | 'long';
}

/** What a service waits for, in order; names with variables are left out. */
export function dependenciesOf({ node }: ComposeService): readonly Dependency[] {
  const mapping = knownMapping(node, 'depends_on');
  const long = (mapping ? entries(mapping) : []).flatMap(({ key, value }): readonly Dependency[] =>
    key.unknown
      ? []
      : [{ name: { value: key.text, span: key.span }, condition: knownText(value, 'condition'), form: 'long' }],
  );
  const short = knownItems(node, 'depends_on').flatMap(({ node: item }): readonly Dependency[] => {
    const name = scalarText(item);
    return name === undefined ? [] : [{ name, condition: undefined, form: 'short' }];
  });
  return [...long, ...short].filter(({ name }) => !name.value.includes('$'));
}

/** The services that others wait for until they have ended: jobs, which are neither healthy nor started again. */
export const awaitedEnds = onceFor(
  ({ services }: ComposeFile): ReadonlySet<string> =>
    new Set(
      services
        .flatMap(dependenciesOf)
        .flatMap(({ name, condition }) => (condition?.value === 'service_completed_successfully' ? [name.value] : [])),
    ),
);
