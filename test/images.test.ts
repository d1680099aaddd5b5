import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { completeImages, imageHints, imageHover } from '../src/core/features/images.ts';
import { betterTags as better, insteadOf } from '../src/core/images/better-tags.ts';
import { imageState } from '../src/core/images/catalogue.ts';
import { lifeState } from '../src/core/images/end-of-life.ts';
import { compareVersions, parseTag } from '../src/core/images/image-tag.ts';
import { type Parsed, parseFile } from '../src/core/parsed.ts';
import { createYamlCache } from '../src/core/yaml/parse.ts';
import { images } from './support/fixtures.ts';

const { catalogue } = images;
const betterTags = (name: string, tag: string, days = 0) => better(images, name, tag, days);

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
      const { nearest, newest } = betterTags(name, tag);
      for (const other of [nearest, newest]) {
        assert.ok(other !== undefined && catalogue.official.isBuilt(name, other), `${name}:${tag}: ${other}`);
        assert.equal(imageState(images, name, other, 0).kind, 'current');
      }
    }
    assert.equal(betterTags('python', '3.7-slim').newest, '3.14-slim');
    for (const [name, tag, nearest, newest] of [
      ['debian', 'buster-slim', 'bookworm-slim', 'trixie-slim'],
      ['buildpack-deps', 'bullseye', 'bookworm', 'trixie'],
      ['node', 'lts-buster-slim', 'lts-bookworm-slim', 'lts-trixie-slim'],
      // The newest has the newest distribution, too, where the present one is built no more.
      ['python', '3.9-buster', '3.11-bookworm', '3.14-trixie'],
      ['python', '3.9-bookworm', '3.11-bookworm', '3.14-bookworm'],
      ['eclipse-temurin', '17-jre-focal', '17-jre-jammy', '25-jre-resolute'],
      ['mongo', '5.0-focal', '7.0-jammy', '8.3-noble'],
      // Who names Alpine's release goes on doing so, unless that would mean another version.
      ['node', '24-alpine3.20', '24-alpine3.23', '26-alpine3.24'],
      ['node', 'lts-alpine3.12', 'lts-alpine3.23', 'lts-alpine3.24'],
      ['redis', '6-alpine3.14', '6-alpine', '8-alpine3.23'],
      ['golang', '1.16-nanoserver-1809', '1.26-nanoserver-ltsc2022', '1.27-nanoserver-ltsc2025'],
      ['wordpress', '5.8-php7.4-apache', '7.1-php8.2-apache', '7.1-php8.5-apache'],
      ['debian', 'buster-20200101-slim', 'bookworm-20260803-slim', 'trixie-20260803-slim'],
      ['node', 'carbon', '22', '26'],
      ['node', 'erbium-slim', '22-slim', '26-slim'],
      // A line stays a line, and a release a release.
      ['postgres', '9.6', '15', '18'],
      ['postgres', '9.6.24', '15.19', '18.6'],
      ['python', '2', '3', '3'],
      ['ubuntu', '14.04.5', '22.04', '26.04'],
      // Lines in between are not passed over where nothing is as short.
      ['kibana', '7', '8.19.20', '9.5.2'],
      ['couchbase', '6', '7.6.12', '8.0.2'],
      // What `latest` means is no limit for what is above it already.
      ['amazoncorretto', '16', '17', '25'],
      ['amazoncorretto', '11-alpine3.14', '11-alpine3.22', '25-alpine3.24'],
      ['mongo', 'latest', undefined, '8.3'],
      ['elasticsearch', 'latest', undefined, '9.5.2'],
      // What else would be meant is not known.
      ['tomcat', 'jdk16-openjdk', undefined, undefined],
      ['maven', '3.6-jdk-8-alpine', '3.9-eclipse-temurin-8-alpine', '3.9-eclipse-temurin-8-alpine'],
    ] as const)
      assert.deepEqual(betterTags(name, tag), { nearest, newest }, `${name}:${tag}`);
  });

  it('goes to nothing that ends soon itself', () => {
    assert.equal(betterTags('php', '7.4-apache', 0).nearest, '8.2-apache');
    assert.equal(betterTags('php', '7.4-apache', 90).nearest, '8.3-apache');
  });

  it('knows the second build of a day for one', () => {
    assert.deepEqual(betterTags('ubuntu', 'bionic-20230530'), {
      nearest: 'jammy-20260810',
      newest: 'resolute-20260811.1',
    });
  });

  it('tells releases of weeks from those of years, where a project has both', () => {
    const rolling = (name: string, tag: string) => catalogue.linesOf(name, tag).map((line) => line.rolling);
    assert.deepEqual(rolling('rust', '1.60'), [true]);
    assert.deepEqual(rolling('neo4j', '2026.02'), [true]);
    assert.deepEqual(rolling('neo4j', '3.5'), [false]);
    assert.deepEqual(rolling('clickhouse', '25.3'), [false]);
  });

  it('goes from OpenJDK in a tag to what takes its place, with the same version of Java', () => {
    for (const [name, tag, nearest, newest] of [
      ['maven', '3.6-jdk-8', '3.9-eclipse-temurin-8', '3.9-eclipse-temurin-8'],
      ['maven', '3.6.3-jdk-11-slim', '3.9.16-eclipse-temurin-11', '3.9.16-eclipse-temurin-11'],
      ['maven', '3-jdk-8-alpine', '3-eclipse-temurin-8-alpine', '3-eclipse-temurin-8-alpine'],
      ['maven', '3.8-openjdk-17', '3.9-eclipse-temurin-17', '3.9-eclipse-temurin-17'],
      ['maven', '3.6.3-adoptopenjdk-11', '3.9.16-eclipse-temurin-11', '3.9.16-eclipse-temurin-11'],
      ['maven', '3-openjdk-18', undefined, undefined],
      ['maven', '3.6-adoptopenjdk-11-openj9', undefined, undefined],
      ['tomcat', '8.5-jdk8-openjdk', '9.0-jdk8-temurin', '9.0-jdk8-temurin'],
      ['tomcat', '9.0-jdk11-openjdk-slim-buster', '9.0-jdk11-temurin', '10.1-jdk11-temurin'],
      ['tomcat', '7-jdk8-adoptopenjdk-hotspot', '9.0-jdk8-temurin', '9.0-jdk8-temurin'],
      // What runs on Alpine may not run on Ubuntu.
      ['tomcat', '9-jre8-alpine', undefined, undefined],
      ['clojure', 'openjdk-11-lein', 'temurin-11-lein', 'temurin-11-lein'],
    ] as const)
      assert.deepEqual(betterTags(name, tag), { nearest, newest }, `${name}:${tag}`);
  });

  it('knows tags of what takes an image’s place', () => {
    for (const [name, tag, instead] of [
      ['openjdk', '8', 'eclipse-temurin:8'],
      ['openjdk', '11.0.11-jre-slim-buster', 'eclipse-temurin:11-jre'],
      ['openjdk', '8-jdk-alpine', 'eclipse-temurin:8-jdk-alpine'],
      ['java', '8-jre', 'eclipse-temurin:8-jre'],
      ['java', 'openjdk-8-jre', 'eclipse-temurin:8-jre'],
      ['adoptopenjdk', '11-jre-hotspot', 'eclipse-temurin:11-jre'],
      ['adoptopenjdk', '8-jdk-openj9', undefined],
      ['openjdk', '12', undefined],
      ['openjdk', 'latest', undefined],
      ['consul', '1.9', undefined],
      ['centos', '7', undefined],
    ] as const) {
      const found = insteadOf(images, name, tag, 90);
      assert.equal(found && `${found.name}:${found.tag}`, instead, `${name}:${tag}`);
    }
  });

  it('takes a tag that is newer than itself for one that there may be', () => {
    for (const [name, tag] of [
      ['python', '3.99.0'],
      ['python', '9'],
      ['python', '3.15.0rc2'],
      ['python', '3.14-slim-forky'],
      ['node', '24-alpine3.25'],
      ['nginx', 'alpine3.25'],
      ['nginx', 'stable-alpine3.25-slim'],
      ['debian', 'trixie-20260901'],
      ['ubuntu', '27.04'],
      ['archlinux', 'base-20261108.0.123456'],
      ['golang', '1.28rc1'],
      ['postgres', '19'],
    ] as const)
      assert.equal(imageState(images, name, tag, 90).kind, 'current', `${name}:${tag}`);
    assert.deepEqual(imageState(images, 'node', 'latset', 90), { kind: 'unknown', meant: 'latest' });
  });

  it('tells what was replaced from what is given up', () => {
    for (const [name, tag, by] of [
      ['python', '3.12.1-slim', '3.12.14-slim'],
      ['python', '3.14.0a1', '3.14.7'],
      ['haproxy', '3.4-dev5', '3.4.3'],
      ['debian', '12.1', '12.15'],
      ['debian', 'bookworm-20240101-slim', 'bookworm-20260803-slim'],
      // Its newest build is the second of a day.
      ['ubuntu', 'resolute-20260601', 'resolute-20260811.1'],
      // Of these one release is built at a time.
      ['gcc', '12.1', '12.5'],
      ['ghost', '6.1', '6.59'],
    ] as const)
      assert.deepEqual(imageState(images, name, tag, 0), { kind: 'superseded', by }, `${name}:${tag}`);
    for (const [name, tag] of [
      ['gcc', '9.3'],
      ['busybox', '1.35'],
      ['swift', '5.9'],
    ] as const)
      assert.equal(imageState(images, name, tag, 0).kind, 'retired', `${name}:${tag}`);
  });

  it('counts the years in which everybody gets fixes', () => {
    const kind = (today: string) => imageState({ catalogue, today }, 'debian', 'bookworm', 90).kind;
    assert.deepEqual(['2026-05-01', '2026-11-23', '2028-05-01', '2028-07-01'].map(kind), [
      'current',
      'current',
      'ending',
      'ended',
    ]);
  });

  it('says of an image that is gone what in it has ended', () => {
    const state = imageState(images, 'centos', '7', 0);
    assert.ok(state.kind === 'gone');
    assert.deepEqual(
      state.lines.map(({ title, cycle }) => `${title} ${cycle}`),
      ['CentOS 7'],
    );
  });

  it('knows official images and Microsoft’s of .NET, and no others', () => {
    const text = readFileSync(new URL('../src/data/end-of-life.json', import.meta.url), 'utf8');
    const { images: products }: { images: Readonly<Record<string, string>> } = JSON.parse(text);
    const others = Object.keys(products).filter(
      (name) => !catalogue.official.exists(name) && catalogue.official.formerly(name) === undefined,
    );
    assert.ok(others.length > 0);
    for (const name of others) assert.match(name, /^mcr\.microsoft\.com\/dotnet\/(?:core\/)?[a-z]+(?:-deps)?$/);
    assert.equal(catalogue.officialName('mcr.microsoft.com', 'dotnet/sdk'), undefined);
    assert.equal(catalogue.knownName('mcr.microsoft.com', 'dotnet/sdk'), 'mcr.microsoft.com/dotnet/sdk');
    assert.equal(catalogue.knownName('mcr.microsoft.com', 'dotnet/framework/sdk'), undefined);
    assert.equal(catalogue.knownName(undefined, 'bitnami/python'), undefined);
  });

  it('does not go by Oracle’s dates', () => {
    assert.deepEqual(catalogue.linesOf('openjdk', '11-jre-slim'), []);
    assert.deepEqual(
      catalogue.linesOf('maven', '3-openjdk-11').map(({ product }) => product),
      ['apache-maven'],
    );
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

  it('tells the line of what a tag without a version means, and its own variants', () => {
    const hover = (text: string) => imageHover(dockerfile(text), 6, images)?.markdown ?? '';
    assert.match(hover('FROM node:lts\n'), /means `24\.[\d.]+-bookworm` now\n- Node&#46;js 24 gets fixes until/);
    assert.match(hover('FROM postgres\n'), /also as `trixie`, `bookworm`, `alpine3\.24`/);
    assert.doesNotMatch(hover('FROM golang:alpine\n'), /`tip/);
    assert.match(hover('FROM node:24-slim\n'), /also as `24`, `24-\w/);
    assert.match(hover('FROM debian:stable-slim\n'), /until 2028-08-09, in its long-term phase until 2030-06-30/);
    assert.match(hover('FROM python:3.12-slm\n'), /not among the tags that are built: is `3\.12-slim` meant\?/);
    assert.match(
      hover('FROM openjdk:11\n'),
      /deprecated; instead there is `eclipse-temurin`.* or `sapmachine`\n- `11` has not been built since 2022-08-19/,
    );
    assert.match(
      hover('FROM consul:1.9\n'),
      /^\*\*consul\*\* has not been an official image since 2024-07-29; instead there is `hashicorp\/consul`/,
    );
  });

  it('hints at the end of the image where it ended before its lines, and at no dates of Oracle’s', () => {
    const labels = (text: string) => imageHints(dockerfile(text), images).map(({ label }) => label);
    assert.deepEqual(labels('FROM adoptopenjdk:11\n'), ['ended 2021-10']);
    assert.deepEqual(labels('FROM centos:7\n'), ['ended 2024-06']);
    assert.deepEqual(labels('FROM openjdk:11-jre\n'), ['ended 2022-08']);
    assert.deepEqual(labels('FROM maven:3-openjdk-11\nFROM node:lts\nFROM scratch\n'), []);
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

  it('tells the ends of .NET, whose tags are not known', () => {
    const text = 'FROM mcr.microsoft.com/dotnet/sdk:8.0-alpine3.20\nFROM mcr.microsoft.com/dotnet/sdk:latest\n';
    const hover = imageHover(dockerfile(text), 6, images)?.markdown ?? '';
    assert.match(
      hover,
      /^\*\*mcr&#46;microsoft&#46;com.*8&#46;0-alpine3&#46;20\*\*, Microsoft’s own image\n- Microsoft &#46;NET 8 ended on 2026-11-10\n/,
    );
    assert.match(hover, /\n- Alpine Linux 3&#46;20 ended on 2026-04-01\n\nAs of 2026-08\.$/);
    assert.deepEqual(
      imageHints(dockerfile(text), images).map(({ label }) => label),
      ['ended 2026-04'],
    );
    assert.equal(imageHover(dockerfile(text), text.length - 3, images), undefined);
  });

  it('sees the tags that a kustomization gives', () => {
    const text = 'images:\n  - name: web\n    newName: python\n    newTag: "3.12-slim"\n';
    const parsed = parseFile({ path: '/x/kustomization.yaml', languageId: '', text }, createYamlCache(10));
    assert.match(imageHover(parsed, text.indexOf('3.12') + 1, images)?.markdown ?? '', /Python 3&#46;12 gets fixes/);
    assert.deepEqual(
      imageHints(parsed, images).map(({ label, offset }) => [label, text.slice(0, offset).split('\n').at(-1)]),
      [['ends 2028-10', '    newTag: "3.12-slim"']],
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
    const ofRedis = completed('FROM redis:|');
    assert.deepEqual(ofRedis.slice(0, 6), ['8', '7', '6', '8.10', '8.8', '8.6']);
    assert.ok(ofRedis.indexOf('8-alpine') < ofRedis.indexOf('8.10-alpine3.23'));
    assert.ok(completed('FROM x\nCOPY --from=golang:|').includes('1.26'));
    assert.ok(completed('services:\n  web:\n    image: redis:|\n', '/x/compose.yaml').includes('8'));
    assert.ok(completed('services: {web: {image: "redis:|"}}\n', '/x/compose.yaml').includes('8'));
    for (const other of ['FROM ghcr.io/o/|', 'FROM ours:|', 'RUN ec|', 'FROM ${X}:|', 'FROM node@sha256:|'])
      assert.deepEqual(completed(other), [], other);
  });
});
