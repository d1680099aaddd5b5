import type { Rule } from '../../engine/rule.ts';
import apiVersionRemoved from './api-version-removed.ts';
import capabilitiesNotDropped from './capabilities-not-dropped.ts';
import cpuLimitPolicy from './cpu-limit-policy.ts';
import cpuRequestMissing from './cpu-request-missing.ts';
import imageNotPinned from './image-not-pinned.ts';
import memoryLimitMissing from './memory-limit-missing.ts';
import memoryRequestMissing from './memory-request-missing.ts';
import privilegeEscalation from './privilege-escalation.ts';
import privilegedContainer from './privileged-container.ts';
import quantityMistake from './quantity-mistake.ts';
import readinessProbeMissing from './readiness-probe-missing.ts';
import referenceUnknown from './reference-unknown.ts';
import requestExceedsLimit from './request-exceeds-limit.ts';
import runAsNonRoot from './run-as-non-root.ts';
import seccompProfile from './seccomp-profile.ts';
import selectorMismatch from './selector-mismatch.ts';
import servicePortUnknown from './service-port-unknown.ts';
import serviceSelectsNoPods from './service-selects-no-pods.ts';
import writableRootFilesystem from './writable-root-filesystem.ts';

/** Every rule about Kubernetes objects. */
export const kubernetesRules: readonly Rule[] = [
  apiVersionRemoved,
  capabilitiesNotDropped,
  cpuLimitPolicy,
  cpuRequestMissing,
  imageNotPinned,
  memoryLimitMissing,
  memoryRequestMissing,
  privilegeEscalation,
  privilegedContainer,
  quantityMistake,
  readinessProbeMissing,
  referenceUnknown,
  requestExceedsLimit,
  runAsNonRoot,
  seccompProfile,
  selectorMismatch,
  servicePortUnknown,
  serviceSelectsNoPods,
  writableRootFilesystem,
];
