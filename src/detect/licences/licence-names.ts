import { keyOf } from './name-key.ts';
import { licenceIds, licenceKeys } from './names.gen.ts';

/** Longest name that is looked up, in characters. */
const longestName = 200;

/** Names of licences that are kept, each with what it stands for. */
const mostKept = 5000;
const kept = new Map<string, string | undefined>();

/** Names that say which licence it is only to those who know. */
const known = new Map<string, string>(
  Object.entries({
    'MIT-advertising': ['mit with advertising'],
    'MIT-0': ['mit no attribution', 'mit nonattribution'],
    MIT: [
      'mit',
      'expat',
      'mit expat',
      'expat mit',
      'mit style',
      'mit like',
      'mit x11',
      'x11 mit',
      'mit x',
      'mit x consortium style',
    ],
    'BSD-2-Clause': ['simplified bsd', 'freebsd', 'bsd 2', 'bsd2', '2 bsd', 'bsd two clause', 'bsd simplified'],
    'BSD-3-Clause': [
      ...['bsd', 'bsd 3', 'bsd3', 'new bsd', 'bsd new', 'modified bsd', 'revised bsd', 'bsd three clause', 'bsd style'],
      ...['bsd like', 'bsd modified', 'bsd revised', '3 bsd', '3 bsd new', 'bsd derived'],
    ],
    'BSD-4-Clause': ['bsd 4', 'bsd4', 'original bsd', 'bsd original', 'old bsd', 'bsd with advertising'],
    'BSD-4-Clause-UC': ['bsd 4 clause uc'],
    '0BSD': ['zero clause bsd', 'bsd zero clause', '0 clause bsd', 'bsd 0 clause', 'free public 1.0.0'],
    ISC: ['iscl', 'isc iscl'],
    Zlib: ['zlib libpng', 'libpng zlib', 'zlib libpng license'],
    'BSL-1.0': ['boost', 'boost 1.0', 'boost software 1.0', 'boost software'],
    Unlicense: ['unlicense', 'the unlicense unlicense'],
    WTFPL: ['wtfpl 2', 'wtfpl 2.0', 'do what the fuck you want to public', 'wtf'],
    'CC0-1.0': ['cc0', 'cc0 1.0 universal', 'creative commons zero', 'public domain cc0'],
    'CC-PDDC': ['creative commons public domain'],
    'PSF-2.0': ['psf', 'psfl', 'python software foundation', 'psf 2'],
    'Python-2.0': ['python', 'python 2.0', 'python 2'],
    'OFL-1.1': ['ofl', 'sil open font 1.1', 'sil ofl', 'sil open font', 'sil ofl 1.1', 'open font'],
    FTL: ['freetype', 'ftl'],
    curl: ['mit style curl'],
    'Artistic-2.0': ['artistic 2', 'artistic 2.0', 'artistic v2'],
    'Artistic-1.0': ['artistic', 'artistic 1', 'artistic 1.0'],
    'Artistic-1.0-Perl OR GPL-1.0-or-later': [
      'perl',
      'perl 5',
      'perl5',
      'same terms as perl',
      'same terms as perl itself',
    ],
    Ruby: ['ruby', 'rubys', "ruby's"],
    'EUPL-1.2': ['european union public 1.2', 'eupl'],
    Sleepycat: ['sleepycat'],
    'LicenseRef-public-domain': ['public domain', 'publicdomain', 'pd', 'in the public domain'],
    'LicenseRef-proprietary': ['proprietary', 'commercial', 'all rights reserved'],
    'LicenseRef-unlicensed': ['unlicensed'],
    'ZPL-2.1': ['zope public 2.1', 'zope public', 'zpl 2.1'],
    'GPL-2.0-only WITH Classpath-exception-2.0': ['gpl2 w cpe', 'gpl2 with classpath exception', 'gpl 2 w cpe'],
    'CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0': [
      'cddl+gpl',
      'cddl gpl 2 w cpe',
      'cddl + gpl 2 with classpath exception',
    ],
    TCL: ['tcl tk', 'tcl'],
    PostgreSQL: ['postgresql', 'postgres'],
    NCSA: ['university of illinois ncsa open source', 'uiuc', 'ncsa'],
    Vim: ['vim'],
    HPND: ['historical permission notice and disclaimer hpnd', 'historical permission notice and disclaimer'],
    'OLDAP-2.8': ['openldap', 'openldap public 2.8'],
    'Elastic-2.0': ['elastic 2', 'elastic license 2.0', 'elv2'],
    'SSPL-1.0': ['sspl', 'server side public'],
    'BUSL-1.1': ['business source 1.1', 'bsl 1.1', 'busl'],
  }).flatMap(([id, names]) => names.map((name) => [name, id] as const)),
);

/** Licences that come in versions: the words that name them, the id before the version, and the versions there are. */
const families: readonly { readonly words: RegExp; readonly id: string; readonly versions: readonly string[] }[] = [
  { words: /^(?:apache(?: software)?|asf|asl|al)$/, id: 'Apache', versions: ['2.0', '1.1', '1.0'] },
  { words: /^(?:mozilla(?: public)?|mpl)(?: mpl)?$/, id: 'MPL', versions: ['2.0', '1.1', '1.0'] },
  { words: /^(?:eclipse(?: public)?|epl)(?: epl)?$/, id: 'EPL', versions: ['2.0', '1.0'] },
  { words: /^(?:common development and distribution|cddl)(?: cddl)?$/, id: 'CDDL', versions: ['1.1', '1.0'] },
  { words: /^(?:common public|cpl)$/, id: 'CPL', versions: ['1.0'] },
  { words: /^(?:european union public|eupl)(?: eupl)?$/, id: 'EUPL', versions: ['1.2', '1.1', '1.0'] },
  { words: /^(?:academic free|afl)(?: afl)?$/, id: 'AFL', versions: ['3.0', '2.1', '2.0', '1.2', '1.1'] },
  { words: /^(?:open software|osl)(?: osl)?$/, id: 'OSL', versions: ['3.0', '2.1', '2.0', '1.1', '1.0'] },
  { words: /^(?:zope public|zpl)(?: zpl)?$/, id: 'ZPL', versions: ['2.1', '2.0', '1.1'] },
  { words: /^(?:cecill)$/, id: 'CECILL', versions: ['2.1', '2.0', '1.1', '1.0'] },
  { words: /^php$/, id: 'PHP', versions: ['3.01', '3.0'] },
  { words: /^(?:microsoft public|ms pl)(?: ms pl)?$/, id: 'MS-PL', versions: [''] },
  { words: /^(?:microsoft reciprocal|ms rl)(?: ms rl)?$/, id: 'MS-RL', versions: [''] },
  {
    words: /^(?:cc|creative commons) (?:by|attribution)(?: 4.0 international)?$/,
    id: 'CC-BY',
    versions: ['4.0', '3.0', '2.5', '2.0'],
  },
  {
    words: /^(?:cc|creative commons) (?:by sa|attribution share ?alike)$/,
    id: 'CC-BY-SA',
    versions: ['4.0', '3.0', '2.5', '2.0'],
  },
];

/** The licences of GNU by the words that name them; `any`: what it is where no version is told. */
const gnu: readonly {
  readonly words: RegExp;
  readonly id: string;
  readonly versions: readonly string[];
  readonly any: string;
}[] = [
  {
    words: /^(?:affero general public|affero gpl|affero|agpl)(?: agpl)?$/,
    id: 'AGPL',
    versions: ['3.0', '1.0'],
    any: 'AGPL-3.0-or-later',
  },
  {
    words:
      /^(?:lesser general public|library general public|library or lesser general public|lesser gpl|lesser|lgpl)(?: lgpl)?$/,
    id: 'LGPL',
    versions: ['3.0', '2.1', '2.0'],
    any: 'LGPL-2.0-or-later',
  },
  {
    words: /^(?:free documentation|fdl|gfdl)(?: (?:g?fdl|niv))?$/,
    id: 'GFDL',
    versions: ['1.3', '1.2', '1.1'],
    any: 'GFDL-1.1-or-later',
  },
  {
    words: /^(?:general public|gpl|public)(?: gpl)?$/,
    id: 'GPL',
    versions: ['3.0', '2.0', '1.0'],
    any: 'GPL-1.0-or-later',
  },
];

let byKey: ReadonlyMap<string, string> | undefined;
let ids: ReadonlySet<string> | undefined;

/** SPDX ids by what their names and they themselves come to. */
function listed(): ReadonlyMap<string, string> {
  byKey ??= new Map(licenceKeys.split('\n').map((line) => line.split('\t') as [string, string]));
  return byKey;
}

/** Whether an id is of the SPDX list and not deprecated by it. */
export function isListed(id: string): boolean {
  ids ??= new Set(licenceIds.split(' '));
  return ids.has(id);
}

/** The licence that is meant by a name, as an SPDX expression of one licence mostly; undefined when that is not known. */
export function licenceNamed(name: string): string | undefined {
  if (name.length > longestName) return undefined;
  if (kept.has(name)) return kept.get(name);
  if (kept.size >= mostKept) kept.clear();
  const found = lookUp(name);
  kept.set(name, found);
  return found;
}

function lookUp(name: string): string | undefined {
  const address = name.includes('://') ? namedByAddress(name) : undefined;
  const key = keyOf(address ?? name);
  if (key === '') return undefined;
  return known.get(key) ?? listed().get(key) ?? gnuLicence(key) ?? versioned(key);
}

/** Name and version: `gpl 2+`, `lgpl2.1`, `general public 3`. */
function partsOf(key: string): { readonly words: string; readonly version: string; readonly later: boolean } {
  const later = key.endsWith('+');
  const plain = later ? key.slice(0, -1).trim() : key;
  let from = plain.length;
  while (
    from > 0 &&
    ((plain.charCodeAt(from - 1) >= 0x30 && plain.charCodeAt(from - 1) <= 0x39) || plain[from - 1] === '.')
  )
    from--;
  return { words: plain.slice(0, from).trim(), version: plain.slice(from), later };
}

function gnuLicence(key: string): string | undefined {
  const tail = /^(.*?)[ -](only|or later)$/.exec(key);
  const { words, version, later } = partsOf(tail?.[1] ?? key);
  for (const family of gnu) {
    if (!family.words.test(words)) continue;
    if (version === '') return family.any;
    const one = family.versions.find((there) => there === version || there === `${version}.0`);
    if (one === undefined) return undefined;
    return `${family.id}-${one}-${later || tail?.[2] === 'or later' ? 'or-later' : 'only'}`;
  }
  return undefined;
}

/** Without a version it is the one that has been in use for long, where there was never much else. */
function versioned(key: string): string | undefined {
  const { words, version } = partsOf(key);
  for (const { words: form, id, versions } of families) {
    if (!form.test(words)) continue;
    const one =
      version === ''
        ? id === 'Apache' || versions.length === 1
          ? versions[0]
          : undefined
        : versions.find((there) => there === version || there === `${version}.0`);
    if (one === undefined) return undefined;
    return one === '' ? id : `${id}-${one}`;
  }
  return undefined;
}

/** What an address of a licence says of it: its last part, with what its host is about. */
function namedByAddress(address: string): string | undefined {
  const lower = address.toLowerCase();
  const path = lower.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const last = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:txt|html?|php|md)$/, '');
  if (lower.includes('apache.org/')) return last.replace(/^license-/, 'apache ');
  if (lower.includes('mozilla.org/')) return `mpl ${last === 'mpl' ? '' : last.replace(/^mpl-/, '')}`;
  if (lower.includes('creativecommons.org/publicdomain/zero')) return 'cc0';
  if (lower.includes('eclipse.org/')) return last.replace(/^epl-v(\d)(\d)$/, 'epl $1.$2');
  return last
    .replace(/-standalone$/, '')
    .replace(/^license\.(.*)$/, '$1')
    .replace(/-license$/, '');
}
