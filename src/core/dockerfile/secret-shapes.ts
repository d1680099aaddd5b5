/** A secret known by its own form, as those who issue it document it. */
export interface SecretShape {
  readonly what: string;
  readonly pattern: RegExp;
}

export const secretShapes: readonly SecretShape[] = [
  { what: 'an access key of AWS', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  {
    what: 'a token of GitHub',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})/g,
  },
  { what: 'a token of GitLab', pattern: /\bglpat-[\w-]{20,}/g },
  { what: 'a token of npm', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'a token of PyPI', pattern: /\bpypi-AgE[\w-]{50,}/g },
  { what: 'a token of Slack', pattern: /\bxox[abprs]-\d[\w-]{15,}/g },
  { what: 'an API key of Google', pattern: /\bAIza[\w-]{35}/g },
  { what: 'a key of Stripe', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}/g },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g },
];

/** A text without any of these has none of the secrets. */
export const secretHints = /AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|npm_|pypi-AgE|xox|AIza|k_live_|PRIVATE KEY/;

/** A password between user and host of a URL, written out. */
export const urlPassword = /:\/\/[^\s/:@"'$<>{}]*:([^\s/@"'$<>{}%*]+)@[\w[]/g;

/** The kinds of files that hold secrets, by their names. Where `unsure`, such a file may as well hold none. */
export interface SecretFile {
  readonly what: string;
  readonly name: RegExp;
  readonly unsure: boolean;
}

export const secretFiles: readonly SecretFile[] = [
  { what: 'a private key', name: /^id_(?:rsa|dsa|ecdsa|ed25519)$/, unsure: false },
  { what: 'passwords', name: /^(?:[._]netrc|\.git-credentials|\.pgpass|\.htpasswd)$/, unsure: false },
  { what: 'keys and certificates', name: /\.(?:p12|pfx)$/i, unsure: false },
  {
    what: 'a private key',
    name: /^(?!.*(?:sign|apt|gpg|pgp|repo|pub|release|archive|keyring)).*\.key$/i,
    unsure: false,
  },
  {
    what: 'a private key',
    name: /^(?!.*(?:ca|cert|bundle|chain|pub|root|trust|fullchain)).*\.pem$/i,
    unsure: true,
  },
  {
    what: 'settings that belong to one place, passwords among them',
    name: /^\.env(?:\.(?:local|production|prod))?$/,
    unsure: true,
  },
  { what: 'a token of a registry', name: /^(?:\.npmrc|\.yarnrc\.yml|\.pypirc)$/, unsure: true },
];

/** All of these names have something of this. */
export const secretNames = /id_|netrc|git-cred|pgpass|htpasswd|p12|pfx|key|pem|env|npmrc|yarnrc|pypirc/i;

/** The same for files that are known by the folder that they stand in. */
export const secretPaths = /(?:^|\/)(?:\.aws\/credentials|\.docker\/config\.json|\.kube\/config)$/;
