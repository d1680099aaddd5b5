import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings, type Surroundings } from '../src/core/service.ts';

const service = createService();
const id = service.rules.find(({ meta }) => meta.rows.includes('D809'))?.meta.id ?? '';

function withFile(text: string): Surroundings {
  return { ...noSurroundings, configuration: { path: '/.plimsoll.yaml', text } };
}

function severity(surroundings: Surroundings): string | undefined {
  const { settings } = service.settings(defaultSettings, surroundings);
  const file = { path: '/Dockerfile', languageId: '', text: 'FROM alpine:3.22\nMAINTAINER me\nUSER 1000\n' };
  return drive(service.analyse(file, settings, surroundings)).findings.find(({ rule }) => rule === id)?.severity;
}

describe('.plimsoll.yaml', () => {
  it('is found in the folder or above, nearest first', async () => {
    const files: Readonly<Record<string, string>> = {
      '/a/.hadolint.yaml': 'ignored: []',
      '/a/.plimsoll.yaml': 'far',
      '/a/b/c/.plimsoll.yml': 'near',
      '/a/b/c/.dockerignore': '*.md',
      '/a/b/compose.yaml': 'services: {}',
    };
    const asked: string[] = [];
    const reader = {
      read: async (path: string) => {
        asked.push(path);
        return files[path];
      },
    };
    const near = await service.surroundings('/a/b/c/Dockerfile', reader);
    assert.deepEqual(near.configuration, { path: '/a/b/c/.plimsoll.yml', text: 'near' });
    assert.equal(near.around.get('.dockerignore'), '*.md');
    assert.equal(near.around.get('Dockerfile.dockerignore'), null, 'known to be absent');
    assert.equal(near.around.get('../compose.yaml'), 'services: {}');
    const far = await service.surroundings('/a/b/x/Dockerfile', reader);
    assert.equal(far.configuration?.text, 'far');
    assert.equal(far.hadolint?.path, '/a/.hadolint.yaml');
    assert.equal((await service.surroundings('/a/b/x/pod.yaml', reader)).hadolint, undefined);
    assert.equal((await service.surroundings('/z/Dockerfile', reader)).configuration, undefined);
    assert.ok(asked.includes('/.plimsoll.yaml'));
  });

  it('leaves unknown what cannot be read', async () => {
    const failing = { read: async () => Promise.reject(new Error('offline')) };
    const { around, configuration } = await service.surroundings('/a/Dockerfile', failing);
    assert.equal(around.size, 0);
    assert.equal(configuration, undefined);
  });

  it('turns rules off and on and sets severities, by id, short name or row', () => {
    const usual = severity(noSurroundings);
    assert.ok(usual);
    for (const name of [id, id.slice(id.indexOf('/') + 1), 'D809']) {
      assert.equal(severity(withFile(`rules:\n  ${name}: off\n`)), undefined, name);
      assert.equal(severity(withFile(`rules:\n  ${name}: error\n`)), 'error', name);
      assert.equal(severity(withFile(`rules:\n  ${name}:\n    level: error\n`)), 'error', name);
      assert.equal(severity(withFile(`rules:\n  ${name}: on\n`)), usual, name);
    }
  });

  it('reads every setting', () => {
    const text = `profile: strict
policy: { cpuLimits: required }
kubernetesVersion: v1.30.2
resources:
  requests: { cpu: 50m, memory: 64Mi, nvidia.com/gpu: "1" }
  limits: { memory: 128Mi }
node: { cpu: "8", memory: 32Gi }
host: { cpus: 4, memory: 8g }
assumptions: { nodeShape: m7g.large, nodePrice: 0.08 }
`;
    assert.deepEqual(service.settings(defaultSettings, withFile(text)), {
      settings: {
        profile: 'strict',
        rules: {},
        policy: { cpuLimits: 'required' },
        podSecurity: 'restricted',
        kubernetesVersion: { major: 1, minor: 30 },
        resources: { requests: { cpu: '50m', memory: '64Mi', 'nvidia.com/gpu': '1' }, limits: { memory: '128Mi' } },
        node: { cpu: '8', memory: '32Gi' },
        host: { cpus: '4', memory: '8g' },
        assumptions: { nodeShape: 'm7g.large', nodePrice: '0.08' },
      },
      problems: [],
    });
  });

  it('reports what does not fit and keeps the rest', () => {
    const { settings, problems } = service.settings(
      defaultSettings,
      withFile('profile: loud\nkubernetesVersion: "1.30"\nnode: 3\n'),
    );
    assert.deepEqual(settings.kubernetesVersion, { major: 1, minor: 30 });
    assert.equal(settings.profile, 'recommended');
    assert.deepEqual(
      problems.map(({ span }) => span),
      [
        { start: 9, end: 13 },
        { start: 46, end: 47 },
      ],
    );
  });

  it('takes whole CPUs and sizes of Docker for a host', () => {
    const { settings, problems } = service.settings(defaultSettings, withFile('host: { cpus: 3.5, memory: 8Gi }\n'));
    assert.deepEqual(settings.host, { cpus: '', memory: '' });
    assert.equal(problems.length, 2);
  });

  for (const text of [
    '',
    '- a\n- b\n',
    'rules: [',
    'a: &a [*a]\n',
    'rules:\n',
    '\u0000\u0001',
    'rules: { x: { y: { z: 1 } } }',
  ]) {
    it(`survives ${JSON.stringify(text)}`, () => {
      const { settings } = service.settings(defaultSettings, withFile(text));
      assert.deepEqual(settings.node, defaultSettings.node);
    });
  }

  it('may make the set of another tool', () => {
    // npm's cache, a trigger and a second relative WORKDIR are ours to tell; comments are for who asks.
    const text =
      '# ours\nARG A=1\nFROM alpine\nMAINTAINER me\nCOPY . /app\nWORKDIR a\nWORKDIR b\nRUN npm ci\n# hadolint ignore=DL3059\nRUN yarn install\nONBUILD ENV A_TOKEN=x\n';
    const file = { path: '/Dockerfile', languageId: '', text };
    for (const tool of ['hadolint', 'buildkit'] as const) {
      const { findings } = drive(service.analyse(file, { ...defaultSettings, profile: tool }, noSurroundings));
      assert.ok(findings.some(({ rule }) => rule === id));
      for (const { sources } of findings) assert.ok(sources.some((source) => source.startsWith(`${tool} `)));
      const asked = /\/(?:ignore-comment|definition-description)$/;
      assert.deepEqual(
        findings.filter(({ rule }) => asked.test(rule)),
        [],
      );
    }
  });

  it('takes its profile from the settings file', () => {
    const text = 'FROM alpine:3.22 as a\nRUN apk add --no-cache curl\nRUN echo x > /x\n';
    const found = (profile: string) => {
      const near = withFile(`profile: ${profile}\n`);
      const read = service.settings(defaultSettings, near);
      assert.deepEqual(read.problems, []);
      const file = { path: '/Dockerfile', languageId: '', text };
      const rules = new Set(drive(service.analyse(file, read.settings, near)).findings.map(({ rule }) => rule));
      const optional = ['package-version', 'healthcheck-missing', 'file-written-by-run', 'as-casing', 'user-missing'];
      return optional.filter((name) => rules.has(`dockerfile/${name}`));
    };
    assert.deepEqual(found('recommended'), ['as-casing', 'user-missing']);
    const all = ['package-version', 'healthcheck-missing', 'file-written-by-run', 'as-casing', 'user-missing'];
    assert.deepEqual(found('strict'), all);
    assert.deepEqual(found('hadolint'), ['package-version', 'healthcheck-missing']);
    assert.deepEqual(found('buildkit'), ['as-casing']);
  });

  it('chooses a level of the Pod Security Standards, which a rule of its own setting does not heed', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: a:1\n';
    const text = `${pod}      securityContext:\n        privileged: true\n`;
    const found = (settings: string, only?: readonly string[]) => {
      const near = withFile(settings);
      const read = service.settings(defaultSettings, near).settings;
      const { findings } = drive(service.analyse({ path: '/pod.yaml', languageId: '', text }, read, near, only));
      const rules = new Set(findings.map(({ rule }) => rule));
      return ['kubernetes/privileged-container', 'kubernetes/run-as-non-root'].filter((rule) => rules.has(rule));
    };
    const both = ['kubernetes/privileged-container', 'kubernetes/run-as-non-root'];
    assert.deepEqual(found(''), both);
    assert.deepEqual(found('podSecurity: baseline\n'), both.slice(0, 1));
    assert.deepEqual(found('podSecurity: privileged\n'), []);
    assert.deepEqual(found('podSecurity: privileged\nrules:\n  run-as-non-root: on\n'), both.slice(1));
    assert.deepEqual(found('podSecurity: privileged\n', ['privileged-container']), both.slice(0, 1));
  });

  it('lies over a .hadolint.yaml', () => {
    const hadolint = (text: string) => ({ path: '/.hadolint.yaml', text });
    const ignored = hadolint('ignored:\n  - DL4000\n');
    assert.equal(severity({ ...noSurroundings, hadolint: ignored }), undefined);
    assert.equal(severity({ ...noSurroundings, hadolint: hadolint('override:\n  error: [DL4000]\n') }), 'error');
    assert.equal(
      severity({ ...noSurroundings, hadolint: hadolint('ignored: [DL3000]\noverride: 3\n') }),
      severity(noSurroundings),
    );
    assert.equal(severity({ ...withFile(`rules:\n  ${id}: warning\n`), hadolint: ignored }), 'warning');
    const trusted = { ...noSurroundings, hadolint: hadolint('trustedRegistries: [quay.io]\n') };
    const { settings } = service.settings(defaultSettings, trusted);
    assert.deepEqual(settings.rules['dockerfile/registry-not-allowed'], {
      level: 'on',
      options: { allowed: ['quay.io'] },
    });
  });

  it('lies over the settings of the editor', () => {
    const editor = service.settingsFromEditor({
      profile: 'strict',
      kubernetesVersion: '1.31',
      rules: { [id]: 'error' },
      node: { cpu: '2' },
    });
    assert.deepEqual(editor.problems, []);
    const { settings } = service.settings(editor.settings, withFile('kubernetesVersion: "1.34"\n'));
    assert.equal(settings.profile, 'strict');
    assert.deepEqual(settings.kubernetesVersion, { major: 1, minor: 34 });
    assert.equal(settings.rules[id]?.level, 'error');
    assert.deepEqual(settings.node, { cpu: '2', memory: defaultSettings.node.memory });
  });
});

describe('completion in .plimsoll.yaml', () => {
  function complete(marked: string): readonly string[] {
    const offset = marked.indexOf('|');
    const text = marked.replace('|', '');
    const parsed = service.parse({ path: '/.plimsoll.yaml', languageId: 'yaml', text });
    return service.complete(parsed, offset).map(({ label, newText, span }) => {
      assert.ok(span.start <= offset && offset === span.end);
      assert.ok(newText.startsWith(label));
      return label;
    });
  }

  it('offers the settings at the top', () => {
    assert.deepEqual(complete('|'), [
      'profile',
      'rules',
      'policy',
      'podSecurity',
      'kubernetesVersion',
      'resources',
      'node',
      'host',
      'assumptions',
    ]);
    assert.deepEqual(complete('profile: strict\npol|'), [
      'profile',
      'rules',
      'policy',
      'podSecurity',
      'kubernetesVersion',
      'resources',
      'node',
      'host',
      'assumptions',
    ]);
  });

  it('offers values behind the colon', () => {
    assert.deepEqual(complete('profile: |'), ['recommended', 'strict', 'hadolint', 'buildkit']);
    assert.deepEqual(complete('policy:\n  cpuLimits: re|'), ['optional', 'required', 'forbidden']);
  });

  it('offers every rule, and its levels', () => {
    assert.deepEqual(
      complete('rules:\n  |'),
      service.rules.map(({ meta }) => meta.id),
    );
    assert.deepEqual(complete(`rules:\n  ${id}: |`), ['off', 'on', 'error', 'warning', 'information']);
    assert.deepEqual(complete(`rules:\n  ${id}:\n    |`).slice(0, 1), ['level']);
  });

  it('offers keys inside a group', () => {
    assert.deepEqual(complete('resources:\n  requests:\n    |'), ['cpu', 'memory']);
    assert.deepEqual(complete('node:\n  |'), ['cpu', 'memory']);
    assert.deepEqual(complete('node: 3\nx|y: z'), [
      'profile',
      'rules',
      'policy',
      'podSecurity',
      'kubernetesVersion',
      'resources',
      'node',
      'host',
      'assumptions',
    ]);
  });

  it('offers nothing in other files', () => {
    const parsed = service.parse({ path: '/compose.yaml', languageId: 'yaml', text: 'services:\n' });
    assert.deepEqual(service.complete(parsed, 0), []);
  });
});
