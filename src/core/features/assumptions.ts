import type { Assumption, AssumptionName } from '../engine/assumptions.ts';
import { assumptionNames, assumptions } from '../engine/assumptions.ts';
import type { Settings } from '../engine/settings.ts';
import type { InputView } from './sections/section-view.ts';

/** What a person has typed into the panel that is in no file, by the name of the assumption. */
export type Inputs = Readonly<Partial<Record<AssumptionName, string>>>;

/** The text that counts: as typed, else as `.plimsoll.yaml` says, else the one that is assumed. */
export function assumed(name: AssumptionName, inputs: Inputs, settings: Settings): string {
  const { initial } = assumptions[name];
  return (
    inputs[name] ??
    settings.assumptions[name] ??
    (typeof initial === 'string' ? initial : initial(settings))
  ).trim();
}

/** An assumption as a field of a section, with what is wrong about its text. */
export function inputView(
  name: AssumptionName,
  inputs: Inputs,
  settings: Settings,
  control: InputView['control'] = { kind: 'text' },
): InputView {
  const { label, unit, description, like, check }: Assumption = assumptions[name];
  const text = assumed(name, inputs, settings);
  const problem = check(text);
  return {
    name,
    label,
    ...(unit !== undefined && { unit }),
    description,
    text,
    from: inputs[name] !== undefined ? 'typed' : settings.assumptions[name] !== undefined ? 'settings' : 'assumed',
    placeholder: like,
    control,
    ...(problem !== undefined && { problem }),
  };
}

/** The text of an assumption, undefined where it is no value. */
export function validAssumption(name: AssumptionName, inputs: Inputs, settings: Settings): string | undefined {
  const text = assumed(name, inputs, settings);
  return assumptions[name].check(text) === undefined ? text : undefined;
}

/** An assumption that is a plain number; undefined where its text is none, or empty. */
export function assumedNumber(name: AssumptionName, inputs: Inputs, settings: Settings): number | undefined {
  const text = validAssumption(name, inputs, settings);
  return text === undefined || text === '' ? undefined : Number(text);
}

/** What assumptions are called, in the order of their sections. */
export function assumptionLabels(inputs: Inputs): readonly string[] {
  return assumptionNames.filter((name) => inputs[name] !== undefined).map((name) => assumptions[name].label);
}
