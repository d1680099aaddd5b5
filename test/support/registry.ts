/** A real registry on the loopback: Debian's `docker-registry`, filled by the test. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpClient } from '../../src/core/registry/client.ts';

const found = spawnSync('docker-registry', ['--version']).error === undefined;

/** Why the tests that need the program are left out; false where it is installed. */
export const registryMissing: string | false = found ? false : 'there is no `docker-registry` on the PATH';

export interface Registry {
  /** `localhost:…`, as an image names it. */
  readonly host: string;
  /** Puts an image of two architectures in; gives the digests of its index and of one manifest. */
  push(repository: string, tags: readonly string[]): Promise<{ readonly index: string; readonly manifest: string }>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** bcrypt of `secret` for the user `reader`, as `htpasswd -B` prints it. */
export const reader = { user: 'reader', password: 'secret' };
const htpasswd = 'reader:$2y$05$XS4PG5r7741W0xubV6oSfuXNCeg96q.p4zvMi0mtqvraXpps9sNFW';

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

export async function startRegistry(options: { readonly password: boolean }): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-registry-'));
  const port = await freePort();
  const auth = options.password ? `auth:\n  htpasswd:\n    realm: test\n    path: ${join(folder, 'htpasswd')}\n` : '';
  await writeFile(join(folder, 'htpasswd'), `${htpasswd}\n`);
  await writeFile(
    join(folder, 'config.yml'),
    `version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: ${join(folder, 'data')}}\nhttp: {addr: "127.0.0.1:${port}"}\n${auth}`,
  );
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  const base = `http://localhost:${port}/v2/`;
  const headers: Record<string, string> = options.password
    ? { authorization: `Basic ${Buffer.from(`${reader.user}:${reader.password}`).toString('base64')}` }
    : {};
  for (let attempt = 0; ; attempt++) {
    const status = await fetch(base).then(
      (response) => response.status,
      () => 0,
    );
    if (status !== 0) break;
    if (attempt > 100) throw new Error('docker-registry does not answer');
    await pause(50);
  }
  const send = async (url: string, method: string, type: string, body: string): Promise<Response> => {
    const response = await fetch(url, { method, headers: { ...headers, 'content-type': type }, body });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    return response;
  };
  const blob = async (repository: string, text: string): Promise<string> => {
    const started = await send(`${base}${repository}/blobs/uploads/`, 'POST', 'text/plain', '');
    const place = started.headers.get('location') ?? '';
    const url = `${place}${place.includes('?') ? '&' : '?'}digest=${encodeURIComponent(sha256(text))}`;
    await send(url, 'PUT', 'application/octet-stream', text);
    return sha256(text);
  };
  return {
    host: `localhost:${port}`,
    async push(repository, tags) {
      const manifests: string[] = [];
      const listed = [];
      for (const architecture of ['amd64', 'arm64']) {
        const config = JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [] } });
        const type = 'application/vnd.oci.image.manifest.v1+json';
        const manifest = JSON.stringify({
          schemaVersion: 2,
          mediaType: type,
          config: {
            mediaType: 'application/vnd.oci.image.config.v1+json',
            digest: await blob(repository, config),
            size: config.length,
          },
          layers: [],
        });
        const digest = sha256(manifest);
        await send(`${base}${repository}/manifests/${digest}`, 'PUT', type, manifest);
        manifests.push(digest);
        listed.push({ mediaType: type, digest, size: manifest.length, platform: { architecture, os: 'linux' } });
      }
      const type = 'application/vnd.oci.image.index.v1+json';
      const index = JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: listed });
      for (const tag of tags) await send(`${base}${repository}/manifests/${tag}`, 'PUT', type, index);
      return { index: sha256(index), manifest: manifests[0] ?? '' };
    },
    async stop() {
      child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The host's client, without its time-out and cancelling. */
export const fetchClient: HttpClient = async ({ method, url, headers }) => {
  const response = await fetch(url, { method, headers });
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    text: () => response.text(),
  };
};
