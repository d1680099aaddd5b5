import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

interface Sharing {
  readonly gain: string;
  readonly peers: readonly string[];
}

const sharings: Readonly<Record<string, Sharing>> = {
  pid: { gain: 'sees and signals every process of the machine', peers: ['kics host_namespace_is_shared'] },
  ipc: { gain: 'shares memory with every process of the machine', peers: ['kics shared_host_ipc_namespace'] },
  network_mode: {
    gain: 'listens on the machine itself, and `ports` says nothing any more',
    peers: ['kics shared_host_network_namespace'],
  },
  userns_mode: { gain: 'has root that is root on the machine', peers: ['kics shared_host_user_namespace'] },
  uts: { gain: "can change the machine's name", peers: [] },
  cgroup: { gain: 'sees the control groups of the machine', peers: [] },
};

export default defineRule('compose-service', {
  meta: {
    id: 'compose/host-namespace',
    rows: ['C308'],
    summary: 'A service should have namespaces of its own.',
    why: "Namespaces are what makes a container one. Each that is shared with the machine takes away a wall: with `pid: host` a service can look into other processes, with `network_mode: host` it reaches what listens on the machine's loopback alone. Sharing the network is common for agents and local tools, and information only.",
    severity: 'warning',
    topic: 'security',
    messages: {
      shared: '`{key}: host`: this service {gain}',
      parent: 'Below the control group `{group}` of the machine: its limits hold instead of those of Docker',
    },
    titles: { remove: 'Remove {key}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  agent:\n    image: agent:2.1\n    pid: host\n',
        good: 'services:\n  agent:\n    image: agent:2.1\n',
      },
    ],
    options: {},
    sources: [
      'kics host_namespace_is_shared',
      'kics shared_host_ipc_namespace',
      'kics shared_host_network_namespace',
      'kics shared_host_user_namespace',
      'kics cgroup_not_default',
    ],
  },
  *check({ node, path, file }) {
    for (const [key, { gain, peers }] of Object.entries(sharings)) {
      const value = knownText(node, key);
      if (value?.value !== 'host') continue;
      yield {
        message: 'shared',
        data: { key, gain },
        peers,
        span: value.span,
        ...(key === 'network_mode' && { severity: 'information' }),
        fixes: patchFix(file.document, {
          title: 'remove',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...path, key] }],
        }),
      };
    }
    const parent = knownText(node, 'cgroup_parent');
    if (parent === undefined || parent.value === '' || parent.value.includes('$')) return;
    yield {
      message: 'parent',
      data: { group: parent.value },
      span: parent.span,
      severity: 'information',
      peers: ['kics cgroup_not_default'],
      fixes: patchFix(file.document, {
        title: 'remove',
        data: { key: 'cgroup_parent' },
        safety: 'suggested',
        patches: [{ kind: 'remove', path: [...path, 'cgroup_parent'] }],
      }),
    };
  },
});
