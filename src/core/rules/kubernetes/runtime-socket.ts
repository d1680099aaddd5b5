import { defineRule } from '../../engine/rule.ts';
import { knownItems, knownText } from '../../yaml/field.ts';
import { chosenByValues } from './parts/chosen-by-values.ts';

const pod = (path: string) => `apiVersion: v1
kind: Pod
metadata:
  name: builder
spec:
  containers:
    - name: builder
      image: builder:1.4
  volumes:
    - name: host
      hostPath:
        path: ${path}
`;

/** The sockets that container runtimes listen on. */
const socket =
  /(?:^|\/)(?:docker|containerd|cri-?o|crio|dockershim|cri-dockerd|podman|buildkitd|frakti|rktlet)\.sock\/?$/;

/** They look for Docker's socket only. */
const ofDocker = [
  'kube-linter docker-sock',
  'checkov CKV_K8S_27',
  'trivy KSV-0006',
  'kubesec DockerSock',
  'kics docker_daemon_socket_is_exposed_to_containers',
  'semgrep exposing-docker-socket-hostpath',
  'datree CONTAINERS_INCORRECT_PATH_DOCKERSOCKET',
] as const;

const others = [
  'kube-linter container-runtime-sock',
  'kubescape C-0074',
  'sonar S6429',
  'monokle KBP101',
  'kyverno disallow-cri-sock-mount',
] as const;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/runtime-socket',
    rows: ['K504'],
    summary: 'A pod should not talk to the container runtime of its node.',
    why: 'Through the socket of Docker, containerd or CRI-O a process starts privileged containers past the API server, and so owns the node and all pods on it. Mounting it read-only does not help: requests are sent, not written. Images can be built without it, by BuildKit or Buildah in a pod.',
    severity: 'warning',
    topic: 'security',
    messages: { mounted: 'Whoever reaches `{socket}` can start any container on the node' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod('/run/containerd/containerd.sock'), good: pod('/var/cache/builder') }],
    options: {},
    sources: [...ofDocker, ...others],
  },
  *check(workload) {
    for (const { node } of knownItems(workload.spec, 'volumes')) {
      const path = knownText(node, 'hostPath', 'path');
      if (path === undefined || !socket.test(path.value) || chosenByValues(workload, path.span)) continue;
      const docker = path.value.endsWith('docker.sock');
      yield { message: 'mounted', data: { socket: path.value }, span: path.span, ...(!docker && { peers: others }) };
    }
  },
});
