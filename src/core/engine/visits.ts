import type { ComposeFile } from '../compose/model.ts';
import type { KubernetesObject } from '../kubernetes/model.ts';
import type { Visit } from './run.ts';

/** Everything in one document's objects. */
export function* visitObjects(objects: Iterable<KubernetesObject>): Generator<Visit> {
  for (const object of objects) {
    yield ['kubernetes-object', object];
    if (object.workload === undefined) continue;
    yield ['workload', object.workload];
    for (const container of object.workload.containers) yield ['container', container];
  }
}

export function* visitCompose(file: ComposeFile): Generator<Visit> {
  yield ['compose-file', file];
  for (const service of file.services) yield ['compose-service', service];
}
