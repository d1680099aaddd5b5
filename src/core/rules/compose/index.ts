import type { Rule } from '../../engine/rule.ts';
import limitsMissing from './limits-missing.ts';
import portOnAllInterfaces from './port-on-all-interfaces.ts';
import portUnquoted from './port-unquoted.ts';
import privilegedService from './privileged-service.ts';
import versionObsolete from './version-obsolete.ts';

/** Every rule about Compose files. */
export const composeRules: readonly Rule[] = [
  limitsMissing,
  portOnAllInterfaces,
  portUnquoted,
  privilegedService,
  versionObsolete,
];
