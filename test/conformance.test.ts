import { beforeAll, describe, expect, test } from 'vitest';
import { ecosystems } from '../src/ecosystem/list.gen.ts';
import { giveAdvisories } from './support/advisories.ts';
import { scratchFolder, sluice } from './support/cli.ts';
import { hasShared } from './support/shared.ts';
import { packageTruth, type TruePackage, trueImages, vulnerabilityTruth } from './support/truth.ts';

interface ReportedPackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly presence: string;
  readonly origin: { readonly name: string; readonly version: string };
  readonly paths: readonly string[];
  readonly layer: number;
}

interface Report {
  readonly target: { readonly distribution?: { readonly id: string; readonly version: string } };
  readonly packages: readonly ReportedPackage[];
  readonly findings: readonly {
    readonly id: string;
    readonly aliases: readonly string[];
    readonly advisories: readonly string[];
    readonly package: string;
    readonly name: string;
    readonly version: string;
    readonly presence: string;
    readonly fixed: readonly string[];
  }[];
}

const known = new Set(ecosystems.map((ecosystem) => ecosystem.id));
const cache = scratchFolder();
const reports = new Map<string, Report>();

/** One line a package: what must be equal, with names in the spelling that the ecosystem itself holds to be one. */
function lines(packages: readonly TruePackage[]): string[] {
  return packages
    .filter((found) => known.has(found.ecosystem))
    .map(({ ecosystem, name, version, source, layers }) => {
      return line(ecosystem, name, version, source ?? { name, version }, layers[0] ?? -1);
    })
    .sort();
}

function line(
  ecosystem: string,
  name: string,
  version: string,
  source: { name: string; version: string },
  layer: number,
): string {
  return `${ecosystem} ${name} ${version} from ${source.name} ${source.version} in layer ${layer}`;
}

describe.skipIf(!hasShared)('images whose truth is known', () => {
  beforeAll(async () => {
    await giveAdvisories(cache);
    for (const { name, file } of trueImages()) {
      const run = await sluice(['scan', file, '-o', 'json', '--offline', '--fail-on', 'never', '--cache-dir', cache]);
      expect(run.stderr, name).toBe('');
      reports.set(name, JSON.parse(run.stdout) as Report);
    }
  }, 300_000);

  test.each(trueImages())('$name holds exactly its packages', ({ name }) => {
    const truth = packageTruth(name);
    const report = reports.get(name);
    const installed = report?.packages.filter((found) => found.presence === 'installed') ?? [];
    const optional = new Set(
      (truth.optional ?? []).map((found) => `${found.ecosystem} ${found.name} ${found.version}`),
    );
    const found = installed
      .filter((item) => !optional.has(`${item.ecosystem} ${item.name} ${item.version}`))
      .map((item) => line(item.ecosystem, item.name, item.version, item.origin, item.layer))
      .sort();
    expect(found).toEqual([...new Set(lines(truth.packages))]);
    expect(report?.target.distribution).toMatchObject(truth.os);
  });

  test.each(trueImages())('$name names each package at its paths', ({ name }) => {
    const wrong: string[] = [];
    for (const { ecosystem, name: wanted, version, paths } of packageTruth(name).packages) {
      if (!known.has(ecosystem)) continue;
      const found = reports
        .get(name)
        ?.packages.filter((item) => item.ecosystem === ecosystem && item.name === wanted && item.version === version)
        .flatMap((item) => item.paths);
      for (const path of paths)
        if (!found?.includes(path)) wrong.push(`${wanted} ${version} is not at ${path}: ${found?.join(' ')}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each(trueImages())('$name declares what only its lock files name', ({ name }) => {
    const truth = packageTruth(name);
    const found = reports
      .get(name)
      ?.packages.filter((item) => item.presence === 'declared')
      .map((item) => `${item.ecosystem} ${item.name} ${item.version}`);
    const wanted = (truth.declared ?? [])
      .filter((item) => known.has(item.ecosystem))
      .map((item) => `${item.ecosystem} ${item.name} ${item.version}`);
    expect(found?.sort()).toEqual(wanted.sort());
  });

  test.each(trueImages())('$name has exactly its vulnerabilities', ({ name }) => {
    const truth = vulnerabilityTruth(name).filter((item) => known.has(item.type));
    const findings = reports.get(name)?.findings.filter((item) => item.presence === 'installed') ?? [];
    const missing = truth.filter((item) => !item.optional && !findings.some((finding) => same(item, finding)));
    const extra = findings.filter((finding) => !truth.some((item) => same(item, finding)));
    expect(missing.map((item) => `${item.name} ${item.version} ${item.advisories.join(' ')}`)).toEqual([]);
    expect(extra.map((finding) => `${finding.name} ${finding.version} ${finding.id}`)).toEqual([]);
    const required = truth.filter((item) => !item.optional).length;
    expect(findings.length).toBeGreaterThanOrEqual(required);
    expect(findings.length).toBeLessThanOrEqual(truth.length);
  });
});

type Named = Report['findings'][number];

function same(
  wanted: {
    name: string;
    version: string;
    advisories: readonly string[];
    aliases: readonly string[];
    cves: readonly string[];
  },
  finding: Named,
): boolean {
  if (wanted.name !== finding.name || wanted.version !== finding.version) return false;
  const names = new Set([finding.id, ...finding.aliases, ...finding.advisories]);
  return [...wanted.advisories, ...wanted.aliases, ...wanted.cves].some((id) => names.has(id));
}
