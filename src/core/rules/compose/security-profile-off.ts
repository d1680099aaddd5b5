import { defineRule } from '../../engine/rule.ts';
import { knownItems, scalarText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const off = /^(?:(seccomp|apparmor)[:=]unconfined|(label)[:=]disable)$/;

const seccompPeers = ['kics default_seccomp_profile_disabled', 'semgrep seccomp-confinement-disabled'];
const labelPeers = ['semgrep selinux-separation-disabled'];

export default defineRule('compose-service', {
  meta: {
    id: 'compose/security-profile-off',
    rows: ['C304'],
    summary: 'The profiles that confine a container should stay on.',
    why: 'Docker starts every container with a seccomp profile that keeps back some sixty system calls, and with AppArmor or SELinux where the machine has them. Without them one flaw in the kernel is nearer. A profile of your own can allow just what is missing.',
    severity: 'warning',
    topic: 'security',
    messages: { off: '`{option}` takes {profile} off this service' },
    titles: { remove: 'Remove `{option}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  db:\n    image: db:3.1\n    security_opt:\n      - no-new-privileges:true\n      - seccomp:unconfined\n',
        good: 'services:\n  db:\n    image: db:3.1\n    security_opt:\n      - no-new-privileges:true\n',
      },
    ],
    options: {},
    sources: [...seccompPeers, ...labelPeers],
  },
  *check({ node, path, file }) {
    for (const { index, node: item } of knownItems(node, 'security_opt')) {
      const option = scalarText(item);
      const match = option && off.exec(option.value);
      if (!option || !match) continue;
      const profile = match[2] ? 'SELinux' : match[1] === 'seccomp' ? 'the seccomp profile' : 'the AppArmor profile';
      yield {
        message: 'off',
        data: { option: option.value, profile },
        span: option.span,
        peers: match[2] ? labelPeers : match[1] === 'seccomp' ? seccompPeers : [],
        fixes: patchFix(file.document, {
          title: 'remove',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...path, 'security_opt', index] }],
        }),
      };
    }
  },
});
