import type { Rule } from '../../engine/rule.ts';
import buildAndImage from './build-and-image.ts';
import buildMismatch from './build-mismatch.ts';
import cacheServiceAccess from './cache-service-access.ts';
import cacheServiceMemory from './cache-service-memory.ts';
import cacheServiceSetting from './cache-service-setting.ts';
import capabilityOfHost from './capability-of-host.ts';
import containerNameInvalid from './container-name-invalid.ts';
import containerNameTaken from './container-name-taken.ts';
import containerSocketMounted from './container-socket-mounted.ts';
import databaseUnawaited from './database-unawaited.ts';
import dependsOnUnknown from './depends-on-unknown.ts';
import deviceAccess from './device-access.ts';
import duplicateKey from './duplicate-key.ts';
import extendsUnknown from './extends-unknown.ts';
import healthcheckUnawaited from './healthcheck-unawaited.ts';
import hostNamespace from './host-namespace.ts';
import imageWithoutVersion from './image-without-version.ts';
import limitsMissing from './limits-missing.ts';
import limitsOverHost from './limits-over-host.ts';
import linksLegacy from './links-legacy.ts';
import logSizeUnlimited from './log-size-unlimited.ts';
import networkModeConflict from './network-mode-conflict.ts';
import newPrivilegesAllowed from './new-privileges-allowed.ts';
import order from './order.ts';
import pathUnknown from './path-unknown.ts';
import platformFixed from './platform-fixed.ts';
import platformNotBuilt from './platform-not-built.ts';
import portInvalid from './port-invalid.ts';
import portNumberUnquoted from './port-number-unquoted.ts';
import portOnAllInterfaces from './port-on-all-interfaces.ts';
import portTaken from './port-taken.ts';
import portUnquoted from './port-unquoted.ts';
import privilegedPortPublished from './privileged-port-published.ts';
import privilegedService from './privileged-service.ts';
import projectNameMissing from './project-name-missing.ts';
import replicasSharePort from './replicas-share-port.ts';
import resourceValues from './resource-values.ts';
import restartAttempts from './restart-attempts.ts';
import secretInFile from './secret-in-file.ts';
import securityProfileOff from './security-profile-off.ts';
import sensitiveFolderMounted from './sensitive-folder-mounted.ts';
import serviceAsRoot from './service-as-root.ts';
import serviceCapabilities from './service-capabilities.ts';
import serviceFilesystemWritable from './service-filesystem-writable.ts';
import serviceHealthUnchecked from './service-health-unchecked.ts';
import serviceHeapExceedsLimit from './service-heap-exceeds-limit.ts';
import serviceImageEnded from './service-image-ended.ts';
import serviceImageNotBuilt from './service-image-not-built.ts';
import serviceImageNotOfficial from './service-image-not-official.ts';
import serviceImagePlatformMissing from './service-image-platform-missing.ts';
import serviceImageTagUnknown from './service-image-tag-unknown.ts';
import serviceNotRestarted from './service-not-restarted.ts';
import serviceRegistryRetired from './service-registry-retired.ts';
import serviceWithoutImage from './service-without-image.ts';
import swarmOnlyKey from './swarm-only-key.ts';
import systemPathMounted from './system-path-mounted.ts';
import undeclaredResource from './undeclared-resource.ts';
import valueRetyped from './value-retyped.ts';
import variableUnset from './variable-unset.ts';
import versionObsolete from './version-obsolete.ts';
import volumePropagation from './volume-propagation.ts';
import volumeQuoted from './volume-quoted.ts';
import volumeShared from './volume-shared.ts';

export const composeRules: readonly Rule[] = [
  buildAndImage,
  buildMismatch,
  cacheServiceAccess,
  cacheServiceMemory,
  cacheServiceSetting,
  capabilityOfHost,
  containerNameInvalid,
  containerNameTaken,
  containerSocketMounted,
  databaseUnawaited,
  dependsOnUnknown,
  deviceAccess,
  duplicateKey,
  extendsUnknown,
  healthcheckUnawaited,
  hostNamespace,
  imageWithoutVersion,
  limitsMissing,
  limitsOverHost,
  linksLegacy,
  logSizeUnlimited,
  networkModeConflict,
  newPrivilegesAllowed,
  order,
  pathUnknown,
  platformFixed,
  platformNotBuilt,
  portInvalid,
  portNumberUnquoted,
  portOnAllInterfaces,
  portTaken,
  portUnquoted,
  privilegedPortPublished,
  privilegedService,
  projectNameMissing,
  replicasSharePort,
  resourceValues,
  restartAttempts,
  secretInFile,
  securityProfileOff,
  sensitiveFolderMounted,
  serviceAsRoot,
  serviceCapabilities,
  serviceFilesystemWritable,
  serviceHealthUnchecked,
  serviceHeapExceedsLimit,
  serviceImageEnded,
  serviceImageNotBuilt,
  serviceImageNotOfficial,
  serviceImagePlatformMissing,
  serviceImageTagUnknown,
  serviceNotRestarted,
  serviceRegistryRetired,
  serviceWithoutImage,
  swarmOnlyKey,
  systemPathMounted,
  undeclaredResource,
  valueRetyped,
  variableUnset,
  versionObsolete,
  volumePropagation,
  volumeQuoted,
  volumeShared,
];
