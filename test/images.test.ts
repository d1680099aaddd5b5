import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeImages, imageHints, imageHover } from '../src/core/features/images.ts';
import { betterTags, imageState } from '../src/core/images/catalogue.ts';
import { lifeState } from '../src/core/images/end-of-life.ts';
import { compareVersions, parseTag } from '../src/core/images/image-tag.ts';
import { type Parsed, parseFile } from '../src/core/parsed.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';
import { images } from './support/fixtures.ts';

const { catalogue } = images;

function dockerfile(text: string): Parsed {
  return parseFile({ path: '/x/Dockerfile', languageId: 'dockerfile', text }, createYamlCache(10));
}

/** The offset of `|`, and the text without it. */
function cursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.replace('|', ''), offset };
}

function completed(marked: string, path = '/x/Dockerfile'): readonly string[] {
  const { text, offset } = cursor(marked);
  const parsed = parseFile({ path, languageId: '', text }, createYamlCache(10));
  return completeImages(parsed, offset, images).map(({ newText }) => newText);
}

describe('tags', () => {
  it('are taken apart', () => {
    for (const [tag, version, preview, variant] of [
      ['3.14.0rc1-slim-bookworm', '3.14.0', 'rc1', 'slim-bookworm'],
      ['v2.10', '2.10', undefined, ''],
      ['21.0.8_9-jre', '21.0.8_9', undefined, 'jre'],
      ['8u452-b09-jdk', '8u452-b09', undefined, 'jdk'],
      ['bookworm', undefined, undefined, 'bookworm'],
      ['1.27-alpine3.22', '1.27', undefined, 'alpine3.22'],
    ] as const)
      assert.deepEqual(parseTag(tag), { version, preview, variant }, tag);
  });

  it('are ordered by their numbers', () => {
    assert.ok(compareVersions('3.10', '3.9') > 0);
    assert.ok(compareVersions('3.9.1', '3.9') > 0);
    assert.equal(compareVersions('3.9', '3.9'), 0);
  });
});

describe('what is known of official images', () => {
  it('goes by the name without registry and mirrors', () => {
    assert.equal(catalogue.officialName(undefined, 'python'), 'python');
    assert.equal(catalogue.officialName('docker.io', 'library/python'), 'python');
    assert.equal(catalogue.officialName('public.ecr.aws', 'docker/library/python'), 'python');
    assert.equal(catalogue.officialName(undefined, 'arm64v8/python'), 'python');
    assert.equal(catalogue.officialName('ghcr.io', 'python'), undefined);
    assert.equal(catalogue.officialName(undefined, 'bitnami/python'), undefined);
    assert.equal(catalogue.officialName(undefined, '__proto__'), undefined);
  });

  it('tells every part of a tag', () => {
    const parts = catalogue.life.linesOf('python', '3.9-buster', []);
    assert.deepEqual(
      parts.map(({ title, cycle, part }) => [title, cycle, part]),
      [
        ['Python', '3.9', 'version'],
        ['Debian', '10', 'word'],
      ],
    );
    assert.deepEqual(
      parts.map((line) => lifeState(line, '2023-01-01')),
      ['supported', 'extended'],
    );
  });

  it('says ended of python:3.7 once, with the day', () => {
    const state = imageState(images, 'python', '3.7', 90);
    assert.equal(state.kind, 'ended');
    if (state.kind === 'ended')
      assert.deepEqual(
        state.lines.map(({ end }) => end),
        ['2023-06-27'],
      );
  });

  it('says ending only within the days that are asked for', () => {
    const june = { catalogue, today: '2027-09-01' };
    assert.equal(imageState(june, 'python', '3.11', 90).kind, 'ending');
    assert.equal(imageState(june, 'python', '3.11', 30).kind, 'current');
  });

  it('goes to tags that are built, with the same variant', () => {
    for (const [name, tag] of [
      ['python', '3.7'],
      ['python', '3.7-slim'],
      ['node', '18-alpine'],
      ['node', '18.1.0-alpine3.15'],
      ['php', '7.4-fpm'],
      ['debian', 'buster'],
      ['golang', '1.19-bullseye'],
    ] as const) {
      const { nearest, newest } = betterTags(images, name, tag);
      for (const other of [nearest, newest]) {
        assert.ok(other !== undefined && catalogue.official.isBuilt(name, other), `${name}:${tag}: ${other}`);
        assert.equal(imageState(images, name, other, 0).kind, 'current');
      }
    }
    assert.equal(betterTags(images, 'python', '3.7-slim').newest, '3.14-slim');
    assert.equal(betterTags(images, 'node', '24-alpine3.20').nearest, '24-alpine');
    for (const [name, tag, nearest, newest] of [
      ['debian', 'buster-slim', 'bookworm-slim', 'trixie-slim'],
      ['buildpack-deps', 'bullseye', 'bookworm', 'trixie'],
      ['node', 'lts-buster-slim', 'lts-bookworm-slim', 'lts-trixie-slim'],
      ['python', '3.9-buster', '3.11-bookworm', '3.14-bookworm'],
      ['eclipse-temurin', '17-jre-focal', '17-jre-jammy', '25-jre-jammy'],
      ['node', 'carbon', '22', '26'],
      ['node', 'lts-alpine3.12', 'lts-alpine', 'lts-alpine'],
      // What else would be meant is not known.
      ['tomcat', 'jdk16-openjdk', undefined, undefined],
      ['maven', '3.6-jdk-8-alpine', undefined, undefined],
    ] as const)
      assert.deepEqual(betterTags(images, name, tag), { nearest, newest }, `${name}:${tag}`);
  });

  it('takes a version that is newer than itself for one that there may be', () => {
    assert.equal(imageState(images, 'python', '3.99.0', 90).kind, 'current');
    assert.equal(imageState(images, 'python', '9', 90).kind, 'current');
    assert.deepEqual(imageState(images, 'node', 'latset', 90), { kind: 'unknown', meant: 'latest' });
  });
});

describe('hover, hints and completion of images', () => {
  it('tells what a floating tag means now, where it runs, and until when', () => {
    const { text, offset } = cursor('FROM pyth|on:3.12-slim\n');
    const hover = imageHover(dockerfile(text), offset, images);
    assert.equal(text.slice(hover?.span.start, hover?.span.end), 'python:3.12-slim');
    assert.match(hover?.markdown ?? '', /Python 3&#46;12 gets fixes until 2028-10-31/);
    assert.match(hover?.markdown ?? '', /means `3\.12\.\d+-slim/);
    assert.match(hover?.markdown ?? '', /linux\/amd64/);
    assert.match(hover?.markdown ?? '', /As of 2026-08\.$/);
    assert.doesNotMatch(hover?.markdown ?? '', /safe/i);
    assert.equal(imageHover(dockerfile('FROM ghcr.io/us/python:3\n'), 8, images), undefined);
  });

  it('hints at the first end', () => {
    const hints = imageHints(dockerfile('FROM python:3.11-bookworm\nFROM python:3.7\nFROM ours:1\n'), images);
    assert.deepEqual(
      hints.map(({ label, offset }) => [label, offset]),
      [
        ['ends 2027-10', 25],
        ['ended 2023-06', 41],
      ],
    );
  });

  it('completes names, then tags, the newest first', () => {
    assert.ok(completed('FROM pos|').includes('postgres'));
    const tags = completed('FROM node:|');
    assert.equal(
      tags[0],
      tags.find((tag) => /^\d+$/.test(tag)),
    );
    assert.ok(tags.includes('24-alpine'));
    assert.ok(completed('FROM x\nCOPY --from=golang:|').includes('1.26'));
    assert.ok(completed('services:\n  web:\n    image: redis:|\n', '/x/compose.yaml').includes('8'));
    for (const other of ['FROM ghcr.io/o/|', 'FROM ours:|', 'RUN ec|', 'FROM ${X}:|', 'FROM node@sha256:|'])
      assert.deepEqual(completed(other), [], other);
  });
});
