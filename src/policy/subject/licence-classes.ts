/**
 * What licences ask for, the mildest first: `permissive` nothing, `notice` to be named, `reciprocal` that changes of its
 * own files are given, `restricted` that the whole work is given, `forbidden` what most companies can't do.
 */
export type LicenceClass = 'permissive' | 'notice' | 'reciprocal' | 'restricted' | 'forbidden' | 'unknown';

/** Names of licences, in lower case and with `-` for spaces, by the words that they begin with. */
const families: Readonly<Record<Exclude<LicenceClass, 'unknown'>, readonly string[]>> = {
  permissive: ['0bsd', 'cc0', 'mit-0', 'public-domain', 'publicdomain', 'unlicense', 'wtfpl', 'blessing', 'cc-pddc'],
  notice: [
    ...[
      'afl',
      'apache',
      'apachev2',
      'artistic',
      'asl',
      'blueoak',
      'boost',
      'bsd',
      'bsl',
      'bzip2',
      'cc-by',
      'curl',
      'ftl',
    ],
    ...['hpnd', 'ibm-pibs', 'icu', 'ijg', 'imagemagick', 'isc', 'libpng', 'libtiff', 'linux-openib', 'lpl', 'mit'],
    ...['ms-pl', 'ncsa', 'ntp', 'openldap', 'oldap', 'openssl', 'perl', 'php', 'postgresql', 'psf', 'python', 'sgi-b'],
    ...['tcl', 'ucd', 'unicode', 'unicode-dfs', 'upl', 'vim', 'w3c', 'x11', 'xnet', 'zend', 'zlib', 'zpl', 'new-bsd'],
    ...['expat', 'simplified-bsd', 'modified-bsd', 'the-mit', 'the-apache', 'the-bsd'],
  ],
  reciprocal: [
    ...['apsl', 'cddl', 'cecill-c', 'cpl', 'epl', 'eupl', 'freeimage', 'ipl', 'mozilla-public', 'mpl', 'mplv1.0'],
    ...['mplv1.1', 'mplv2.0', 'ms-rl', 'ruby', 'eclipse', 'the-eclipse'],
  ],
  restricted: [
    ...[
      'bcl',
      'cc-by-nd',
      'cc-by-sa',
      'cecill',
      'gfdl',
      'gnu-gpl',
      'gnu-lgpl',
      'gnu-general',
      'gnu-lesser',
      'gnu-library',
    ],
    ...[
      'gpl',
      'gplv1',
      'gplv2',
      'gplv3',
      'gpl1',
      'gpl2',
      'gpl3',
      'lgpl',
      'lgplv2',
      'lgplv2.1',
      'lgplv3',
      'lgpl2',
      'lgpl2.1',
    ],
    ...['lgpl3', 'npl', 'osl', 'qpl', 'sleepycat'],
  ],
  forbidden: [
    ...['agpl', 'agplv3', 'agpl3', 'gnu-affero', 'busl', 'cc-by-nc', 'cc-by-nc-nd', 'cc-by-nc-sa', 'commons-clause'],
    ...['elastic', 'facebook', 'polyform', 'rsal', 'rsalv2', 'sspl', 'proprietary', 'commercial', 'unlicensed'],
  ],
};

const byWords = new Map<string, LicenceClass>(
  Object.entries(families).flatMap(([name, words]) => words.map((word) => [word, name as LicenceClass] as const)),
);

/** Longest name that is looked up, in characters. */
const longestName = 100;

/** The class of one licence by its SPDX id, or by the names that distributions give it: `GPLv2+`, `ASL 2.0`. */
export function classOfLicence(name: string): LicenceClass {
  if (name.length > longestName) return 'unknown';
  const words = name
    .trim()
    .toLowerCase()
    .replace(/\+$/, '')
    .split(/[\s_-]+/);
  for (let length = words.length; length > 0; length--) {
    const found = byWords.get(words.slice(0, length).join('-'));
    if (found !== undefined) return found;
  }
  return 'unknown';
}
