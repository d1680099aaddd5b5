/** The package managers that are told apart. dnf5 goes by `dnf`; microdnf takes fewer options than it, none of other meaning. */
export type Manager =
  | 'apt-get'
  | 'apt'
  | 'aptitude'
  | 'apk'
  | 'yum'
  | 'dnf'
  | 'microdnf'
  | 'zypper'
  | 'pip'
  | 'npm'
  | 'yarn'
  | 'pnpm'
  | 'gem'
  | 'go';

const apt: ReadonlySet<string> = new Set([
  ...['-o', '-t', '-c', '-a', '-P', '--option', '--target-release', '--default-release', '--config-file'],
  ...['--host-architecture', '--build-profiles', '--solver', '--planner'],
]);
const dnf: ReadonlySet<string> = new Set([
  ...['-c', '-d', '-e', '-x', '--config', '--debuglevel', '--errorlevel', '--rpmverbosity', '--enablerepo'],
  ...['--disablerepo', '--repo', '--repoid', '--repofrompath', '--exclude', '--excludepkgs', '--disableexcludes'],
  ...['--disableexcludepkgs', '--enableplugin', '--disableplugin', '--installroot', '--releasever', '--setopt'],
  ...['--downloaddir', '--destdir', '--comment', '--advisory', '--advisories', '--bz', '--cve', '--sec-severity'],
  ...['--forcearch', '--color', '--randomwait'],
]);
const npm: ReadonlySet<string> = new Set([
  ...['--loglevel', '--registry', '--prefix', '--cache', '--userconfig', '--globalconfig', '--tag', '--omit'],
  ...[
    '--include',
    '--only',
    '--workspace',
    '-w',
    '-C',
    '--fetch-retries',
    '--fetch-timeout',
    '--fetch-retry-mintimeout',
  ],
  ...['--fetch-retry-maxtimeout', '--install-strategy', '--script-shell', '--network-timeout', '--maxsockets'],
  ...['--target_arch', '--target_platform', '--cpu', '--os', '--libc', '--python', '--otp', '--scope', '--before'],
]);

/** Options that take the next word as their value; from each program's own manual. */
export const valueOptions: Readonly<Record<Manager, ReadonlySet<string>>> = {
  'apt-get': apt,
  apt,
  aptitude: new Set(['-o', '-t', '-c', '-F', '-w', '-O', '--target-release', '--default-release', '--with-package']),
  apk: new Set([
    ...['-p', '-X', '-t', '--root', '--repository', '--virtual', '--arch', '--cache-dir', '--cache-max-age'],
    ...['--keys-dir', '--progress-fd', '--repositories-file', '--timeout', '--wait'],
  ]),
  yum: dnf,
  dnf,
  microdnf: dnf,
  zypper: new Set([
    ...['-R', '-c', '-C', '-D', '-r', '-t', '-p', '--root', '--installroot', '--config', '--reposd-dir', '--cache-dir'],
    ...['--raw-cache-dir', '--solv-cache-dir', '--pkg-cache-dir', '--plus-repo', '--plus-content', '--repo', '--from'],
    ...['--type', '--releasever', '--download', '--priority'],
  ]),
  pip: new Set([
    ...['-r', '-c', '-e', '-t', '-i', '-f', '-C', '--requirement', '--constraint', '--editable', '--target'],
    ...['--platform', '--python-version', '--implementation', '--abi', '--prefix', '--root', '--src', '--index-url'],
    ...['--extra-index-url', '--find-links', '--trusted-host', '--log', '--proxy', '--retries', '--timeout'],
    ...['--exists-action', '--cert', '--client-cert', '--cache-dir', '--progress-bar', '--upgrade-strategy'],
    ...['--no-binary', '--only-binary', '--report', '--config-settings', '--config-setting', '--global-option'],
    ...['--build-option', '--install-option', '--python', '--root-user-action', '--use-feature', '--use-deprecated'],
    ...['--group', '--build-constraint', '--keyring-provider', '--default-timeout'],
  ]),
  npm,
  yarn: new Set([
    ...['--cwd', '--registry', '--network-timeout', '--network-concurrency', '--cache-folder', '--modules-folder'],
    ...['--mutex', '--prefix', '--global-folder', '--mode', '--child-concurrency', '--use-yarnrc'],
  ]),
  pnpm: new Set([
    ...npm,
    '--dir',
    '--filter',
    '-F',
    '--store-dir',
    '--reporter',
    '--virtual-store-dir',
    '--network-concurrency',
  ]),
  gem: new Set([
    ...['-v', '--version', '-i', '--install-dir', '-n', '--bindir', '-P', '--trust-policy', '-s', '--source', '-p'],
    ...['--http-proxy', '-B', '--bulk-threshold', '-g', '--file', '--platform', '--config-file', '--build-root'],
  ]),
  go: new Set([
    ...['-C', '-p', '-o', '-asmflags', '-buildmode', '-buildvcs', '-compiler', '-covermode', '-coverpkg', '-exec'],
    ...['-gccgoflags', '-gcflags', '-installsuffix', '-ldflags', '-mod', '-modfile', '-overlay', '-pgo', '-pkgdir'],
    ...['-tags', '-toolexec'],
  ]),
};

/** Programs of other names that take the same commands and options. */
export const otherNames: Readonly<Record<string, Manager>> = { dnf5: 'dnf', dnf4: 'dnf', 'dnf-3': 'dnf', yum4: 'yum' };
