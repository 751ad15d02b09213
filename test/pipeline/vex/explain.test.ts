import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseVex } from '../../../src/format/vex/parse-vex.ts';
import { digestOfHex, parseDigest } from '../../../src/model/digest.ts';
import type { Evidence, EvidenceTarget } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { GivenVex } from '../../../src/model/vex.ts';
import { explainDocuments } from '../../../src/pipeline/vex/explain.ts';
import { explainJson } from '../../../src/report/vex/explain-json.ts';
import { explainTable } from '../../../src/report/vex/explain-table.ts';
import type { SluiceError } from '../../../src/util/error.ts';
import { evidence, finding, pack } from '../../report/samples.ts';
import { sluiceCheck } from '../../report/schemas.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures');

function given(name: string, text: string, believed = true): GivenVex {
  const bytes = Buffer.from(text);
  const digest = digestOfHex(createHash('sha256').update(bytes).digest('hex'));
  return { document: parseVex(bytes), name, digest, believed };
}

function fixture(name: string): GivenVex {
  return given(name, readFileSync(join(fixtures, 'vex', 'documents', name), 'utf8'));
}

interface Question {
  readonly found: Evidence;
  readonly documents: readonly GivenVex[];
  readonly asked?: string;
  readonly names?: readonly string[];
  readonly width?: number;
}

function table({ found, documents, asked, names = [], width = 100 }: Question): string {
  const explanation = explainDocuments(found, { given: documents, names }, asked);
  return explainTable(explanation, { name: 'shop.tar', colour: false, width });
}

/** The text as it is kept beside the tests. */
async function kept(name: string, text: string): Promise<void> {
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  await expect(text).toMatchFileSnapshot(join(fixtures, 'vex-explain', `${name}.txt`));
}

const hex = (digit: string): string => digit.repeat(64);
const digest = (digit: string) => parseDigest(`sha256:${hex(digit)}`);
const image: EvidenceTarget = { ...evidence({}).target, digest: digest('1'), id: digest('b') };

function imageWith(findings: readonly Finding[], more: Partial<Evidence> = {}): Evidence {
  return evidence({ target: image, findings, ...more });
}

const libssl = pack({
  ecosystem: 'deb',
  name: 'libssl3',
  version: '3.0.11-1~deb12u2',
  origin: { name: 'openssl', version: '3.0.11-1~deb12u2' },
  arch: 'amd64',
  purl: 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
});
const leftPad = pack({ name: '@acme/left-pad', version: '1.3.0', purl: 'pkg:npm/%40acme/left-pad@1.3.0' });
const newer = pack({ name: '@acme/left-pad', version: '1.3.1', purl: 'pkg:npm/%40acme/left-pad@1.3.1' });
const tool = pack({
  ecosystem: 'golang',
  name: 'example.com/tool',
  version: 'v1.2.4',
  purl: 'pkg:golang/example.com/tool@v1.2.4',
});
const git = pack({
  ecosystem: 'apk',
  name: 'git',
  version: '2.39.0-r1',
  arch: 'aarch64',
  purl: 'pkg:apk/wolfi/git@2.39.0-r1?arch=aarch64&distro=wolfi-1',
});
const python = pack({ ecosystem: 'pypi', name: 'some-package', version: '1.9', purl: 'pkg:pypi/some-package@1.9' });
const time = pack({ ecosystem: 'cargo', name: 'time', version: '0.1.44', purl: 'pkg:cargo/time@0.1.44' });

const shop = imageWith(
  [
    finding(libssl, { id: 'CVE-2024-0001', severity: 'high' }),
    finding(leftPad, { id: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2024-0001'], severity: 'high' }),
    finding(newer, { id: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2024-0001'], severity: 'high' }),
    finding(git, { id: 'CVE-2024-0002', severity: 'critical' }),
    finding(tool, { id: 'CVE-2024-0002', severity: 'critical' }),
    finding(python, { id: 'CVE-2024-0003', severity: 'medium' }),
    finding(time, { id: 'CVE-2024-0004', severity: 'low' }),
    finding(time, { id: 'CVE-2020-26235', severity: 'medium' }),
  ],
  { packages: [libssl, leftPad, newer, git, tool, python, time] },
);

describe('OpenVEX is explained', () => {
  const documents = [fixture('shop.openvex.json')];

  test('as a whole', () => kept('openvex', table({ found: shop, documents })));

  test('for a flaw under one of its other names: source package, part, other version', () =>
    kept('openvex-part', table({ found: shop, documents, asked: 'CVE-2024-0001' })));

  test('for a flaw whose products are others: architecture, version', () =>
    kept('openvex-product', table({ found: shop, documents, asked: 'CVE-2024-0002' })));

  test('for another image', () => {
    const target = { ...image, digest: digest('9') };
    const asked = { documents, asked: 'GHSA-AAAA-BBBB-CCCC', names: ['registry.example/team/shop:1'] };
    return kept('openvex-other-image', table({ found: { ...shop, target }, ...asked }));
  });

  test('for a flaw that nothing here has, and one that no statement names', () => {
    const [idle, silent] = ['CVE-2024-0008', 'CVE-2020-26235'].map((asked) => table({ found: shop, documents, asked }));
    return kept('openvex-idle', `${idle}\n${silent}`);
  });

  test('for a flaw whose statement could not be read', () =>
    kept('openvex-unread', table({ found: shop, documents, asked: 'CVE-2024-0005' })));

  test('in its first form', () => {
    const curl = pack({
      ecosystem: 'apk',
      name: 'libcurl',
      version: '7.87.0-r0',
      purl: 'pkg:apk/distro/libcurl@7.87.0-r0?arch=x86_64&distro=distro-1',
    });
    const other = { ...git, version: '2.38.1-r0', purl: 'pkg:apk/distro/git@2.38.1-r0?arch=x86_64&distro=distro-1' };
    const findings = [
      finding(curl, { id: 'CVE-2023-0001', severity: 'high' }),
      finding(other, { id: 'CVE-2023-0002', severity: 'high' }),
    ];
    const found = imageWith(findings, { packages: [curl, other] });
    const first = [fixture('first-form.vex.json')];
    const asked = table({ found, documents: first, asked: 'CVE-2023-0001' });
    return kept('openvex-first-form', `${table({ found, documents: first })}\n${asked}`);
  });
});

describe('CSAF is explained', () => {
  const rpm = (name: string, version: string, more: object = {}) =>
    pack({
      ecosystem: 'rpm',
      name,
      version,
      purl: `pkg:rpm/redhat/${name}@${version.replace(/^\d+:/, '')}?arch=x86_64&distro=rhel-9.4${version.startsWith('1:') ? '&epoch=1' : ''}`,
      ...more,
    });
  const fixed = rpm('openssl-libs', '1:3.0.7-27.el9', { origin: { name: 'openssl', version: '1:3.0.7-27.el9' } });
  const streamed = rpm('nodejs', '1:18.20.2-1.module', { module: 'nodejs:18:9040020240807145403:rhel9' });
  const other = rpm('nodejs', '1:20.12.2-2.module', { module: 'nodejs:20:9040020240419113413:rhel9' });
  const library = pack({ name: 'library', version: '1.5.0', hashes: [`sha256:${'abcdef0123456789'.repeat(4)}`] });
  const packages = [fixed, streamed, other, library];
  const distribution = { id: 'rhel', version: '9.4', like: ['fedora'], name: 'Red Hat Enterprise Linux 9.4 (Plow)' };
  const found = imageWith(
    packages.map((one) => finding(one, { id: 'CVE-2024-1000', severity: 'high' })),
    { packages, target: { ...image, distribution } },
  );
  const documents = [fixture('system.csaf.json')];

  test('as a whole', () => kept('csaf', table({ found, documents })));
  test('for a flaw: source package, module stream, hash', () =>
    kept('csaf-flaw', table({ found, documents, asked: 'CVE-2024-1000' })));
});

describe('CycloneDX is explained', () => {
  const jackson = (version: string) => {
    const name = 'com.fasterxml.jackson.core:jackson-databind';
    const purl = `pkg:maven/com.fasterxml.jackson.core/jackson-databind@${version}`;
    return pack({ ecosystem: 'maven', name, version, purl });
  };
  const [first, second] = [jackson('2.13.1'), jackson('2.13.0')];
  const found = imageWith(
    [
      finding(first, { id: 'CVE-2022-0001', severity: 'high' }),
      finding(second, { id: 'GHSA-57j2-w4cx-62h2', aliases: ['CVE-2022-0001'], severity: 'high' }),
      finding(second, { id: 'CVE-2022-0002', severity: 'high' }),
      finding(first, { id: 'CVE-2022-0003', severity: 'high' }),
      finding(second, { id: 'CVE-2022-0003', severity: 'high' }),
      finding(first, { id: 'CVE-2022-0004', severity: 'high' }),
    ],
    { packages: [first, second] },
  );
  const documents = [fixture('shop.cdx.json')];

  test('as a whole', () => kept('cyclonedx', table({ found, documents })));
  test('for a flaw: versions', () => kept('cyclonedx-flaw', table({ found, documents, asked: 'CVE-2022-0003' })));
});

/** A document of one statement on CVE-2024-0004 in the crate time. */
function word(name: string, status: string, timestamp: string, more: object = {}, believed = true): GivenVex {
  const statement = {
    vulnerability: { name: 'CVE-2024-0004' },
    products: [{ '@id': 'pkg:cargo/time@0.1.44' }],
    status,
    ...more,
  };
  const context = 'https://openvex.dev/ns/v0.2.0';
  const document = { '@context': context, '@id': `urn:${name}`, author: 'Team', timestamp, statements: [statement] };
  return given(`${name}.json`, JSON.stringify(document), believed);
}

const because = { justification: 'vulnerable_code_not_in_execute_path' };
const contradicting = [
  word('old', 'affected', '2025-01-01T00:00:00Z', { action_statement: 'Update.' }),
  word('new', 'not_affected', '2025-02-01T00:00:00Z', because),
  word('same', 'under_investigation', '2025-01-01T00:00:00Z'),
  word('own', 'fixed', '2025-03-01T00:00:00Z', {}, false),
];

describe('statements that contradict each other', () => {
  test('are all shown, and why the newest decides', async () => {
    const asked = { found: shop, documents: contradicting, asked: 'CVE-2024-0004' };
    await kept('contradiction', `${table(asked)}\n${table({ found: shop, documents: contradicting })}`);
    const unsure = contradicting.filter(({ name }) => name !== 'new.json');
    await kept('contradiction-open', table({ ...asked, documents: unsure }));
  });

  test('are told apart by the flaws of an erratum', async () => {
    const aliases = ['CVE-2024-0004', 'CVE-2024-0005', 'CVE-2024-0006'];
    const findings = [finding(time, { id: 'DSA-1-1', aliases, severity: 'high' })];
    const found = imageWith(findings, { packages: [time] });
    const ask = (documents: readonly GivenVex[]) => table({ found, documents, asked: 'DSA-1-1' });
    const other = { ...because, vulnerability: { name: 'CVE-2024-0005', aliases: ['CVE-2024-0006'] } };
    const both = [contradicting[1]!, word('other', 'not_affected', '2025-01-01T00:00:00Z', other)];
    await kept('erratum', `${ask(both.slice(0, 1))}\n${ask(both)}`);
  });

  test('of the image itself alone are only shown; what was answered before any VEX stays so', async () => {
    const own = contradicting.filter(({ believed }) => !believed);
    const answered = { by: 'distribution' as const, because: 'Debian says that its package never had it.' };
    const findings = shop.findings.map((one) => (one.id === 'CVE-2024-0004' ? { ...one, answered } : one));
    const asked = { asked: 'CVE-2024-0004' };
    const both = [
      table({ found: shop, documents: own, ...asked }),
      table({ found: { ...shop, findings }, documents: contradicting.slice(1, 2), ...asked }),
    ];
    await kept('not-believed', both.join('\n'));
  });
});

describe('an explanation', () => {
  test('is the same for machines', async () => {
    const explanation = explainDocuments(shop, { given: contradicting, names: [] }, 'CVE-2024-0004');
    expect(sluiceCheck('sluice-vex-explain-v1')(JSON.parse(explainJson(explanation)))).toEqual([]);
    await expect(explainJson(explanation)).toMatchFileSnapshot(join(fixtures, 'vex-explain', 'contradiction.json'));
  });

  test('says that data was missing', () => {
    const [source] = shop.sources;
    const found = { ...shop, findings: [], sources: [{ ...source!, ecosystem: 'crates.io', origin: 'none' as const }] };
    const { remarks } = explainDocuments(found, { given: contradicting, names: [] });
    const lacking = 'there is no vulnerability data for crates.io, so not all flaws were found: run sluice db update';
    expect(remarks).toEqual([lacking]);
    expect(() => explainDocuments(found, { given: [], names: [] }, 'CVE-1')).toThrow(
      expect.objectContaining({ code: 'vex/no-such-flaw', hint: lacking }),
    );
  });

  test('is refused for a flaw that nobody knows', () => {
    const ask = (asked: string): unknown => {
      try {
        return explainDocuments(shop, { given: contradicting, names: [] }, asked);
      } catch (thrown) {
        const { code, message, hint } = thrown as SluiceError;
        return [code, message, hint];
      }
    };
    expect(ask('CVE-2024-00004')).toEqual([
      'vex/no-such-flaw',
      'the scan found no CVE-2024-00004, and no document speaks of it',
      'did you mean CVE-2024-0004?',
    ]);
    expect(ask('XYZ')).toEqual(['vex/no-such-flaw', 'the scan found no XYZ, and no document speaks of it', undefined]);
  });

  test('says the same once of a package that is installed and declared', () => {
    const twice = [time, { ...time, presence: 'declared' as const }];
    const findings = twice.map((one) => finding(one, { id: 'CVE-2024-0004', severity: 'low' }));
    const found = imageWith(findings, { packages: twice });
    const { findings: explained } = explainDocuments(found, { given: contradicting, names: [] });
    expect(explained.map(({ statements }) => statements.map((rows) => rows.length))).toEqual([
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ]);
  });

  test('lets nothing from outside reach the terminal raw, and fits in narrow ones', () => {
    const evil = '\u001b[31mevil\u202e\n';
    const name = `CVE-2024-0004${evil}`;
    const statement = {
      vulnerability: { name: 'CVE-2024-0004', aliases: [name] },
      products: [{ '@id': `pkg:cargo/time#${evil}` }, { '@id': evil }],
      status: 'affected',
      action_statement: evil,
    };
    const idle = { ...statement, vulnerability: { name } };
    const statements = [statement, idle, { ...statement, status: evil }];
    const document = { '@context': 'https://openvex.dev/ns/v0.2.0', '@id': evil, author: evil, statements };
    const documents = [given(`a${evil}.json`, JSON.stringify(document))];
    const found = imageWith([
      finding({ ...time, name: evil, version: evil }, { id: 'CVE-2024-0004', severity: 'low' }),
    ]);
    for (const asked of [undefined, 'CVE-2024-0004']) {
      const explanation = explainDocuments(found, { given: documents, names: [] }, asked);
      const text = explainTable(explanation, { name: evil, colour: false, width: 60 });
      expect(text.replaceAll('\n', '')).toMatch(/^[\x20-\x7e·“”…]+$/);
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  test('is cut where there is too much', () => {
    const many = Array.from({ length: 40 }, (_, i) => word(`doc-${i}`, 'fixed', '2025-01-01T00:00:00Z'));
    const names = Array.from({ length: 50 }, (_, i) => `CVE-1999-${1000 + i}`);
    const statements = names.map((name) => ({
      vulnerability: { name },
      products: [{ '@id': 'pkg:cargo/time@0.1.44' }],
      status: 'fixed',
    }));
    const document = { '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'urn:idle', author: 'Team', statements };
    const text = table({ found: shop, documents: [...many, given('idle.json', JSON.stringify(document))] });
    expect(text).toContain('Statements on flaws that nothing here has (50)\n');
    expect(text).toContain('  and 20 more: -o json shows all\n');
    expect(text).toContain('      and 21 more documents with 70 statements: -o json shows all\n');
    const idle = Array.from({ length: 21 }, (_, i) =>
      given(`${i}.json`, JSON.stringify({ ...document, '@id': `urn:${i}` })),
    );
    expect(table({ found: shop, documents: idle })).toMatch(
      /^VEX {3}21 documents with 1,050 statements: -o json shows all$/m,
    );
  });
});
