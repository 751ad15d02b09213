import { describe, expect, test } from 'vitest';
import { matchPackages } from '../../src/match/match.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import type { Package } from '../../src/model/package.ts';
import { advisory, database, ecosystem, found } from './make.ts';

const owner = found('owner', '9', { purl: 'pkg:test/owner@9' });
const twin = found('a', '3', { ownedBy: owner.purl });

/** `id of package: open`, or why it does not count. */
function findings(packages: readonly Package[], advisories: Readonly<Record<string, readonly Advisory[]>>): string[] {
  const own = ecosystem();
  const context = { ecosystemOf: () => own, distribution: undefined, db: database(advisories) };
  return matchPackages(packages, context).findings.map(
    ({ id, name, answered }) => `${id} of ${name}: ${answered ? answered.because : 'open'}`,
  );
}

const because =
  'its files are those of the package owner 9, and the advisories of Test:1 say which versions of that have the flaw';

describe('a flaw in what a package of the distribution owns', () => {
  test('is answered where the advisories for that package speak of it, by whatever name', () => {
    const flaw = advisory('GHSA-1', { aliases: ['CVE-2024-1'] });
    for (const said of [
      advisory('CVE-2024-1'),
      advisory('DSA-1', { upstream: ['CVE-2024-0', 'CVE-2024-1'] }),
      advisory('DSA-1', { related: ['CVE-2024-1'] }),
    ]) {
      expect(findings([owner, twin], { a: [flaw], owner: [said] })).toEqual([`CVE-2024-1 of a: ${because}`]);
    }
    const unnamed = { a: [advisory('GHSA-1')], owner: [advisory('DSA-1', { aliases: ['GHSA-1'] })] };
    expect(findings([owner, twin], unnamed)).toEqual([`GHSA-1 of a: ${because}`]);
  });

  test('counts where they speak of others: a list of files may be forged, or a vendor have packed foreign code', () => {
    const flaw = advisory('GHSA-1', { aliases: ['CVE-2024-1'] });
    expect(findings([owner, twin], { a: [flaw], owner: [advisory('CVE-2024-2')] })).toEqual(['CVE-2024-1 of a: open']);
    expect(findings([owner, twin], { a: [flaw] })).toEqual(['CVE-2024-1 of a: open']);
    const several = advisory('GHSA-1', { upstream: ['CVE-2024-1', 'CVE-2024-2'] });
    expect(findings([owner, twin], { a: [several], owner: [advisory('CVE-2024-1')] })).toEqual(['GHSA-1 of a: open']);
  });

  test('is told from the others of the same package, in their one order', () => {
    const flaws = ['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3'].map((id) => advisory(id));
    expect(findings([owner, twin], { a: flaws, owner: [advisory('CVE-2024-2')] })).toEqual([
      'CVE-2024-1 of a: open',
      `CVE-2024-2 of a: ${because}`,
      'CVE-2024-3 of a: open',
    ]);
  });

  test('counts where the owner is not there', () => {
    const gone = found('a', '3', { ownedBy: 'pkg:test/gone@1' });
    const advisories = { a: [advisory('CVE-2024-1')], gone: [advisory('CVE-2024-1')] };
    expect(findings([owner, gone], advisories)).toEqual(['CVE-2024-1 of a: open']);
  });
});

describe('a flaw in what is the same software by its name', () => {
  const jinja = found('python3-jinja2', '3-1', { purl: 'pkg:test/python3-jinja2@3-1' });
  const module = found('jinja2', '3', { ownedBy: jinja.purl });
  const answeredWith = (covers: boolean): boolean => {
    const own = ecosystem();
    const db = { ...database({ jinja2: [advisory('CVE-2024-1')] }), covers: () => covers };
    const { findings: all } = matchPackages([jinja, module], { ecosystemOf: () => own, distribution: undefined, db });
    return all[0]?.answered !== undefined;
  };

  test('is answered also where the distribution is silent, as long as there is data for its release', () => {
    expect([answeredWith(true), answeredWith(false)]).toEqual([true, false]);
  });
});
