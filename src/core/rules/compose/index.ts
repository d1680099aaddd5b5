import type { Rule } from '../../engine/rule.ts';
import containerNameTaken from './container-name-taken.ts';
import containerSocketMounted from './container-socket-mounted.ts';
import dependsOnUnknown from './depends-on-unknown.ts';
import hostNamespace from './host-namespace.ts';
import imageWithoutVersion from './image-without-version.ts';
import limitsMissing from './limits-missing.ts';
import portOnAllInterfaces from './port-on-all-interfaces.ts';
import portUnquoted from './port-unquoted.ts';
import privilegedService from './privileged-service.ts';
import secretInFile from './secret-in-file.ts';
import securityProfileOff from './security-profile-off.ts';
import sensitiveFolderMounted from './sensitive-folder-mounted.ts';
import undeclaredResource from './undeclared-resource.ts';
import versionObsolete from './version-obsolete.ts';

/** Every rule about Compose files. */
export const composeRules: readonly Rule[] = [
  containerNameTaken,
  containerSocketMounted,
  dependsOnUnknown,
  hostNamespace,
  imageWithoutVersion,
  limitsMissing,
  portOnAllInterfaces,
  portUnquoted,
  privilegedService,
  secretInFile,
  securityProfileOff,
  sensitiveFolderMounted,
  undeclaredResource,
  versionObsolete,
];
