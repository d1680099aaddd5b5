import type { Settings } from '../../engine/settings.ts';
import { type KubernetesQuantity, milliValue, parseKubernetesQuantity } from '../../quantity/kubernetes.ts';
import { articleCpu, articleMemory } from '../../sizing/article.ts';
import { containerCpu } from '../../sizing/cgroup-cpu.ts';
import { containerAt } from '../../sizing/resources.ts';
import { lastFor, sameFor } from '../../text/once-for.ts';
import { type Inputs, inputView, validAssumption } from '../assumptions.ts';
import { bytes, cores, percent } from '../explain.ts';
import type { Sized } from '../load.ts';
import { located } from '../load-figures.ts';
import { doubtsOf } from '../pod-values.ts';
import { kubeletBlocks, kubeletInputs } from './kubelet-blocks.ts';
import type { Section } from './section.ts';
import type { Block, FormulaBlock } from './section-view.ts';

/** Workloads whose formulas are shown: more would bury the rest of the panel. */
const shown = 3;

const names = ['nodeCpu', 'nodeMemory', 'memoryOverhead'] as const;
const inputsBlock = lastFor((settings: Settings, inputs: Inputs): Block => {
  return { kind: 'inputs', inputs: names.map((name) => inputView(name, inputs, settings)) };
});
const kubeletBlock = lastFor((settings: Settings, inputs: Inputs): Block => {
  return { kind: 'inputs', inputs: kubeletInputs(settings, inputs) };
});

/** The article's two formulas, filled in for the first app containers, and what really happens. */
export const shares: Section = (scope) => {
  const { parsed, sized, inputs, settings } = scope;
  const shownOnes: Sized[] = [];
  for (const one of sized) {
    if (one.workload.source.kind === 'kubernetes') shownOnes.push(one);
    if (shownOnes.length === shown) break;
  }
  const assumptions = asKept(parsed, {
    nodeCpu: validAssumption('nodeCpu', inputs, settings) ?? '',
    overhead: validAssumption('memoryOverhead', inputs, settings) ?? '',
    isAlone: shownOnes.length === 1,
  });
  const formulas = shownOnes.flatMap((one) => formulasOf(one, assumptions));
  if (formulas.length === 0) return undefined;
  return {
    id: 'shares',
    title: 'Shares',
    telling: 'from the article',
    blocks: [
      inputsBlock(settings, inputs),
      ...formulas,
      kubeletBlock(settings, inputs),
      ...kubeletBlocks(scope, shownOnes),
      {
        kind: 'text',
        tone: 'quiet',
        text: 'Kubernetes computes no limits: request and headroom make a fine one, as a rule of thumb.',
      },
    ],
  };
};

interface Assumptions {
  readonly nodeCpu: string;
  readonly overhead: string;
  /** No other workload is shown. */
  readonly isAlone: boolean;
}

const asKept = sameFor<Assumptions>();

const formulasOf = lastFor(
  ({ workload, values }: Sized, { nodeCpu, overhead, isAlone }: Assumptions): readonly FormulaBlock[] => {
    const placed = values.containers.find(({ ref }) => ref.list === 'containers');
    const container = placed && containerAt(values.defaulted.pod, placed.ref)?.container;
    if (placed === undefined || container === undefined) return [];
    const { fields } = placed;
    const doubtful = (resource: 'cpu' | 'memory') =>
      [doubtsOf(values, resource, 'requests', fields), doubtsOf(values, resource, 'limits', fields)].flat().length > 0;
    const owners = [...(isAlone ? [] : [workload.name]), ...(values.containers.length > 1 ? [fields.name] : [])];
    const whose = owners.length === 0 ? '' : `${owners.join('/')}: `;
    const cpu: Filled = doubtful('cpu')
      ? undecided
      : fillCpu(
          container.requests.get('cpu'),
          container.limits.get('cpu'),
          nodeCpu,
          containerCpu(container, values.defaulted.pod.podLevel).weightQuadratic,
        );
    const memory: Filled = doubtful('memory')
      ? undecided
      : fillMemory(container.requests.get('memory'), container.limits.get('memory'), overhead);
    return [
      formula(`${whose}CPU_core = CPU_request ÷ CPU_limit × CPU_total`, cpu, [fields.cpu.request, fields.cpu.limit]),
      formula(`${whose}Memory_limit = Memory_request + Memory_overhead`, memory, [
        fields.memory.request,
        fields.memory.limit,
      ]),
    ];
  },
);

interface Filled {
  readonly filledIn: string;
  readonly result: string;
  readonly reality: string;
}

const undecided: Filled = {
  filledIn: 'not known here',
  result: 'unknown',
  reality: 'A value that it needs is decided elsewhere, or is no quantity.',
};

function fillCpu(
  request: KubernetesQuantity | undefined,
  limit: KubernetesQuantity | undefined,
  nodeText: string,
  weight: number,
): Filled {
  const node = read(nodeText);
  const asked = request?.nano ?? 0n;
  if (node === undefined) return { ...undecided, reality: 'It needs the CPU of the node.' };
  const inputs = { requestMilli: request === undefined ? 0n : milliValue(request), nodeMilli: milliValue(node) };
  const contended = `under contention it gets CPU in proportion to its weight, ${weight}, which is about its request, ${cores(asked)}`;
  if (limit === undefined || limit.nano === 0n) {
    return {
      filledIn: `${cores(asked)} ÷ no limit × ${cores(node.nano)}`,
      result: 'no value',
      reality: `Linux does otherwise: ${contended}; on an idle node, all of it, as there is no limit.`,
    };
  }
  const article = articleCpu({ ...inputs, limitMilli: milliValue(limit), neighbourRequestsMilli: [] });
  const ceiling = cores(BigInt(Math.round(article.ceilingMilli)) * 1_000_000n);
  const promised = percent(asked, limit.nano);
  const over = article.exceedsCeiling ? ' That is less than the formula says.' : '';
  return {
    filledIn: `${cores(asked)} ÷ ${cores(limit.nano)} × ${cores(node.nano)}`,
    result: cores(BigInt(Math.round((article.articleMilli ?? 0) * 1_000_000))),
    reality:
      `Linux does otherwise: the quota stops it at ${ceiling}, on an idle node too.${over} ` +
      `${contended.charAt(0).toUpperCase()}${contended.slice(1)} (${promised ?? '0 %'} of the limit).`,
  };
}

function fillMemory(
  request: KubernetesQuantity | undefined,
  limit: KubernetesQuantity | undefined,
  overheadText: string,
): Filled {
  const overhead = read(overheadText);
  if (overhead === undefined) return { ...undecided, reality: 'It needs the overhead.' };
  const asked = request ?? { nano: 0n, format: 'BinarySI' as const };
  const { suggestedLimit, containerMax } = articleMemory(asked, overhead, limit);
  const now =
    containerMax === undefined
      ? 'There is no limit now: nothing stops the container before the node runs out.'
      : `The limit is ${bytes(containerMax.nano)} now, and the kernel kills the container beyond it.`;
  return {
    filledIn: `${bytes(asked.nano)} + ${bytes(overhead.nano)}`,
    result: bytes(suggestedLimit.nano),
    reality: now,
  };
}

function formula(
  text: string,
  { filledIn, result, reality }: Filled,
  fields: Parameters<typeof located>[0],
): FormulaBlock {
  return {
    kind: 'formula',
    formula: text,
    filledIn,
    result: {
      text: result,
      certainty: 'rule of thumb',
      explanation: [text, `= ${filledIn} = ${result}`, reality],
      fields: located(fields),
    },
    remark: reality,
  };
}

function read(text: string): KubernetesQuantity | undefined {
  const parsed = parseKubernetesQuantity(text.trim());
  return parsed.ok && parsed.quantity.nano >= 0n ? parsed.quantity : undefined;
}
