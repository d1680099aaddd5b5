import type { LineVerdict } from './verdicts.ts';

/** checkov’s checks. */
export const checkov: readonly LineVerdict[] = [
  ['checkov CKV_DOCKER_1', 'FROM alpine\nEXPOSE 3000 22\n', [2]],
  ['checkov CKV_DOCKER_1', 'FROM a\nEXPOSE 22/tcp\n', [2]],
  ['checkov CKV_DOCKER_2', 'FROM alpine\nRUN x\n', [1]],
  ['checkov CKV_DOCKER_3', 'FROM python:3\nCMD ["a"]\n', [1]],
  ['checkov CKV_DOCKER_3', 'FROM x\nUSER a\n', []],
  ['checkov CKV_DOCKER_4', 'FROM a:1\nADD http://x/y /z\nADD a.tar /x\nADD x.txt /y\n', [4]],
  ['checkov CKV_DOCKER_5', 'FROM base\nRUN apt-get update\n', [2]],
  ['checkov CKV_DOCKER_5', 'FROM base\nRUN apt-get update && apt-get install -y x\n', []],
  ['checkov CKV_DOCKER_6', 'FROM base\nMAINTAINER x\n', [2]],
  ['checkov CKV_DOCKER_7', 'FROM alpine:latest\n', [1]],
  ['checkov CKV_DOCKER_7', 'FROM alpine\n', [1]],
  ['checkov CKV_DOCKER_8', 'FROM base\nUSER root\n', [2]],
  ['checkov CKV_DOCKER_9', 'FROM base\nRUN apt install -y x\n', [2]],
  ['checkov CKV_DOCKER_10', 'FROM base\nWORKDIR foo\n', [2]],
  ['checkov CKV_DOCKER_11', 'FROM a AS b\nFROM c AS b\n', [2]],
];
