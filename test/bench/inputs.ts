/** Fixed inputs, made here so that every run measures the same text. */
import { quantityOf, quantityOfMilli } from '../../src/core/quantity/kubernetes.ts';
import type { PodResources, ResourceList } from '../../src/core/sizing/resources.ts';

function deployment(number: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-${number}
  namespace: team-${number % 12}
  labels:
    app: service-${number}
spec:
  replicas: ${1 + (number % 4)}
  selector:
    matchLabels:
      app: service-${number}
  template:
    metadata:
      labels:
        app: service-${number}
    spec:
      securityContext:
        runAsNonRoot: true
      containers:
        - name: web
          image: registry.example.com/team/service-${number}:1.${number}.0
          ports:
            - name: http
              containerPort: 8080
          resources:
            requests:
              cpu: ${50 + (number % 20) * 10}m
              memory: ${64 + (number % 16) * 16}Mi # from last month's peak
            limits:
              memory: ${128 + (number % 16) * 32}Mi
          readinessProbe:
            httpGet:
              path: /ready
              port: http`;
}

function service(number: number): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: service-${number}
  namespace: team-${number % 12}
  labels:
    app: service-${number}
spec:
  selector:
    app: service-${number}
  ports:
    - name: http
      port: 80
      targetPort: http`;
}

function configMap(number: number): string {
  const lines = Array.from({ length: 42 }, (_, line) => `  option-${line}: "value ${number * line} of ${line}"`);
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: service-${number}\n  namespace: team-${number % 12}\ndata:\n${lines.join('\n')}`;
}

/** 300 documents and at least 10,000 lines: Deployments, Services and ConfigMaps as a rendered chart has them. */
export function largeManifest(): string {
  const documents = Array.from({ length: 100 }, (_, number) => [
    deployment(number),
    service(number),
    configMap(number),
  ]).flat();
  return `${documents.join('\n---\n')}\n`;
}

/** 200 lines in five stages. */
export function dockerfile(): string {
  const stage = (name: string, base: string) => `FROM ${base} AS ${name}
ARG VERSION=1.0
ENV APP_HOME=/opt/app \\
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR $APP_HOME
# What the build needs
RUN apt-get update && \\
    apt-get install -y --no-install-recommends \\
      build-essential \\
      ca-certificates \\
      curl \\
      git && \\
    rm -rf /var/lib/apt/lists/*
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
COPY --chown=1000:1000 src ./src
RUN set -eux; \\
    for tool in one two three; do \\
      curl -fsSL "https://example.com/$tool-$VERSION.tar.gz" -o "/tmp/$tool.tar.gz"; \\
      tar -xzf "/tmp/$tool.tar.gz" -C /usr/local; \\
      rm "/tmp/$tool.tar.gz"; \\
    done
RUN <<EOF
set -e
useradd --uid 1000 app
mkdir -p /var/lib/app
chown app /var/lib/app
EOF
LABEL org.opencontainers.image.title="$VERSION" \\
      org.opencontainers.image.vendor="example"
EXPOSE 8080/tcp
HEALTHCHECK --interval=30s CMD ["curl", "-f", "http://localhost:8080/health"]
VOLUME ["/var/lib/app"]
STOPSIGNAL SIGTERM
SHELL ["/bin/sh", "-c"]
USER 1000:1000
ENTRYPOINT ["python", "-m", "app"]
CMD ["--workers", "2"]
`;
  const names = ['base', 'build', 'lint', 'test', 'final'];
  const head = Array.from({ length: 9 }, (_, line) => `# ${line + 1} of the notes at the top of the file\n`).join('');
  return head + names.map((name, at) => stage(name, at === 0 ? 'python:3.13-slim' : 'base')).join('');
}

/** About 60 services. */
export function composeFile(): string {
  const one = (number: number) => `  service-${number}:
    image: registry.example.com/service-${number}:1.${number}
    ports:
      - "127.0.0.1:${8000 + number}:8080"
    environment:
      LEVEL: info
    deploy:
      resources:
        limits:
          cpus: "0.5"
          memory: 256M
          pids: 100`;
  return `services:\n${Array.from({ length: 60 }, (_, number) => one(number)).join('\n')}\n`;
}

/** As many workloads as one page of a large company shows, each with the pod that it makes. */
export function workloads(count: number): readonly { readonly pod: PodResources; readonly replicas: number }[] {
  const list = (cpuMilli: number, memoryMiB: number): ResourceList =>
    new Map([
      ['cpu', quantityOfMilli(BigInt(cpuMilli), 'DecimalSI')],
      ['memory', quantityOf(BigInt(memoryMiB) << 20n, 'BinarySI')],
    ]);
  return Array.from({ length: count }, (_, number) => {
    const requests = list(50 + (number % 20) * 40, 64 + (number % 37) * 48);
    const limits = list(100 + (number % 20) * 80, 128 + (number % 37) * 64);
    const containers = [{ name: 'web', requests, limits }];
    const initContainers = [{ name: 'proxy', requests: list(20, 32), limits: list(100, 64), sidecar: true }];
    return {
      pod: { containers, initContainers, podLevel: undefined, overhead: new Map() },
      replicas: 2 + (number % 17),
    };
  });
}

/** Files of a workspace, ten to a folder with a kustomization: a Deployment, its Service and its ConfigMap in each. */
export function manifestFiles(count: number): readonly { path: string; languageId: string; text: string }[] {
  return Array.from({ length: count }, (_, number) => {
    const folder = `/bench/app-${Math.floor(number / 10)}`;
    if (number % 10 > 0)
      return {
        path: `${folder}/service-${number}.yaml`,
        languageId: '',
        text: `${[deployment(number), service(number), configMap(number)].join('\n---\n')}\n`,
      };
    const taken = Array.from({ length: 9 }, (_, at) => `  - service-${number + at + 1}.yaml`).join('\n');
    return { path: `${folder}/kustomization.yaml`, languageId: '', text: `resources:\n${taken}\n` };
  });
}
