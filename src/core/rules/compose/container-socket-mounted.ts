import { isEngineSocket } from '../../compose/machine-paths.ts';
import { readVolumes } from '../../compose/volumes.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/container-socket-mounted',
    rows: ['C302'],
    summary: 'A service should not have the socket of the container engine.',
    why: 'Whoever can talk to the socket of Docker, containerd or Podman can start a privileged container, and so owns the machine. Mounting it read-only changes nothing: requests are still answered. A proxy that lets only some requests through is the usual way out.',
    severity: 'warning',
    topic: 'security',
    messages: { mounted: '`{source}` is mounted: this service can control every container, and the machine' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  agent:\n    image: agent:2.1\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n',
        good: 'services:\n  agent:\n    image: agent:2.1\n    environment:\n      DOCKER_HOST: tcp://socket-proxy:2375\n',
      },
    ],
    options: {},
    sources: ['kics docker_socket_mounted_in_container', 'semgrep exposing-docker-socket-volume'],
  },
  *check(service) {
    for (const { source } of readVolumes(service)) {
      if (source === undefined || !isEngineSocket(source.value)) continue;
      yield { message: 'mounted', data: { source: source.value }, span: source.span };
    }
  },
});
