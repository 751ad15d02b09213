import { describe, expect, test } from 'vitest';
import { applyVex } from '../../../src/match/vex/apply.ts';
import { type ExplainedProduct, explainVex } from '../../../src/match/vex/explain.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { GivenVex } from '../../../src/model/vex.ts';
import { digest, finding, given, image, pack, product, statement } from './make.ts';

const openssl = pack('pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12', {
  arch: 'amd64',
  origin: { name: 'openssl', version: '3.0.11-1~deb12u2' },
});
const leftPad = pack('pkg:npm/left-pad@1.3.0');
const packages = [openssl, leftPad];
const names = ['registry.example/team/shop:1.0'];

function explain(
  documents: readonly GivenVex[],
  findings: readonly Finding[],
  id = 'CVE-2024-1',
): readonly ExplainedProduct[] {
  return explainVex(id, findings, packages, image, documents, names);
}

/** One line a row. */
function lines(rows: readonly ExplainedProduct[]): string[] {
  return rows.map((row) => {
    const more = row.others === 0 ? '' : ` (+${row.others})`;
    return `${row.document}#${row.number} ${row.statement.status} | ${row.product}${more} | ${row.finding} ${row.package} | ${row.effect}: ${row.why}`;
  });
}

describe('why statements did or did not apply', () => {
  test('every near miss says what it misses', () => {
    const misses = given('misses', [
      statement([
        product('pkg:npm/left-pad@1.2.0'),
        product('pkg:pypi/left-pad'),
        product('pkg:npm/%40acme/left-pad'),
        product('pkg:npm/left-pad?arch=arm64'),
        product('pkg:npm/right-pad'),
        product(`pkg:oci/shop@${digest('9')}`, 'pkg:npm/left-pad@1.3.0'),
        product('pkg:oci/shop?tag=2.0', 'pkg:npm/left-pad'),
        product(`pkg:oci/shop@${digest('1')}`, 'pkg:npm/left-pad@1.2.0', 'pkg:npm/other'),
        product('left-pad'),
      ]),
      statement([]),
    ]);
    expect(lines(explain([misses], [finding(leftPad)]))).toMatchInlineSnapshot(`
      [
        "misses#1 not_affected | pkg:oci/shop@sha256:9999999999999999999999999999999999999999999999999999999999999999 with pkg:npm/left-pad@1.3.0 | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: the part is right, but the product is not: no digest of the image is sha256:9999999999999999999999999999999999999999999999999999999999999999",
        "misses#1 not_affected | pkg:oci/shop?tag=2.0 with pkg:npm/left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: the part is right, but the product is not: its tag is 2.0, which is not the image's",
        "misses#1 not_affected | pkg:npm/left-pad?arch=arm64 | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: its arch=arm64 is not the package's",
        "misses#1 not_affected | pkg:npm/left-pad@1.2.0 | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: it is version 1.2.0, and the package is version 1.3.0",
        "misses#1 not_affected | pkg:oci/shop@sha256:1111111111111111111111111111111111111111111111111111111111111111 with pkg:npm/left-pad@1.2.0 and 1 more | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: of pkg:oci/shop@sha256:1111111111111111111111111111111111111111111111111111111111111111: it is version 1.2.0, and the package is version 1.3.0",
        "misses#1 not_affected | pkg:npm/%40acme/left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: its namespace is @acme, and that of the package empty",
        "misses#1 not_affected | pkg:pypi/left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: it is of the type pypi, and the package of the type npm",
        "misses#1 not_affected | pkg:npm/right-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: it is right-pad, and the package is left-pad",
        "misses#1 not_affected | left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: left-pad is no purl, and can't be told to be the package",
        "misses#2 not_affected |  | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: the statement names no product, and its document does not say what it is about",
      ]
    `);
  });

  test('of statements that apply, each says what comes of it', () => {
    const about = [product('pkg:oci/shop', 'pkg:npm/left-pad'), product('pkg:npm/left-pad')];
    const documents = [
      given('older', [statement(about, { timestamp: '2024-05-01T00:00:00Z' })]),
      given('same-time', [statement(about)]),
      given('decides', [statement(about, { status: 'affected' })]),
      given('from-image', [statement(about, { timestamp: '2024-07-01T00:00:00Z' })], { believed: false }),
    ];
    expect(
      lines(explain(documents, [finding(leftPad)])).filter((line) => line.includes('pkg:oci')),
    ).toMatchInlineSnapshot(`
      [
        "from-image#1 not_affected | pkg:oci/shop with pkg:npm/left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | not-believed: the image is called shop, and of its part: it names the package left-pad in all versions; it comes from the image itself and is only shown",
        "decides#1 affected | pkg:oci/shop with pkg:npm/left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | decides: the image is called shop, and of its part: it names the package left-pad in all versions; affected answers nothing",
        "same-time#1 not_affected | pkg:oci/shop with pkg:npm/left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | overruled: the image is called shop, and of its part: it names the package left-pad in all versions; affected, of the same time and more careful, in decides of 2024-06-01 decides",
        "older#1 not_affected | pkg:oci/shop with pkg:npm/left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | overruled: the image is called shop, and of its part: it names the package left-pad in all versions; the newer affected in decides of 2024-06-01 decides",
      ]
    `);
  });

  test('the one that answers is the one that decides, before and after it is applied', () => {
    const documents = [given('vex', [statement([product('pkg:deb/debian/openssl?arch=source&distro=bookworm')])])];
    const findings = [finding(openssl), finding(leftPad)];
    const rows = explain(documents, findings);
    expect(lines(rows)).toMatchInlineSnapshot(`
      [
        "vex#1 not_affected | pkg:deb/debian/openssl?arch=source&distro=bookworm | CVE-2024-1 pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12 | decides: it names the source package openssl in all versions; it answers the finding",
        "vex#1 not_affected | pkg:deb/debian/openssl?arch=source&distro=bookworm | CVE-2024-1 pkg:npm/left-pad@1.3.0 | no-match: pkg:deb/debian/openssl?arch=source&distro=bookworm is another package",
      ]
    `);
    const { findings: applied } = applyVex(findings, packages, image, documents, names);
    expect(explain(documents, applied)).toEqual(rows);
    expect(applied.map(({ answered }) => answered?.by)).toEqual(['vex', undefined]);
  });

  test('an answer of somebody else stays', () => {
    const answered = { by: 'distribution', because: 'never had it' } as const;
    const documents = [given('vex', [statement([product('pkg:npm/left-pad')])])];
    expect(lines(explain(documents, [finding(leftPad, { answered })]))).toMatchInlineSnapshot(`
      [
        "vex#1 not_affected | pkg:npm/left-pad | CVE-2024-1 pkg:npm/left-pad@1.3.0 | already-answered: it names the package left-pad in all versions; the finding is answered already, by the distribution",
      ]
    `);
  });

  test('of an erratum for several flaws, those that stay open are named', () => {
    const erratum = finding(leftPad, {
      id: 'ALSA-1',
      aliases: ['CVE-2024-1', 'CVE-2024-2', 'GHSA-x'],
      advisories: ['ALSA-1'],
    });
    const about = [product('pkg:npm/left-pad')];
    const one = given('one', [statement(about), statement(about, { vulnerabilities: ['GHSA-x'] })]);
    expect(lines(explain([one], [erratum]))).toMatchInlineSnapshot(`
      [
        "one#1 not_affected | pkg:npm/left-pad | ALSA-1 pkg:npm/left-pad@1.3.0 | decides: it names the package left-pad in all versions; it answers a part, and CVE-2024-2 stays open",
        "one#2 not_affected | pkg:npm/left-pad | ALSA-1 pkg:npm/left-pad@1.3.0 | overruled: it names the package left-pad in all versions; the erratum is for several flaws, of which it names none as the erratum does",
      ]
    `);
  });

  test("a flaw is found by any of its names, and statements by any of the flaw's", () => {
    const documents = [given('vex', [statement([product('pkg:npm/left-pad')], { vulnerabilities: ['DSA-1-1'] })])];
    for (const id of ['CVE-2024-1', 'ghsa-AAAA-bbbb-cccc', 'DSA-1-1']) {
      expect(explain(documents, [finding(leftPad)], id).map(({ effect }) => effect)).toEqual(['decides']);
    }
    expect(explain(documents, [finding(leftPad)], 'CVE-2024-9')).toEqual([]);
  });

  test('where nothing has the flaw, the statements are told all the same', () => {
    const documents = [
      given('vex', [statement([product('pkg:npm/a'), product('pkg:npm/b')], { vulnerabilities: ['CVE-2024-9'] })]),
    ];
    expect(lines(explain(documents, [finding(leftPad)], 'CVE-2024-9'))).toMatchInlineSnapshot(`
      [
        "vex#1 not_affected | pkg:npm/a (+1) |   | no-match: nothing in the target has the flaw",
      ]
    `);
  });

  test('of many products the ten nearest are shown', () => {
    const many = Array.from({ length: 40 }, (_, i) => product(`pkg:npm/p${i}`));
    const rows = explain([given('vex', [statement([...many, product('pkg:npm/left-pad@9')])])], [finding(leftPad)]);
    expect(rows.map(({ product: name, others }) => `${name} +${others}`)).toEqual([
      'pkg:npm/left-pad@9 +0',
      ...Array.from({ length: 9 }, (_, i) => `pkg:npm/p${i} +${i === 8 ? 31 : 0}`),
    ]);
  });

  test('a whole row', () => {
    const one = statement([product('pkg:npm/left-pad')]);
    expect(explain([given('', [one], { name: 'my.vex.json' })], [finding(leftPad)])).toEqual([
      {
        document: 'my.vex.json',
        file: 'my.vex.json',
        format: 'openvex',
        author: 'ACME',
        believed: true,
        statement: one,
        number: 1,
        product: 'pkg:npm/left-pad',
        finding: 'CVE-2024-1',
        package: 'pkg:npm/left-pad@1.3.0',
        fits: true,
        why: 'it names the package left-pad in all versions; it answers the finding',
        effect: 'decides',
        others: 0,
      },
    ]);
  });
});
