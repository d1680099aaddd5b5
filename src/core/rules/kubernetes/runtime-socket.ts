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
    sources: [
      'kube-linter docker-sock',
      'kube-linter container-runtime-sock',
      'checkov CKV_K8S_27',
      'trivy KSV-0006',
      'kubescape C-0074',
      'kubesec DockerSock',
      'kics docker_daemon_socket_is_exposed_to_containers',
      'sonar S6429',
      'semgrep exposing-docker-socket-hostpath',
      'datree CONTAINERS_INCORRECT_PATH_DOCKERSOCKET',
      'monokle KBP101',
      'kyverno disallow-cri-sock-mount',
    ],
  },
  *check(workload) {
    for (const { node } of knownItems(workload.spec, 'volumes')) {
      const path = knownText(node, 'hostPath', 'path');
      if (path === undefined || !socket.test(path.value) || chosenByValues(workload, path.span)) continue;
      yield { message: 'mounted', data: { socket: path.value }, span: path.span };
    }
  },
});
