import { saidOfNodes } from '../../../engine/node-assumptions.ts';
import { defaultSettings, type Settings } from '../../../engine/settings.ts';
import { parseKubernetesQuantity } from '../../../quantity/kubernetes.ts';
import { ownNode, ownNodeName, presetNode, shapeNamed } from '../../../sizing/node-choice.ts';
import type { PodResources } from '../../../sizing/resources.ts';
import { podAmounts, type SchedulerAmounts } from '../../../sizing/scheduler-units.ts';

export interface ChosenNode {
  readonly name: string;
  /** Of the resources that somebody has said, or that are published. */
  readonly amounts: SchedulerAmounts;
}

const devices = ['nvidia.com/gpu', 'amd.com/gpu', 'aws.amazon.com/neuron'];

/** The nodes that the settings name; none where they only have what they have by default. */
export function chosenNodes({ assumptions, node, kubernetesVersion }: Settings): readonly ChosenNode[] {
  const texts: Readonly<Record<string, string | undefined>> = assumptions;
  const said = saidOfNodes((name) => texts[name], kubernetesVersion.minor);
  const names = [assumptions.nodeShape ?? ownNodeName, ...(assumptions.moreNodeShapes ?? '').split(',')]
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...new Set(names)].flatMap((name): readonly ChosenNode[] => {
    if (name !== ownNodeName) {
      const shape = shapeNamed(name);
      if (shape === undefined) return [];
      const { allocatable } = presetNode(shape, said).template;
      return [{ name, amounts: new Map([...devices.map((device) => [device, 0] as const), ...allocatable]) }];
    }
    const cpu = assumptions.nodeCpu ?? (node.cpu === defaultSettings.node.cpu ? undefined : node.cpu);
    const memory = assumptions.nodeMemory ?? (node.memory === defaultSettings.node.memory ? undefined : node.memory);
    const [cores, bytes] = [cpu ?? node.cpu, memory ?? node.memory].map(parseKubernetesQuantity);
    if ((cpu === undefined && memory === undefined) || !cores?.ok || !bytes?.ok) return [];
    const { allocatable } = ownNode(cores.quantity, bytes.quantity, said).template;
    const known = new Map([
      ['cpu', cpu !== undefined],
      ['memory', memory !== undefined],
    ]);
    return [
      {
        name: 'the node',
        amounts: new Map([...allocatable].filter(([resource]) => resource !== 'pods' && known.get(resource) !== false)),
      },
    ];
  });
}

/** Whether the pod's requests are no more than what is known of the empty node. */
export function fits(pod: PodResources, { amounts }: ChosenNode): boolean {
  return [...podAmounts(pod)].every(
    ([resource, wanted]) => wanted <= (amounts.get(resource) ?? Number.POSITIVE_INFINITY),
  );
}
