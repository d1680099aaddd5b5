import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { applyEdits } from '../src/core/text/edit.ts';

const service = createService();

function analyse(path: string, text: string) {
  const analysis = drive(service.analyse({ path, languageId: '', text }, defaultSettings, noSurroundings));
  assert.deepEqual(analysis.crashes, []);
  return analysis;
}

function rulesIn(path: string, text: string): readonly string[] {
  return analyse(path, text).findings.map(({ rule }) => rule);
}

const maintainer = service.rules.find(({ meta }) => meta.rows.includes('D809'))?.meta.id ?? '';
const privileged = 'kubernetes/privileged-container';
const configured = service.rules.find(({ meta }) => meta.rows.includes('K509'))?.meta.id ?? '';
const privilegedService = service.rules.find(({ meta }) => meta.rows.includes('C301'))?.meta.id ?? '';

function dockerfile(...above: readonly string[]): string {
  return ['FROM alpine:3.22', ...above, 'MAINTAINER me', 'USER 1000', ''].join('\n');
}

function pod(options: { readonly annotation?: string; readonly above?: string; readonly beside?: string }): string {
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: web',
    ...(options.annotation ? ['  annotations:', `    ${options.annotation}`] : []),
    'spec:',
    '  containers:',
    '    - name: web',
    '      image: web:1.2',
    '      securityContext:',
    ...(options.above ? [`        ${options.above}`] : []),
    `        privileged: true${options.beside ? ` ${options.beside}` : ''}`,
    '',
  ].join('\n');
}

describe('suppression in a Dockerfile', () => {
  it('without a comment the finding is there', () => {
    assert.ok(rulesIn('/Dockerfile', dockerfile()).includes(maintainer));
  });

  for (const comment of [
    `# plimsoll-ignore ${maintainer}: kept for the registry`,
    `# plimsoll-ignore dockerfile/expose-nothing, ${maintainer}`,
    `# plimsoll-ignore-file ${maintainer}`,
    '# plimsoll-ignore D809',
    '# hadolint ignore=DL3008,DL4000',
    '# hadolint global ignore=DL4000',
    '# hadolint stage ignore=DL4000',
    '# check=skip=MaintainerDeprecated',
    '#checkov:skip=CKV_DOCKER_6:known',
    '# trivy:ignore:AVD-DS-0022',
    '# trivy:ignore:DS022',
    '# nosemgrep: maintainer-is-deprecated',
    '# kics-scan ignore-line',
    '# NOSONAR',
  ]) {
    it(`${comment} silences it`, () => {
      assert.ok(!rulesIn('/Dockerfile', dockerfile(comment)).includes(maintainer));
    });
  }

  it('a directive of BuildKit at the top silences it', () => {
    assert.ok(!rulesIn('/Dockerfile', `# check=skip=MaintainerDeprecated\n${dockerfile()}`).includes(maintainer));
  });

  for (const comment of [
    '# hadolint ignore=DL3008',
    '# plimsoll-ignored D809',
    `# about ${maintainer}`,
    '# check=skip=JSONArgsRecommended',
  ]) {
    it(`${comment} does not`, () => {
      assert.ok(rulesIn('/Dockerfile', dockerfile(comment)).includes(maintainer));
    });
  }

  it('a comment covers the next instruction and no other', () => {
    const text = [
      'FROM alpine:3.22',
      '# plimsoll-ignore D809',
      'MAINTAINER me',
      'MAINTAINER you',
      'USER 1000',
      '',
    ].join('\n');
    assert.equal(rulesIn('/Dockerfile', text).filter((rule) => rule === maintainer).length, 1);
  });
});

describe('suppression in a manifest', () => {
  it('without one the finding is there', () => {
    assert.ok(rulesIn('/pod.yaml', pod({})).includes(privileged));
  });

  for (const given of [
    { above: `# plimsoll-ignore ${privileged}: a node agent` },
    { beside: `# plimsoll-ignore ${privileged}` },
    { annotation: `plimsoll.dev/ignore: ${privileged}` },
    { annotation: `plimsoll.dev/ignore: "kubernetes/none, ${privileged}: a node agent"` },
    { annotation: 'ignore-check.kube-linter.io/privileged-container: a node agent' },
    { annotation: 'kube-linter.io/ignore-all: yes' },
    { annotation: 'kube-score/ignore: container-security-context-privileged' },
    { annotation: 'polaris.fairwinds.com/runAsPrivileged-exempt: "true"' },
    { annotation: 'polaris.fairwinds.com/runAsPrivileged.web-exempt: "true"' },
    { annotation: 'polaris.fairwinds.com/exempt: "true"' },
    { annotation: 'checkov.io/skip1: CKV_K8S_16=a node agent' },
    { above: '# trivy:ignore:KSV017' },
    { beside: '# nosemgrep' },
    { beside: '# NOSONAR' },
  ]) {
    it(`${JSON.stringify(given)} silences it`, () => {
      assert.ok(!rulesIn('/pod.yaml', pod(given)).includes(privileged));
    });
  }

  for (const given of [
    { annotation: 'polaris.fairwinds.com/runAsPrivileged.db-exempt: "true"' },
    { annotation: 'polaris.fairwinds.com/exempt: "false"' },
    { annotation: 'kube-score/ignore: container-image-tag' },
  ]) {
    it(`${JSON.stringify(given)} does not`, () => {
      assert.ok(rulesIn('/pod.yaml', pod(given)).includes(privileged));
    });
  }
});

describe("suppression in the template of a workload's pods", () => {
  const deployment = (annotation: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      annotations:
        ${annotation}
    spec:
      containers:
        - name: web
          image: web:1.2
          securityContext:
            privileged: true
`;

  it("is read where it is kube-score's", () => {
    const ignored = 'kube-score/ignore: container-image-tag,container-security-context-privileged';
    assert.ok(!rulesIn('/web.yaml', deployment(ignored)).includes(privileged));
    const other = 'kube-score/ignore: container-image-tag';
    assert.ok(rulesIn('/web.yaml', deployment(other)).includes(privileged));
  });
});

describe('suppression in a Compose file', () => {
  const compose = (comment: string) => `services:\n  web:\n    image: web:1.2\n    privileged: true${comment}\n`;

  it('works on the line, by our name and by peers', () => {
    assert.ok(rulesIn('/compose.yaml', compose('')).includes(privilegedService));
    for (const comment of [` # plimsoll-ignore ${privilegedService}`, ' # nosemgrep', ' # NOSONAR']) {
      const silent = rulesIn('/compose.yaml', compose(comment)).includes(privilegedService);
      assert.equal(silent, comment.includes('NOSONAR'), comment);
    }
  });
});

describe('the actions that silence', () => {
  for (const [path, text, rule] of [
    ['/Dockerfile', dockerfile(), maintainer],
    ['/Dockerfile', `# syntax=docker/dockerfile:1\n${dockerfile()}`, maintainer],
    ['/pod.yaml', pod({}), privileged],
    ['/pod.yaml', pod({}).replaceAll('\n', '\r\n'), privileged],
    ['/pod.yaml', pod({ annotation: 'plimsoll.dev/ignore: kubernetes/memory-limit-missing' }), privileged],
    [
      '/pod.yaml',
      `apiVersion: v1\nkind: List\nitems:\n  - ${pod({}).trimEnd().replaceAll('\n', '\n    ')}\n`,
      privileged,
    ],
    // Inside a text, where no comment can stand.
    [
      '/config.yaml',
      'kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: web\ndata:\n  env: |\n    USER=web\n    DB_PASSWORD=hunter2\n',
      configured,
    ],
  ] as const) {
    it(`${path} ${JSON.stringify(text.slice(0, 40))}: each takes the finding away and no other`, () => {
      const before = analyse(path, text);
      const finding = before.findings.find((candidate) => candidate.rule === rule);
      assert.ok(finding);
      const actions = service.suppressions(before.parsed, finding);
      assert.equal(actions.length, path.endsWith('.yaml') ? 3 : 2);
      for (const { title, edits } of actions) {
        const after = applyEdits(text, edits);
        const left = rulesIn(path, after);
        assert.deepEqual(
          left.toSorted(),
          before.findings
            .map((other) => other.rule)
            .filter((other) => other !== rule)
            .toSorted(),
          title,
        );
        if (text.includes('\r\n')) assert.doesNotMatch(after, /[^\r]\n/, title);
      }
    });
  }
});
