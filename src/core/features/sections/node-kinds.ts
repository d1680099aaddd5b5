import { saidOfNodes } from '../../engine/node-assumptions.ts';
import type { Settings } from '../../engine/settings.ts';
import { parseTaint } from '../../kubernetes/placement.ts';
import { parseKubernetesQuantity } from '../../quantity/kubernetes.ts';
import {
  type NodeKind,
  ownNode,
  ownNodeName,
  presetNode,
  shapeNamed,
  shapesByCloud,
} from '../../sizing/node-choice.ts';
import { estimateNode, type NodePart } from '../../sizing/node-estimate.ts';
import type { Taint } from '../../sizing/node-match.ts';
import { lastFor } from '../../text/once-for.ts';
import { assumed, type Inputs, validAssumption } from '../assumptions.ts';
import { bytes } from '../explain.ts';
import type { Figure } from '../load-view.ts';
import type { ChoiceGroup, TableBlock } from './section-view.ts';

/** The kinds of node that were chosen, and what all of them have. */
export interface ChosenNodes {
  readonly kinds: readonly NodeKind[];
  /** Labels and taints that somebody has said; undefined where labels are not known. */
  readonly labels: ReadonlyMap<string, string> | undefined;
  readonly taints: readonly Taint[];
  /** Other resources that somebody has said the nodes have. */
  readonly more: ReadonlySet<string>;
  /** Tells this choice from others. */
  readonly key: string;
}

const clouds = { aws: 'EKS', gcp: 'GKE', azure: 'AKS' } as const;

/** `1930m`, `8`: from thousandths of a CPU, as requests are written. */
export function milliText(milli: number): string {
  return milli % 1000 === 0 ? `${milli / 1000}` : `${Math.round(milli)}m`;
}

/** `7.07Gi`: from bytes. */
export function byteText(amount: number): string {
  return bytes(BigInt(Math.round(amount)) * 1_000_000_000n);
}

let choices: readonly ChoiceGroup[] | undefined;

/** The presets as a choice, by cloud and architecture, each with what pods may have of it; made when first asked for. */
export function nodeChoices(): readonly ChoiceGroup[] {
  choices ??= [
    { label: '', choices: [{ value: ownNodeName, text: 'a node of your own' }] },
    ...shapesByCloud().map(({ cloud, arch, shapes }) => ({
      label: `${clouds[cloud]}, ${arch}`,
      choices: shapes.map((shape) => {
        const { allocatable } = presetNode(shape).template;
        const gpus = shape.gpus === undefined ? '' : `, ${shape.gpus} GPU`;
        const size = `${shape.vcpus} CPU, ${shape.memoryMiB / 1024}Gi${gpus}`;
        const left = `${milliText(allocatable.get('cpu') ?? 0)}, ${byteText(allocatable.get('memory') ?? 0)} for pods`;
        return { value: shape.name, text: `${shape.name} — ${size}; ≈ ${left}` };
      }),
    })),
  ];
  return choices;
}

/** The parts of a text that commas separate. */
export function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The kinds of node that the panel or the settings name; those whose text is no value are left out. */
export const chosenNodes = lastFor((settings: Settings, inputs: Inputs): ChosenNodes => {
  const names = ['nodeShape', 'moreNodeShapes', 'nodeCpu', 'nodeMemory', 'nodeLabels', 'nodeTaints'] as const;
  const others = ['nodeReserved', 'nodeEviction', 'nodeMaxPods', 'nodeMore'] as const;
  const texts = [...names, ...others].map((name) => assumed(name, inputs, settings));
  const [first = '', more = '', cpuText = '', memoryText = '', labelText = '', taintText = ''] = texts;
  const labels = listed(labelText).map((label) => label.split('=', 2));
  const taints = listed(taintText).flatMap((taint) => parseTaint(taint) ?? []);
  const known = labels.length === 0 ? undefined : new Map(labels.map(([key = '', value = '']) => [key, value]));
  const { minor } = settings.kubernetesVersion;
  const said = saidOfNodes((name) => validAssumption(name, inputs, settings), minor);
  const kinds = [...new Set([first, ...listed(more)])].flatMap((name): readonly NodeKind[] => {
    if (name !== ownNodeName) {
      const shape = shapeNamed(name);
      return shape === undefined ? [] : [presetNode(shape, said)];
    }
    const [cpu, memory] = [cpuText, memoryText].map(parseKubernetesQuantity);
    const valid = (['nodeCpu', 'nodeMemory'] as const).every((each) => validAssumption(each, inputs, settings));
    return valid && cpu?.ok && memory?.ok ? [ownNode(cpu.quantity, memory.quantity, said)] : [];
  });
  return {
    kinds: kinds.map((kind) => ({ ...kind, template: withTraits(kind.template, known, taints) })),
    labels: known,
    taints,
    more: new Set(said.more?.keys()),
    key: [...texts, said.minor].join('\n'),
  };
});

function withTraits(
  template: NodeKind['template'],
  labels: ReadonlyMap<string, string> | undefined,
  taints: readonly Taint[],
): NodeKind['template'] {
  return { ...template, labels: new Map([...(template.labels ?? []), ...(labels ?? [])]), taints };
}

/** Labels that a cloud or the kubelet decides for each node: nobody can say one value of all nodes. */
const ofEachNode = /^(?:kubernetes\.io\/hostname|(?:topology|failure-domain\.beta)\.kubernetes\.io\/(?:zone|region))$/;

/** Whether it is known if the nodes have a label. */
export function labelIsKnown({ kinds, labels }: ChosenNodes, label: string): boolean {
  if (ofEachNode.test(label)) return false;
  return labels !== undefined || kinds.every(({ template }) => template.labels?.has(label) === true);
}

/** `m7g.large`, or what a node of one's own is called. */
export function kindName(name: string): string {
  return name === ownNodeName ? 'own node' : name;
}

/** What each kind of node leaves for pods, with everything that it keeps for itself. */
export function allocatableTable(kinds: readonly NodeKind[]): TableBlock {
  return {
    kind: 'table',
    caption: 'For pods, of each node',
    columns: ['CPU', 'memory', 'pods'],
    rows: kinds.map((kind) => ({
      head: kindName(kind.template.name),
      cells: allocatableFigures(kind).map((figure) => ({ kind: 'figure', figure })),
    })),
  };
}

/** CPU, memory and the number of pods. */
function allocatableFigures({ template, shape, capacityMilli, capacityBytes, parts }: NodeKind): readonly Figure[] {
  const where =
    shape === undefined
      ? 'A kubelet reserves nothing by itself: say what yours does.'
      : `${shape.name} on ${clouds[shape.cloud]}, as far as it is published.`;
  const estimate = (text: string, explanation: readonly string[]): Figure => ({
    text,
    certainty: 'estimate',
    explanation,
    fields: [],
  });
  const taken = (amount: (part: NodePart) => number, text: (amount: number) => string) =>
    parts
      .filter((part) => amount(part) > 0)
      .map((part) => `− ${text(amount(part))} ${part.kind}: ${part.formula} (${part.source})`);
  const [cpu, memory, pods] = ['cpu', 'memory', 'pods'].map((resource) => template.allocatable.get(resource) ?? 0);
  return [
    estimate(milliText(cpu ?? 0), [
      where,
      `${milliText(capacityMilli)} capacity`,
      ...taken((part) => Number(part.cpuMilli), milliText),
      `= ${milliText(cpu ?? 0)} allocatable`,
    ]),
    estimate(byteText(memory ?? 0), [
      where,
      `${byteText(capacityBytes)} capacity`,
      ...taken((part) => Number(part.memoryBytes), byteText),
      `= ${byteText(memory ?? 0)} allocatable`,
    ]),
    estimate(`${pods}`, [
      shape !== undefined && BigInt(pods ?? 0) !== estimateNode(shape).pods
        ? `The most pods on a node, as you say: ${pods}`
        : shape?.cloud === 'aws' && shape.enis !== undefined && shape.ipsPerEni !== undefined
          ? `${shape.enis} interfaces × (${shape.ipsPerEni} addresses − 1) + 2 = ${pods}`
          : `The most pods on a node: ${pods}`,
      'System pods that are not in view take some of these, and of the CPU and memory.',
    ]),
  ];
}
