import type { ShellCommand, ShellWord } from '../shell/model.ts';
import type { Span } from '../text/span.ts';
import { downloadOf, isLocalAddress } from './downloads.ts';
import { managerCall } from './package-managers.ts';

/** What is not looked at: who signed a package, or who answers at an address. */
export type Unverified = 'signature' | 'certificate';

export interface WeakOption {
  readonly kind: Unverified;
  /** As a person calls it: `--insecure`. */
  readonly name: string;
  readonly span: Span;
  /** What of the command says so, from the first of the words to the last; undefined where the whole command does. */
  readonly words: readonly ShellWord[] | undefined;
  /** The letter to take out of a word of several, `k` of `-fsSLk`. */
  readonly letter?: string;
  /** Only packages that lie in the image already are installed. */
  readonly ownFiles?: true;
}

interface Table {
  readonly kind: Unverified;
  readonly flags: readonly string[];
}

const rpmFamily: Table = { kind: 'signature', flags: ['--nogpgcheck', '--no-gpgchecks'] };
const apt: Table = {
  kind: 'signature',
  flags: ['--allow-unauthenticated', '--force-yes', '--allow-insecure-repositories'],
};

/** Options that switch a check off, by program. */
const weakFlags: Readonly<Record<string, Table>> = {
  apk: { kind: 'signature', flags: ['--allow-untrusted'] },
  'apt-get': apt,
  apt,
  aptitude: { kind: 'signature', flags: ['--allow-untrusted'] },
  yum: rpmFamily,
  dnf: rpmFamily,
  dnf5: rpmFamily,
  microdnf: rpmFamily,
  tdnf: rpmFamily,
  zypper: { kind: 'signature', flags: ['--no-gpg-checks', '--allow-unsigned-rpm'] },
  rpm: { kind: 'signature', flags: ['--nodigest', '--nosignature', '--noverify', '--nofiledigest', '--nogpg'] },
  wget: { kind: 'certificate', flags: ['--no-check-certificate'] },
  npm: { kind: 'certificate', flags: ['--no-strict-ssl', '--strict-ssl=false'] },
  yarn: { kind: 'certificate', flags: ['--no-strict-ssl', '--strict-ssl=false'] },
};

const aptSettings =
  /^(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories)=(?:1|yes|true|on|enable|with)$/i;
const aptPeers = /^Acquire::https::(?:[\w.-]+::)?Verify-(?:Peer|Host)=(?:0|no|false|off|disable|without)$/i;
const yumSetting = /(?:^|[=.])sslverify=["']?(?:0|false|no)["']?$/i;
/** A repository on the machine itself is not signed, and need not be. */
const trusted = /\[[^\]]*\btrusted=(?:yes|1)\b[^\]]*\]\s*(?!\s|file:|copy:|\.?\/)/i;

const others = ['curl', 'pip', 'pip2', 'pip3', 'python', 'python3', 'pnpm', 'git', 'echo', 'printf'];
const programs: ReadonlySet<string> = new Set([
  ...Object.keys(weakFlags),
  ...others,
  ...['yum-config-manager', 'dnf-config-manager'],
]);

/** What all words have something of that switch off a check. */
const suspicious = /^--(?:no|allow|force|insecure|proxy-i|strict|option|trusted|setopt)|^-[a-zA-Z]*[koc]|ssl|trusted/i;

/** A text in which none of these is found switches off no check: they are quick, the rule looks closer. */
export const switchesOff = [
  /gpg|enticated|force-yes|trusted|unsigned|insecure|digest|signature|verify|check-cert|strict[-_]ssl|tls_reject/i,
  /[\s"']-[a-z]*k(?![a-z]*-)/i,
] as const;

/** The same for the text of one instruction, more exact and slower. */
export const maySwitchOff =
  /no-?gpg|unauthenticated|force-yes|trusted[-_=]|untrusted|unsigned|insecure|no-?(?:digest|signature|verify|filedigest|check-cert)|ssl_?(?:no_)?verify|strict[-_]ssl|verify-(?:peer|host)|httpsverify|tls_reject|[\s"']-[a-z]*k(?![a-z]*-)/i;

/** Whether a program is one whose checks can be switched off, and has a word that may do so. */
export function checksSomething({ name, words }: ShellCommand): boolean {
  return programs.has(name) && words.some(({ value }) => suspicious.test(value));
}

/** The options of a command that switch off a check of signatures or certificates. */
export function* weakOptions(command: ShellCommand): Generator<WeakOption> {
  const { name, words } = command;
  const table = Object.hasOwn(weakFlags, name) ? weakFlags[name] : undefined;
  const addresses = downloadOf(command)?.addresses ?? [];
  if (addresses.length > 0 && addresses.every(isLocalAddress)) return;
  // An index of packages is made of what lies there.
  if (name === 'apk' && words.some(({ value }) => value === 'index')) return;
  const ownFiles = name === 'apk' && words.some(({ value }) => isFile(value)) && words.every(onlyFiles);
  for (const word of words) {
    if (table?.flags.includes(word.value))
      yield { kind: table.kind, name: word.value, span: word.span, words: [word], ...(ownFiles && { ownFiles: true }) };
  }
  switch (name) {
    case 'curl':
      yield* curlOptions(command);
      return;
    case 'apt-get':
    case 'apt':
    case 'aptitude':
    case 'pip':
    case 'pip2':
    case 'pip3':
    case 'python':
    case 'python3':
      yield* managerOptions(command);
      return;
    case 'yum':
    case 'dnf':
    case 'dnf5':
    case 'yum-config-manager':
    case 'dnf-config-manager':
      for (const word of words)
        if (yumSetting.test(word.value))
          yield {
            kind: 'certificate',
            name: 'sslverify=0',
            span: word.span,
            words: word.value.startsWith('-') ? [word] : undefined,
          };
      return;
    case 'npm':
    case 'yarn':
    case 'pnpm':
    case 'git':
      yield* configured(command);
      return;
    case 'echo':
    case 'printf':
      for (const word of words)
        if (word.value.includes('trusted') && trusted.test(word.value))
          yield { kind: 'signature', name: '[trusted=yes]', span: word.span, words: undefined };
      return;
    default:
  }
}

function isFile(value: string): boolean {
  return value.includes('/') || value.endsWith('.apk');
}

/** A word of `apk add` that is no package of a repository. */
function onlyFiles({ value }: ShellWord): boolean {
  return value === 'add' || value.startsWith('-') || isFile(value);
}

function* curlOptions(command: ShellCommand): Generator<WeakOption> {
  for (const { name, word } of downloadOf(command)?.read.flags ?? []) {
    if (name !== '-k' && name !== '--insecure' && name !== '--proxy-insecure') continue;
    const cluster = name === '-k' && word.value.length > 2;
    yield { kind: 'certificate', name, span: word.span, words: [word], ...(cluster && { letter: 'k' }) };
  }
}

function* managerOptions(command: ShellCommand): Generator<WeakOption> {
  const call = managerCall(command);
  for (const { name, value, word } of call?.flags ?? []) {
    if (value === undefined) continue;
    const next = command.words[command.words.indexOf(word) + 1];
    const separate = next !== undefined && next.span.start === value.span.start ? [next] : [];
    const found = { span: word.span, words: [word, ...separate] };
    if (call?.manager === 'pip') {
      if (name === '--trusted-host' && !isLocalAddress({ ...word, value: value.text }))
        yield { ...found, kind: 'certificate', name };
    } else if (name === '-o' || name === '--option') {
      const text = value.text;
      if (aptSettings.test(text)) yield { ...found, kind: 'signature', name: text };
      else if (aptPeers.test(text)) yield { ...found, kind: 'certificate', name: text };
    }
  }
}

/** `npm config set strict-ssl false`, `git config --global http.sslVerify false`, `git -c http.sslVerify=false`. */
function* configured({ name, words }: ShellCommand): Generator<WeakOption> {
  const [first = '', second = ''] = words.flatMap(({ value }) => (value.startsWith('-') ? [] : [value]));
  const sets = name === 'git' || first === 'set' || (/^c(?:onfig)?$/.test(first) && second === 'set');
  for (const [at, word] of words.entries()) {
    if (!sets || !/ssl/i.test(word.value)) continue;
    const [key = '', given] = word.value.split('=');
    const value = given ?? words[at + 1]?.value ?? '';
    const setting = name === 'git' ? /^http(?:\..+)?\.sslverify$/i.test(key) : key === 'strict-ssl';
    if (!setting || !/^(?:false|0|no|off)$/i.test(value)) continue;
    const option = words[at - 1];
    const whole = name === 'git' && option?.value === '-c' ? [option, word] : undefined;
    yield { kind: 'certificate', name: `${key} ${value}`, span: word.span, words: whole };
  }
}

/** Variables that switch off a check, with the values that do. */
const weakVariables: Readonly<Record<string, RegExp>> = {
  PYTHONHTTPSVERIFY: /^0$/,
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  NPM_CONFIG_STRICT_SSL: /^(?:false|0)$/i,
  YARN_STRICT_SSL: /^(?:false|0)$/i,
  PIP_TRUSTED_HOST: /./,
  // git only asks whether it is set.
  GIT_SSL_NO_VERIFY: /./,
  GOINSECURE: /./,
};

/** Whether a variable with this value switches off the check of certificates. */
export function isWeakVariable(name: string, value: string): boolean {
  const key = name.toUpperCase() === 'NPM_CONFIG_STRICT_SSL' ? 'NPM_CONFIG_STRICT_SSL' : name;
  return Object.hasOwn(weakVariables, key) && weakVariables[key]?.test(value) === true;
}
