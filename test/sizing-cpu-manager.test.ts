import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hasFractionalBytes } from '../src/core/quantity/kubernetes.ts';
import {
  admitsTopology,
  allocateCpus,
  type CpuManagerPolicy,
  exclusiveCpus,
  reservedCpus,
  type TopologyPolicy,
} from '../src/core/sizing/cpu-manager.ts';
import { applyDefaults } from '../src/core/sizing/defaulting.ts';
import type { QosClass } from '../src/core/sizing/qos.ts';
import { pageBytes, type ResourceProblem, resourceProblems } from '../src/core/sizing/resource-validation.ts';
import { podResources, quantity, requirements, type SpelledResources } from './support/resources.ts';
import { runVectors } from './support/vectors.ts';

type CpuInput =
  | {
      readonly fn: 'exclusiveCPUs';
      readonly policy: CpuManagerPolicy;
      readonly qosClass: QosClass;
      readonly cpuRequest: string;
    }
  | {
      readonly fn: 'reservedCPUs';
      readonly kubeReserved: string;
      readonly systemReserved: string;
      readonly totalCPUs: number;
    }
  | { readonly fn: 'fullPCPUsOnly'; readonly threadsPerCore: number; readonly request: number }
  | { readonly fn: 'validateResources'; readonly resources: SpelledResources }
  | {
      readonly fn: 'topology';
      readonly policy: TopologyPolicy;
      readonly freePerNuma: readonly number[];
      readonly request: number;
    }
  | {
      readonly fn: 'staticPolicyAllocate';
      readonly assignableCPUs: number;
      readonly threadsPerCore: number;
      readonly cpuRequest: string;
      readonly cpuLimit: string;
      readonly fullPCPUsOnly: boolean;
    };

/** The API server's words for the rule. */
function reasonOf({ rule, resource }: ResourceProblem): string {
  switch (rule) {
    case 'the limit must be set':
      return 'Limit must be set for non overcommitable resources';
    case 'must be a multiple of the page size':
      return 'must be a multiple of page size';
    case 'requires cpu or memory':
      return 'HugePages require cpu or memory';
    case 'must be equal to the limit':
      return 'must be equal to limit';
    case 'must be less than or equal to the limit':
      return `must be less than or equal to ${resource} limit`;
    default:
      return rule;
  }
}

function validation(resources: SpelledResources): Readonly<Record<string, unknown>> {
  const { pod, filled } = applyDefaults(podResources({ containers: [{ resources }] }));
  const container = pod.containers[0] ?? requirements();
  const [problem] = resourceProblems(container);
  if (problem !== undefined) return { valid: false, reason: reasonOf(problem) };
  const memory = container.requests.get('memory');
  if (memory !== undefined && hasFractionalBytes(memory)) {
    return { valid: true, reason: 'accepted with a warning: fractional byte value' };
  }
  return { valid: true, filled: filled.length };
}

function cpuValues(input: CpuInput): Readonly<Record<string, unknown>> {
  switch (input.fn) {
    case 'exclusiveCPUs': {
      const exclusive = exclusiveCpus(input.policy, input.qosClass, quantity(input.cpuRequest));
      return { exclusiveCPUs: exclusive, cpuQuotaDisabled: exclusive > 0 };
    }
    case 'reservedCPUs': {
      const reserved = reservedCpus(quantity(input.kubeReserved), quantity(input.systemReserved));
      if (reserved === undefined) return { error: true };
      return { reservedCPUs: reserved, assignableExclusive: input.totalCPUs - reserved };
    }
    case 'fullPCPUsOnly': {
      const { threadsPerCore } = input;
      const { kind } = allocateCpus(input.request, { assignable: 64, threadsPerCore, fullCoresOnly: true });
      return { admitted: kind === 'admitted', ...(kind === 'misaligned' && { reason: 'SMTAlignmentError' }) };
    }
    case 'validateResources':
      return validation(input.resources);
    case 'topology': {
      const nodes = input.freePerNuma.map((free) => ({ cpus: free, free }));
      return { admitted: admitsTopology(input.policy, nodes, input.request) };
    }
    case 'staticPolicyAllocate': {
      const qosClass = input.cpuRequest === input.cpuLimit ? 'Guaranteed' : 'Burstable';
      const admission = allocateCpus(exclusiveCpus('static', qosClass, quantity(input.cpuRequest)), {
        assignable: input.assignableCPUs,
        threadsPerCore: input.threadsPerCore,
        fullCoresOnly: input.fullPCPUsOnly,
      });
      const admitted = admission.kind === 'admitted';
      return { exclusiveCPUs: admitted ? admission.exclusive : 0, error: !admitted };
    }
  }
}

runVectors<CpuInput, Readonly<Record<string, unknown>>>('cpu-manager', 44, (input, expected) => {
  const actual = cpuValues(input);
  // A valid entry's reason says which request was filled in, or nothing.
  const said = typeof expected.reason === 'string' && actual.filled !== undefined ? expected.reason : undefined;
  const told = said !== undefined;
  if (told) assert.ok(said === '' || (said.startsWith('request defaults to') && actual.filled === 1));
  const { reason, ...plain } = expected;
  const wanted = told ? plain : expected;
  assert.ok(Object.keys(wanted).length > 0);
  assert.deepEqual(Object.fromEntries(Object.entries(actual).filter(([key]) => key in wanted)), wanted);
});

describe('exclusive CPUs', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 32 }), { minLength: 1, maxLength: 4 });

  it('are admitted by a stricter topology only where a looser one admits them', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 1, max: 64 }), (totals, used, cpus) => {
        const nodes = totals.map((total, index) => ({ cpus: total, free: Math.max(0, total - (used[index] ?? 0)) }));
        const admits = (policy: TopologyPolicy) => admitsTopology(policy, nodes, cpus);
        assert.ok(!admits('single-numa-node') || admits('restricted'));
        assert.ok(!admits('restricted') || nodes.reduce((sum, { free }) => sum + free, 0) >= cpus);
        assert.ok(admits('best-effort') && admits('none'));
      }),
    );
    const halfUsed = [
      { cpus: 8, free: 4 },
      { cpus: 8, free: 4 },
    ];
    assert.ok(!admitsTopology('restricted', halfUsed, 6));
    assert.ok(!admitsTopology('restricted', [{ cpus: 8, free: 8 }], 9));
  });

  it('are never more than can be given', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 64 }),
        fc.integer({ min: 0, max: 64 }),
        fc.boolean(),
        (cpus, assignable, full) => {
          const admission = allocateCpus(cpus, { assignable, threadsPerCore: 2, fullCoresOnly: full });
          if (admission.kind === 'admitted') assert.ok(admission.exclusive <= assignable);
          if (admission.kind === 'admitted' && full) assert.equal(admission.exclusive % 2, 0);
        },
      ),
    );
  });
});

describe('huge pages and extended resources', () => {
  it('are refused in one place each', () => {
    const rules = (spelled: SpelledResources) =>
      resourceProblems(requirements(spelled)).map(({ part, resource, rule }) => [part, resource, rule]);
    assert.deepEqual(rules({ limits: { 'hugepages-2Mi': '3Mi', 'example.com/dongle': '0.5' } }), [
      ['limits', 'hugepages-2Mi', 'must be a multiple of the page size'],
      ['limits', 'example.com/dongle', 'must be an integer'],
      ['limits', 'hugepages-2Mi', 'requires cpu or memory'],
    ]);
    assert.deepEqual(rules({ requests: { 'hugepages-1Gi': '1Gi', memory: '1Gi' } }), [
      ['requests', 'hugepages-1Gi', 'the limit must be set'],
    ]);
    assert.deepEqual(rules({ requests: { 'deviceclass.resource.kubernetes.io/gpu': '1' } }), []);
    assert.deepEqual(rules({ limits: { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': '2' } }), []);
  });

  it('have the size of page that their name says', () => {
    assert.equal(pageBytes('hugepages-2Mi'), 2n << 20n);
    assert.equal(pageBytes('hugepages-1Gi'), 1n << 30n);
    for (const wrong of ['hugepages-', 'hugepages-x', 'memory', 'hugepages-0', 'hugepages-1m']) {
      assert.equal(pageBytes(wrong), undefined, wrong);
    }
  });
});
