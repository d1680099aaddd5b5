import type { Rule } from '../../engine/rule.ts';
import adminInterfaceExposed from './admin-interface-exposed.ts';
import apiVersionRemoved from './api-version-removed.ts';
import apparmorProfile from './apparmor-profile.ts';
import architectureNotChosen from './architecture-not-chosen.ts';
import autoscalerConflict from './autoscaler-conflict.ts';
import autoscalerMinimum from './autoscaler-minimum.ts';
import autoscalerMinimumUnset from './autoscaler-minimum-unset.ts';
import autoscalerRange from './autoscaler-range.ts';
import autoscalerWithoutRequest from './autoscaler-without-request.ts';
import barePod from './bare-pod.ts';
import bindingSubject from './binding-subject.ts';
import bindingTargetUnknown from './binding-target-unknown.ts';
import cacheContainerAccess from './cache-container-access.ts';
import cacheContainerMemory from './cache-container-memory.ts';
import cacheContainerProbe from './cache-container-probe.ts';
import cacheContainerSetting from './cache-container-setting.ts';
import cacheContainerStorage from './cache-container-storage.ts';
import cacheContainerUser from './cache-container-user.ts';
import cacheExposed from './cache-exposed.ts';
import capabilitiesAdded from './capabilities-added.ts';
import capabilitiesNotDropped from './capabilities-not-dropped.ts';
import claimAccessMode from './claim-access-mode.ts';
import claimIncomplete from './claim-incomplete.ts';
import claimShared from './claim-shared.ts';
import claimTemplateSize from './claim-template-size.ts';
import clientAddressHidden from './client-address-hidden.ts';
import clusterAdminBinding from './cluster-admin-binding.ts';
import clusterRoleExecBound from './cluster-role-exec-bound.ts';
import configData from './config-data.ts';
import containerImageEnded from './container-image-ended.ts';
import containerImageNotBuilt from './container-image-not-built.ts';
import containerImageNotOfficial from './container-image-not-official.ts';
import containerImagePlatformMissing from './container-image-platform-missing.ts';
import containerImageTagUnknown from './container-image-tag-unknown.ts';
import controlPlaneFlag from './control-plane-flag.ts';
import cpuLimitFractional from './cpu-limit-fractional.ts';
import cpuLimitPolicy from './cpu-limit-policy.ts';
import cpuRequestMissing from './cpu-request-missing.ts';
import cronJobConcurrency from './cron-job-concurrency.ts';
import cronJobDeadline from './cron-job-deadline.ts';
import cronJobSuspended from './cron-job-suspended.ts';
import cronSchedule from './cron-schedule.ts';
import customField from './custom-field.ts';
import dashboard from './dashboard.ts';
import defaultCapabilitiesKept from './default-capabilities-kept.ts';
import defaultServiceAccount from './default-service-account.ts';
import deprecatedAnnotation from './deprecated-annotation.ts';
import deprecatedVolume from './deprecated-volume.ts';
import disruptionBudget from './disruption-budget.ts';
import disruptionBudgetMinimum from './disruption-budget-minimum.ts';
import disruptionBudgetMissing from './disruption-budget-missing.ts';
import disruptionBudgetPods from './disruption-budget-pods.ts';
import disruptionBudgetPolicy from './disruption-budget-policy.ts';
import dnsSearch from './dns-search.ts';
import documentSeparator from './document-separator.ts';
import emptyDirMemory from './empty-dir-memory.ts';
import emptyDirUnlimited from './empty-dir-unlimited.ts';
import envDuplicate from './env-duplicate.ts';
import envValue from './env-value.ts';
import ephemeralStorageMissing from './ephemeral-storage-missing.ts';
import execProbeProgram from './exec-probe-program.ts';
import extendedResource from './extended-resource.ts';
import externalIps from './external-ips.ts';
import externalNameLocal from './external-name-local.ts';
import field from './field.ts';
import gitSyncProgram from './git-sync-program.ts';
import gpuEnvironment from './gpu-environment.ts';
import gpuNodeUnused from './gpu-node-unused.ts';
import gpuRollout from './gpu-rollout.ts';
import gpuTolerationMissing from './gpu-toleration-missing.ts';
import hardeningMissing from './hardening-missing.ts';
import heapExceedsLimit from './heap-exceeds-limit.ts';
import hostAliases from './host-aliases.ts';
import hostIpc from './host-ipc.ts';
import hostNetwork from './host-network.ts';
import hostPathVolume from './host-path-volume.ts';
import hostPid from './host-pid.ts';
import hostPort from './host-port.ts';
import hostProcess from './host-process.ts';
import hugePages from './huge-pages.ts';
import hugePagesVolume from './huge-pages-volume.ts';
import imageNotPinned from './image-not-pinned.ts';
import imageReferenceInvalid from './image-reference-invalid.ts';
import imageRegistryNotAllowed from './image-registry-not-allowed.ts';
import imageRegistryRetired from './image-registry-retired.ts';
import imageWithoutDigest from './image-without-digest.ts';
import ingressBackendUnknown from './ingress-backend-unknown.ts';
import ingressHost from './ingress-host.ts';
import ingressNginxRetired from './ingress-nginx-retired.ts';
import ingressPath from './ingress-path.ts';
import ingressPathRepeated from './ingress-path-repeated.ts';
import ingressSnippet from './ingress-snippet.ts';
import ingressWithoutTls from './ingress-without-tls.ts';
import instanceLabel from './instance-label.ts';
import jobCleanup from './job-cleanup.ts';
import jobRetries from './job-retries.ts';
import keysUnsorted from './keys-unsorted.ts';
import kustomizationImage from './kustomization-image.ts';
import kustomizationPath from './kustomization-path.ts';
import labelInvalid from './label-invalid.ts';
import labelWanted from './label-wanted.ts';
import limitFarAboveRequest from './limit-far-above-request.ts';
import limitOutOfRange from './limit-out-of-range.ts';
import limitRangeRefuses from './limit-range-refuses.ts';
import livenessProbeMissing from './liveness-probe-missing.ts';
import lowGroupId from './low-group-id.ts';
import lowUserId from './low-user-id.ts';
import memoryLimitMissing from './memory-limit-missing.ts';
import memoryRequestMissing from './memory-request-missing.ts';
import monitorSelectsNothing from './monitor-selects-nothing.ts';
import mountPropagation from './mount-propagation.ts';
import nameLabel from './name-label.ts';
import namespaceUnenforced from './namespace-unenforced.ts';
import namespaceUnlimited from './namespace-unlimited.ts';
import networkPolicyClosed from './network-policy-closed.ts';
import networkPolicyMissing from './network-policy-missing.ts';
import networkPolicyOneWay from './network-policy-one-way.ts';
import networkPolicySelectsNothing from './network-policy-selects-nothing.ts';
import networkPolicyWithoutSelector from './network-policy-without-selector.ts';
import nodeAffinityMissing from './node-affinity-missing.ts';
import nodeChoiceConflict from './node-choice-conflict.ts';
import nodeLabelDeprecated from './node-label-deprecated.ts';
import nodePinned from './node-pinned.ts';
import nodePlatformUnknown from './node-platform-unknown.ts';
import nonRootRefused from './non-root-refused.ts';
import objectDuplicate from './object-duplicate.ts';
import objectHead from './object-head.ts';
import objectName from './object-name.ts';
import openshiftPrivileged from './openshift-privileged.ts';
import persistentVolumeHostPath from './persistent-volume-host-path.ts';
import podNamespaces from './pod-namespaces.ts';
import portName from './port-name.ts';
import portUnnamed from './port-unnamed.ts';
import priorityClassMissing from './priority-class-missing.ts';
import priorityClassUnknown from './priority-class-unknown.ts';
import privilegeEscalation from './privilege-escalation.ts';
import privilegedContainer from './privileged-container.ts';
import privilegedPort from './privileged-port.ts';
import probeHost from './probe-host.ts';
import probeInvalid from './probe-invalid.ts';
import probePortUnknown from './probe-port-unknown.ts';
import probeTiming from './probe-timing.ts';
import probesIdentical from './probes-identical.ts';
import procMount from './proc-mount.ts';
import procMountRestricted from './proc-mount-restricted.ts';
import pullPolicyNotAlways from './pull-policy-not-always.ts';
import pullPolicyUnset from './pull-policy-unset.ts';
import quantityMistake from './quantity-mistake.ts';
import quotaRefuses from './quota-refuses.ts';
import readinessProbeMissing from './readiness-probe-missing.ts';
import referenceUnknown from './reference-unknown.ts';
import replicasTooFew from './replicas-too-few.ts';
import replicasWithAutoscaler from './replicas-with-autoscaler.ts';
import requestExceedsLimit from './request-exceeds-limit.ts';
import requestFitsNoNode from './request-fits-no-node.ts';
import requestsBelowLimits from './requests-below-limits.ts';
import resourceClaim from './resource-claim.ts';
import restartNever from './restart-never.ts';
import restartPolicy from './restart-policy.ts';
import roleCreatesPods from './role-creates-pods.ts';
import roleEscalation from './role-escalation.ts';
import roleExecBound from './role-exec-bound.ts';
import roleFarReaching from './role-far-reaching.ts';
import rolePodExec from './role-pod-exec.ts';
import roleSecretAccess from './role-secret-access.ts';
import roleTampering from './role-tampering.ts';
import roleWildcard from './role-wildcard.ts';
import rollbackImpossible from './rollback-impossible.ts';
import rolloutInterruptsService from './rollout-interrupts-service.ts';
import rolloutNotRolling from './rollout-not-rolling.ts';
import rolloutRefused from './rollout-refused.ts';
import routeBackendUnknown from './route-backend-unknown.ts';
import runAsNonRoot from './run-as-non-root.ts';
import runsAsRoot from './runs-as-root.ts';
import runtimeClass from './runtime-class.ts';
import runtimeSocket from './runtime-socket.ts';
import scaleTargetUnknown from './scale-target-unknown.ts';
import seccompProfile from './seccomp-profile.ts';
import seccompUnconfined from './seccomp-unconfined.ts';
import secretAsEnv from './secret-as-env.ts';
import secretInConfigMap from './secret-in-config-map.ts';
import secretInEnv from './secret-in-env.ts';
import secretInManifest from './secret-in-manifest.ts';
import securityContextMissing from './security-context-missing.ts';
import selectorMismatch from './selector-mismatch.ts';
import selinuxOptions from './selinux-options.ts';
import serviceAccountField from './service-account-field.ts';
import serviceAccountShared from './service-account-shared.ts';
import serviceAccountToken from './service-account-token.ts';
import serviceExposed from './service-exposed.ts';
import servicePortUnknown from './service-port-unknown.ts';
import serviceSelectsNoPods from './service-selects-no-pods.ts';
import sharedMemorySmall from './shared-memory-small.ts';
import sharedNamespace from './shared-namespace.ts';
import spreadMissing from './spread-missing.ts';
import sshPort from './ssh-port.ts';
import statefulSetService from './stateful-set-service.ts';
import stopAbrupt from './stop-abrupt.ts';
import sudoInCommand from './sudo-in-command.ts';
import tiller from './tiller.ts';
import tlsUnverified from './tls-unverified.ts';
import topologySpread from './topology-spread.ts';
import twoReplicas from './two-replicas.ts';
import unhealthyPodEviction from './unhealthy-pod-eviction.ts';
import unsafeSysctl from './unsafe-sysctl.ts';
import valuesResources from './values-resources.ts';
import volumeMount from './volume-mount.ts';
import volumeType from './volume-type.ts';
import volumeUnused from './volume-unused.ts';
import windowsField from './windows-field.ts';
import windowsNodeSelector from './windows-node-selector.ts';
import writableHostPath from './writable-host-path.ts';
import writableRootFilesystem from './writable-root-filesystem.ts';

export const kubernetesRules: readonly Rule[] = [
  adminInterfaceExposed,
  apiVersionRemoved,
  apparmorProfile,
  architectureNotChosen,
  autoscalerConflict,
  autoscalerMinimum,
  autoscalerMinimumUnset,
  autoscalerRange,
  autoscalerWithoutRequest,
  barePod,
  bindingSubject,
  bindingTargetUnknown,
  cacheContainerAccess,
  cacheContainerMemory,
  cacheContainerProbe,
  cacheContainerSetting,
  cacheContainerStorage,
  cacheContainerUser,
  cacheExposed,
  capabilitiesAdded,
  capabilitiesNotDropped,
  claimAccessMode,
  claimIncomplete,
  claimShared,
  claimTemplateSize,
  clientAddressHidden,
  clusterAdminBinding,
  clusterRoleExecBound,
  configData,
  containerImageEnded,
  containerImageNotBuilt,
  containerImageNotOfficial,
  containerImagePlatformMissing,
  containerImageTagUnknown,
  controlPlaneFlag,
  cpuLimitFractional,
  cpuLimitPolicy,
  cpuRequestMissing,
  cronJobConcurrency,
  cronJobDeadline,
  cronJobSuspended,
  cronSchedule,
  customField,
  dashboard,
  defaultCapabilitiesKept,
  defaultServiceAccount,
  deprecatedAnnotation,
  deprecatedVolume,
  disruptionBudget,
  disruptionBudgetMinimum,
  disruptionBudgetMissing,
  disruptionBudgetPods,
  disruptionBudgetPolicy,
  dnsSearch,
  documentSeparator,
  emptyDirMemory,
  emptyDirUnlimited,
  envDuplicate,
  envValue,
  ephemeralStorageMissing,
  execProbeProgram,
  extendedResource,
  externalIps,
  externalNameLocal,
  field,
  gitSyncProgram,
  gpuEnvironment,
  gpuNodeUnused,
  gpuRollout,
  gpuTolerationMissing,
  hardeningMissing,
  heapExceedsLimit,
  hostAliases,
  hostIpc,
  hostNetwork,
  hostPathVolume,
  hostPid,
  hostPort,
  hostProcess,
  hugePages,
  hugePagesVolume,
  imageNotPinned,
  imageReferenceInvalid,
  imageRegistryNotAllowed,
  imageRegistryRetired,
  imageWithoutDigest,
  ingressBackendUnknown,
  ingressHost,
  ingressNginxRetired,
  ingressPath,
  ingressPathRepeated,
  ingressSnippet,
  ingressWithoutTls,
  instanceLabel,
  jobCleanup,
  jobRetries,
  keysUnsorted,
  kustomizationImage,
  kustomizationPath,
  labelInvalid,
  labelWanted,
  limitFarAboveRequest,
  limitOutOfRange,
  limitRangeRefuses,
  livenessProbeMissing,
  lowGroupId,
  lowUserId,
  memoryLimitMissing,
  memoryRequestMissing,
  monitorSelectsNothing,
  mountPropagation,
  nameLabel,
  namespaceUnenforced,
  namespaceUnlimited,
  networkPolicyClosed,
  networkPolicyMissing,
  networkPolicyOneWay,
  networkPolicySelectsNothing,
  networkPolicyWithoutSelector,
  nodeAffinityMissing,
  nodeChoiceConflict,
  nodeLabelDeprecated,
  nodePinned,
  nodePlatformUnknown,
  nonRootRefused,
  objectDuplicate,
  objectHead,
  objectName,
  openshiftPrivileged,
  persistentVolumeHostPath,
  podNamespaces,
  portName,
  portUnnamed,
  priorityClassMissing,
  priorityClassUnknown,
  privilegeEscalation,
  privilegedContainer,
  privilegedPort,
  probeHost,
  probeInvalid,
  probePortUnknown,
  probeTiming,
  probesIdentical,
  procMount,
  procMountRestricted,
  pullPolicyNotAlways,
  pullPolicyUnset,
  quantityMistake,
  quotaRefuses,
  readinessProbeMissing,
  referenceUnknown,
  replicasTooFew,
  replicasWithAutoscaler,
  requestExceedsLimit,
  requestFitsNoNode,
  requestsBelowLimits,
  resourceClaim,
  restartNever,
  restartPolicy,
  roleCreatesPods,
  roleEscalation,
  roleExecBound,
  roleFarReaching,
  rolePodExec,
  roleSecretAccess,
  roleTampering,
  roleWildcard,
  rollbackImpossible,
  rolloutInterruptsService,
  rolloutNotRolling,
  rolloutRefused,
  routeBackendUnknown,
  runAsNonRoot,
  runsAsRoot,
  runtimeClass,
  runtimeSocket,
  scaleTargetUnknown,
  seccompProfile,
  seccompUnconfined,
  secretAsEnv,
  secretInConfigMap,
  secretInEnv,
  secretInManifest,
  securityContextMissing,
  selectorMismatch,
  selinuxOptions,
  serviceAccountField,
  serviceAccountShared,
  serviceAccountToken,
  serviceExposed,
  servicePortUnknown,
  serviceSelectsNoPods,
  sharedMemorySmall,
  sharedNamespace,
  spreadMissing,
  sshPort,
  statefulSetService,
  stopAbrupt,
  sudoInCommand,
  tiller,
  tlsUnverified,
  topologySpread,
  twoReplicas,
  unhealthyPodEviction,
  unsafeSysctl,
  valuesResources,
  volumeMount,
  volumeType,
  volumeUnused,
  windowsField,
  windowsNodeSelector,
  writableHostPath,
  writableRootFilesystem,
];
