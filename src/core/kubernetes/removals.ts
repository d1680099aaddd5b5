import { type ApiRemoval, apiRemovals } from '../../data/api-removals.ts';

const rows: ReadonlyMap<string, ApiRemoval> = new Map(apiRemovals.map((row) => [`${row.apiVersion} ${row.kind}`, row]));

/** What is known of the end of an API version of a kind; undefined where it is current, or no kind of Kubernetes. */
export function removalOf(apiVersion: string, kind: string): ApiRemoval | undefined {
  return rows.get(`${apiVersion} ${kind}`);
}
