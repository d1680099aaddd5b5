import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { defaultSettings, type Settings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { sharedPath } from './support/shared.ts';

const service = createService();
// A policy that is silent by default is asked about by other tools' suites; the range is that of polaris' resourceRange.
const range = { leastMemory: '100Mi', mostMemory: '6G', leastCpu: '100m', mostCpu: '2' };
const strict: Settings = {
  ...defaultSettings,
  profile: 'strict',
  policy: { cpuLimits: 'required' },
  rules: { 'kubernetes/limit-out-of-range': { level: 'on', options: range } },
};

/** Sources of all findings in a text. */
function sourcesOf(text: string, settings: Settings): ReadonlySet<string> {
  const file = { path: '/case.yaml', languageId: 'yaml', text };
  const { findings, crashes } = drive(service.analyse(file, settings, noSurroundings));
  if (crashes[0]) throw crashes[0].error;
  return new Set(findings.flatMap(({ sources }) => sources));
}

/** Cases of the list of disagreements, as its first column names them. */
const disagreed: ReadonlySet<string> = new Set(
  readFileSync(fileURLToPath(new URL('./conformance/differences.md', import.meta.url)), 'utf8')
    .split('\n')
    .flatMap((line) => /^\| (\S+ \S+) \|/.exec(line)?.[1] ?? []),
);
const met = new Set<string>();

/** Holds a case to what its suite expects, or to the opposite where the list has it. */
function expectVerdict(name: string, found: boolean, expected: boolean): void {
  met.add(name);
  const wanted = disagreed.has(name) ? !expected : expected;
  assert.equal(found, wanted, disagreed.has(name) ? `${name} is listed as a difference, but agrees` : name);
}

function skipUnless(folder: string | undefined): { readonly skip: string | false } {
  return { skip: folder === undefined ? 'the cases are not beside the project' : false };
}

const standards = sharedPath('conformance/pod-security');

/** Controls of our rules: their names in lower case, as the files have them, with the level. */
const controls = new Map(
  service.rules.flatMap(({ meta: { podSecurity, sources } }) =>
    sources.flatMap((source) => {
      const name = /^pod-security (.+)/.exec(source)?.[1]?.toLowerCase();
      return name === undefined ? [] : [[name, podSecurity] as const];
    }),
  ),
);

/** Controls that a file breaks, of the level and those below it. */
function brokenControls(path: string, level: 'baseline' | 'restricted', minor: number): readonly string[] {
  const settings: Settings = { ...defaultSettings, podSecurity: level, kubernetesVersion: { major: 1, minor } };
  return [...sourcesOf(readFileSync(path, 'utf8'), settings)].flatMap(
    (source) => /^pod-security (.+)/.exec(source)?.[1]?.toLowerCase() ?? [],
  );
}

describe('the Pod Security Standards', skipUnless(standards), () => {
  for (const level of ['baseline', 'restricted'] as const) {
    for (const version of standards === undefined ? [] : readdirSync(join(standards, level))) {
      const folder = join(standards ?? '', level, version);
      const minor = Number(/^v1\.(\d+)$/.exec(version)?.[1]);
      for (const name of readdirSync(join(folder, 'pass'))) {
        it(`${level} ${version} pass ${name}`, () => {
          assert.deepEqual(brokenControls(join(folder, 'pass', name), level, minor), []);
        });
      }
      for (const name of readdirSync(join(folder, 'fail'))) {
        it(`${level} ${version} fail ${name}`, () => {
          const control = name.replace(/\d*\.yaml$/, '');
          assert.ok(controls.get(control) === 'baseline' || controls.get(control) === level, control);
          assert.ok(brokenControls(join(folder, 'fail', name), level, minor).includes(control));
        });
      }
    }
  }
});

const polaris = sharedPath('conformance/polaris');

describe("polaris' checks", skipUnless(polaris), () => {
  for (const check of polaris === undefined ? [] : readdirSync(polaris)) {
    for (const name of readdirSync(join(polaris ?? '', check))) {
      if (!/^(?:success|failure)/.test(name)) continue;
      it(`${check} ${name}`, () => {
        const sources = sourcesOf(readFileSync(join(polaris ?? '', check, name), 'utf8'), strict);
        expectVerdict(`polaris ${check}/${name}`, sources.has(`polaris ${check}`), name.startsWith('failure'));
      });
    }
  }
});

// Our fixes take their numbers from what the user has said: polaris' own are said here.
const withPolarisNumbers: Settings = {
  ...strict,
  resources: { requests: { cpu: '100m', memory: '512Mi' }, limits: { cpu: '100m', memory: '512Mi' } },
  rules: { ...strict.rules, 'kubernetes/replicas-too-few': { level: 'on', options: { minimum: 3 } } },
};

describe("polaris' mutations", skipUnless(polaris), () => {
  for (const check of polaris === undefined ? [] : readdirSync(polaris)) {
    const rules = service.rules
      .filter(({ meta }) => meta.sources.includes(`polaris ${check}`))
      .map(({ meta }) => meta.id);
    const folder = join(polaris ?? '', check);
    for (const name of readdirSync(folder)) {
      if (!name.startsWith('mutated')) continue;
      it(`${check} ${name}`, () => {
        const text = readFileSync(join(folder, name.replace('mutated', 'failure')), 'utf8');
        const file = { path: '/case.yaml', languageId: 'yaml', text };
        const fixed = service.fixAll(file, withPolarisNumbers, noSurroundings, { level: 'suggested', rules });
        const same = isDeepStrictEqual(parse(fixed), parse(readFileSync(join(folder, name), 'utf8')));
        expectVerdict(`polaris ${check}/${name}`, same, true);
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
    const { kubernetes }: TrivyCases = parse(readFileSync(join(trivy ?? '', name), 'utf8'));
    for (const verdict of ['good', 'bad'] as const) {
      for (const [number, text] of (kubernetes?.[verdict] ?? []).entries()) {
        it(`${id} ${verdict} ${number + 1}`, () => {
          const found = sourcesOf(text, strict).has(`trivy ${id}`);
          expectVerdict(`trivy ${id}/${verdict}${number + 1}`, found, verdict === 'bad');
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
