import { managerCall, mayManagePackages } from '../../dockerfile/package-managers.ts';
import { unpinnedPackages } from '../../dockerfile/package-pins.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/package-version',
    rows: ['D303', 'D309', 'D313', 'D315', 'D317', 'D320', 'D321'],
    summary: 'Packages may be installed in a version that is written down.',
    why: 'Without a version each build takes what is newest that day, so that two builds of one Dockerfile differ and one of them may fail. For Python, Node.js, Ruby and Go write versions down, best in a lock file. Distributions remove old versions from their servers, and a pinned one breaks the build some day: pin those only where you rely on a version. This is off by default.',
    severity: 'information',
    optional: true,
    topic: 'packages',
    messages: {
      one: 'No version is given for `{name}`, such as `{example}`',
      more: 'No version is given for `{name}` and {others} more, such as `{example}`',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nRUN pip install --no-cache-dir flask\n',
        good: 'FROM python:3.14-slim\nRUN pip install --no-cache-dir flask==3.1.0\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y nginx curl\n',
        good: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y nginx=1.26.* curl=8.14.*\n',
      },
    ],
    options: {},
    sources: [
      ...['hadolint DL3008', 'hadolint DL3013', 'hadolint DL3016', 'hadolint DL3018', 'hadolint DL3028'],
      ...['hadolint DL3033', 'hadolint DL3037', 'hadolint DL3041', 'hadolint DL3062'],
      ...['kics apt_get_install_pin_version_not_defined', 'kics unpinned_package_version_in_apk_add'],
      ...['kics yum_install_without_version', 'kics missing_version_specification_in_dnf_install'],
      ...['kics zypper_install_without_version', 'kics unpinned_package_version_in_pip_install'],
      ...['kics npm_install_without_pinned_version', 'kics gem_install_without_version'],
    ],
  },
  calls: mayManagePackages,
  *check({ command }) {
    const call = managerCall(command);
    const unpinned = call && unpinnedPackages(call);
    const first = unpinned?.words[0];
    if (unpinned === undefined || first === undefined) return;
    const data = { name: first.value, example: unpinned.example, others: unpinned.words.length - 1 };
    yield { message: data.others > 0 ? 'more' : 'one', data, span: first.span };
  },
});
