import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/match/explain/contract.ts';
import type { ExplainedProduct } from '../../src/match/vex/explain.ts';
import type { Finding, VexNote } from '../../src/model/finding.ts';
import { explainJson } from '../../src/report/explain/json.ts';
import { explainTable } from '../../src/report/explain/table.ts';
import { debian, feedInfo, npm, pack, record, story, target } from '../match/explain/story.ts';
import { hostile } from './samples.ts';
import { sluiceCheck } from './schemas.ts';

const explainCheck = sluiceCheck('sluice-explain-v1');

const left = pack({ ecosystem: 'npm', name: 'left', version: '1.2.0' });
const critical = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

/** As a terminal without colours shows it; every one is also checked as JSON. */
function table(told: Explanation, width = 100): string {
  expect(explainCheck(JSON.parse(explainJson(told)))).toEqual([]);
  return `\n${explainTable(told, { name: 'shop.tar', colour: false, width })}`;
}

describe('sluice explain, for people', () => {
  test('affected by a range, with KEV, EPSS and the risk', () => {
    const told = story('ghsa-left-0001-aaaa', {
      packages: [left, pack({ ecosystem: 'npm', name: 'right', version: '1.0.0' })],
      records: [
        record('GHSA-left-0001-aaaa', {
          aliases: ['CVE-2025-0001'],
          severity: [{ type: 'CVSS_V3', score: critical }],
          database_specific: { severity: 'CRITICAL', cwe_ids: ['CWE-79', 'CWE-20'] },
        }),
        record('OSV-2025-9', {
          aliases: ['CVE-2025-0001'],
          summary: '',
          affected: [npm('left', { introduced: '0' }, { fixed: '1.1.0' })],
          severity: [{ type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' }],
        }),
        record('GHSA-left-0002-aaaa', { related: ['CVE-2025-0001'], summary: 'Another one' }),
      ],
      feeds: {
        infos: [feedInfo('epss'), feedInfo('kev'), feedInfo('alpine')],
        exploited: () => ({ added: '2025-02-01', due: '2025-02-22', ransomware: true }),
        score: () => ({ score: 0.94321, percentile: 0.9987 }),
      },
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      CVE-2025-0001 in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)
      Left falls over

        Also        GHSA-left-0001-aaaa, OSV-2025-9
        Severity    critical, by the word of the publisher of GHSA-left-0001-aaaa
                      9.8 critical  CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
                    high, by the CVSS 2 score of OSV-2025-9
                      7.5 high  AV:N/AC:L/Au:N/C:P/I:P/A:P
        Weakness    CWE-20, CWE-79
        Published   2025-01-02, last changed 2025-03-04
        Exploited   known to be exploited, by ransomware too: in CISA's catalogue (KEV) since 2025-02-01,
                    to be mended by 2025-02-22
        EPSS        94.32 % likely to be exploited within 30 days; 99.9 % of all CVEs score no higher
                    (FIRST)

      affected  left 1.2.0
        Package     pkg:npm/left@1.2.0
        Found in    /app/node_modules/left/package.json
        Layer       1, the image's own: npm ci
        Looked up   left 1.2.0 in npm, by the semver order of versions
        Records     GHSA-left-0001-aaaa: affected, 1.2.0 is in the range from 0 until fixed 2.0.0 (semver
                    order)
                    OSV-2025-9: not affected, fixed in 1.1.0, and 1.2.0 is not older (semver order)
        Finding     CVE-2025-0001: critical 9.8, by the word of the publisher of GHSA-left-0001-aaaa
        Fix         update to 2.0.0
        Risk        100.0 of 100
                      threat = 1: known to be exploited (in CISA's catalogue since 2025-02-01)
                      severity = (9 for critical + 9.8 of CVSS) / 2 / 10 = 0.94
                      factor = 1.1: ransomware is known to use it
                      risk = min(threat × severity × factor, 1) × 100 = min(1 × 0.94 × 1.1, 1) × 100 =
                        100.0
        Gate        stop by the rule vulnerability/severity: 1 critical vulnerability in 1 package; the
                    policy stops at high

        Related     GHSA-left-0002-aaaa only names it as related
        Data        npm: 3 records, newest of 2025-03-04, last known current 2026-01-02 03:04,
                      sha256:80a38949b43e
                    EPSS: 1,200 entries, newest of 2026-01-01, last known current 2026-01-02 03:04,
                      sha256:666666666666
                    KEV: 1,200 entries, newest of 2026-01-01, last known current 2026-01-02 03:04,
                      sha256:666666666666
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      AFFECTED  CVE-2025-0001 is in 1 package, and the gate stops at it
      "
    `);
  });

  test('not affected: the version has the fix', () => {
    const told = story('CVE-2025-0001', {
      packages: [pack({ ecosystem: 'npm', name: 'left', version: '2.0.1' })],
      records: [record('GHSA-left-0001-aaaa', { aliases: ['CVE-2025-0001'] })],
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      CVE-2025-0001 in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)
      Left falls over

        Also        GHSA-left-0001-aaaa
        Severity    no record says how bad it is
        Published   2025-01-02, last changed 2025-03-04

      not affected  left 2.0.1
        Package     pkg:npm/left@2.0.1
        Found in    /app/node_modules/left/package.json
        Layer       1, the image's own: npm ci
        Looked up   left 2.0.1 in npm, by the semver order of versions
        Records     GHSA-left-0001-aaaa: not affected, fixed in 2.0.0, and 2.0.1 is not older (semver
                    order)

        Data        npm: 1 record, newest of 2025-03-04, last known current 2026-01-02 03:04,
                    sha256:2e7a0ef6917d
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      NOT AFFECTED  CVE-2025-0001 is in no package here: what is said of it was held against 1 package
      "
    `);
  });

  test('packages of one source, looked up by it, and what the distribution says', () => {
    const origin = { name: 'openssl', version: '3.0.9-1' };
    const packages = [
      pack({ ecosystem: 'deb', name: 'libssl3', version: '3.0.9-1+b1', origin }),
      pack({ ecosystem: 'deb', name: 'openssl', version: '3.0.9-1', origin }),
    ];
    const told = story('CVE-2025-0002', {
      packages,
      records: [
        record('DSA-1-1', {
          summary: 'openssl - security update',
          upstream: ['CVE-2025-0002', 'CVE-2025-0003'],
          affected: [debian('openssl', { introduced: '0' }, { fixed: '3.0.11-1~deb12u2' })],
        }),
      ],
      feeds: {
        infos: [feedInfo('debian')],
        standing: (_ecosystem, _name, cve) =>
          cve === 'CVE-2025-0002' ? { state: 'deferred', severity: 'low', note: 'Minor issue' } : undefined,
      },
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      CVE-2025-0002 in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)
      openssl - security update

        Severity    no record says how bad it is
        Published   2025-01-02, last changed 2025-03-04

      affected  libssl3 3.0.9-1+b1 and openssl 3.0.9-1
        Package     pkg:deb/debian/libssl3@3.0.9-1+b1
                    pkg:deb/debian/openssl@3.0.9-1
        Found in    /var/lib/dpkg/status
        Layer       0, the base image's: ADD file:rootfs.tar in /
        Looked up   its source package openssl 3.0.9-1 in Debian:12, by the dpkg order of versions
        Records     DSA-1-1, which is about 2 flaws: affected, 3.0.9-1 is in the range from 0 until fixed
                    3.0.11-1~deb12u2 (dpkg order)
        Distro      Debian:12 says of openssl: a fix is put off, its rating is low: Minor issue
        Finding     DSA-1-1: nobody has said how bad it is
        Fix         update to 3.0.11-1~deb12u2
        Gate        warn by the rule vulnerability/below: 1 unrated vulnerability in 1 package, none at
                    high or worse

        Data        Debian: 1 record, newest of 2025-03-04, last known current 2026-01-02 03:04,
                      sha256:5c1acb0a6c55
                    Debian Security Tracker: 1,200 entries, newest of 2026-01-01, last known current
                      2026-01-02 03:04, sha256:666666666666
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      AFFECTED  CVE-2025-0002 is in 2 packages, and the gate warns of it
      "
    `);
  });

  test('no record, but the distribution says that its package never had the flaw, and CISA that it is exploited', () => {
    const told = story('CVE-2025-0004', {
      packages: [pack({ ecosystem: 'deb', name: 'tar', version: '1.34-1' })],
      records: [],
      feeds: {
        infos: [feedInfo('debian'), feedInfo('kev')],
        exploited: () => ({ added: '2025-02-01', due: '2025-02-22', ransomware: false }),
        standing: () => ({ state: 'not-affected', note: 'Vulnerable code not present' }),
      },
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      CVE-2025-0004 in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)

        Exploited   known to be exploited: in CISA's catalogue (KEV) since 2025-02-01, to be mended by
                    2025-02-22

      not affected  tar 1.34-1
        Package     pkg:deb/debian/tar@1.34-1
        Found in    /var/lib/dpkg/status
        Layer       0, the base image's: ADD file:rootfs.tar in /
        Looked up   tar 1.34-1 in Debian:12, by the dpkg order of versions
        Distro      Debian:12 says of tar: its package never had the flaw: Vulnerable code not present

        Data        Debian Security Tracker: 1,200 entries, newest of 2026-01-01, last known current
                      2026-01-02 03:04, sha256:666666666666
                    KEV: 1,200 entries, newest of 2026-01-01, last known current 2026-01-02 03:04,
                      sha256:666666666666
                    there is none for Debian
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      NOT FOUND  CVE-2025-0004 is in no package here: what is said of it was held against 1 package; there
                 is no data for Debian
      "
    `);
  });

  test('no record, and yet the distribution says that it will not fix it', () => {
    const told = story('CVE-2025-0004', {
      packages: [pack({ ecosystem: 'deb', name: 'tar', version: '1.34-1' })],
      records: [],
      feeds: { infos: [feedInfo('debian')], standing: () => ({ state: 'wont-fix' }) },
    });
    expect({ outcome: told.outcome, says: told.says }).toEqual({
      outcome: 'undecided',
      says: "whether CVE-2025-0004 is in 1 package can't be told",
    });
    const text = table(told);
    expect(text).toContain("  Distro      Debian:12 says of tar: it won't fix it\n");
    expect(text).toContain('  Gate        it does not know of the flaw: no advisory for the package speaks of it\n');
  });

  test('answered by the package that owns the files', () => {
    const owner = pack({ ecosystem: 'deb', name: 'node-left', version: '1.2.0-1' });
    const told = story('CVE-2025-0001', {
      packages: [{ ...left, ownedBy: owner.purl }, owner],
      records: [
        record('GHSA-left-0001-aaaa', { aliases: ['CVE-2025-0001'] }),
        record('DSA-2-1', {
          upstream: ['CVE-2025-0001'],
          affected: [debian('node-left', { introduced: '0' }, { fixed: '1.2.0-1' })],
        }),
      ],
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      CVE-2025-0001 in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)
      Left falls over

        Also        DSA-2-1, GHSA-left-0001-aaaa
        Severity    no record says how bad it is
        Published   2025-01-02, last changed 2025-03-04

      answered  left 1.2.0
        Package     pkg:npm/left@1.2.0
        Found in    /app/node_modules/left/package.json
        Layer       1, the image's own: npm ci
        Looked up   left 1.2.0 in npm, by the semver order of versions
        Records     GHSA-left-0001-aaaa: affected, 1.2.0 is in the range from 0 until fixed 2.0.0 (semver
                    order)
        Finding     CVE-2025-0001: nobody has said how bad it is
        Fix         update to 2.0.0
        Answered    by the package that owns its files: its files are those of the package node-left
                    1.2.0-1, and the advisories of Debian:12 say which versions of that have the flaw
        Gate        it does not count

      not affected  node-left 1.2.0-1
        Package     pkg:deb/debian/node-left@1.2.0-1
        Found in    /var/lib/dpkg/status
        Layer       0, the base image's: ADD file:rootfs.tar in /
        Looked up   node-left 1.2.0-1 in Debian:12, by the dpkg order of versions
        Records     DSA-2-1: not affected, 1.2.0-1 is the version that fixes it

        Data        Debian: 1 record, newest of 2025-03-04, last known current 2026-01-02 03:04,
                      sha256:48f1ba88f0a7
                    npm: 1 record, newest of 2025-03-04, last known current 2026-01-02 03:04,
                      sha256:2e7a0ef6917d
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      ANSWERED  CVE-2025-0001 was found in 1 package, and what speaks against it is believed: it does not
                count
      "
    `);
  });

  test('answered by VEX, with the statement that is overruled and the one that does not apply', () => {
    const note: VexNote = {
      status: 'not_affected',
      justification: 'vulnerable_code_not_present',
      says: 'built without the falling part',
      timestamp: '2025-06-01T00:00:00Z',
      author: 'Shop Security',
      document: 'shop-2',
      format: 'openvex',
      believed: true,
    };
    const older: VexNote = { ...note, status: 'affected', document: 'shop-1', timestamp: '2025-05-01T00:00:00Z' };
    const answered = (finding: Finding): Finding => ({
      ...finding,
      statements: [note, older],
      answered: { by: 'vex', because: 'Shop Security says in shop-2 that it is not affected' },
    });
    const statement = { vulnerabilities: ['CVE-2025-0001'], status: 'fixed', products: [], timestamp: '' } as const;
    const elsewhere: ExplainedProduct = {
      document: 'other-7',
      file: 'other.json',
      format: 'openvex',
      author: 'Other',
      believed: true,
      statement,
      number: 3,
      product: 'pkg:npm/left@1.1.0',
      finding: 'CVE-2025-0001',
      package: left.purl,
      fits: false,
      why: 'the statement is about version 1.1.0 and not 1.2.0',
      effect: 'no-match',
      others: 0,
    };
    const told = story('CVE-2025-0001', {
      packages: [left],
      records: [record('GHSA-left-0001-aaaa', { aliases: ['CVE-2025-0001'] })],
      change: answered,
      vex: [elsewhere],
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      CVE-2025-0001 in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)
      Left falls over

        Also        GHSA-left-0001-aaaa
        Severity    no record says how bad it is
        Published   2025-01-02, last changed 2025-03-04

      answered  left 1.2.0
        Package     pkg:npm/left@1.2.0
        Found in    /app/node_modules/left/package.json
        Layer       1, the image's own: npm ci
        Looked up   left 1.2.0 in npm, by the semver order of versions
        Records     GHSA-left-0001-aaaa: affected, 1.2.0 is in the range from 0 until fixed 2.0.0 (semver
                    order)
        VEX         not affected (vulnerable_code_not_present), says Shop Security in shop-2 of
                      2025-06-01: built without the falling part
                    affected (vulnerable_code_not_present), says Shop Security in shop-1 of 2025-05-01:
                      built without the falling part
                    statement 3 of other-7 (fixed) does not apply: the statement is about version 1.1.0
                      and not 1.2.0
        Finding     CVE-2025-0001: nobody has said how bad it is
        Fix         update to 2.0.0
        Answered    by VEX: Shop Security says in shop-2 that it is not affected
        Gate        it does not count

        Data        npm: 1 record, newest of 2025-03-04, last known current 2026-01-02 03:04,
                    sha256:2e7a0ef6917d
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      ANSWERED  CVE-2025-0001 was found in 1 package, and what speaks against it is believed: it does not
                count
      "
    `);
  });

  test('withdrawn and disputed', () => {
    const told = story('GHSA-left-0001-aaaa', {
      packages: [left],
      records: [
        record('GHSA-left-0001-aaaa', { withdrawn: '2025-07-08T00:00:00Z', aliases: ['CVE-2025-0001'] }),
        record('OSV-2025-9', { aliases: ['CVE-2025-0001'], details: '** DISPUTED ** Left is meant to fall.' }),
      ],
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      CVE-2025-0001 in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)
      Left falls over

        Also        GHSA-left-0001-aaaa, OSV-2025-9
        Severity    no record says how bad it is
        Published   2025-01-02, last changed 2025-03-04
        Withdrawn   GHSA-left-0001-aaaa was taken back on 2025-07-08: it never matches
        Disputed    OSV-2025-9 says that somebody contests that this is a flaw

      affected  left 1.2.0
        Package     pkg:npm/left@1.2.0
        Found in    /app/node_modules/left/package.json
        Layer       1, the image's own: npm ci
        Looked up   left 1.2.0 in npm, by the semver order of versions
        Records     GHSA-left-0001-aaaa: not affected, withdrawn 2025-07-08: it holds for no version
                    OSV-2025-9: affected, 1.2.0 is in the range from 0 until fixed 2.0.0 (semver order)
        Finding     CVE-2025-0001: nobody has said how bad it is
        Fix         update to 2.0.0
        Gate        warn by the rule vulnerability/below: 1 unrated vulnerability in 1 package, none at
                    high or worse

        Data        npm: 2 records, newest of 2025-03-04, last known current 2026-01-02 03:04,
                    sha256:376fad6fba06
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      AFFECTED  CVE-2025-0001 is in 1 package, and the gate warns of it
      "
    `);
  });

  test('withdrawn by all', () => {
    const { outcome, says } = story('GHSA-left-0001-aaaa', {
      packages: [left],
      records: [record('GHSA-left-0001-aaaa', { withdrawn: '2025-07-08T00:00:00Z' })],
    });
    expect({ outcome, says }).toEqual({
      outcome: 'not-affected',
      says: 'GHSA-left-0001-aaaa was withdrawn: no record of it holds any more',
    });
  });

  test('only declared, so not judged', () => {
    const told = story('GHSA-left-0001-aaaa', {
      packages: [{ ...left, presence: 'declared', paths: ['/app/package-lock.json'] }],
      records: [record('GHSA-left-0001-aaaa', { database_specific: { severity: 'HIGH' } })],
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      GHSA-left-0001-aaaa in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)
      Left falls over

        Severity    high, by the word of the publisher of GHSA-left-0001-aaaa
        Published   2025-01-02, last changed 2025-03-04

      not judged  left 1.2.0
        Package     pkg:npm/left@1.2.0
        Found in    /app/package-lock.json (only declared there)
        Layer       1, the image's own: npm ci
        Looked up   left 1.2.0 in npm, by the semver order of versions
        Records     GHSA-left-0001-aaaa: affected, 1.2.0 is in the range from 0 until fixed 2.0.0 (semver
                    order)
        Finding     GHSA-left-0001-aaaa: high, by the word of the publisher of GHSA-left-0001-aaaa
        Fix         update to 2.0.0
        Gate        it does not count: the gate judges what is installed, and this is only declared

        Data        npm: 1 record, newest of 2025-03-04, last known current 2026-01-02 03:04,
                    sha256:de145c8f70b1
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      NOT JUDGED  GHSA-left-0001-aaaa is only in what the gate does not judge: 1 package
      "
    `);
  });

  test('a version that can not be ordered', () => {
    const told = story('GHSA-left-0001-aaaa', {
      packages: [pack({ ecosystem: 'npm', name: 'left', version: 'latest' })],
      records: [record('GHSA-left-0001-aaaa')],
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      GHSA-left-0001-aaaa in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)
      Left falls over

        Severity    no record says how bad it is
        Published   2025-01-02, last changed 2025-03-04

      undecided  left latest
        Package     pkg:npm/left@latest
        Found in    /app/node_modules/left/package.json
        Layer       1, the image's own: npm ci
        Looked up   left latest in npm, which the semver order of versions can't place
        Records     GHSA-left-0001-aaaa: can not be decided, latest is no version that the semver order
                    can place
        Gate        undecided: whether the package has the flaw can not be told

        Data        npm: 1 record, newest of 2025-03-04, last known current 2026-01-02 03:04,
                    sha256:7f4af44f00ca
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555
        Unread      /app/node_modules/left/package.json: the version "latest" of "left" can't be ordered,
                    so its advisories can't be judged

      UNDECIDED  whether GHSA-left-0001-aaaa is in 1 package can't be told
      "
    `);
  });

  test('no record of it for any package here', () => {
    const told = story('CVE-2099-1', {
      packages: [left, pack({ ecosystem: 'deb', name: 'tar', version: '1.34-1' })],
      records: [record('GHSA-left-0001-aaaa')],
    });
    expect(table(told)).toMatchInlineSnapshot(`
      "
      CVE-2099-1 in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Debian GNU/Linux 12 (bookworm)

        Looked at   1 deb package in Debian:12, by 1 name, of which 0 have any advisory
                    1 npm package in npm, by 1 name, of which 1 has any advisory
        Data        npm: 1 record, newest of 2025-03-04, last known current 2026-01-02 03:04,
                      sha256:7f4af44f00ca
                    there is none for Debian
        Snapshot    sha256:5555555555555555555555555555555555555555555555555555555555555555

      NOT FOUND  the data (snapshot
                 sha256:5555555555555555555555555555555555555555555555555555555555555555) has no record of
                 CVE-2099-1 for any package here; there is no data for Debian
      "
    `);
  });
});

describe('every explanation', () => {
  const given = {
    packages: [left, { ...left, paths: ['/other/left/package.json'], layer: 0 }],
    records: [
      record('GHSA-left-0001-aaaa', { aliases: ['CVE-2025-0001'], severity: [{ type: 'CVSS_V3', score: critical }] }),
    ],
  };

  test('is the same twice, and whatever name it was asked by', () => {
    const one = explainJson(story('CVE-2025-0001', given));
    expect(explainJson(story('CVE-2025-0001', given))).toBe(one);
    expect(explainJson(story('ghsa-LEFT-0001-aaaa', given)).replace('"ghsa-LEFT-0001-aaaa"', '"CVE-2025-0001"')).toBe(
      one,
    );
  });

  test('fits into the columns it is given, in colour too', () => {
    for (const width of [60, 80, 120]) {
      const plain = explainTable(story('CVE-2025-0001', given), { name: 'shop.tar', colour: false, width });
      const coloured = explainTable(story('CVE-2025-0001', given), { name: 'shop.tar', colour: true, width });
      expect(coloured.replace(/\x1b\[[\d;]*m/g, '')).toBe(plain);
      expect(coloured).toContain('\x1b[');
      expect(plain.split('\n').filter((line) => line.length > width)).toEqual([]);
    }
  });

  test('lets nothing from outside reach the terminal as it is', () => {
    const trap = pack({ ecosystem: 'npm', name: 'left', version: '1.2.0', paths: [`/${hostile}`], module: hostile });
    const layers = target.layers.map((layer) => ({ ...layer, createdBy: hostile }));
    const told = story('CVE-2025-0001', {
      packages: [trap],
      records: [record('GHSA-left-0001-aaaa', { aliases: ['CVE-2025-0001', hostile], summary: hostile })],
      change: (finding) => ({ ...finding, answered: { by: 'vex', because: hostile } }),
      evidence: { target: { ...target, platform: hostile, layers } },
    });
    const text = explainTable(told, { name: hostile, colour: false, width: 80 });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    const json = explainJson(told);
    expect(json).not.toMatch(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(explainCheck(JSON.parse(json))).toEqual([]);
  });
});
