import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entryAt, type FolderEntry, filesBelow, readBuildContext } from '../src/core/dockerfile/build-context.ts';
import { readIgnoreFile } from '../src/core/dockerfile/ignore.ts';
import { createService } from '../src/core/service.ts';

const tree: Readonly<Record<string, readonly FolderEntry[]>> = {
  '': [
    { name: 'src', kind: 'folder' },
    { name: 'node_modules', kind: 'folder' },
    { name: 'linked', kind: 'link' },
    { name: 'a.txt', kind: 'file' },
  ],
  src: [{ name: 'deep', kind: 'folder' }],
  'src/deep': [{ name: 'b.txt', kind: 'file' }],
};

describe('the build context', () => {
  it('is listed without what is large, and links are not followed', async () => {
    const asked: string[] = [];
    const context = await readBuildContext(async (folder) => {
      asked.push(folder);
      return tree[folder];
    });
    assert.ok(context);
    assert.deepEqual(asked, ['', 'src', 'src/deep']);
    assert.equal(entryAt(context, 'src/deep/b.txt'), 'file');
    assert.equal(entryAt(context, 'src/deep/c.txt'), 'absent');
    assert.equal(entryAt(context, 'node_modules/x'), 'unknown');
    assert.equal(entryAt(context, 'linked/x'), 'unknown');
    assert.equal(entryAt(context, 'a.txt/x'), 'absent');
    assert.deepEqual(filesBelow(context, undefined, '.'), { files: ['linked', 'a.txt', 'src/deep/b.txt'], more: true });
    assert.deepEqual(filesBelow(context, readIgnoreFile('node_modules\nlinked'), '.').more, false);
    assert.deepEqual(filesBelow(context, undefined, 'src'), { files: ['src/deep/b.txt'], more: false });
  });

  it('stops where there is too much, and knows that it did', async () => {
    const many = (folder: string): readonly FolderEntry[] => [
      { name: 'next', kind: 'folder' },
      ...Array.from({ length: 100 }, (_, at) => ({ name: `${folder.length}-${at}`, kind: 'file' as const })),
    ];
    const context = await readBuildContext(async (folder) => many(folder));
    assert.ok(context && context.entries.size <= 4_000 && context.unread.size === 1);
    assert.equal(filesBelow(context, undefined, '.').more, true);
  });

  it('is unknown where it cannot be listed, or nothing of it is copied', async () => {
    const service = createService();
    const parsed = (text: string) => service.parse({ path: '/a/Dockerfile', languageId: '', text });
    const read = async () => undefined;
    const list = async (folder: string) => (folder === '/a/' ? (tree['src/deep'] ?? []) : undefined);
    const copies = parsed('FROM scratch\nCOPY b.txt /\n');
    assert.equal(await service.buildContext(copies, { read }), undefined);
    assert.equal(
      await service.buildContext(copies, { read, list: () => Promise.reject(new Error('offline')) }),
      undefined,
    );
    assert.equal(await service.buildContext(parsed('FROM scratch\nCOPY --from=a b /\n'), { read, list }), undefined);
    assert.deepEqual([...((await service.buildContext(copies, { read, list }))?.entries ?? [])], [['b.txt', 'file']]);
  });
});
