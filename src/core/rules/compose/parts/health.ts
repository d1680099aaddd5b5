import type { ComposeService } from '../../../compose/model.ts';
import { imageParts } from '../../../dockerfile/image-reference.ts';
import { instructionsBefore } from '../../../dockerfile/stage-facts.ts';
import { baseOf } from '../../../dockerfile/users.ts';
import { hasHealthcheck, healthTestOf, isStore } from '../../../images/health-tests.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../../../yaml/field.ts';
import { asSequence } from '../../../yaml/read.ts';
import { builtStage } from './built-stage.ts';

/** What of a service's image or of the base that it is built on is known to the tables. */
function imageOf(service: ComposeService, around: ReadonlyMap<string, string | null>) {
  const built = builtStage(service, around);
  if (built !== undefined) return baseOf(built.stage);
  if (fieldAt(service.node, 'build') !== undefined) return undefined;
  const image = service.image?.value;
  return image === undefined || image.includes('$') ? undefined : imageParts(image);
}

/** Whether a service is a database, a queue or a cache. */
export function runsStore(service: ComposeService, around: ReadonlyMap<string, string | null>): boolean {
  const image = imageOf(service, around);
  return image !== undefined && isStore(image);
}

/** The test of the server that a service runs, where it is known and listens where it does by default. */
export function testFor(
  service: ComposeService,
  around: ReadonlyMap<string, string | null>,
): readonly string[] | undefined {
  const changed = ['command', 'entrypoint'].some((key) => fieldAt(service.node, key) !== undefined);
  const image = imageOf(service, around);
  return changed || image === undefined ? undefined : healthTestOf(image);
}

/**
 * Whether Docker can tell the health of a service: `yes` by its Compose file, its Dockerfile or what is known of its image,
 * `off` where the file turns it off, `no` where nothing is known of a test, `unknown` where a template or variable decides.
 */
export function healthOf(
  service: ComposeService,
  around: ReadonlyMap<string, string | null>,
): 'yes' | 'off' | 'no' | 'unknown' {
  const { node } = service;
  const field = fieldAt(node, 'healthcheck');
  if (field === 'unknown') return 'unknown';
  if (field !== undefined) {
    if (disabled(service)) return 'off';
    return fieldAt(field, 'test') === undefined ? 'unknown' : 'yes';
  }
  if (service.partial) return 'unknown';
  const built = builtStage(service, around);
  const check = built && instructionsBefore(built.stage).findLast(({ kind }) => kind === 'healthcheck');
  if (check?.kind === 'healthcheck') return check.none ? 'no' : 'yes';
  const image = imageOf(service, around);
  return image !== undefined && hasHealthcheck(image) ? 'yes' : 'no';
}

/** The way in which a service turns its health check off; undefined where it does not. */
export function disabled({ node }: ComposeService): 'disable' | 'test' | undefined {
  if (/^(?:true|yes|on|y)$/i.test(knownText(node, 'healthcheck', 'disable')?.value ?? '')) return 'disable';
  const test = fieldAt(node, 'healthcheck', 'test');
  if (test === undefined || test === 'unknown') return undefined;
  const first = asSequence(test) ? knownItems(node, 'healthcheck', 'test')[0]?.node : test;
  return first !== undefined && scalarText(first)?.value === 'NONE' ? 'test' : undefined;
}
