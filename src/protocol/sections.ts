import type {
  Axis,
  Block,
  Cell,
  ChoiceGroup,
  CurveBlock,
  CurveMark,
  FiguresBlock,
  FormulaBlock,
  Headline,
  Hull,
  HullLoad,
  HullsBlock,
  HullWords,
  InputControl,
  InputsBlock,
  InputView,
  LabelledFigure,
  SectionId,
  SectionView,
  StageEdge,
  StageNode,
  StagesBlock,
  TableBlock,
  TableRow,
  TextBlock,
} from '../core/features/sections/section-view.ts';
import { isField, isFigure, isPlace } from './figures.ts';
import { type Guard, isCount, isNumber, isText, listOf, maybe, oneOf, shaped } from './shape.ts';

export type {
  Axis,
  Block,
  Cell,
  ChoiceGroup,
  CurveBlock,
  CurveMark,
  Hull,
  HullsBlock,
  InputView,
  StageEdge,
  StageNode,
  StagesBlock,
  TableBlock,
};

const isChoiceGroup = shaped<ChoiceGroup>({
  label: isText,
  choices: listOf(shaped<ChoiceGroup['choices'][number]>({ value: isText, text: isText })),
});

const controls: { readonly [Kind in InputControl['kind']]: Guard<InputControl & { readonly kind: Kind }> } = {
  text: shaped<InputControl & { kind: 'text' }>({ kind: oneOf('text') }),
  choice: shaped<InputControl & { kind: 'choice' }>({ kind: oneOf('choice'), groups: listOf(isChoiceGroup) }),
  choices: shaped<InputControl & { kind: 'choices' }>({ kind: oneOf('choices'), groups: listOf(isChoiceGroup) }),
  flag: shaped<InputControl & { kind: 'flag' }>({ kind: oneOf('flag') }),
};

function isControl(value: unknown): value is InputControl {
  return Object.values(controls).some((guard) => guard(value));
}

const isInput = shaped<InputView>({
  name: isText,
  label: isText,
  unit: maybe(isText),
  description: isText,
  text: isText,
  from: oneOf('typed', 'settings', 'assumed'),
  placeholder: isText,
  problem: maybe(isText),
  control: isControl,
});

const cells: { readonly [Kind in Cell['kind']]: Guard<Cell & { readonly kind: Kind }> } = {
  text: shaped<Cell & { kind: 'text' }>({ kind: oneOf('text'), text: isText }),
  figure: shaped<Cell & { kind: 'figure' }>({ kind: oneOf('figure'), figure: isFigure }),
  field: shaped<Cell & { kind: 'field' }>({ kind: oneOf('field'), field: isField }),
};

function isCell(value: unknown): value is Cell {
  return Object.values(cells).some((guard) => guard(value));
}

const isShare = shaped<Hull['loadLine']>({ cpu: isNumber, memory: isNumber });

const isHull = shaped<Hull>({
  title: isText,
  count: isCount,
  loadLine: isShare,
  daemons: isShare,
  loads: listOf(shaped<HullLoad>({ workload: isText, pods: isCount, cpu: isNumber, memory: isNumber })),
  words: listOf(shaped<HullWords>({ about: oneOf('pods', 'cpu', 'memory', 'daemons', 'room'), text: isText })),
});

const isAxis = shaped<Axis>({
  label: isText,
  from: isNumber,
  to: isNumber,
  ticks: listOf(shaped<Axis['ticks'][number]>({ at: isNumber, text: isText })),
});

const blocks: { readonly [Kind in Block['kind']]: Guard<Block & { readonly kind: Kind }> } = {
  text: shaped<TextBlock>({
    kind: oneOf('text'),
    text: isText,
    tone: oneOf('plain', 'quiet', 'warning'),
    place: maybe(isPlace),
  }),
  figures: shaped<FiguresBlock>({
    kind: oneOf('figures'),
    items: listOf(shaped<LabelledFigure>({ label: isText, figure: isFigure })),
  }),
  table: shaped<TableBlock>({
    kind: oneOf('table'),
    caption: isText,
    columns: listOf(isText),
    rows: listOf(shaped<TableRow>({ head: isText, place: maybe(isPlace), cells: listOf(isCell) })),
  }),
  inputs: shaped<InputsBlock>({ kind: oneOf('inputs'), inputs: listOf(isInput) }),
  formula: shaped<FormulaBlock>({
    kind: oneOf('formula'),
    formula: isText,
    filledIn: isText,
    result: isFigure,
    remark: isText,
  }),
  hulls: shaped<HullsBlock>({ kind: oneOf('hulls'), hulls: listOf(isHull), more: maybe(isText) }),
  curve: shaped<CurveBlock>({
    kind: oneOf('curve'),
    words: isText,
    x: isAxis,
    y: isAxis,
    lines: listOf(
      shaped<CurveBlock['lines'][number]>({
        label: isText,
        points: listOf(shaped<{ x: number; y: number }>({ x: isNumber, y: isNumber })),
      }),
    ),
    marks: listOf(shaped<CurveMark>({ x: isNumber, y: isNumber, label: isText, before: maybe(oneOf(true)) })),
  }),
  stages: shaped<StagesBlock>({
    kind: oneOf('stages'),
    stages: listOf(
      shaped<StageNode>({
        id: isText,
        name: isText,
        base: isText,
        ships: oneOf('whole', 'in part', 'nothing'),
        place: isPlace,
        notes: listOf(isText),
      }),
    ),
    edges: listOf(
      shaped<StageEdge>({
        from: isText,
        to: isText,
        label: isText,
        via: oneOf('base', 'copy', 'mount'),
      }),
    ),
  }),
};

function isBlock(value: unknown): value is Block {
  return Object.values(blocks).some((guard) => guard(value));
}

const ids: Readonly<Record<SectionId, true>> = {
  nodes: true,
  host: true,
  shares: true,
  runtime: true,
  rollout: true,
  cache: true,
  network: true,
  usage: true,
  dockerfile: true,
};

function isSectionId(value: unknown): value is SectionId {
  return isText(value) && Object.hasOwn(ids, value);
}

/** Whether a value is a section of the panel, down to the last number. */
export const isSection: Guard<SectionView> = shaped<SectionView>({
  id: isSectionId,
  title: isText,
  telling: isText,
  headlines: maybe(listOf(shaped<Headline>({ label: isText, figure: isFigure, remark: isText }))),
  blocks: listOf(isBlock),
});
