import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { digestOf, type HttpClient, RegistryError, registryImage, tagsOf } from '../src/core/registry/client.ts';
import { newerTags } from '../src/core/registry/newer-tags.ts';
import { createService } from '../src/core/service.ts';
import { applyEdits } from '../src/core/text/edit.ts';
import { type Cancellation, explained, httpClient } from '../src/host/http.ts';
import { fetchClient, type Registry, reader, registryMissing, startRegistry } from './support/registry.ts';

function failsAs(kind: RegistryError['kind'], message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof RegistryError, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    return true;
  };
}

describe('a registry on the loopback', { skip: registryMissing }, () => {
  let registry: Registry;
  before(async () => {
    registry = await startRegistry({ password: false });
  });
  after(() => registry?.stop());

  it('gives the digest of the index, not of one architecture', async () => {
    const { index, manifest } = await registry.push('team/web', ['1.2.3']);
    const image = registryImage(registry.host, 'team/web');
    assert.notEqual(index, manifest);
    assert.equal(await digestOf(fetchClient, image, '1.2.3'), index);
  });

  it('lists tags', async () => {
    await registry.push('team/many', ['1.0.0', '1.1.0', 'latest']);
    const tags = await tagsOf(fetchClient, registryImage(registry.host, 'team/many'));
    assert.deepEqual([...tags].toSorted(), ['1.0.0', '1.1.0', 'latest']);
  });

  it('says what is not there', async () => {
    const image = registryImage(registry.host, 'team/web');
    await assert.rejects(digestOf(fetchClient, image, 'none'), failsAs('missing', /has no team\/web:none/));
    await assert.rejects(
      tagsOf(fetchClient, registryImage(registry.host, 'team/nothing')),
      failsAs('missing', /has no team\/nothing/),
    );
  });
});

describe('a registry with a password', { skip: registryMissing }, () => {
  let registry: Registry;
  before(async () => {
    registry = await startRegistry({ password: true });
  });
  after(() => registry?.stop());

  it('answers whoever has it, and nobody else', async () => {
    const { index } = await registry.push('team/private', ['2']);
    const image = registryImage(registry.host, 'team/private');
    assert.equal(await digestOf(fetchClient, image, '2', reader), index);
    assert.deepEqual(await tagsOf(fetchClient, image, reader), ['2']);
    await assert.rejects(digestOf(fetchClient, image, '2'), failsAs('unauthorized', /sign in/));
    const wrong = { user: 'reader', password: 'guess hé' };
    await assert.rejects(digestOf(fetchClient, image, '2', wrong), (error: unknown) => {
      assert.ok(error instanceof RegistryError);
      assert.doesNotMatch(error.message, /guess/);
      return true;
    });
  });
});

/** A server that answers as it is told, for what a real registry does not do on demand. */
async function withServer(
  answer: (
    url: string,
    authorization: string | undefined,
  ) => { status: number; headers?: Record<string, string>; body?: string },
  body: (host: string) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    const { status, headers = {}, body: text = '' } = answer(request.url ?? '', request.headers.authorization);
    response.writeHead(status, headers).end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  try {
    await body(`localhost:${address.port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const digest = `sha256:${'a'.repeat(64)}`;

describe('what registries may answer', () => {
  it('a challenge for a token, with and without credentials', async () => {
    const seen: string[] = [];
    let host = '';
    await withServer(
      (url, authorization) => {
        seen.push(`${url} ${authorization ?? '-'}`);
        if (url.startsWith('/token')) return { status: 200, body: JSON.stringify({ token: 'abc' }) };
        if (authorization === 'Bearer abc') return { status: 200, headers: { 'docker-content-digest': digest } };
        const challenge = `Bearer realm="http://${host}/token",service="registry.test"`;
        return { status: 401, headers: { 'www-authenticate': challenge } };
      },
      async (at) => {
        host = at;
        const image = registryImage(at, 'a/b');
        assert.equal(await digestOf(fetchClient, image, 'latest'), digest);
        assert.equal(await digestOf(fetchClient, image, 'latest', { user: 'u', password: 'é' }), digest);
      },
    );
    const token = '/token?service=registry.test&scope=repository%3Aa%2Fb%3Apull';
    assert.deepEqual(
      seen.filter((line) => line.startsWith('/token')),
      [`${token} -`, `${token} Basic ${Buffer.from('u:é').toString('base64')}`],
    );
  });

  it('a challenge that says what for', async () => {
    const seen: string[] = [];
    let host = '';
    await withServer(
      (url, authorization) => {
        if (url.startsWith('/token')) seen.push(url);
        if (url.startsWith('/token')) return { status: 200, body: JSON.stringify({ access_token: 'abc' }) };
        if (authorization === 'Bearer abc') return { status: 200, headers: { 'docker-content-digest': digest } };
        return { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${host}/token",scope="aws"` } };
      },
      async (at) => {
        host = at;
        assert.equal(await digestOf(fetchClient, registryImage(at, 'a/b'), '1'), digest);
      },
    );
    assert.deepEqual(seen, ['/token?scope=aws']);
  });

  it('that it was asked too often, that it fails, and nonsense', async () => {
    let status = 429;
    await withServer(
      () => ({ status, headers: { 'retry-after': '60' }, body: '<html>' }),
      async (at) => {
        const image = registryImage(at, 'a/b');
        await assert.rejects(tagsOf(fetchClient, image), failsAs('limited', /too often for 60 s/));
        status = 500;
        await assert.rejects(tagsOf(fetchClient, image), failsAs('refused', /answered 500/));
        status = 200;
        await assert.rejects(tagsOf(fetchClient, image), failsAs('refused', /something else/));
        await assert.rejects(digestOf(fetchClient, image, 'x'), failsAs('refused', /without a digest/));
      },
    );
  });

  it('tags over several pages', async () => {
    await withServer(
      (url) =>
        url.includes('last=')
          ? { status: 200, body: '{"tags":["2"]}' }
          : { status: 200, headers: { link: '</v2/a/b/tags/list?n=1&last=1>; rel="next"' }, body: '{"tags":["1"]}' },
      async (at) => assert.deepEqual(await tagsOf(fetchClient, registryImage(at, 'a/b')), ['1', '2']),
    );
  });

  it('credentials go to no other server by a link or a realm without TLS', async () => {
    for (const server of ['evil.test', 'localhost.evil.test', '127.evil.test', 'localhost:5000@evil.test']) {
      const asked: string[] = [];
      const client: HttpClient = async ({ url }) => {
        asked.push(url);
        const first = asked.length === 1;
        return {
          status: first ? 401 : 200,
          header: (name) => (name === 'www-authenticate' ? `Bearer realm="http://${server}/token"` : undefined),
          text: async () => '{}',
        };
      };
      await assert.rejects(
        digestOf(client, registryImage('registry.test', 'a/b'), '1', { user: 'u', password: 'p' }),
        failsAs('unauthorized', /sign in/),
      );
      assert.equal(asked.length, 1, server);
    }
    const pages: string[] = [];
    const paged: HttpClient = async ({ url }) => {
      pages.push(url);
      return {
        status: 200,
        header: (name) => (name === 'link' ? '<https://evil.test/v2/next>; rel="next"' : undefined),
        text: async () => '{"tags":["1"]}',
      };
    };
    assert.deepEqual(await tagsOf(paged, registryImage('registry.test', 'a/b')), ['1']);
    assert.deepEqual(pages, ['https://registry.test/v2/a/b/tags/list?n=1000']);
  });
});

/** A token that is cancelled when the test says so. */
function cancellation(): Cancellation & { cancel(): void } {
  const listeners = new Set<() => void>();
  let isCancelled = false;
  return {
    get isCancellationRequested() {
      return isCancelled;
    },
    onCancellationRequested(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    cancel() {
      isCancelled = true;
      for (const listener of listeners) listener();
    },
  };
}

describe('the client of the editor', () => {
  /** A server that takes requests and never answers. */
  async function withSilence(body: (image: ReturnType<typeof registryImage>) => Promise<void>): Promise<void> {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address);
    try {
      await body(registryImage(`localhost:${address.port}`, 'a/b'));
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }
  const whyNot = async (work: Promise<unknown>, registry = 'registry.test') =>
    work.then(
      () => assert.fail('it was answered'),
      (error: unknown) => explained(error, registry),
    );

  it('gives up after a while, and says so', () =>
    withSilence(async (image) => {
      const late = digestOf(httpClient(cancellation(), 50), image, '1');
      assert.equal(await whyNot(late), 'registry.test did not answer within 0.05 s');
    }));

  it('stops when it is cancelled, before and while it asks', () =>
    withSilence(async (image) => {
      const token = cancellation();
      const asking = tagsOf(httpClient(token), image);
      token.cancel();
      await assert.rejects(asking, { name: 'AbortError' });
      await assert.rejects(tagsOf(httpClient(token), image), { name: 'AbortError' });
    }));

  it('tells that nobody is reached', async () => {
    const nobody = digestOf(httpClient(cancellation()), registryImage('localhost:1', 'a/b'), '1');
    assert.equal(
      await whyNot(nobody),
      'registry.test could not be reached: is there a network, and does it want a proxy?',
    );
  });

  it('answers as the plain one does', () =>
    withServer(
      (url) => ({
        status: 200,
        headers: { 'docker-content-digest': digest },
        body: url.includes('tags') ? '{"tags":["1"]}' : '',
      }),
      async (at) => {
        const [client, image] = [httpClient(cancellation()), registryImage(at, 'a/b')];
        assert.equal(await digestOf(client, image, '1'), digest);
        assert.deepEqual(await tagsOf(client, image), ['1']);
      },
    ));
});

describe('images and registries', () => {
  it('Docker Hub is meant where none is written', () => {
    assert.deepEqual(registryImage(undefined, 'python'), { registry: 'docker.io', repository: 'library/python' });
    assert.deepEqual(registryImage('docker.io', 'a/b'), { registry: 'docker.io', repository: 'a/b' });
    assert.deepEqual(registryImage('ghcr.io', 'a/b'), { registry: 'ghcr.io', repository: 'a/b' });
  });

  it('newer tags have the same form', () => {
    const tags = [
      '3.7',
      '3.8',
      '3.14',
      '3.14-slim',
      '3.15.0rc1',
      '4.0',
      '3.14.2',
      'latest',
      '3',
      '20260101',
      '3.15-rc',
    ];
    assert.deepEqual(newerTags('3.7', tags), [
      { tag: '3.14', step: 'minor' },
      { tag: '4.0', step: 'major' },
    ]);
    assert.deepEqual(newerTags('3.7-slim', tags), [{ tag: '3.14-slim', step: 'minor' }]);
    assert.deepEqual(newerTags('v1.2.3', ['v1.2.10', 'v1.2.9', '1.3.0', 'v1.2.11-beta']), [
      { tag: 'v1.2.10', step: 'patch' },
    ]);
    assert.deepEqual(newerTags('latest', tags), []);
  });

  it('another image is written where this one comes from', () => {
    const service = createService();
    const rewritten = (path: string, text: string, to: string) => {
      const parsed = service.parse({ path, languageId: '', text });
      const image = service.imageAt(parsed, text.search(/(?<=FROM |image: )/) + 1);
      const edits = image && service.imageRewritten(parsed, image, to);
      return edits && applyEdits(text, edits);
    };
    assert.equal(rewritten('/Dockerfile', 'FROM a:1 AS x\n', 'a:2'), 'FROM a:2 AS x\n');
    assert.equal(rewritten('/Dockerfile', 'ARG V=1\nFROM a:$V\n', 'a:2'), 'ARG V=2\nFROM a:$V\n');
    assert.equal(
      rewritten('/Dockerfile', 'ARG B=a:1\nFROM ${B}\n', `a:1@${digest}`),
      `ARG B=a:1@${digest}\nFROM \${B}\n`,
    );
    assert.equal(
      rewritten('/Dockerfile', 'ARG V=1\nFROM a:$V\n', `a:1@${digest}`),
      undefined,
      'V may be of others, too',
    );
    assert.equal(
      rewritten('/compose.yaml', 'services: {x: {image: "a:1"}}\n', 'a:2'),
      'services: {x: {image: "a:2"}}\n',
    );
  });

  it('images are found where they are written', () => {
    const service = createService();
    const at = (path: string, text: string, needle: string) => {
      const image = service.imageAt(service.parse({ path, languageId: '', text }), text.indexOf(needle) + 1);
      return (
        image && { text: image.text, written: text.slice(image.span.start, image.span.end), editable: image.editable }
      );
    };
    assert.deepEqual(at('/Dockerfile', 'ARG V=3.7\nFROM python:$V\n', 'python'), {
      text: 'python:3.7',
      written: 'python:$V',
      editable: false,
    });
    assert.deepEqual(at('/compose.yaml', 'services:\n  a:\n    image: "redis:8"\n', 'redis'), {
      text: 'redis:8',
      written: 'redis:8',
      editable: true,
    });
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: "ghcr.io/a/b@sha256:00"}]}\n';
    assert.equal(at('/pod.yaml', `---\n# first\n---\n${pod}`, 'ghcr')?.written, 'ghcr.io/a/b@sha256:00');
    assert.equal(at('/pod.yaml', pod, 'kind'), undefined);
  });
});
