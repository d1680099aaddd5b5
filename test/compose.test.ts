import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dockerfilesBuilt } from '../src/core/compose/builds.ts';
import { badDollar, interpolate, readEnvironmentFile, variablesIn } from '../src/core/compose/interpolation.ts';
import type { ComposeFile } from '../src/core/compose/model.ts';
import { readCompose } from '../src/core/compose/read.ts';
import { isComposeFile } from '../src/core/compose/recognise.ts';
import { resolveCompose } from '../src/core/compose/resolve.ts';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { knownItems } from '../src/core/yaml/field.ts';
import { createYamlCache, parseYaml } from '../src/core/yaml/parse.ts';
import { patchYaml } from '../src/core/yaml/patch.ts';

function document(text: string) {
  const [part] = parseYaml(text, createYamlCache(10), { template: false }).parts;
  assert.ok(part);
  return part.document;
}

function read(text: string, path = 'compose.yaml'): ComposeFile {
  const file = readCompose(document(text), path);
  assert.ok(file);
  return file;
}

function onlyService(text: string, path?: string) {
  const [service] = read(text, path).services;
  assert.ok(service);
  return service;
}

test('services with their names and paths; extensions are none', () => {
  const text = `
x-common: &common {image: a:1, mem_limit: 1g}
services:
  web:
    <<: *common
    cpus: 0.5
  db: *common
  x-note: {image: b}
  empty:
`;
  const file = read(text);
  assert.deepEqual(
    file.services.map(({ name, path, image, partial }) => [name.value, path.join('.'), image?.value, partial]),
    [
      ['web', 'services.web', 'a:1', false],
      ['db', 'services.db', 'a:1', false],
    ],
  );
  const [web] = file.services;
  assert.equal(web?.resources.memoryLimit?.value, '1g');
  assert.equal(web?.resources.cpus?.value, '0.5');
  assert.equal(text.slice(web?.name.span.start, web?.name.span.end), 'web');
});

const ports: readonly [
  written: string,
  host: string | undefined,
  published: string | undefined,
  target: string | undefined,
  protocol: string,
  interpolated?: true,
][] = [
  ['80', undefined, undefined, '80', 'tcp'],
  ['"80"', undefined, undefined, '80', 'tcp'],
  ['8080:80', undefined, '8080', '80', 'tcp'],
  ['"8080:80/udp"', undefined, '8080', '80', 'udp'],
  ["'3000-3005:3000-3005'", undefined, '3000-3005', '3000-3005', 'tcp'],
  ['127.0.0.1:8080:80', '127.0.0.1', '8080', '80', 'tcp'],
  ['"127.0.0.1::80"', '127.0.0.1', undefined, '80', 'tcp'],
  ['"[::1]:8080:80"', '[::1]', '8080', '80', 'tcp'],
  ['"::1:8080:80"', '::1', '8080', '80', 'tcp'],
  ['"${PORT:-80}:80"', undefined, undefined, '80', 'tcp', true],
  ['"${HOST:-127.0.0.1:8080}:80/tcp"', undefined, undefined, '80', 'tcp', true],
  ['$PORT', undefined, undefined, undefined, 'tcp', true],
  ['{target: 80, published: "8080", host_ip: 127.0.0.1, protocol: UDP}', '127.0.0.1', '8080', '80', 'udp'],
  ['{target: 80, published: "${PORT}"}', undefined, undefined, '80', 'tcp', true],
];

for (const [written, host, published, target, protocol, interpolated] of ports) {
  test(`port ${written}`, () => {
    const text = `services:\n  web:\n    image: a\n    ports:\n      - ${written}\n`;
    const service = onlyService(text);
    const [port, ...more] = service.ports;
    assert.ok(port);
    assert.equal(more.length, 0);
    assert.deepEqual(
      [port.hostAddress?.value, port.published?.value, port.target?.value, port.protocol, port.interpolated],
      [host, published, target, protocol, interpolated === true],
    );
    assert.equal(text.slice(port.span.start, port.span.end), written);
    assert.equal(port.form, written.startsWith('{') ? 'long' : 'short');
    assert.equal(port.quoted, /^["']/.test(written));
    assert.deepEqual(port.path, ['services', 'web', 'ports', 0]);
    for (const part of [port.hostAddress, port.published, port.target]) {
      if (part !== undefined) assert.ok(text.slice(part.span.start, part.span.end).includes(part.value));
      if (part !== undefined && port.form === 'short') {
        assert.equal(text.slice(part.span.start, part.span.end), part.value);
      }
    }
  });
}

test('resources, old fields and deploy', () => {
  const { resources } = onlyService(`services:
  web:
    image: a
    cpus: "1.5"
    mem_limit: 512m
    mem_reservation: 128m
    memswap_limit: 1g
    pids_limit: 100
    scale: 3
    deploy:
      replicas: 2
      resources:
        limits: {cpus: "2", memory: 1G, pids: 5}
        reservations: {cpus: "0.5", memory: 64M}
`);
  const { deployPair, deployLimits, deployReservations, ...rest } = resources;
  assert.deepEqual(
    Object.entries(rest).map(([key, value]) => [key, value?.value]),
    [
      ['cpus', '1.5'],
      ['memoryLimit', '512m'],
      ['memoryReservation', '128m'],
      ['memorySwap', '1g'],
      ['pidsLimit', '100'],
      ['replicas', '2'],
    ],
  );
  assert.deepEqual(
    [deployLimits.cpus, deployLimits.memory, deployLimits.pids, deployReservations.cpus, deployReservations.memory].map(
      (one) => one?.value,
    ),
    ['2', '1G', '5', '0.5', '64M'],
  );
  assert.equal(deployPair?.key.text, 'resources');
});

test('a service of which a part is elsewhere is partial', () => {
  const partial = (service: string, path?: string) => onlyService(`services:\n  web: ${service}\n`, path).partial;
  assert.equal(partial('{image: a}'), false);
  assert.equal(partial('{build: .}'), false);
  assert.equal(partial('{image: a, extends: {service: base}}'), true);
  assert.equal(partial('{ports: ["80"]}'), true);
  assert.equal(partial('{image: a}', 'compose.override.yaml'), true);
  assert.equal(partial('{image: a}', 'docker-compose.prod.yml'), false);
  assert.equal(partial('{image: a, ports: !reset []}', 'docker-compose.prod.yml'), true);
  assert.equal(partial('{image: a, ports: !override ["80:80"]}'), true);
});

test('Compose files by name and by content', () => {
  const is = (path: string, text: string) => isComposeFile(path, document(text).root);
  const services = 'services: {web: {image: a}}\n';
  for (const path of [
    'compose.yaml',
    'a/docker-compose.yml',
    'compose.override.yml',
    'docker-compose-dev.yaml',
    'stack.yml',
  ]) {
    assert.ok(is(path, services), path);
  }
  assert.ok(is('compose.yaml', 'networks: {a: }\n'));
  assert.ok(!is('stack.yml', 'services: {web: {}}\n'));
  assert.ok(!is('stack.yml', 'services: {web: {image: a}}\nstages: [a]\n'));
  assert.ok(!is('compose.yaml', 'apiVersion: v1\nkind: Pod\n'));
  assert.ok(!is('compose.yaml', '- a\n'));
});

test('half-typed services do not stop the reading', () => {
  const file = read(
    'services:\n  web:\n    image: a\n    ports:\n      -\n      - [1]\n  db:\n    deploy:\n      resources:\n',
  );
  assert.deepEqual(
    file.services.map(({ name, ports: list }) => [name.value, list.length]),
    [
      ['web', 0],
      ['db', 0],
    ],
  );
  assert.equal(readCompose(document('- a\n'), 'compose.yaml'), undefined);
  assert.equal(read('services: 1\n').services.length, 0);
});

test('the Dockerfiles that services are built from', () => {
  const builds = [
    '.',
    './app/',
    '../web',
    '{context: app, dockerfile: ../Dockerfile.prod}',
    '{context: app}',
    '{dockerfile: build/Dockerfile}',
    '{dockerfile_inline: "FROM alpine"}',
    'https://example.com/web.git',
    'git@example.com:web.git',
    '${FOLDER}',
    '/srv/app',
  ];
  const text = builds.map((build, at) => `  s${at}: {build: ${/^[{.]/.test(build) ? build : `"${build}"`}}\n`).join('');
  assert.deepEqual(dockerfilesBuilt(read(`services:\n${text}`)), [
    'Dockerfile',
    'app/Dockerfile',
    '../web/Dockerfile',
    'Dockerfile.prod',
    'build/Dockerfile',
  ]);
});

test('the Dockerfiles of a Compose file are read with what stands around it', async () => {
  const files: Readonly<Record<string, string>> = {
    '/a/compose.yaml': 'services:\n  web: {build: app}\n  api: {build: ../api}\n  gone: {build: gone}\n',
    '/a/app/Dockerfile': 'FROM alpine\n',
    '/api/Dockerfile': 'FROM busybox\n',
  };
  const { around } = await createService().surroundings('/a/compose.yaml', {
    read: (path) => Promise.resolve(files[path]),
  });
  assert.equal(around.get('app/Dockerfile'), 'FROM alpine\n');
  assert.equal(around.get('../api/Dockerfile'), 'FROM busybox\n');
  assert.equal(around.get('gone/Dockerfile'), null);
});

const texts: readonly [text: string, made: string | undefined][] = [
  ['nginx:${NONE:-1.29}', 'nginx:1.29'],
  ['nginx:${NONE-1.29}', 'nginx:1.29'],
  ['$IMAGE:${TAG}', 'app:2'],
  ['${IMAGE?no image}', 'app'],
  ['${IMAGE:+other}', 'other'],
  ['${NONE:+other}', undefined],
  ['${NONE}', undefined],
  ['${NONE:-}', undefined],
  ['a${NONE:-}', 'a'],
  ['${EMPTY:-full}', 'full'],
  ['${EMPTY-full}', undefined],
  ['${NONE:-${IMAGE:-x}}:${NONE:-1}', 'app:1'],
  ['${NONE:-${ALSO_NONE}}', undefined],
  ['$${IMAGE}', undefined],
  ['$${IMAGE} ${TAG}', undefined],
  ['${}', undefined],
  ['${TAG', undefined],
  ['${TAG!x}', undefined],
  ['costs 5$', undefined],
  ['$(date) ${TAG}', undefined],
];

for (const [text, made] of texts) {
  test(`interpolates ${text}`, () => {
    const values = new Map([
      ['IMAGE', 'app'],
      ['TAG', '2'],
      ['EMPTY', ''],
    ]);
    assert.equal(interpolate(text, values), made);
  });
}

test('variables of a text with their places', () => {
  assert.deepEqual(
    variablesIn('a $B ${C:-${D}} $$E')?.map(({ name, operator, word, start, end }) => [
      name,
      operator,
      word,
      start,
      end,
    ]),
    [
      ['B', '', '', 2, 4],
      ['C', ':-', '${D}', 5, 15],
    ],
  );
  assert.equal(variablesIn('${C:-${D}'), undefined);
  assert.deepEqual(variablesIn('$(date) $1 5$'), []);
  assert.equal(badDollar('$(date) ${A} ${1}'), 13);
});

test('an environment file', () => {
  const { names, values } = readEnvironmentFile(
    [
      '# a comment',
      'PLAIN=one two # and a comment',
      'HASH=a#b',
      'export EXPORTED=yes',
      "SINGLE='$as is # too'",
      'DOUBLE="with \\"quotes\\" and ${PLAIN}"',
      'EMPTY=',
      'YAML: value',
      'FROM_SHELL',
      'UNKNOWN=${FROM_SHELL}/x',
      'MULTI="first',
      'second"',
      'LAST=1',
    ].join('\r\n'),
  );
  assert.deepEqual(Object.fromEntries(values), {
    PLAIN: 'one two',
    HASH: 'a#b',
    EXPORTED: 'yes',
    SINGLE: '$as is # too',
    DOUBLE: 'with "quotes" and one two',
    EMPTY: '',
    YAML: 'value',
    MULTI: 'first\nsecond',
    LAST: '1',
  });
  assert.ok(names.has('FROM_SHELL') && names.has('UNKNOWN'));
});

test('a file as Compose takes it: `.env`, defaults, `!reset` and the override beside it', () => {
  const text = `
services:
  web: &web
    image: web:\${TAG:-1}
    mem_limit: \${MEMORY}
    cpus: \${CPUS}
    ports: !reset ["80:80"]
    expose: ["1", !reset "2"]
  worker:
    <<: *web
    container_name: \${NAME:-worker}
  gone: !reset {image: gone}
`;
  const written = read(text);
  const around = new Map([
    ['.env', 'MEMORY=1g\nTAG=2\n'],
    ['compose.override.yaml', 'services:\n  worker:\n    cpus: 1\n'],
  ]);
  const file = resolveCompose(written, 'compose.yaml', around);
  assert.equal(resolveCompose(written, 'compose.yaml', around), file);
  assert.deepEqual(
    file.services.map(({ name, image, resources }) => [
      name.value,
      image?.value,
      resources.memoryLimit?.value,
      resources.cpus?.value,
    ]),
    [
      ['web', 'web:2', '1g', '${CPUS}'],
      ['worker', 'web:2', '1g', '${CPUS}'],
    ],
  );
  const [web, worker] = file.services;
  assert.equal(text.slice(web?.image?.span.start, web?.image?.span.end), 'web:${TAG:-1}');
  assert.deepEqual(web?.ports, []);
  assert.equal(knownItems(web?.node, 'expose').length, 1);
  const set = (...path: readonly string[]) =>
    patchYaml(file.document, [{ kind: 'set', path: ['services', ...path], value: 'x' }]);
  assert.equal(set('worker', 'container_name'), undefined);
  assert.equal(set('web', 'ports'), undefined);
  assert.ok(set('worker', 'restart'));
  assert.ok(worker?.partial);
});

test('only services that the override names may have more', () => {
  const around = new Map([['docker-compose.override.yml', 'services:\n  web:\n    cpus: 1\n']]);
  const parts = (path: string) =>
    resolveCompose(read('services:\n  web:\n    image: a:1\n  db:\n    image: b:1\n', path), path, around).services.map(
      ({ partial }) => partial,
    );
  assert.deepEqual(parts('compose.yaml'), [true, false]);
  assert.deepEqual(parts('compose.prod.yaml'), [false, false]);
  assert.deepEqual(parts('/app/.devcontainer/compose.yaml'), [false, false]);
});

test('a project without `.env` is only told of its variables where the settings say so', () => {
  const text = 'services:\n  web:\n    image: web:${TAG}\n';
  const service = createService();
  const check = (withoutFile: boolean, env: string | null) => {
    const { settings } = service.settings(defaultSettings, {
      ...noSurroundings,
      configuration: {
        path: '/.plimsoll.yaml',
        text: `rules: {compose/variable-unset: {withoutFile: ${withoutFile}}}`,
      },
    });
    const file = { path: '/compose.yaml', languageId: '', text };
    const near = { ...noSurroundings, around: new Map([['.env', env]]) };
    return drive(service.analyse(file, settings, near, ['compose/variable-unset'])).findings.length;
  };
  assert.deepEqual([check(false, null), check(true, null), check(false, ''), check(true, 'TAG=1')], [0, 1, 1, 0]);
});
