import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Package } from '../model/package.ts';
import type { Baseline } from '../policy/judging.ts';

/**
 * A kept baseline as if it had been matched with the image's own data, as far as that can be known without data: what
 * is found in a package of the image would be found in the same package of the baseline.
 */
export function heldAgainst(evidence: Evidence, baseline: Baseline): Baseline {
  const before = baseline.evidence;
  const had = new Map(before.packages.map((found) => [sameness(found), found]));
  const found = new Set(before.findings.map(flawIn));
  const byPurl = new Map(evidence.packages.map((one) => [one.purl, one]));
  const missed = evidence.findings.flatMap((finding): Finding[] => {
    const own = byPurl.get(finding.package);
    const same = own && had.get(sameness(own));
    if (!same || found.has(flawIn({ ...finding, package: same.purl }))) return [];
    const { purl, presence, layer, paths } = same;
    return [{ ...finding, package: purl, presence, layer, paths }];
  });
  if (missed.length === 0) return baseline;
  return { ...baseline, evidence: { ...before, findings: [...before.findings, ...missed] } };
}

/** Whether the two were matched with the same data: then what differs between them differs by their packages alone. */
export function hasSameData(a: Evidence, b: Evidence): boolean {
  const digests = ({ sources }: Evidence): Map<string, string | undefined> =>
    new Map(sources.map(({ ecosystem, digest }) => [ecosystem, digest]));
  const [one, other] = [digests(a), digests(b)];
  return [...one].every(([ecosystem, digest]) => !other.has(ecosystem) || other.get(ecosystem) === digest);
}

/** All that advisories go by. */
function sameness({ ecosystem, name, version, origin, arch = '', module = '', build = '' }: Package): string {
  return [ecosystem, name, version, origin?.name ?? '', origin?.version ?? '', arch, module, build].join('\0');
}

function flawIn({ id, package: purl }: Pick<Finding, 'id' | 'package'>): string {
  return `${id}\0${purl}`;
}
