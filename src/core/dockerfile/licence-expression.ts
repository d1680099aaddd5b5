/** The identifiers of the SPDX licence list that images are published under; those of exceptions stand behind `WITH`. */
const licences: ReadonlySet<string> = new Set(
  (
    '0BSD AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AGPL-1.0 AGPL-1.0-only AGPL-1.0-or-later AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later ' +
    'APL-1.0 APSL-2.0 Apache-1.0 Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-1.0-Perl Artistic-2.0 BSD-1-Clause BSD-2-Clause ' +
    'BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause BSL-1.0 BUSL-1.1 BlueOak-1.0.0 CAL-1.0 CC-BY-1.0 CC-BY-2.0 ' +
    'CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0 ' +
    'CDDL-1.0 CDDL-1.1 CECILL-2.0 CECILL-2.1 CECILL-B CECILL-C CPAL-1.0 CPL-1.0 Elastic-2.0 ECL-2.0 EFL-2.0 EPL-1.0 EPL-2.0 ' +
    'EUPL-1.0 EUPL-1.1 EUPL-1.2 FTL GFDL-1.3 GFDL-1.3-only GFDL-1.3-or-later GPL-1.0 GPL-1.0-only GPL-1.0-or-later GPL-2.0 ' +
    'GPL-2.0+ GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0+ GPL-3.0-only GPL-3.0-or-later HPND ICU IPL-1.0 ISC JSON LGPL-2.0 ' +
    'LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1+ LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0 LGPL-3.0+ LGPL-3.0-only ' +
    'LGPL-3.0-or-later LPPL-1.3c MIT MIT-0 MIT-CMU MPL-1.0 MPL-1.1 MPL-2.0 MPL-2.0-no-copyleft-exception MS-PL MS-RL MulanPSL-2.0 ' +
    'NCSA NTP ODbL-1.0 OFL-1.0 OFL-1.1 OLDAP-2.8 OSL-3.0 OpenSSL PHP-3.0 PHP-3.01 PostgreSQL Python-2.0 PSF-2.0 QPL-1.0 Ruby RPL-1.5 ' +
    'SISSL SSPL-1.0 Sleepycat TCL UPL-1.0 Unicode-3.0 Unicode-DFS-2016 Unlicense Vim W3C WTFPL X11 XFree86-1.1 Xnet ZPL-2.0 ' +
    'ZPL-2.1 Zend-2.0 Zlib bzip2-1.0.6 curl'
  )
    .split(' ')
    .map((id) => id.toLowerCase()),
);

/** A name and a version, as most of the list's six hundred are. */
const versioned = /^[A-Za-z][A-Za-z0-9-]*-v?\d+(?:\.\d+)*(?:-[A-Za-z0-9.-]+)?\+?$/;

/**
 * Whether a text is a licence by SPDX: an identifier, or several with AND, OR, WITH and brackets. `LicenseRef-` names one's own.
 * The list here is not all of SPDX's: what has the form of a name with a version is taken unseen.
 */
export function isLicence(value: string): boolean {
  const words = value.replace(/[()]/g, ' ').trim().split(/\s+/);
  return words.every((word, at) => {
    if (at % 2 === 1) return /^(?:AND|OR|WITH)$/i.test(word);
    if (/^WITH$/i.test(words[at - 1] ?? '')) return /^[A-Za-z0-9.-]+$/.test(word);
    return (
      versioned.test(word) ||
      /^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(word) ||
      licences.has(word.toLowerCase().replace(/\+$/, ''))
    );
  });
}
