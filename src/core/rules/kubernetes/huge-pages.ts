import { defineRule } from '../../engine/rule.ts';
import { resourcePath } from '../../kubernetes/container.ts';
import type { Container } from '../../kubernetes/model.ts';
import { pageBytes } from '../../sizing/resource-validation.ts';
import { isHugePages } from '../../sizing/resources.ts';
import { mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { nanos } from './parts/quantities.ts';

const bytes = 1_000_000_000n;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/huge-pages',
    rows: ['H109'],
    summary: 'Huge pages need whole pages of a size that exists, and CPU or memory beside them.',
    why: 'Huge pages are set aside on a node in one or two sizes. The API server refuses a container that asks for a part of a page, or for huge pages and neither CPU nor memory beside them. A size that no node has, `hugepages-2M`, leaves the pod Pending.',
    severity: 'error',
    topic: 'resources',
    messages: {
      alone: 'Huge pages without CPU or memory beside them: the API server refuses it',
      part: '{value} is no whole number of pages of {size}: the API server refuses it',
      size: 'No node has {resource}: page sizes are written as in hugepages-2Mi or hugepages-1Gi',
    },
    titles: {
      memory: 'Add a memory limit to complete',
      whole: 'Set it to {whole}, whole pages',
      size: 'Ask for {known}',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: db:1.4
      resources:
        limits:
          memory: 1Gi
          hugepages-2Mi: 511Mi
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: db:1.4
      resources:
        limits:
          memory: 1Gi
          hugepages-2Mi: 512Mi
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(container) {
    const names = new Set([...container.limits.keys(), ...container.requests.keys()]);
    const pages = [...names].filter(isHugePages);
    const [first] = pages;
    if (first === undefined) return;
    const { document, context } = container.workload.object;
    if (!names.has('cpu') && !names.has('memory') && context !== 'patch' && !hidden(container)) {
      const written = container.limits.get(first) ?? container.requests.get(first);
      if (written !== undefined) {
        const path = resourcePath(container, 'limits', 'memory');
        yield {
          message: 'alone',
          span: written.span,
          fixes: patchFix(document, {
            title: 'memory',
            safety: 'manual',
            patches: [{ kind: 'set', path, value: '<memory>' }],
          }),
        };
      }
    }
    for (const resource of pages) {
      const amount = container.limits.get(resource) ?? container.requests.get(resource);
      if (amount === undefined) continue;
      const page = pageBytes(resource);
      const value = nanos(amount.value);
      if (page === undefined || !/^hugepages-[0-9]+[KMG]i$/.test(resource)) {
        const known = meantSize(resource);
        const parts = (['limits', 'requests'] as const).filter((part) => container[part].has(resource));
        yield {
          message: 'size',
          data: { resource, known: known ?? '' },
          severity: 'warning',
          span: amount.span,
          fixes:
            known === undefined
              ? []
              : patchFix(document, {
                  title: 'size',
                  safety: 'suggested',
                  patches: parts.map((part) => ({
                    kind: 'rename',
                    path: resourcePath(container, part, resource),
                    key: known,
                  })),
                }),
        };
      } else if (value !== undefined && value % (page * bytes) !== 0n) {
        const mebibytes = ((value / (page * bytes) + 1n) * page) >> 20n;
        const whole = `${mebibytes}Mi`;
        const parts = (['limits', 'requests'] as const).filter((part) => container[part].has(resource));
        yield {
          message: 'part',
          data: { value: amount.value, size: resource.slice('hugepages-'.length), whole },
          span: amount.span,
          fixes:
            page < 1n << 20n || value < 0n
              ? []
              : patchFix(document, {
                  title: 'whole',
                  safety: 'suggested',
                  patches: parts.map((part) => ({
                    kind: 'set',
                    path: resourcePath(container, part, resource),
                    value: whole,
                  })),
                }),
        };
      }
    }
  },
});

/** `hugepages-2M` and `hugepages-2MB` are most likely of 2 MiB: processors have no other pages. */
function meantSize(resource: string): string | undefined {
  const [, number, unit] = /^hugepages-([0-9]+)([kmg])(?:i?b)?$/i.exec(resource) ?? [];
  return number === undefined || unit === undefined ? undefined : `hugepages-${number}${unit.toUpperCase()}i`;
}

function hidden({ node }: Container): boolean {
  return ['limits', 'requests'].some((part) => mayHide(node, 'resources', part)) || mayHide(node, 'resources');
}
