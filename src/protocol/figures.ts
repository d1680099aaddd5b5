import type { EditableField, Figure, Place } from '../core/features/load-view.ts';
import { type Guard, isCount, isNumber, isText, listOf, maybe, oneOf, shaped } from './shape.ts';

export const isPlace: Guard<Place> = shaped<Place>({ start: isCount, end: isCount, file: maybe(isText) });

export const isFigure: Guard<Figure> = shaped<Figure>({
  text: isText,
  before: maybe(isText),
  certainty: oneOf('exact', 'estimate', 'rule of thumb'),
  explanation: listOf(isText),
  fields: listOf(shaped<Figure['fields'][number]>({ label: isText, span: isPlace })),
});

export const isField: Guard<EditableField> = shaped<EditableField>({
  id: isText,
  label: isText,
  text: isText,
  before: maybe(isText),
  placeholder: isText,
  span: maybe(isPlace),
  problem: maybe(isText),
  amount: maybe(isNumber),
});
