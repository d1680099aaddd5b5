import { type Manager, managerCall, mayManagePackages } from '../../dockerfile/package-managers.ts';
import { mayBeUnpinned, unpinnedPackages } from '../../dockerfile/package-pins.ts';
import { defineRule } from '../../engine/rule.ts';

const apt = ['hadolint DL3008', 'kics apt_get_install_pin_version_not_defined'];
const dnf = ['hadolint DL3041', 'kics missing_version_specification_in_dnf_install'];
/** Others have one rule for each manager. */
const peers: Readonly<Partial<Record<Manager, readonly string[]>>> = {
  ...{ 'apt-get': apt, apt, aptitude: apt },
  apk: ['hadolint DL3018', 'kics unpinned_package_version_in_apk_add'],
  yum: ['hadolint DL3033', 'kics yum_install_without_version'],
  ...{ dnf, microdnf: dnf },
  zypper: ['hadolint DL3037', 'kics zypper_install_without_version'],
  pip: ['hadolint DL3013', 'kics unpinned_package_version_in_pip_install'],
  npm: ['hadolint DL3016', 'kics npm_install_without_pinned_version'],
  gem: ['hadolint DL3028', 'kics gem_install_without_version'],
  go: ['hadolint DL3062'],
};

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
    sources: [...new Set(Object.values(peers).flat())],
  },
  calls: mayManagePackages,
  when({ command }) {
    const call = managerCall(command);
    return call !== undefined && mayBeUnpinned(call);
  },
  *check({ command }) {
    const call = managerCall(command);
    const unpinned = call && unpinnedPackages(call);
    const first = unpinned?.words[0];
    if (call === undefined || unpinned === undefined || first === undefined) return;
    const data = { name: first.value, example: unpinned.example, others: unpinned.words.length - 1 };
    yield { message: data.others > 0 ? 'more' : 'one', data, span: first.span, peers: peers[call.manager] ?? [] };
  },
});
