import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject, NeighbourObject, PlacedObject } from '../../kubernetes/model.ts';
import { sameNamespace } from '../../kubernetes/service.ts';
import type { Span } from '../../text/span.ts';
import { knownText } from '../../yaml/field.ts';
import { ingressRules, isIngress } from './parts/ingress.ts';

const ingress = (path: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /cart
            pathType: Prefix
            backend: { service: { name: cart, port: { number: 80 } } }
          - path: ${path}
            pathType: Prefix
            backend: { service: { name: pay, port: { number: 80 } } }
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/ingress-path-repeated',
    rows: ['K709'],
    summary: 'A path of a host should be in one Ingress once.',
    why: 'Where two entries are for the same host and path, one of them gets no requests: which one depends on the controller, and often on which was there first.',
    severity: 'warning',
    topic: 'network',
    messages: { again: '{host}{path} is routed already', first: 'The other route of {host}{path}' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'web.yaml', bad: ingress('/cart'), good: ingress('/pay') }],
    options: {},
    sources: ['kyverno unique-ingress-host-and-path'],
  },
  *check(file) {
    const seen = new Map<string, Route[]>();
    for (const placed of file.objects) {
      for (const route of routesOf(placed)) {
        const key = `${route.host}\n${route.path}\n${route.type}`;
        const others = seen.get(key) ?? [];
        const first = others.find((other) => clash(other, route));
        seen.set(key, [...others, route]);
        if (first === undefined) continue;
        yield {
          message: 'again',
          data: { host: route.host, path: route.path },
          span: route.span,
          offset: placed.start,
          related: [{ message: 'first', span: first.span, neighbour: first.placed }],
        };
      }
    }
  },
});

interface Route {
  readonly placed: PlacedObject | NeighbourObject;
  readonly host: string;
  readonly path: string;
  readonly type: string;
  readonly span: Span;
}

function routesOf(placed: PlacedObject): readonly Route[] {
  const { object } = placed;
  // Canaries and the like share a path on purpose; of a template's branches only one is taken.
  if (!isIngress(object) || object.context !== 'manifest' || hasRoutingAnnotation(object)) return [];
  return ingressRules(object).flatMap(({ node, paths, host }) => {
    const name = knownText(node, 'host')?.value ?? '';
    if (host === 'unknown') return [];
    return paths.flatMap(({ node: item }) => {
      const path = knownText(item, 'path');
      const type = knownText(item, 'pathType')?.value ?? '';
      return path === undefined ? [] : [{ placed, host: name, path: path.value, type, span: path.span }];
    });
  });
}

function hasRoutingAnnotation({ annotations }: KubernetesObject): boolean {
  return [...annotations.keys()].some((key) => /canary|mergeable|conditions\.|weight|priority|group\.order/.test(key));
}

/** Rules without a host of two Ingresses are told apart by their controllers more often than not. */
function clash(a: Route, b: Route): boolean {
  if (a.placed === b.placed) return true;
  const [first, second] = [a.placed.object, b.placed.object];
  if (a.host === '' || sameNamespace(first, second) !== 'yes' || first.name?.value === second.name?.value) return false;
  return classOf(first) === classOf(second);
}

function classOf({ root, annotations }: KubernetesObject): string | undefined {
  return knownText(root, 'spec', 'ingressClassName')?.value ?? annotations.get('kubernetes.io/ingress.class')?.value;
}
