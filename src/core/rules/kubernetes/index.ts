import type { Rule } from '../../engine/rule.ts';
import apiVersionRemoved from './api-version-removed.ts';
import bindingTargetUnknown from './binding-target-unknown.ts';
import capabilitiesNotDropped from './capabilities-not-dropped.ts';
import cpuLimitPolicy from './cpu-limit-policy.ts';
import cpuRequestMissing from './cpu-request-missing.ts';
import disruptionBudget from './disruption-budget.ts';
import imageNotPinned from './image-not-pinned.ts';
import ingressBackendUnknown from './ingress-backend-unknown.ts';
import memoryLimitMissing from './memory-limit-missing.ts';
import memoryRequestMissing from './memory-request-missing.ts';
import networkPolicySelectsNothing from './network-policy-selects-nothing.ts';
import privilegeEscalation from './privilege-escalation.ts';
import privilegedContainer from './privileged-container.ts';
import quantityMistake from './quantity-mistake.ts';
import readinessProbeMissing from './readiness-probe-missing.ts';
import referenceUnknown from './reference-unknown.ts';
import replicasWithAutoscaler from './replicas-with-autoscaler.ts';
import requestExceedsLimit from './request-exceeds-limit.ts';
import runAsNonRoot from './run-as-non-root.ts';
import scaleTargetUnknown from './scale-target-unknown.ts';
import seccompProfile from './seccomp-profile.ts';
import selectorMismatch from './selector-mismatch.ts';
import servicePortUnknown from './service-port-unknown.ts';
import serviceSelectsNoPods from './service-selects-no-pods.ts';
import statefulSetService from './stateful-set-service.ts';
import writableRootFilesystem from './writable-root-filesystem.ts';

export const kubernetesRules: readonly Rule[] = [
  apiVersionRemoved,
  bindingTargetUnknown,
  capabilitiesNotDropped,
  cpuLimitPolicy,
  cpuRequestMissing,
  disruptionBudget,
  imageNotPinned,
  ingressBackendUnknown,
  memoryLimitMissing,
  memoryRequestMissing,
  networkPolicySelectsNothing,
  privilegeEscalation,
  privilegedContainer,
  quantityMistake,
  readinessProbeMissing,
  referenceUnknown,
  replicasWithAutoscaler,
  requestExceedsLimit,
  runAsNonRoot,
  scaleTargetUnknown,
  seccompProfile,
  selectorMismatch,
  servicePortUnknown,
  serviceSelectsNoPods,
  statefulSetService,
  writableRootFilesystem,
];
