import { isLicence } from './licence-expression.ts';

/** What a label of each type of hadolint's `label-schema` may hold. */
const forms: Readonly<Record<string, (value: string) => boolean>> = {
  text: () => true,
  rawtext: () => true,
  url: (value) => /^[a-z][a-z0-9+.-]*:\/\/[^\s/]\S*$|^mailto:\S+$/i.test(value),
  rfc3339: isTime,
  spdx: isLicence,
  hash: (value) => /^(?:[0-9a-f]{7}|[0-9a-f]{40})$/i.test(value),
  semver: (value) =>
    /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9a-z-]+(?:\.[0-9a-z-]+)*)?(?:\+[0-9a-z-]+(?:\.[0-9a-z-]+)*)?$/i.test(
      value,
    ),
  email: (value) => /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(value),
};

/** The names of the types, for messages. */
export const labelForms: Readonly<Record<string, string>> = {
  url: 'URL',
  rfc3339: 'time like `2026-11-23T04:05:06Z`',
  spdx: 'licence from the SPDX list',
  hash: 'Git hash of 7 or 40 digits',
  semver: 'version like `1.2.3`',
  email: 'mail address',
};

/** Whether a label's value has the form that its type asks for; types that nobody knows take all. */
export function hasForm(value: string, type: string): boolean {
  return forms[type]?.(value) ?? true;
}

function isTime(value: string): boolean {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(value);
  if (match === null) return false;
  const day = Date.parse(`${match[1]}T00:00:00Z`);
  return !Number.isNaN(day) && Number(match[2]) < 24 && Number(match[3]) < 60 && Number(match[4]) <= 60;
}
