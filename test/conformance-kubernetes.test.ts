import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { defaultSettings, type Settings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { sharedPath } from './support/shared.ts';

const service = createService();
// A policy that is silent by default is asked about by other tools' suites.
const strict: Settings = { ...defaultSettings, profile: 'strict', policy: { cpuLimits: 'required' } };

/** Sources of all findings in a text. */
function sourcesOf(text: string, settings: Settings): ReadonlySet<string> {
  const file = { path: '/case.yaml', languageId: 'yaml', text };
  const { findings, crashes } = drive(service.analyse(file, settings, noSurroundings));
  if (crashes[0]) throw crashes[0].error;
  return new Set(findings.flatMap(({ sources }) => sources));
}

function covered(source: string): boolean {
  return service.rules.some(({ meta }) => meta.sources.includes(source));
}

/** Cases of the list of disagreements, as its first column names them. */
const disagreed: ReadonlySet<string> = new Set(
  readFileSync(fileURLToPath(new URL('./conformance/differences.md', import.meta.url)), 'utf8')
    .split('\n')
    .flatMap((line) => /^\| (\S+ \S+) \|/.exec(line)?.[1] ?? []),
);
const met = new Set<string>();

/** Holds a case to what its suite expects, or to the opposite where the list has it. */
function expectFinding(name: string, found: boolean, expected: boolean): void {
  met.add(name);
  const wanted = disagreed.has(name) ? !expected : expected;
  assert.equal(found, wanted, disagreed.has(name) ? `${name} is listed as a difference, but agrees` : name);
}

function skipUnless(folder: string | undefined): { readonly skip: string | false } {
  return { skip: folder === undefined ? 'the cases are not beside the project' : false };
}

const standards = sharedPath('conformance/pod-security');

/** Names of controls by the files' spelling of them. */
const controls = new Map(
  [
    'privileged',
    'allowPrivilegeEscalation',
    'runAsNonRoot',
    'seccompProfile_restricted',
    'capabilities_restricted',
  ].map((name) => [name.toLowerCase(), name]),
);

describe('the Pod Security Standards', skipUnless(standards), () => {
  for (const level of ['baseline', 'restricted']) {
    for (const minor of [25, 37]) {
      const folder = join(standards ?? '', level, `v1.${minor}`);
      const settings = { ...strict, kubernetesVersion: { major: 1, minor } };
      const ofLevel = [...controls.values()].filter((name) => level === 'restricted' || name === 'privileged');
      for (const name of standards === undefined ? [] : readdirSync(join(folder, 'pass'))) {
        it(`${level} 1.${minor} pass ${name}`, () => {
          const sources = sourcesOf(readFileSync(join(folder, 'pass', name), 'utf8'), settings);
          const found = ofLevel.filter((control) => sources.has(`pod-security ${control}`));
          assert.deepEqual(found, []);
        });
      }
      for (const name of standards === undefined ? [] : readdirSync(join(folder, 'fail'))) {
        const control = controls.get(name.replace(/\d*\.yaml$/, ''));
        if (control === undefined) continue;
        it(`${level} 1.${minor} fail ${name}`, () => {
          const sources = sourcesOf(readFileSync(join(folder, 'fail', name), 'utf8'), settings);
          assert.ok(sources.has(`pod-security ${control}`));
        });
      }
    }
  }
});

const polaris = sharedPath('conformance/polaris');

describe("polaris' checks", skipUnless(polaris), () => {
  for (const check of polaris === undefined ? [] : readdirSync(polaris)) {
    if (!covered(`polaris ${check}`)) continue;
    for (const name of readdirSync(join(polaris ?? '', check))) {
      if (!/^(?:success|failure)/.test(name)) continue;
      it(`${check} ${name}`, () => {
        const sources = sourcesOf(readFileSync(join(polaris ?? '', check, name), 'utf8'), strict);
        expectFinding(`polaris ${check}/${name}`, sources.has(`polaris ${check}`), name.startsWith('failure'));
      });
    }
  }
});

const trivy = sharedPath('conformance/trivy/kubernetes');

interface TrivyCases {
  readonly kubernetes?: { readonly good?: readonly string[]; readonly bad?: readonly string[] };
}

describe("trivy's checks of Kubernetes objects", skipUnless(trivy), () => {
  for (const name of trivy === undefined ? [] : readdirSync(trivy)) {
    const id = name.replace(/\.yaml$/, '');
    if (!covered(`trivy ${id}`)) continue;
    const { kubernetes }: TrivyCases = parse(readFileSync(join(trivy ?? '', name), 'utf8'));
    for (const verdict of ['good', 'bad'] as const) {
      for (const [number, text] of (kubernetes?.[verdict] ?? []).entries()) {
        it(`${id} ${verdict} ${number + 1}`, () => {
          const found = sourcesOf(text, strict).has(`trivy ${id}`);
          expectFinding(`trivy ${id}/${verdict}${number + 1}`, found, verdict === 'bad');
        });
      }
    }
  }
});

describe('the list of differences', skipUnless(polaris && trivy), () => {
  it('names only cases that there are', () => {
    const ours = [...disagreed].filter((name) => /^(?:polaris|trivy KSV)/.test(name));
    assert.deepEqual(
      ours.filter((name) => !met.has(name)),
      [],
    );
  });
});
