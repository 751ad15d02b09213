import { parseDigest } from '../../src/model/digest.ts';
import type { Evidence, EvidenceSource } from '../../src/model/evidence.ts';
import type { Finding, VexNote } from '../../src/model/finding.ts';
import type { Package } from '../../src/model/package.ts';
import { lookKinds, type PlacedFinding } from '../../src/model/placed-finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { ReportContext } from '../../src/report/contract.ts';

/** A digest of one digit repeated. */
function digest(digit: string) {
  return parseDigest(`sha256:${digit.repeat(64)}`);
}

/** What a report is rendered with. */
export const context: ReportContext = { name: 'shop.tar', colour: false, width: 80, version: '1.2.3' };

/** Full data for one ecosystem. */
export const npmData: EvidenceSource = {
  ecosystem: 'npm',
  origin: 'osv-export',
  records: 1234,
  newest: '2026-01-02T03:04:05Z',
  checkedAt: '2026-01-03T04:05:06.000Z',
  digest: digest('9'),
};

/** A package with what is given. */
export function pack(given: Partial<Package> & Pick<Package, 'name' | 'version'>): Package {
  const { name, version } = given;
  return {
    ecosystem: 'npm',
    purl: `pkg:npm/${encodeURIComponent(name.toWellFormed())}@${encodeURIComponent(version.toWellFormed())}`,
    presence: 'installed',
    paths: [`/app/node_modules/${name}/package.json`],
    layer: 1,
    ...given,
  };
}

/** A finding in a package, with what is given. */
export function finding(found: Package, given: Partial<Finding> & Pick<Finding, 'id' | 'severity'>): Finding {
  const { purl, name, version, presence, layer, paths } = found;
  return {
    kind: 'vulnerability',
    aliases: [],
    advisories: [given.id],
    severitySource: 'publisher',
    package: purl,
    name,
    version,
    presence,
    fixed: [],
    layer,
    from: 'own',
    paths,
    title: 'A flaw',
    cwes: [],
    ...given,
  };
}

/** Evidence on an image of two layers in which all was looked for, with what is given. */
export function evidence(given: Partial<Evidence>): Evidence {
  return {
    target: {
      kind: 'image',
      digest: digest('a'),
      id: digest('b'),
      platform: 'linux/amd64',
      distribution: { id: 'alpine', version: '3.18.9', like: [], name: 'Alpine Linux v3.18' },
      layers: [
        { diffId: digest('1'), digest: digest('2'), size: 10, createdBy: '/bin/sh -c #(nop) ADD file:root in / ' },
        {
          diffId: digest('3'),
          digest: digest('4'),
          size: 20,
          createdBy: 'RUN |1 TOKEN=s3cret /bin/sh -c npm ci # buildkit',
        },
      ],
    },
    judged: ['installed'],
    packages: [],
    findings: [],
    problems: [],
    sources: [npmData],
    looked: lookKinds,
    ...given,
  };
}

const lodash = pack({ name: 'lodash', version: '4.17.4', license: 'MIT' });
const scoped = pack({
  name: '@scope/tool',
  version: '1.0.0',
  license: 'MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)',
});
const declared = pack({ name: 'minimatch', version: '3.0.4', presence: 'declared', paths: ['/app/package-lock.json'] });
const musl = pack({
  ecosystem: 'apk',
  name: 'musl',
  version: '1.2.3-r3',
  purl: 'pkg:apk/alpine/musl@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
  paths: ['/lib/apk/db/installed'],
  layer: 0,
  arch: 'x86_64',
  license: 'MIT BSD GPL2+',
});
const muslUtils = {
  ...musl,
  name: 'musl-utils',
  purl: 'pkg:apk/alpine/musl-utils@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9',
  origin: { name: 'musl', version: '1.2.3-r3' },
};
const cvss = { score: 9.1, vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N' };

/** A small image with findings of every sort. */
export const shop: Evidence = evidence({
  packages: [musl, muslUtils, scoped, lodash, declared],
  findings: [
    finding(lodash, {
      id: 'CVE-2019-10744',
      severity: 'critical',
      ...cvss,
      fixed: ['4.17.12'],
      aliases: ['GHSA-jf85-cpcp-j695'],
    }),
    finding(musl, { id: 'CVE-2025-26519', severity: 'high', fixed: ['1.2.3-r4'], title: 'Out-of-bounds write' }),
    finding(muslUtils, { id: 'CVE-2025-26519', severity: 'high', fixed: ['1.2.3-r4'], title: 'Out-of-bounds write' }),
    finding(declared, { id: 'CVE-2022-3517', severity: 'high', fixed: ['3.0.5'] }),
    finding(lodash, { id: 'CVE-2021-23337', severity: 'medium', fixed: ['4.17.21'] }),
    finding(lodash, { id: 'NSWG-ECO-1', severity: 'unknown', severitySource: 'none', title: '' }),
  ],
  problems: [
    {
      code: 'rpm/row-damaged',
      message: 'a row is damaged',
      path: '/var/lib/rpm/rpmdb.sqlite',
      layer: 0,
      blinding: true,
    },
    { code: 'npm/unreadable', message: 'not JSON', path: '/app/x/package.json', layer: 1, blinding: false },
  ],
});

/** What the gate says of {@link shop}. */
export const shopVerdict: Verdict = {
  decision: 'stop',
  reasons: [
    {
      rule: 'vulnerability/severity',
      decision: 'stop',
      message: '3 bad ones; the policy stops at high',
      action: 'begin with lodash 4.17.4: update to 4.17.21',
    },
    { rule: 'rpm/row-damaged', decision: 'undecided', message: '/var/lib/rpm/rpmdb.sqlite: a row is damaged' },
    { rule: 'data/age', decision: 'warn', message: 'the data is old', action: 'run: sluice db update' },
  ],
};

const openssl = pack({
  ecosystem: 'deb',
  name: 'openssl',
  version: '3.0.1-1',
  purl: 'pkg:deb/debian/openssl@3.0.1-1?arch=amd64&distro=debian-12',
  paths: ['/var/lib/dpkg/status'],
  layer: 0,
});
const libssl = {
  ...openssl,
  name: 'libssl3',
  purl: 'pkg:deb/debian/libssl3@3.0.1-1?arch=amd64&distro=debian-12',
  origin: { name: 'openssl', version: '3.0.1-1' },
};
const log4j = pack({
  ecosystem: 'maven',
  name: 'log4j-core',
  version: '2.14.0',
  purl: 'pkg:maven/a/log4j-core@2.14.0',
});

/** One word of a VEX document on a finding. */
export function note(given: Partial<VexNote> & Pick<VexNote, 'status'>): VexNote {
  return {
    timestamp: '2026-01-02T00:00:00Z',
    author: 'Acme Security',
    document: 'acme-1',
    format: 'openvex',
    believed: true,
    ...given,
  };
}

const notReached = note({
  status: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  says: 'nothing calls it',
});
const contrary = note({ status: 'affected', author: 'Other', document: 'o.json', timestamp: '2025-06-01T00:00:00Z' });

/** An image of which all is known that can be: KEV, EPSS, risk, distribution's word, VEX, and an update that failed. */
export const known: Evidence = evidence({
  packages: [openssl, libssl, log4j],
  findings: [
    finding(log4j, {
      id: 'CVE-2021-44228',
      severity: 'critical',
      score: 10,
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
      fixed: ['2.15.0'],
      cwes: ['CWE-20', 'CWE-917'],
      published: '2021-12-10T00:40:56Z',
      exploited: { added: '2021-12-10', due: '2021-12-24', ransomware: true },
      epss: { score: 0.9756, percentile: 0.9999 },
      risk: 99.5,
      statements: [note({ status: 'affected', says: 'update it' }), note({ status: 'fixed', believed: false })],
    }),
    finding(openssl, {
      id: 'CVE-2023-0001',
      severity: 'high',
      cwes: ['CWE-79'],
      fixState: 'wont-fix',
      epss: { score: 0.0004, percentile: 0.1 },
      risk: 0.03,
    }),
    finding(openssl, { id: 'CVE-2023-0002', severity: 'medium', fixState: 'deferred', disputed: true }),
    ...[openssl, libssl].map((found) =>
      finding(found, {
        id: 'CVE-2023-0003',
        severity: 'high',
        statements: [notReached, contrary],
        answered: { by: 'vex', because: 'Acme Security says that it is not affected' },
      }),
    ),
    finding(openssl, {
      id: 'CVE-2023-0004',
      severity: 'low',
      answered: { by: 'distribution', because: 'Debian says that its package never had the flaw' },
    }),
    finding(openssl, {
      id: 'CVE-2023-0005',
      severity: 'low',
      fixState: 'end-of-life',
      statements: [note({ status: 'not_affected', believed: false, document: 'attached' })],
    }),
  ],
  sources: [
    {
      ...npmData,
      ecosystem: 'Debian',
      failed: { at: '2026-01-03T10:00:00.000Z', message: 'the server answered 429' },
    },
    { ...npmData, ecosystem: 'Maven', digest: digest('8') },
    { ...npmData, ecosystem: 'KEV', origin: 'feed', newest: '2026-01-01', digest: digest('7') },
    {
      ...npmData,
      ecosystem: 'EPSS',
      origin: 'feed',
      newest: '',
      checkedAt: '2026-01-01T00:00:00Z',
      digest: digest('6'),
    },
  ],
  vex: [
    {
      document: 'acme-1',
      format: 'openvex',
      digest: digest('c'),
      author: 'Acme Security',
      timestamp: '2026-01-02T00:00:00Z',
      statements: 12,
      applied: 2,
      believed: true,
    },
    {
      document: 'attached',
      format: 'cyclonedx',
      digest: digest('d'),
      author: '',
      timestamp: '',
      statements: 1,
      applied: 0,
      believed: false,
    },
  ],
});

/** What the gate says of {@link known}. */
export const knownVerdict: Verdict = {
  decision: 'stop',
  reasons: [
    {
      rule: 'vulnerability/severity',
      decision: 'stop',
      message: '1 critical and 1 high; the policy stops at high',
      action: 'begin with log4j-core 2.14.0: update to 2.15.0',
    },
    {
      rule: 'data/update-failed',
      decision: 'warn',
      message: 'the last update of the data for Debian failed',
      action: 'run: sluice db update',
    },
  ],
};

/** Text that tries everything: colour, a window's title, HTML, lines, tables, links, the direction of writing. */
export const hostile =
  '\x1b[31mred\x1b]0;title\x07\r\n<img src=x onerror=alert(1)>|a|`b`](http://evil.example)\u202Egpj.exe\u2066\u009b2J\u{1F600}漢\ud800';

const trap = pack({
  name: `x${hostile}`,
  version: `1${hostile}`,
  purl: `pkg:npm/x@1?y=${encodeURIComponent(hostile.toWellFormed())}`,
  paths: [`/a b/%2e/${hostile}/é/package.json`],
  license: hostile,
  vendor: hostile,
});

/** An image whose every text is hostile. */
export const trapImage: Evidence = evidence({
  target: {
    kind: 'image',
    platform: hostile,
    distribution: { id: hostile, version: hostile, like: [hostile], name: hostile },
    layers: [
      { diffId: digest('1'), digest: digest('2'), size: 10, createdBy: hostile },
      { diffId: digest('3'), digest: digest('4'), size: 20, createdBy: hostile },
    ],
  },
  packages: [trap],
  findings: [
    finding(trap, {
      id: `CVE-1${hostile}`,
      severity: 'high',
      title: hostile,
      fixed: [hostile],
      aliases: [hostile],
      advisories: [hostile],
      vector: hostile,
      published: hostile,
      exploited: { added: hostile, due: hostile, ransomware: true },
      statements: [
        note({ status: 'not_affected', justification: hostile, says: hostile, author: hostile, document: hostile }),
        note({ status: 'affected', timestamp: hostile, says: hostile, author: hostile, document: hostile }),
      ],
    }),
    finding(trap, {
      id: `CVE-2${hostile}`,
      severity: 'low',
      statements: [
        note({ status: 'fixed', justification: hostile, says: hostile, author: hostile, document: hostile }),
      ],
      answered: { by: 'vex', because: hostile },
    }),
  ],
  vex: [
    {
      document: hostile,
      format: 'csaf',
      digest: digest('c'),
      author: hostile,
      timestamp: hostile,
      statements: 1,
      applied: 1,
      believed: true,
    },
  ],
  problems: [{ code: 'npm/unreadable', message: hostile, path: `/${hostile}`, layer: 1, blinding: true }],
  sources: [{ ...npmData, ecosystem: hostile, failed: { at: '2026-01-03T10:00:00.000Z', message: hostile } }],
});

/** What the gate says of {@link trapImage}. */
export const trapVerdict: Verdict = {
  decision: 'stop',
  reasons: [{ rule: 'data/age', decision: 'warn', message: hostile, action: hostile }],
};

/** A secret in a file, with what is given. */
export function placedSecret(given: Partial<PlacedFinding> = {}): PlacedFinding {
  return {
    kind: 'secret',
    id: 'secret/github-token',
    aliases: ['github-pat'],
    severity: 'high',
    title: 'GitHub token',
    message: 'a GitHub token',
    why: 'Whoever has it can act in the name of its owner.',
    fix: 'Revoke it, and give the new one to the build as a secret mount.',
    links: ['https://docs.example.com/tokens'],
    controls: ['NIST SP 800-190 4.1.4'],
    place: { in: 'file', path: '/app/.env', line: 2, column: 7, endLine: 2, endColumn: 47, layer: 1, from: 'own' },
    fingerprint: '0123456789abcdef0123456789abcdef',
    secret: { shown: 'ghp_…(40)', score: 95, notes: ['its checksum holds'] },
    ...given,
  };
}

/** A bad setting of the image, with what is given. */
export function placedSetting(given: Partial<PlacedFinding> = {}): PlacedFinding {
  return {
    kind: 'misconfiguration',
    id: 'image/runs-as-root',
    aliases: ['CIS-DI-0001', 'DS-0002'],
    severity: 'medium',
    title: 'Runs as root',
    message: 'the image names no user',
    why: 'A process that leaves its container as root is root on the host as well.',
    fix: 'End the Dockerfile with a USER line.',
    links: [],
    controls: ['CIS Docker 1.6.0 4.1'],
    place: { in: 'configuration', name: 'User', cause: { path: 'Dockerfile', line: 9 } },
    fingerprint: 'fedcba9876543210fedcba9876543210',
    ...given,
  };
}

/** What another tool says, with what is given. */
export function placedByOthers(given: Partial<PlacedFinding> = {}): PlacedFinding {
  return {
    kind: 'external',
    id: 'B105',
    aliases: [],
    severity: 'low',
    title: 'Hard-coded password',
    message: 'possible hard-coded password',
    why: '',
    fix: '',
    links: [],
    controls: [],
    place: { in: 'file', path: 'app/main.py', line: 4 },
    fingerprint: '00ff',
    tool: 'Bandit 1.7.5',
    ...given,
  };
}
