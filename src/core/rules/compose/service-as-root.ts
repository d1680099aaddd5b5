import type { ComposeService } from '../../compose/model.ts';
import { imageParts } from '../../dockerfile/image-reference.ts';
import { baseOf, isRoot, lastUser, stepsDown, userOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { userOfBase } from '../../images/base-images.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { builtStage } from './parts/built-stage.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-as-root',
    rows: ['C306'],
    summary: 'A service should run as a user of its own.',
    why: 'Root in a container is root on what is mounted into it, and one flaw of the kernel or the runtime away from root on the machine. `user` names another user, by name or number: the files of the service must be readable for it. A service without `user` is reported where its Dockerfile, or what is known of its image, says that it runs as root.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      said: '`user: {user}`: this service runs as root',
      built: 'This service runs as root: neither `user` nor its Dockerfile names another user',
      image: 'This service runs as root: `{image}` starts as root, and there is no `user`',
    },
    titles: { user: 'Name a user' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    user: root\n',
        good: 'services:\n  web:\n    image: web:1.4\n    user: <user>\n',
      },
      {
        file: 'compose.yaml',
        around: { Dockerfile: 'FROM alpine:3.22\nCMD ["/app"]\n' },
        bad: 'services:\n  web:\n    build: .\n',
        good: 'services:\n  web:\n    build: .\n    user: <user>\n',
      },
    ],
    options: {},
    sources: ['semgrep service-runs-as-root'],
  },
  *check(service, { file: { around } }) {
    const { node, path, file, name, partial } = service;
    const fixes = () =>
      patchFix(file.document, {
        title: 'user',
        safety: 'manual',
        patches: [{ kind: 'set', path: [...path, 'user'], value: '<user>' }],
      });
    const user = knownText(node, 'user');
    if (user !== undefined && isRoot(user.value))
      yield { message: 'said', data: { user: user.value }, span: user.span, fixes: fixes() };
    if (partial || fieldAt(node, 'user') !== undefined) return;
    if (runsBuiltAsRoot(service, around)) yield { message: 'built', span: name.span, fixes: fixes() };
    const image = service.image?.value;
    if (fieldAt(node, 'build') !== undefined || image === undefined || image.includes('$')) return;
    if (userOfBase(imageParts(image)) === 'root')
      yield { message: 'image', data: { image }, span: name.span, fixes: fixes() };
  },
});

/** Whether the Dockerfile that a service is built from is there and leaves it root. */
function runsBuiltAsRoot(service: ComposeService, around: ReadonlyMap<string, string | null>): boolean {
  const built = builtStage(service, around);
  if (built === undefined) return false;
  const { dockerfile, stage } = built;
  if (stage.windows || stepsDown(dockerfile, stage)) return false;
  const last = lastUser(stage);
  if (last !== undefined) return isRoot(userOf(dockerfile, last) ?? '');
  const base = baseOf(stage);
  return base !== undefined && userOfBase(base) === 'root';
}
