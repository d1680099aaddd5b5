import type { CommandInstruction, Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import { ancestry, instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { stageNamed } from '../../dockerfile/stage-references.ts';
import { baseOf, lastUser, userOf } from '../../dockerfile/users.ts';
import { userOfBase } from '../../images/base-images.ts';
import { type Rerun, reruns } from '../cache-lenses.ts';
import type { Figure } from '../load-view.ts';
import type { Section } from './section.ts';
import type { Block, StageEdge, StageNode, StagesBlock, TableRow } from './section-view.ts';

/** Instructions whose cache is shown: more would bury what matters. */
const mostRows = 60;

/** What a Dockerfile builds: its stages, what of them ships, as whom and on which ports it runs, and what re-runs. */
export const dockerfile: Section = ({ parsed, surroundings }) => {
  if (parsed.kind !== 'dockerfile') return undefined;
  const file = parsed.dockerfile;
  const last = file.stages.at(-1);
  if (last === undefined || file.instructions.length === 0) return undefined;
  const user = userFigure(file, last);
  const ports = portsFigure(last);
  const stages = file.stages.filter((stage) => stage.from !== undefined || file.stages.length === 1);
  const shipped = stages.filter((stage) => takenBy(file, last).has(stage));
  const blocks: Block[] = [
    {
      kind: 'figures',
      items: [
        { label: 'base', figure: baseFigure(last) },
        { label: 'user', figure: user },
        { label: 'ports', figure: ports },
        { label: 'starts', figure: startFigure(file, last) },
      ],
    },
    picture(file, stages, last),
  ];
  const all = reruns(file, { path: parsed.file.path, around: new Map(), ...surroundings }, shipped);
  all.forEach((steps, at) => {
    const stage = shipped[at];
    if (stage === undefined || steps.length === 0) return;
    const whose = shipped.length > 1 ? ` in ${stageName(stage)}` : '';
    blocks.push({ kind: 'table', caption: `What re-runs${whose}`, columns: ['when'], rows: rerunRows(file, steps) });
  });
  const count = `${stages.length} ${stages.length === 1 ? 'stage' : 'stages'}`;
  const some = shipped.length < stages.length ? `, ${shipped.length} in the image` : '';
  return {
    id: 'dockerfile',
    title: 'Image',
    telling: `${count}${some} · user ${user.text} · ${ports.text === 'none' ? 'no port' : `port ${ports.text}`}`,
    blocks,
  };
};

/** A row for each instruction that has a cause of its own; those that only follow the one above it are counted there. */
function rerunRows(file: Dockerfile, steps: readonly Rerun[]): readonly TableRow[] {
  const rows: { readonly step: Rerun; more: number }[] = [];
  for (const step of steps) {
    const above = rows.at(-1);
    if (above !== undefined && step.cause === undefined) above.more++;
    else rows.push({ step, more: 0 });
  }
  return rows.slice(0, mostRows).map(({ step: { span, cause, follows }, more }): TableRow => {
    const instruction = file.instructions.find((one) => one.keyword.span.start === span.start);
    const alone = instruction?.kind === 'from' ? 'never' : 'only with its base';
    const when = cause === undefined ? alone : `when ${cause} changes${follows ? ', or with the step above' : ''}`;
    const next = more === 1 ? 'does the next step' : `do the next ${more} steps`;
    return {
      head: instruction === undefined ? '' : firstLine(file, instruction),
      place: span,
      cells: [{ kind: 'text', text: more === 0 ? when : `${when}; and so ${next}` }],
    };
  });
}

function firstLine({ text }: Dockerfile, { span }: Instruction): string {
  const [line = ''] = text.slice(span.start, span.end).split(/\s*[\\`]?\r?\n/, 1);
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** The stages that something of is in the image: those it stands on, and those it copies from, and so on. */
function takenBy(file: Dockerfile, last: Stage): ReadonlySet<Stage> {
  const taken = new Set<Stage>();
  const waiting: Stage[] = [last];
  for (let stage = waiting.pop(); stage !== undefined; stage = waiting.pop()) {
    if (taken.has(stage)) continue;
    taken.add(stage);
    waiting.push(...ancestry(stage).filter((one) => one !== stage));
    for (const instruction of stage.instructions) {
      const from = instruction.kind === 'copy' ? instruction.from?.value : undefined;
      const source = from === undefined ? undefined : stageNamed(file, from);
      if (source !== undefined && source !== stage) waiting.push(source);
    }
  }
  return taken;
}

function stageName(stage: Stage): string {
  return stage.from?.alias?.value ?? `stage ${stage.index}`;
}

function picture(file: Dockerfile, stages: readonly Stage[], last: Stage): StagesBlock {
  const taken = takenBy(file, last);
  const edges: StageEdge[] = [];
  for (const stage of stages) {
    const to = idOf(stage);
    if (stage.parent !== undefined) edges.push({ from: idOf(stage.parent), to, label: 'all', via: 'base' });
    for (const instruction of stage.instructions) {
      if (instruction.kind === 'copy' && instruction.from !== undefined) {
        const label = instruction.sources.map(({ value }) => value).join(', ');
        edges.push({ from: sourceId(file, instruction.from.value), to, label, via: 'copy' });
      } else if (instruction.kind === 'run') {
        for (const { properties } of instruction.mounts) {
          const from = properties.get('from')?.value;
          if (from !== undefined)
            edges.push({ from: sourceId(file, from), to, label: properties.get('source')?.value ?? '/', via: 'mount' });
        }
      }
    }
  }
  return {
    kind: 'stages',
    stages: stages.map(
      (stage): StageNode => ({
        id: idOf(stage),
        name: stageName(stage),
        base: stage.from?.image?.text ?? 'no base',
        ships: stage === last || stage.shipped ? 'whole' : taken.has(stage) ? 'in part' : 'nothing',
        place: (stage.from ?? stage.instructions[0])?.span ?? { start: 0, end: 0 },
        notes: notesOf(stage, stage === last, taken.has(stage)),
      }),
    ),
    edges,
  };
}

function notesOf(stage: Stage, isLast: boolean, isTaken: boolean): readonly string[] {
  const layers = stage.instructions.filter(({ kind }) => kind === 'run' || kind === 'copy' || kind === 'add').length;
  const made = `${layers === 0 ? 'no' : layers} ${layers === 1 ? 'layer' : 'layers'} of its own`;
  if (isLast) return [`${made}: this is what ships`];
  if (!isTaken) return [`${made}; nothing of it reaches the image: it is built only with --target`];
  return [stage.shipped ? `${made}, which ship` : `${made}, which stay behind but for what is copied`];
}

function idOf(stage: Stage): string {
  return `stage-${stage.index}`;
}

/** The id of a stage, or the name of an image or build context. */
function sourceId(file: Dockerfile, from: string): string {
  const stage = stageNamed(file, from);
  return stage === undefined ? from : idOf(stage);
}

function baseFigure(stage: Stage): Figure {
  const from = ancestry(stage)[0]?.from;
  const image = from?.image;
  if (image === undefined) return unknownFigure(['No FROM says what the image stands on.']);
  const fields = [{ label: 'FROM', span: image.span }];
  if (image.resolved === undefined) {
    return { ...unknownFigure([`${image.text}: an argument without a default decides.`]), fields };
  }
  const through = ancestry(stage).slice(1).map(stageName);
  const lines = [
    image.resolved === image.text ? `FROM ${image.text}` : `FROM ${image.text}, which is ${image.resolved} by default`,
    ...(through.length === 0 ? [] : [`through ${through.join(', ')}`]),
  ];
  return { text: image.resolved, certainty: 'exact', explanation: lines, fields };
}

function userFigure(file: Dockerfile, stage: Stage): Figure {
  const instruction = lastUser(stage);
  if (instruction !== undefined) {
    const fields = [{ label: 'USER', span: instruction.span }];
    const user = userOf(file, instruction);
    if (user === undefined)
      return { ...unknownFigure(['The last USER has a variable whose value is not known.']), fields };
    return { text: user, certainty: 'exact', explanation: [`The last USER that the image inherits: ${user}`], fields };
  }
  const base = baseOf(stage);
  const known = base === undefined ? 'unknown' : userOfBase(base);
  if (known === 'root')
    return {
      text: 'root',
      certainty: 'exact',
      explanation: ['No USER is written, and the base image has none: root.'],
      fields: [],
    };
  if (known === 'other')
    return {
      text: "the base image's own",
      certainty: 'exact',
      explanation: ['No USER is written: the base image ends up as a user of its own.'],
      fields: [],
    };
  return unknownFigure(['No USER is written: the base image decides.']);
}

function portsFigure(stage: Stage): Figure {
  const exposed = instructionsBefore(stage).filter((one) => one.kind === 'expose');
  const ports = [...new Set(exposed.flatMap(({ words }) => words.map(({ value }) => value)))];
  const fields = exposed.map(({ span }) => ({ label: 'EXPOSE', span }));
  if (ports.length === 0)
    return {
      text: 'none',
      certainty: 'exact',
      explanation: ['No EXPOSE is written here; the base image may have some of its own.'],
      fields,
    };
  return {
    text: ports.join(', '),
    certainty: 'exact',
    explanation: ['EXPOSE says where the program listens; it opens nothing.'],
    fields,
  };
}

function startFigure(file: Dockerfile, stage: Stage): Figure {
  const all = instructionsBefore(stage);
  const lastOf = (kind: 'entrypoint' | 'cmd') => all.findLast((one): one is CommandInstruction => one.kind === kind);
  const [entry, command] = [lastOf('entrypoint'), lastOf('cmd')];
  const said = [entry, command].flatMap((one) => (one === undefined ? [] : [one]));
  if (said.length === 0) return unknownFigure(['Neither ENTRYPOINT nor CMD is written: the base image decides.']);
  const shell = said.find((one) => one.command.kind === 'shell');
  return {
    text: said.map((one) => firstLine(file, one).replace(/^\S+\s+/, '')).join(' '),
    certainty: 'exact',
    explanation: [
      ...said.map((one) => firstLine(file, one)),
      ...(shell === undefined ? [] : ['A shell form: /bin/sh -c is process 1, and passes no signals on.']),
    ],
    fields: said.map((one) => ({ label: one.keyword.value, span: one.span })),
  };
}

function unknownFigure(explanation: readonly string[]): Figure {
  return { text: 'unknown', certainty: 'exact', explanation, fields: [] };
}
