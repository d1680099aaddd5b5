import { defaultSettings, type Settings } from '../engine/settings.ts';
import type { NeighbourObject } from '../kubernetes/model.ts';
import type { Parsed } from '../parsed.ts';
import { formatKubernetesQuantity, parseKubernetesQuantity } from '../quantity/kubernetes.ts';
import { type Span, shiftSpan } from '../text/span.ts';
import type { BuiltStages } from '../workspace/images.ts';
import type { PlacedDocument, YamlPath } from '../yaml/node.ts';
import { asScalar, type NodeAt, nodeAtOffset } from '../yaml/read.ts';
import { sizedAsWritten } from './beside.ts';
import { amountText, escapeMarkdown, exactText, percent } from './explain.ts';
import { readField } from './field-values.ts';
import { kernelFigures } from './kernel-figures.ts';
import type { Sized } from './load.ts';
import { fieldsOf, type LoadField } from './load-fields.ts';
import type { Figure, LoadContainer } from './load-view.ts';
import { type PlacedFields, placeholder } from './pod-values.ts';
import { runtimeFigures } from './runtime-figures.ts';
import { autoscalersOf, type Scaling, scalingProblems, scalingsOf } from './scaling.ts';
import { assumedMachines } from './sections/machine.ts';

export interface Hover {
  /** Of the file. */
  readonly span: Span;
  readonly markdown: string;
}

/** What stands around the file. */
export interface HoverAround {
  readonly near?: readonly NeighbourObject[];
  /** The images that Compose files of the workspace build. */
  readonly stages?: BuiltStages;
}

/** What a quantity, a `resources` block or `replicas` at the offset comes to; undefined where none of them is. */
export function hoverAt(
  parsed: Parsed,
  offset: number,
  settings: Settings = defaultSettings,
  { near = [], stages }: HoverAround = {},
): Hover | undefined {
  if (parsed.kind !== 'kubernetes' && parsed.kind !== 'compose') return undefined;
  const part = parsed.yaml.parts.findLast(({ start }) => start <= offset);
  const place = part && nodeAtOffset(part.document, offset - part.start);
  const all = sizedAsWritten(parsed, near);
  for (const sized of all) {
    // Sizes that a process is told stand in words of commands and in variables.
    const told = sized.workload.containers
      .flatMap(({ process }) => process.fields)
      .find(({ written }) => isIn(written?.span, offset));
    if (told?.written !== undefined)
      return { span: told.written.span, markdown: processText(sized, told, settings, stages) };
  }
  if (part === undefined || place?.pair === undefined) return undefined;
  for (const sized of all) {
    const { workload } = sized;
    if (workload.source.start !== part.start) continue;
    const field = fieldsOf(workload).find(({ path, inside }) => inside === undefined && samePath(path, place.path));
    if (field?.written !== undefined) return fieldHover(sized, field, field.written.span, place, part, settings);
    const block = blockHover(sized, place, part, settings);
    if (block !== undefined) return block;
  }
  return parsed.kind === 'kubernetes' ? (boundHover(parsed, all, place) ?? otherQuantity(place, part)) : undefined;
}

function isIn(span: Span | undefined, offset: number): boolean {
  return span !== undefined && span.start <= offset && offset <= span.end;
}

/** Minimum and maximum of an autoscaler: the range, and what the workload asks for at both ends. */
function boundHover(parsed: Parsed, all: readonly Sized[], place: NodeAt): Hover | undefined {
  for (const autoscaler of autoscalersOf(parsed)) {
    const { min, max, object } = autoscaler;
    const field = [min, max].find(({ path, document }) => samePath(path, place.path) && document === object.document);
    if (field?.written === undefined || !isNear(field, place)) continue;
    const workloads = all.map(({ workload }) => workload);
    const found = [...scalingsOf(workloads, [autoscaler], {})][0];
    const sized = found && all.find(({ workload }) => workload.id === found[0]);
    const problem = scalingProblems(autoscaler, {}).get(field.id);
    const scaling = found?.[1];
    return {
      span: field.written.span,
      markdown: lines([
        `**${escapeMarkdown(field.written.value)}**, ${field.label}`,
        problem === undefined ? undefined : escapeMarkdown(problem),
        sized === undefined || scaling === undefined ? undefined : rangeText(sized, scaling),
      ]),
    };
  }
  return undefined;
}

/** Paths of several documents may be the same. */
function isNear({ written, start }: LoadField, { pair }: NodeAt): boolean {
  return written !== undefined && pair?.value != null && written.span.start === pair.value.span.start + start;
}

function rangeText({ workload, pod }: Sized, { least, most }: Scaling): string {
  const ends = [least, most].flatMap((count) => (count === undefined ? [] : [count]));
  const amounts = ends.map((count) => {
    const times = (resource: 'cpu' | 'memory') => {
      const { value } = pod[resource === 'cpu' ? 'cpuRequest' : 'memoryRequest'];
      return typeof value === 'bigint' ? amountText(resource, value * BigInt(count)) : value;
    };
    return `- at ${count}: ${escapeMarkdown(times('cpu'))} CPU and ${escapeMarkdown(times('memory'))} requested`;
  });
  return [
    `${escapeMarkdown(workload.name)}: the autoscaler keeps ${least ?? '?'} to ${most ?? '?'} replicas; those that the file says count only when it is created.`,
    '',
    ...amounts,
  ].join('\n');
}

/** Heap and cache sizes: the lines of the panel's figure. */
function processText(sized: Sized, field: LoadField, settings: Settings, stages: BuiltStages | undefined): string {
  const { workload, values } = sized;
  const placed = values.containers.find(({ fields }) => fields.process.fields.includes(field));
  const machine = assumedMachines(settings, {})[workload.source.kind];
  const sources = { around: undefined, stages };
  const figures = placed && runtimeFigures({ workload, values, draft: {}, machine, sources }, placed);
  const rest = figures?.rest;
  return lines([
    `**${escapeMarkdown(field.written?.value ?? '')}**, ${escapeMarkdown(field.label)}`,
    figures?.heap?.explanation.map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
    rest === undefined
      ? undefined
      : `Left for the rest: ${escapeMarkdown([rest.text, ...rest.explanation.slice(0, 1)].join(', '))}`,
    figures?.warning === undefined ? undefined : escapeMarkdown(figures.warning),
  ]);
}

function fieldHover(
  sized: Sized,
  field: LoadField,
  at: Span,
  place: NodeAt,
  part: PlacedDocument,
  settings: Settings,
): Hover | undefined {
  const span = place.node !== null && place.node === place.pair?.key ? shiftSpan(place.node.span, part.start) : at;
  if (field.resource === 'replicas') return { span, markdown: replicasText(sized) };
  const { resource } = field;
  const { workload } = sized;
  if (resource === 'heap' || resource === 'cache' || resource === 'other') return undefined;
  const placed = sized.values.containers.find(
    ({ fields }) => fields[resource].request === field || fields[resource].limit === field,
  );
  const reading = readField(field, {});
  const written = escapeMarkdown(field.written?.value ?? '');
  const head = `**${written}**, ${field.label}${placed === undefined ? '' : ` of ${escapeMarkdown(placed.fields.name)}`}`;
  const problem = sized.problems.get(field.id);
  if (reading.kind !== 'value') {
    const why = problem ?? (reading.kind === 'decided elsewhere' ? 'Its value is decided elsewhere.' : undefined);
    return why === undefined ? undefined : { span, markdown: lines([head, escapeMarkdown(why)]) };
  }
  const { quantity } = reading;
  const canonical = field.form === 'kubernetes' ? formatKubernetesQuantity(quantity) : undefined;
  const said = canonical === undefined || canonical === field.written?.value ? '' : `, which is \`${canonical}\``;
  const other = placed?.fields[resource][field.part === 'request' ? 'limit' : 'request'];
  const otherReading = other && readField(other, {});
  const share =
    otherReading?.kind !== 'value'
      ? undefined
      : field.part === 'request'
        ? shareText(
            quantity.nano,
            otherReading.quantity.nano,
            `of the limit, ${amountText(resource, otherReading.quantity.nano)}`,
          )
        : shareText(
            otherReading.quantity.nano,
            quantity.nano,
            `of it requested, ${amountText(resource, otherReading.quantity.nano)}`,
          );
  const kernel = placed && kernelFigures(workload, sized.values, placed, settings.node.memory);
  const label = kernelLabel(field);
  const figures = kernel?.filter((one) => one.label === label) ?? [];
  return {
    span,
    markdown: lines([
      head,
      `${exactText(resource, quantity.nano)}${said}`,
      share,
      problem === undefined ? undefined : escapeMarkdown(problem),
      ...figures.map(kernelText),
    ]),
  };
}

function kernelLabel({ resource, part, form }: LoadField): string {
  if (resource === 'cpu') return part === 'request' ? 'cpu.weight' : 'cpu.max';
  if (part === 'limit') return 'memory.max';
  return form === 'kubernetes' ? 'oom_score_adj' : 'memory.low';
}

function shareText(part: bigint, whole: bigint, rest: string): string | undefined {
  const share = percent(part, whole);
  return share === undefined ? undefined : `${share} ${rest}`;
}

function kernelText({ label, figure }: LoadContainer['kernel'][number]): string {
  const details = figure.explanation.map((line) => `\n  - ${escapeMarkdown(line)}`).join('');
  return `- \`${label}\` ${escapeMarkdown(figure.text)}${details}`;
}

function replicasText({ workload, values, total }: Sized): string {
  const line = (name: string, figure: Figure) =>
    `- ${name}: ${escapeMarkdown([figure.text, ...figure.explanation.slice(0, 1)].join(', '))}`;
  return lines([
    `**${escapeMarkdown(workload.name)}**: ${escapeMarkdown(values.copies.explanation)}`,
    line('CPU requested', total.cpuRequest.figure),
    line('CPU limit', total.cpuLimit.figure),
    line('memory requested', total.memoryRequest.figure),
    line('memory limit', total.memoryLimit.figure),
  ]);
}

/** `resources`, and `requests`, `limits` or `reservations` in it: what they come to together. */
function blockHover(sized: Sized, place: NodeAt, part: PlacedDocument, settings: Settings): Hover | undefined {
  const { pair, path, node } = place;
  const key = path.at(-1);
  if (pair === undefined || node !== pair.key) return undefined;
  if (key !== 'resources' && key !== 'requests' && key !== 'limits' && key !== 'reservations') return undefined;
  const { workload } = sized;
  const placed = sized.values.containers.find(
    ({ fields }) => isWithin(path, fields.cpu.limit.path) || isWithin(path, fields.memory.request.path),
  );
  if (placed === undefined) return undefined;
  const kernel = kernelFigures(workload, sized.values, placed, settings.node.memory);
  const kernelLine = kernel.map(({ label, figure }) => `\`${label}\` ${escapeMarkdown(figure.text)}`).join(' · ');
  const assumed = kernel.some(({ figure }) => figure.certainty === 'estimate')
    ? `oom\\_score\\_adj is for a node with ${escapeMarkdown(settings.node.memory)} of memory, which is assumed.`
    : undefined;
  const { qos, pod } = sized;
  const docker = workload.source.kind === 'compose';
  return {
    span: shiftSpan(pair.key.span, part.start),
    markdown: lines([
      `**${escapeMarkdown(placed.fields.name)}**`,
      amountsTable(placed, sized.values),
      docker ? undefined : `**${qos.text}**: ${escapeMarkdown(qosText(qos))}`,
      docker
        ? undefined
        : `One pod: ${escapeMarkdown(pod.cpuRequest.figure.text)} CPU and ${escapeMarkdown(pod.memoryRequest.figure.text)} requested, ` +
          `${escapeMarkdown(pod.cpuLimit.figure.text)} CPU and ${escapeMarkdown(pod.memoryLimit.figure.text)} at most.`,
      kernelLine,
      assumed,
    ]),
  };
}

function qosText({ explanation: [first = '', ...rest] }: Figure): string {
  return rest.length === 0 ? first : `${first} ${rest.join('; ')}`;
}

function amountsTable({ fields, ref }: PlacedFields, values: Parameters<typeof placeholder>[2]): string {
  const cell = (field: LoadField) => escapeMarkdown(field.written?.value ?? placeholder(field, ref, values).text);
  const row = (resource: 'cpu' | 'memory') =>
    `| ${resource === 'cpu' ? 'CPU' : 'memory'} | ${cell(fields[resource].request)} | ${cell(fields[resource].limit)} |`;
  const first = fields.cpu.request.form === 'kubernetes' ? 'request' : 'reservation';
  return [`| | ${first} | limit |`, '|---|---|---|', row('cpu'), row('memory')].join('\n');
}

/** Keys below which every value is a quantity. */
const holders: ReadonlySet<string | number> = new Set([
  'requests',
  'limits',
  'default',
  'defaultRequest',
  'min',
  'max',
  'hard',
  'capacity',
  'overhead',
]);

/** Quantities elsewhere: LimitRange, ResourceQuota, volume claims, pod-level resources. */
function otherQuantity({ path, pair }: NodeAt, part: PlacedDocument): Hover | undefined {
  const key = path.at(-1);
  const scalar = asScalar(pair?.value);
  if (pair?.value == null || scalar === undefined || scalar.unknown || typeof key !== 'string') return undefined;
  const name = key.replace(/^(?:requests|limits)\./, '');
  const resource =
    name === 'cpu' ? 'cpu' : /^(?:memory|storage|ephemeral-storage|hugepages-.*)$/.test(name) ? 'memory' : undefined;
  const isSize = key === 'sizeLimit';
  if (!isSize && (resource === undefined || !holders.has(path.at(-2) ?? ''))) return undefined;
  const parsed = parseKubernetesQuantity(scalar.text);
  if (!parsed.ok) return undefined;
  const canonical = formatKubernetesQuantity(parsed.quantity);
  return {
    span: shiftSpan(pair.value.span, part.start),
    markdown: lines([
      `**${escapeMarkdown(scalar.text)}**, ${escapeMarkdown(key)}`,
      exactText(resource ?? 'memory', parsed.quantity.nano) +
        (canonical === scalar.text ? '' : `, which is \`${canonical}\``),
    ]),
  };
}

function samePath(a: YamlPath, b: YamlPath): boolean {
  return a.length === b.length && isWithin(a, b);
}

/** Whether `outer` leads to `inner` or above it. */
function isWithin(outer: YamlPath, inner: YamlPath): boolean {
  return outer.every((step, at) => step === inner[at]);
}

function lines(all: readonly (string | undefined)[]): string {
  return all.filter((line) => line !== undefined && line !== '').join('\n\n');
}
