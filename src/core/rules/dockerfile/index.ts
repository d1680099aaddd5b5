import type { Rule } from '../../engine/rule.ts';
import addInsteadOfCopy from './add-instead-of-copy.ts';
import apkNoCache from './apk-no-cache.ts';
import aptAssumeYes from './apt-assume-yes.ts';
import aptCommand from './apt-command.ts';
import aptListsLeft from './apt-lists-left.ts';
import aptNoRecommends from './apt-no-recommends.ts';
import archWrittenOut from './arch-written-out.ts';
import argUnused from './arg-unused.ts';
import argumentCount from './argument-count.ts';
import asCasing from './as-casing.ts';
import brokenJson from './broken-json.ts';
import buildImageShipped from './build-image-shipped.ts';
import buildToolsShipped from './build-tools-shipped.ts';
import builderRuntimeSettings from './builder-runtime-settings.ts';
import cacheMountMissing from './cache-mount-missing.ts';
import changingArgumentEarly from './changing-argument-early.ts';
import chmodAfterCopy from './chmod-after-copy.ts';
import cmdIgnored from './cmd-ignored.ts';
import consecutiveCopy from './consecutive-copy.ts';
import consecutiveRun from './consecutive-run.ts';
import contextWithoutIgnore from './context-without-ignore.ts';
import copyBeforeInstall from './copy-before-install.ts';
import copyFromNumber from './copy-from-number.ts';
import copyFromStage from './copy-from-stage.ts';
import copyIgnored from './copy-ignored.ts';
import copyManyNeedsFolder from './copy-many-needs-folder.ts';
import copyOutsideContext from './copy-outside-context.ts';
import copyOwnedByUser from './copy-owned-by-user.ts';
import copyRelativeDestination from './copy-relative-destination.ts';
import copySourceMissing from './copy-source-missing.ts';
import copyThenExtract from './copy-then-extract.ts';
import copyWholeStage from './copy-whole-stage.ts';
import copyWithoutOwner from './copy-without-owner.ts';
import curlAndWget from './curl-and-wget.ts';
import curlFlags from './curl-flags.ts';
import debugMode from './debug-mode.ts';
import defaultShellReplaced from './default-shell-replaced.ts';
import definitionDescription from './definition-description.ts';
import developmentDependencies from './development-dependencies.ts';
import directive from './directive.ts';
import duplicateStageName from './duplicate-stage-name.ts';
import emptyContinuation from './empty-continuation.ts';
import emulatedCompiler from './emulated-compiler.ts';
import entrypointNotExecutable from './entrypoint-not-executable.ts';
import envSameInstruction from './env-same-instruction.ts';
import exposeAdminPort from './expose-admin-port.ts';
import exposeMissing from './expose-missing.ts';
import exposePort from './expose-port.ts';
import exposeProtocol from './expose-protocol.ts';
import exposeRepeated from './expose-repeated.ts';
import exposeUnmatched from './expose-unmatched.ts';
import exposeUnshipped from './expose-unshipped.ts';
import fileWrittenByRun from './file-written-by-run.ts';
import flagInvalid from './flag-invalid.ts';
import fromArgDefault from './from-arg-default.ts';
import fromArgUndefined from './from-arg-undefined.ts';
import fromFirst from './from-first.ts';
import gpuAtBuild from './gpu-at-build.ts';
import gpuCudaVersion from './gpu-cuda-version.ts';
import gpuDevelImage from './gpu-devel-image.ts';
import gpuDriverCapabilities from './gpu-driver-capabilities.ts';
import gpuDriverInstalled from './gpu-driver-installed.ts';
import gpuVisibleDevices from './gpu-visible-devices.ts';
import healthcheckCommand from './healthcheck-command.ts';
import healthcheckForm from './healthcheck-form.ts';
import healthcheckMissing from './healthcheck-missing.ts';
import ignoreComment from './ignore-comment.ts';
import ignoreIncomplete from './ignore-incomplete.ts';
import imageDigestMissing from './image-digest-missing.ts';
import imageEnded from './image-ended.ts';
import imageNameInvalid from './image-name-invalid.ts';
import imageNotBuilt from './image-not-built.ts';
import imageNotOfficial from './image-not-official.ts';
import imageNotSlim from './image-not-slim.ts';
import imageOneArchitecture from './image-one-architecture.ts';
import imagePlatformMissing from './image-platform-missing.ts';
import imageTagLatest from './image-tag-latest.ts';
import imageTagMissing from './image-tag-missing.ts';
import imageTagUnknown from './image-tag-unknown.ts';
import instructionCasing from './instruction-casing.ts';
import labelDuplicate from './label-duplicate.ts';
import labelKey from './label-key.ts';
import labelSchema from './label-schema.ts';
import legacyKeyValue from './legacy-key-value.ts';
import maintainer from './maintainer.ts';
import nativeCpu from './native-cpu.ts';
import nodeCacheLeft from './node-cache-left.ts';
import npmCi from './npm-ci.ts';
import onbuildTrigger from './onbuild-trigger.ts';
import packageOrder from './package-order.ts';
import packageVersion from './package-version.ts';
import pairSyntax from './pair-syntax.ts';
import passwordCommand from './password-command.ts';
import pipNoCacheDir from './pip-no-cache-dir.ts';
import pipefail from './pipefail.ts';
import plainHttp from './plain-http.ts';
import platformArgMissing from './platform-arg-missing.ts';
import platformConstant from './platform-constant.ts';
import platformRedundant from './platform-redundant.ts';
import pointlessCommand from './pointless-command.ts';
import registryNotAllowed from './registry-not-allowed.ts';
import registryRetired from './registry-retired.ts';
import removeFromEarlierLayer from './remove-from-earlier-layer.ts';
import repeatedCommand from './repeated-command.ts';
import rpmAssumeYes from './rpm-assume-yes.ts';
import rpmCacheLeft from './rpm-cache-left.ts';
import runCd from './run-cd.ts';
import runPrivileges from './run-privileges.ts';
import scratchWithoutFiles from './scratch-without-files.ts';
import secretInArgOrEnv from './secret-in-arg-or-env.ts';
import secretWritten from './secret-written.ts';
import setuidBit from './setuid-bit.ts';
import shellFormCommand from './shell-form-command.ts';
import shellcheck from './shellcheck.ts';
import stageCycle from './stage-cycle.ts';
import stageNameCasing from './stage-name-casing.ts';
import stageNameInvalid from './stage-name-invalid.ts';
import startedFileMissing from './started-file-missing.ts';
import stopSignal from './stop-signal.ts';
import sudo from './sudo.ts';
import unknownInstruction from './unknown-instruction.ts';
import unusedStage from './unused-stage.ts';
import unverifiedDownload from './unverified-download.ts';
import updateAlone from './update-alone.ts';
import upgrade from './upgrade.ts';
import userMissing from './user-missing.ts';
import userNotInImage from './user-not-in-image.ts';
import userNumeric from './user-numeric.ts';
import userRoot from './user-root.ts';
import useraddHighUid from './useradd-high-uid.ts';
import variableUndefined from './variable-undefined.ts';
import verificationOff from './verification-off.ts';
import volumeOfSystem from './volume-of-system.ts';
import volumeThenWrite from './volume-then-write.ts';
import wgetProgress from './wget-progress.ts';
import windowsNoEffect from './windows-no-effect.ts';
import workdirOfSystem from './workdir-of-system.ts';
import workdirRelative from './workdir-relative.ts';
import worldWritable from './world-writable.ts';

export const dockerfileRules: readonly Rule[] = [
  addInsteadOfCopy,
  apkNoCache,
  aptAssumeYes,
  aptCommand,
  aptListsLeft,
  aptNoRecommends,
  archWrittenOut,
  argUnused,
  argumentCount,
  asCasing,
  brokenJson,
  buildImageShipped,
  buildToolsShipped,
  builderRuntimeSettings,
  cacheMountMissing,
  changingArgumentEarly,
  chmodAfterCopy,
  cmdIgnored,
  consecutiveCopy,
  consecutiveRun,
  contextWithoutIgnore,
  copyBeforeInstall,
  copyFromNumber,
  copyFromStage,
  copyIgnored,
  copyManyNeedsFolder,
  copyOutsideContext,
  copyOwnedByUser,
  copyRelativeDestination,
  copySourceMissing,
  copyThenExtract,
  copyWholeStage,
  copyWithoutOwner,
  curlAndWget,
  curlFlags,
  debugMode,
  defaultShellReplaced,
  definitionDescription,
  developmentDependencies,
  directive,
  duplicateStageName,
  emptyContinuation,
  emulatedCompiler,
  entrypointNotExecutable,
  envSameInstruction,
  exposeAdminPort,
  exposeMissing,
  exposePort,
  exposeProtocol,
  exposeRepeated,
  exposeUnmatched,
  exposeUnshipped,
  fileWrittenByRun,
  flagInvalid,
  fromArgDefault,
  fromArgUndefined,
  fromFirst,
  gpuAtBuild,
  gpuCudaVersion,
  gpuDevelImage,
  gpuDriverCapabilities,
  gpuDriverInstalled,
  gpuVisibleDevices,
  healthcheckCommand,
  healthcheckForm,
  healthcheckMissing,
  ignoreIncomplete,
  ignoreComment,
  imageDigestMissing,
  imageEnded,
  imageNameInvalid,
  imageNotBuilt,
  imageNotOfficial,
  imageNotSlim,
  imageOneArchitecture,
  imagePlatformMissing,
  imageTagLatest,
  imageTagMissing,
  imageTagUnknown,
  instructionCasing,
  labelDuplicate,
  labelKey,
  labelSchema,
  legacyKeyValue,
  maintainer,
  nativeCpu,
  nodeCacheLeft,
  npmCi,
  onbuildTrigger,
  packageOrder,
  packageVersion,
  pairSyntax,
  passwordCommand,
  pipNoCacheDir,
  pipefail,
  plainHttp,
  platformArgMissing,
  platformConstant,
  platformRedundant,
  pointlessCommand,
  registryNotAllowed,
  registryRetired,
  removeFromEarlierLayer,
  repeatedCommand,
  rpmAssumeYes,
  rpmCacheLeft,
  runCd,
  runPrivileges,
  scratchWithoutFiles,
  secretInArgOrEnv,
  secretWritten,
  setuidBit,
  shellFormCommand,
  shellcheck,
  stageCycle,
  stageNameCasing,
  stageNameInvalid,
  startedFileMissing,
  stopSignal,
  sudo,
  unknownInstruction,
  unusedStage,
  unverifiedDownload,
  updateAlone,
  upgrade,
  userMissing,
  userNotInImage,
  userNumeric,
  userRoot,
  useraddHighUid,
  variableUndefined,
  verificationOff,
  volumeOfSystem,
  volumeThenWrite,
  wgetProgress,
  windowsNoEffect,
  workdirOfSystem,
  workdirRelative,
  worldWritable,
];
