import { removeListed } from '../../dockerfile/edit.ts';
import { defineRule } from '../../engine/rule.ts';

const system = /^\/(?:(?:boot|dev|etc|lib|lib64|proc|sys|usr|bin|sbin)\/*)?$/;
const socket = /^\/(?:var\/)?run\/(?:docker\.sock|containerd\/containerd\.sock|podman\/podman\.sock|crio\/crio\.sock)$/;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/volume-of-system',
    rows: ['D611'],
    summary: '`VOLUME` is for data, neither for sockets of the container engine nor for folders of the system.',
    why: 'Who can write to the socket of the engine is root on its machine, and an image that has it in a VOLUME asks to be given it. A volume over `/etc`, `/usr` and the like is filled when the container is first started and keeps the old programs and settings when the image is updated.',
    severity: 'warning',
    topic: 'security',
    messages: {
      socket: '`{path}` as a volume: with the socket of the container engine goes root on the machine',
      folder: '`{path}` as a volume hides what a newer image brings there',
    },
    titles: { remove: 'Remove it' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nVOLUME /data /var/run/docker.sock\n',
        good: 'FROM alpine:3.22\nVOLUME /data\n',
      },
    ],
    options: {},
    sources: ['semgrep dockerd-socket-mount', 'dockle DKL-DI-0002'],
  },
  only: ['volume'],
  *check({ instruction, stage, dockerfile }) {
    if (stage?.windows === true) return;
    const json = instruction.arguments.text.trimStart().startsWith('[');
    for (const word of instruction.words) {
      const path = json ? (/"([^"]*)"/.exec(word.text)?.[1] ?? word.value) : word.value;
      const message = socket.test(path) ? 'socket' : system.test(path) ? 'folder' : undefined;
      if (message === undefined) continue;
      const edit = json ? undefined : removeListed(dockerfile, instruction, instruction.words, word);
      yield {
        message,
        data: { path },
        span: word.span,
        fixes: edit ? [{ title: 'remove', safety: 'suggested', edits: [edit] }] : [],
      };
    }
  },
});
