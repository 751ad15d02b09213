import type { Distribution } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { compareText } from '../../util/compare-text.ts';

/*
 * Red Hat's products as OSV's ecosystem `Red Hat` names them: the end of a CPE (`cpe:/o:redhat:enterprise_linux:9::baseos`
 * is `Red Hat:enterprise_linux:9::baseos`). Which of them an image's packages are from, its content sets tell, whose
 * names Red Hat makes by one pattern: `rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_4` are those of BaseOS for RHEL 9.4 with
 * extended updates.
 */

/** Which products an image's packages may be from. */
interface RedHatProducts {
  /** One of them, as OSV writes ecosystems. */
  readonly ecosystem: string;
  /** The others, sorted. */
  readonly also: readonly string[];
  /** Content sets that no product is known for. */
  readonly unknown: readonly string[];
}

/** How many unknown content sets are named. */
const maxNamed = 5;
/** Content sets whose names are longer are of no pattern. */
const maxNameLength = 200;
/** Releases of a major version from 10 on: it has a product for each (`enterprise_linux:10.2`), up to the last one. */
const lastMinor = 10;

/** What a repository is called in the CPE. */
const repositories = new Map([
  ['baseos', 'baseos'],
  ['appstream', 'appstream'],
  ['codeready-builder', 'crb'],
  ['supplementary', 'supplementary'],
  ['highavailability', 'highavailability'],
  ['resilientstorage', 'resilientstorage'],
  ['nfv', 'nfv'],
  ['rt', 'realtime'],
  ['sap-netweaver', 'sap'],
  ['sap-solutions', 'sap_hana'],
]);

/** Support phases in names of content sets, and the product that has their fixes. */
const phases = new Map([
  ['eus', 'rhel_eus'],
  ['e4s', 'rhel_e4s'],
  ['aus', 'rhel_aus'],
  ['tus', 'rhel_tus'],
]);

/** Products beside RHEL that name their release as `rhocp-4.14-for-rhel-9-x86_64-rpms` does. */
const layered = new Map([
  ['rhocp', 'openshift'],
  ['openstack', 'openstack'],
  ['satellite', 'satellite'],
  ['satellite-capsule', 'satellite_capsule'],
  ['ansible-automation-platform', 'ansible_automation_platform'],
]);

let last: { distribution: Distribution; sets: readonly string[] | undefined; products: RedHatProducts } | undefined;

/**
 * The products of RHEL, or of the universal base image, that the content sets name; without any, those that every
 * installation has. Undefined for a distribution that is not Red Hat's, or says no version.
 */
export function redHatProducts(
  distribution: Distribution | undefined,
  sets: readonly string[] | undefined,
): RedHatProducts | undefined {
  if (distribution?.id !== 'rhel') return undefined;
  // Asked for every package of an image.
  if (last?.distribution === distribution && last.sets === sets) return last.products;
  const release = /^(\d{1,2})(?:\.(\d{1,2}))?/.exec(distribution.version);
  if (!release) return undefined;
  const products = productsOf(Number(release[1]), release[2], sets ?? []);
  last = { distribution, sets, products };
  return products;
}

/** Says which content sets could not be taken into account. */
export function unknownContentSets({ unknown }: RedHatProducts): readonly Problem[] {
  if (unknown.length === 0) return [];
  const named = unknown.slice(0, maxNamed).join(', ');
  const more = unknown.length > maxNamed ? ` and ${unknown.length - maxNamed} more` : '';
  const message = `no advisories are looked up for what comes from these repositories, whose product is not known: ${named}${more}`;
  return [warning('data/content-set-unknown', message)];
}

function productsOf(major: number, minor: string | undefined, sets: readonly string[]): RedHatProducts {
  const found = new Set<string>();
  const unknown: string[] = [];
  for (const set of sets) {
    const products = set.length <= maxNameLength ? productsOfSet(set, minor) : undefined;
    if (products === undefined) unknown.push(set);
    else for (const product of products) found.add(product);
  }
  // Every image has packages of RHEL itself, whatever else its content sets name.
  if (![...found].some((product) => isBase(product))) for (const product of usual(major)) found.add(product);
  const [ecosystem = '', ...also] = [...found].sort(byBase).map((product) => `Red Hat:${product}`);
  return { ecosystem, also, unknown };
}

/** What an installation can't do without comes first: it names the release in messages. */
function byBase(a: string, b: string): number {
  return Number(isBase(b)) - Number(isBase(a)) || compareText(a, b);
}

function isBase(product: string): boolean {
  return /^(?:enterprise_linux(?:_eus)?|rhel_(?:eus|e4s|aus|tus)):[\d.]+(?:::(?:baseos|server))?$/.test(product);
}

/** What every installation has: also what costs nothing to look into, since its packages have names of their own. */
function usual(major: number): readonly string[] {
  if (major >= 10) return releasesOf(major);
  if (major >= 8) return ['baseos', 'appstream', 'crb'].map((repository) => `enterprise_linux:${major}::${repository}`);
  return olderServer(major);
}

/** Up to RHEL 7 there is one repository; what is fixed after its end stands with the support that is sold. */
function olderServer(major: number): readonly string[] {
  return [`enterprise_linux:${major}::server`, `rhel_els:${major}`];
}

function releasesOf(major: number): readonly string[] {
  return Array.from({ length: lastMinor + 1 }, (_, minor) => `enterprise_linux:${major}.${minor}`);
}

/** The products of one content set; none for sources and debug information alone; undefined when its name is of no pattern. */
function productsOfSet(set: string, imageMinor: string | undefined): readonly string[] | undefined {
  const pinned = /^(.*?)__(\d{1,2})(?:_DOT_(\d{1,2}))?$/.exec(set);
  const name = (pinned?.[1] ?? set).replace(/-(?:debug|source)-rpms$/, '-rpms').replace(/-rhui-rpms$/, '-rpms');
  const minor = pinned?.[3] ?? imageMinor;
  return (
    ofRepository(/^(?:rhel|ubi)-(\d{1,2})-for-[a-z0-9_]+-([a-z0-9-]+)-rpms$/.exec(name), minor) ??
    ofRepository(/^ubi-(\d{1,2})-((?:baseos|appstream|codeready-builder)(?:-eus)?)-rpms$/.exec(name), minor) ??
    ofBuilder(/^codeready-builder-for-(?:rhel|ubi)-(\d{1,2})-[a-z0-9_]+(-[a-z0-9]+)?-rpms$/.exec(name), minor) ??
    ofOlder(/^(?:rhel|ubi)-([67])(?:-(.*))?$/.exec(name)) ??
    ofLayered(/^([a-z-]+)-(\d{1,3}(?:\.\d{1,3})?)-for-rhel-(\d{1,2})-[a-z0-9_]+-rpms$/.exec(name)) ??
    ofFastDatapath(/^fast-datapath-for-rhel-(\d{1,2})-[a-z0-9_]+-rpms$/.exec(name))
  );
}

function ofRepository(parts: RegExpExecArray | null, minor: string | undefined): readonly string[] | undefined {
  const [, major, repository = ''] = parts ?? [];
  if (major === undefined) return undefined;
  const dash = repository.lastIndexOf('-');
  const phase = dash < 0 ? undefined : phases.get(repository.slice(dash + 1));
  const cpe = repositories.get(phase === undefined ? repository : repository.slice(0, dash));
  return cpe === undefined ? undefined : productIn(Number(major), cpe, phase, minor);
}

function ofBuilder(parts: RegExpExecArray | null, minor: string | undefined): readonly string[] | undefined {
  const [, major, suffix] = parts ?? [];
  if (major === undefined) return undefined;
  const phase = suffix === undefined ? undefined : phases.get(suffix.slice(1));
  return suffix !== undefined && phase === undefined ? undefined : productIn(Number(major), 'crb', phase, minor);
}

/** A support phase is of one release: without its number the product is not known. */
function productIn(
  major: number,
  repository: string,
  phase: string | undefined,
  minor: string | undefined,
): readonly string[] | undefined {
  if (phase === undefined) return major >= 10 ? releasesOf(major) : [`enterprise_linux:${major}::${repository}`];
  if (minor === undefined) return undefined;
  if (major >= 10) return phase === 'rhel_eus' ? [`enterprise_linux_eus:${major}.${minor}`] : undefined;
  return [`${phase}:${major}.${minor}::${repository}`];
}

/** `rhel-7-server-rpms`, `rhel-7-server-optional-rpms`, `rhel-7-server-extras-rpms`, `ubi-7`. */
function ofOlder(parts: RegExpExecArray | null): readonly string[] | undefined {
  const [, major, rest] = parts ?? [];
  if (major === undefined) return undefined;
  const name = rest?.replace(/-?rpms$/, '').replace(/^server-?/, '') ?? '';
  if (name === 'extras') return [`rhel_extras_other:${major}`];
  return name === '' || name === 'optional' || name === 'els' ? olderServer(Number(major)) : undefined;
}

function ofLayered(parts: RegExpExecArray | null): readonly string[] | undefined {
  const [, name = '', release, major] = parts ?? [];
  const product = layered.get(name);
  return product === undefined ? undefined : [`${product}:${release}::el${major}`];
}

function ofFastDatapath(parts: RegExpExecArray | null): readonly string[] | undefined {
  return parts ? [`enterprise_linux:${parts[1]}::fastdatapath`] : undefined;
}
