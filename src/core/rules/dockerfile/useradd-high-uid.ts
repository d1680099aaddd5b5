import { insertWordAfter } from '../../dockerfile/edit.ts';
import { defineRule } from '../../engine/rule.ts';
import { findFlag, readFlags } from '../../shell/flags.ts';

const takesValue = new Set([
  ...['-b', '-c', '-d', '-e', '-f', '-F', '-g', '-G', '-k', '-K', '-p', '-P', '-R', '-s', '-u', '-Z', '--base-dir'],
  ...['--comment', '--home-dir', '--expiredate', '--inactive', '--gid', '--groups', '--skel', '--key', '--password'],
  ...['--prefix', '--root', '--shell', '--uid', '--selinux-user'],
]);

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/useradd-high-uid',
    rows: ['D330'],
    summary: '`useradd` with a high user id needs `-l`.',
    why: '`useradd` notes the user in `/var/log/lastlog` and `faillog`, at a place that goes by the id. The files have holes on a disk, but are written out in full into the layer: an id of six digits or more adds hundreds of megabytes, and can stop the build. Nobody logs in to a container, so `-l` loses nothing.',
    severity: 'warning',
    topic: 'size',
    messages: { log: '`useradd` with the id {uid} writes huge log files into the image' },
    titles: { add: 'Add `-l`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nRUN useradd -u 1000210000 app\n',
        good: 'FROM debian:13\nRUN useradd -l -u 1000210000 app\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3046'],
  },
  only: ['useradd'],
  *check({ command }) {
    const read = readFlags(command.words, { takesValue });
    const uid = findFlag(read, '-u', '--uid')?.value;
    if (uid === undefined || !uid.constant || !/^\d{6,}$/.test(uid.text)) return;
    if (findFlag(read, '-l', '--no-log-init') !== undefined) return;
    yield {
      message: 'log',
      data: { uid: uid.text },
      span: uid.span,
      fixes: [{ title: 'add', safety: 'safe', edits: [insertWordAfter(command.nameWord.span, '-l')] }],
    };
  },
});
