/**
 * What people complain about in threads of other tools, each as a small Dockerfile of ours with all that is said of it. The
 * threads: hadolint/hadolint, moby/buildkit, docker/buildx, moby/moby, docker/vscode-extension, by number.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings, type Settings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { images } from './support/fixtures.ts';

const strict: Settings = { ...defaultSettings, profile: 'strict' };
/** What `strict` says of nearly every file; they are no part of the complaints. */
const everywhere = ['healthcheck-missing', 'image-digest-missing', 'image-not-slim', 'cache-mount-missing'];

function said(text: string, settings = defaultSettings): readonly string[] {
  const file = { path: '/x/Dockerfile', languageId: 'dockerfile', text };
  const { findings } = drive(createService().analyse(file, settings, { ...noSurroundings, images }));
  return findings.flatMap(({ rule, severity, span }) => {
    const name = rule.replace('dockerfile/', '');
    if (settings === strict && everywhere.includes(name)) return [];
    const line = text.slice(0, span.start).split('\n').length;
    return [`${line} ${severity} ${name}: ${text.slice(span.start, span.end)}`];
  });
}

interface Complaint {
  readonly threads: string;
  readonly text: readonly string[];
  /** `line severity rule: the characters that it marks`. */
  readonly expected: readonly string[];
  readonly settings?: Settings;
}

const complaints: readonly Complaint[] = [
  {
    threads: 'hadolint 807, 285: the line is that of the command, not of its RUN',
    text: [
      'FROM debian:13',
      'RUN echo one \\',
      '    # what follows needs root',
      '    && echo two \\',
      '    && sudo make install \\',
      '    && apt-get install -y --no-install-recommends git',
      'USER 1000',
    ],
    expected: ['5 warning sudo: sudo'],
  },
  {
    threads: 'hadolint 285: with Windows’ line ends, too',
    text: ['FROM debian:13\r', 'RUN echo one \\\r', '    && sudo make install\r', 'USER 1000\r'],
    expected: ['3 warning sudo: sudo'],
  },
  {
    threads: 'hadolint 891: within a substitution and a condition',
    text: [
      'FROM debian:13',
      'RUN echo $(echo "next" ; \\',
      '      if [ "a" = "b" ] ; \\',
      '      then sudo ls ; \\',
      '      fi)',
      'USER 1000',
    ],
    expected: ['4 warning sudo: sudo'],
  },
  {
    threads: 'hadolint 928, 915: a version that a variable holds, a project of one’s own, a list with versions',
    text: [
      'FROM python:3.13',
      'RUN apt-get update \\',
      ' && deps="libpq5=17.6-0" \\',
      ' && apt-get install -y --no-install-recommends $deps \\',
      ' && rm -rf /var/lib/apt/lists/*',
      'RUN pip install --no-cache-dir --root-user-action=ignore . && pip install --no-cache-dir -r list.txt',
      'USER 1000',
    ],
    expected: [],
    settings: strict,
  },
  {
    threads: 'hadolint 928: no versions of packages are asked for by default',
    text: [
      'FROM debian:13',
      'RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*',
      'USER 1000',
    ],
    expected: [],
  },
  {
    threads: 'hadolint 979: stages by a name that an ARG completes',
    text: ['ARG KIND=1', 'FROM example.com/one:2.1 AS base1', 'FROM base${KIND} AS run', 'USER 1000'],
    expected: [],
    settings: strict,
  },
  {
    threads: 'hadolint 339: a default at the place of use',
    text: ['ARG BASE', 'FROM ${BASE:-debian:13}', 'USER 1000'],
    expected: [],
    settings: strict,
  },
  {
    threads: 'hadolint 219: the whole image by an ARG',
    text: ['ARG BASE=alpine:3.24', 'FROM $BASE', 'USER 1000'],
    expected: [],
    settings: strict,
  },
  {
    threads: 'hadolint 219, 979: what the ARG holds is judged',
    text: ['ARG BASE=alpine', 'FROM $BASE', 'USER 1000'],
    expected: ['2 information image-tag-missing: $BASE'],
  },
  {
    threads: 'hadolint 197, 859, 1124: files of other images',
    text: [
      'FROM debian:13',
      'COPY --from=ghcr.io/example/tool:0.8.15 /tool /bin/',
      'COPY --from=registry.example.com:5000/my/image:1.0 /binary /',
      'COPY --from=busybox:1.38 /bin/busybox /bin/',
      'USER 1000',
    ],
    expected: [],
    settings: strict,
  },
  {
    threads: 'hadolint 933: a source that a variable names',
    text: [
      'FROM debian:13 AS made',
      'FROM debian:13',
      'ARG FILES',
      'COPY --from=made /a /a',
      'COPY --from=$FILES /b /b',
      'USER 1000',
    ],
    expected: [],
  },
  {
    threads:
      'hadolint 1138, 1207: steps of one command in what is shipped, as a remark; chains and stages for building never',
    text: [
      'FROM debian:13 AS build',
      'RUN make deps',
      'RUN make lint',
      'FROM debian:13',
      'RUN one && two',
      'RUN three && four',
      'RUN five',
      '# why six',
      'RUN six',
      'COPY --from=build /x /x',
      'USER 1000',
    ],
    expected: ['9 information consecutive-run: RUN'],
  },
  {
    threads: 'hadolint 1137, 806, 960: heredocs for other programs, with a shebang, with a comment right behind them',
    text: [
      'FROM debian:13',
      'RUN <<EOF bash',
      '    set -euxo pipefail',
      '    echo 123 | cat',
      'EOF',
      '# right behind',
      'RUN <<EOF',
      '#!/usr/bin/env bash',
      'set -eux -o pipefail',
      'echo abc | cat',
      'EOF',
      'RUN <<EOF python3',
      'print(1 | 2)',
      'EOF',
      'COPY <<one <<two /srv/',
      'cd /nowhere',
      'one',
      'sudo',
      'two',
      'USER 1000',
    ],
    expected: [],
    settings: strict,
  },
  {
    threads: 'hadolint 1234: a number by an ARG is a number',
    text: ['FROM debian:13', 'ARG UID=1000', 'ARG GID=1000', 'USER ${UID}:${GID}'],
    expected: [],
    settings: strict,
  },
  {
    threads: 'hadolint 1234: names are as good by default',
    text: ['FROM debian:13', 'RUN useradd --system app', 'USER app'],
    expected: [],
  },
  {
    threads: 'buildkit 5775: names that tell of a secret and are none',
    text: [
      'FROM debian:13',
      'ENV KMS_KEY_ALIAS=alias/web CREDENTIAL_MANAGER=store PASSWORD_PROMPT_STRING=Password? REQUIRE_MFA_AUTH=true',
      'USER 1000',
    ],
    expected: [],
  },
  {
    threads: 'buildx 3059: one instruction is silenced, not the file',
    text: [
      'FROM debian:13',
      '# check=skip=SecretsUsedInArgOrEnv',
      'ENV types_file_key=a',
      'ENV other_key=b',
      'USER 1000',
    ],
    expected: ['4 warning secret-in-arg-or-env: other_key'],
  },
  {
    threads: 'buildx 2751: paths that a variable of the base may begin',
    text: [
      'FROM debian:13',
      'ENV PATH=$PATH:/x LD_LIBRARY_PATH=/x:$LD_LIBRARY_PATH PYTHONPATH=/x:$PYTHONPATH',
      'USER 1000',
    ],
    expected: [],
  },
  {
    threads: 'buildkit 6022: a platform that is meant, as a remark that goes by a comment',
    text: [
      'FROM --platform=linux/amd64 debian:13 AS one',
      '# check=skip=FromPlatformFlagConstDisallowed',
      'FROM --platform=linux/amd64 debian:13',
      'COPY --from=one /x /x',
      'USER 1000',
    ],
    expected: ['1 information platform-constant: --platform=linux/amd64'],
  },
  {
    threads: 'moby 49928: arguments without defaults, which the build always gets',
    text: ['ARG REGISTRY', 'ARG NAME', 'FROM ${REGISTRY}/${NAME}:1.2', 'USER 1000'],
    expected: ['3 information from-arg-default: ${REGISTRY}/${NAME}:1.2'],
  },
  {
    threads: 'vscode-extension 62: a line with long-term support is no reason to go to a newer one',
    text: [`FROM ubuntu:24.04@sha256:${'1'.repeat(64)}`, 'USER 1000'],
    expected: [],
  },
  {
    threads: 'vscode-extension 62, 169: what is said of an image’s age goes by a comment',
    text: ['# plimsoll-ignore dockerfile/image-ended', 'FROM python:3.7', 'USER 1000'],
    expected: [],
  },
  {
    threads: 'vscode-extension 62, 169: and by a setting, alone',
    text: ['FROM python:3.7', 'RUN sudo ls', 'USER 1000'],
    expected: ['2 warning sudo: sudo'],
    settings: { ...defaultSettings, rules: { 'dockerfile/image-ended': { level: 'off', options: {} } } },
  },
];

describe('complaints about other tools', () => {
  for (const { threads, text, expected, settings } of complaints)
    it(threads, () => assert.deepEqual(said(`${text.join('\n')}\n`, settings), expected));
});
