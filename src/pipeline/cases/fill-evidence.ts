import { noFacts } from '../../model/image-facts.ts';
import { parsePurl } from '../../model/parse-purl.ts';
import { lookKinds } from '../../model/placed-finding.ts';
import { isPlaced } from '../../report/kept/placed-shape.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';

/** Stands in a case for all questions about files that the policy asks and that fit: nobody knows their ids. */
export const allQueries = '*';

type Part = Readonly<Record<string, unknown>>;

/**
 * Evidence of which only what matters is written, made whole as a JSON report has it: the rest is what an image without
 * anything remarkable has. What is of a wrong form is left as it is, for whoever reads it to say so.
 */
export function fillEvidence(given: unknown, now: Date): unknown {
  const evidence = asRecord(given);
  if (!evidence) return given;
  const { target, packages, findings, problems, sources, image, collected, judged, looked, licences, ...rest } =
    evidence;
  const whole = filledFindings(findings, filledPackages(packages));
  const kind = asRecord(target)?.kind ?? 'image';
  return {
    ...rest,
    target: filledTarget(target ?? {}),
    judged: judged ?? (kind === 'source' ? ['declared', 'installed'] : ['installed']),
    packages: whole.packages,
    looked: looked ?? lookKinds,
    findings: whole.findings,
    problems: each(problems, (problem) => ({ code: 'case/problem', message: '', blinding: false, ...problem })),
    sources: sources === undefined ? [freshSource(now)] : each(sources, (source) => filledSource(source, now)),
    ...(image === undefined && kind !== 'image' ? {} : { image: filledImage(image ?? {}) }),
    licences: each(licences, filledLicence),
    collected: filledCollected(collected ?? {}),
  };
}

/** Each item of a list that is an object, filled; what is none of it is left. */
function each(list: unknown, fill: (item: Part, index: number) => unknown): unknown {
  if (list === undefined) return [];
  return asArray(list)?.map((item, i) => (asRecord(item) ? fill(item as Part, i) : item)) ?? list;
}

/** As a report has it: the end of a release stands with the distribution. */
function filledTarget(given: unknown): unknown {
  const target = asRecord(given);
  if (!target) return given;
  const { release, distribution, layers, ...rest } = target;
  const { endOfLife, extended, source } = asRecord(release) ?? {};
  const end = release === undefined ? {} : present({ endOfLife, extended, endOfLifeSource: source });
  const named = asRecord(distribution);
  const whole = named ? { id: '', version: '', name: '', ...named, ...end } : distribution;
  return { kind: 'image', ...rest, ...present({ distribution: whole }), layers: each(layers, filledLayer) };
}

function filledLayer(layer: Part, i: number): Part {
  const digest = `sha256:${(i + 1).toString(16).padStart(64, '0')}`;
  return { diffId: digest, digest, size: 0, createdBy: '', ...layer };
}

function present(members: Part): Part {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** A package is told by its purl, or by its name, version and ecosystem. */
function filledPackages(packages: unknown): unknown {
  return each(packages, (found) => {
    const parts = parsePurl(asString(found.purl) ?? '');
    const ecosystem = found.ecosystem ?? parts?.type ?? 'generic';
    const name = found.name ?? parts?.name ?? 'package';
    const version = found.version ?? parts?.version ?? '1.0.0';
    const purl = `pkg:${ecosystem}/${name}${version === '' ? '' : `@${version}`}`;
    return { purl, ecosystem, name, version, presence: 'installed', paths: [], layer: 0, ...found };
  });
}

/** A finding is in the package that it names, in the only one that there is, or in one that is made for it. */
function filledFindings(
  findings: unknown,
  packages: unknown,
): { readonly findings: unknown; readonly packages: unknown } {
  const listed = (asArray(packages) ?? []).map(asRecord).filter((found) => found !== undefined);
  const byPurl = new Map(listed.map((found) => [found.purl, found]));
  const added: unknown[] = [];
  const filled = each(findings, (finding, i) => {
    if (isPlaced(finding)) return filledPlaced(finding, i);
    const purl = finding.package ?? listed[0]?.purl ?? 'pkg:generic/package@1.0.0';
    const found = byPurl.get(purl) ?? asRecord((filledPackages([{ purl }]) as unknown[])[0]) ?? {};
    // Where packages are written, one that is none of them is a slip: whoever reads the evidence says so.
    if (!byPurl.has(purl) && listed.length === 0) added.push(found);
    byPurl.set(purl, found);
    const id = finding.id ?? `CVE-2000-${String(i + 1).padStart(4, '0')}`;
    const { name, version, presence, layer, paths } = found;
    const of = { package: purl, name, version, presence, layer, paths };
    const plain = { aliases: [], severity: 'unknown', severitySource: 'publisher', fixed: [], from: 'own', title: '' };
    return { kind: 'vulnerability', id, advisories: [id], ...of, ...plain, cwes: [], ...finding };
  });
  return { findings: filled, packages: asArray(packages) ? [...(packages as unknown[]), ...added] : packages };
}

/** A secret, a bad setting or another tool's finding: each another one, in a file unless it says where. */
function filledPlaced(finding: Part, i: number): Part {
  const { kind, place, secret } = finding;
  const where = asRecord(place) ?? (place === undefined ? {} : undefined);
  const inFile = where?.in === undefined || where.in === 'file';
  const around = inFile ? { in: 'file', path: '/file', layer: 0, from: 'own' } : {};
  const known = asRecord(secret) ?? (secret === undefined ? {} : undefined);
  const plain = { aliases: [], severity: 'high', message: '', why: '', fix: '', links: [], controls: [] };
  return {
    id: `${kind}/case-${i + 1}`,
    title: finding.id ?? String(kind),
    ...plain,
    fingerprint: (i + 1).toString(16).padStart(32, '0'),
    ...finding,
    place: where ? { ...around, ...where } : place,
    ...(kind === 'secret' ? { secret: known ? { shown: '…', score: 90, notes: [], ...known } : secret } : {}),
  };
}

function filledLicence(licence: Part): Part {
  return { expression: 'NOASSERTION', class: 'unknown', layer: 0, from: 'own', ...licence };
}

/** So that nothing is said of the data where a case is not about it. */
function freshSource(now: Date): Part {
  return filledSource({ ecosystem: 'npm' }, now);
}

function filledSource(source: Part, now: Date): Part {
  const moment = now.toISOString();
  return { origin: 'osv-export', records: 1, newest: moment, checkedAt: moment, ...source };
}

function filledImage(given: unknown): unknown {
  const image = asRecord(given);
  if (!image) return given;
  const { env, history, ...rest } = image;
  return {
    ...noFacts,
    ...rest,
    env: each(env, (variable) => ({ value: '', secret: false, ...variable })),
    history: each(history, (line) => ({ name: '', text: '', from: 'own', ...line })),
  };
}

/** Everything was looked at, and nothing was found, where a case does not say otherwise. */
function filledCollected(given: unknown): unknown {
  const collected = asRecord(given);
  if (!collected) return given;
  const { files, accounts, packageFiles, certificates, ...rest } = collected;
  return {
    queries: [allQueries],
    ...rest,
    files: each(files, (file) => {
      const plain = { path: '/file', kind: 'file', size: 0, mode: 0o644, uid: 0, gid: 0, layer: 0, from: 'own' };
      return { ...plain, queries: [allQueries], ...file };
    }),
    accounts: each(accounts, (account) => {
      const plain = { name: '', uid: 1000, gid: 1000, home: '/', shell: '/bin/sh', groups: [], password: 'locked' };
      return { ...plain, ...account };
    }),
    packageFiles: each(packageFiles, (file) => ({ package: '', state: 'changed', ...file })),
    certificates: each(certificates, (found, i) => ({ fingerprint: String(i), subject: '', path: '', ...found })),
  };
}
