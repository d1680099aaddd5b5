import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { retagged, writtenTag } from '../parts/images/retag.ts';
import { judged } from '../parts/images/states.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-image-tag-unknown',
    rows: ['D209'],
    summary: 'The tag of an official image should be one that there is.',
    why: 'A tag that does not exist fails when the image is pulled. What exists is known as of the day that the message names; a tag that is newer than that gives no finding, unless it looks like a slip of the keyboard.',
    severity: 'warning',
    topic: 'base image',
    messages: { unknown: 'There is no tag {tag} of {name}: is {meant} meant? (as of {asOf})' },
    titles: { meant: 'Use {tag}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: python:3.12-slm\n',
        good: 'services:\n  web:\n    image: python:3.12-slim\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service, { file }) {
    const { image: written } = service;
    // What the service builds only gets its name this way.
    if (written === undefined || written.value.includes('$') || fieldAt(service.node, 'build') !== undefined) return;
    const { document } = service.file;
    const path = [...service.path, 'image'];
    const parts = imageParts(written.value);
    const image = judged(file.images, parts, 0);
    if (image?.state.kind !== 'unknown') return;
    const { name, tag, state, knowledge } = image;
    const { meant } = state;
    yield {
      message: 'unknown',
      data: { name, tag, meant, asOf: knowledge.catalogue.asOf },
      span: writtenTag(document, written),
      fixes:
        parts.digest === undefined ? retagged(document, path, written.value, [{ title: 'meant', tag: meant }]) : [],
    };
  },
});
