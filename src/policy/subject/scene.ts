import { ecosystemFacts } from '../../ecosystem/facts.gen.ts';
import { clearingFix, orderOf } from '../../match/clearing-fix.ts';
import type { AccountFact } from '../../model/collected.ts';
import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { CvssView } from './cvss.ts';
import { dayOf } from './days.ts';
import { startedFolders, startedPaths } from './started.ts';

const databases = new Set(ecosystemFacts.filter(({ database }) => database).map(({ id }) => id));

/** What is judged beside the evidence itself. */
export interface SceneInputs {
  readonly evidence: Evidence;
  readonly now: Date;
  /** The real moment, where `now` is another. */
  readonly dataNow?: Date;
  /** References that the image goes by in this run; the first is the one that was asked for. */
  readonly names?: readonly string[];
  readonly environment?: string;
  /** What the image is held against; its packages and facts are compared with the image's. */
  readonly baseline?: Evidence;
}

/** Packages with one purl. */
interface CalledAlike {
  readonly first: Package;
  /** By the first of their paths. */
  readonly at: Map<string | undefined, Package>;
}

/** The evidence of one verdict, with what views look up in it. Everything is worked out when it is first asked for. */
export class Scene {
  readonly evidence: Evidence;
  readonly now: Date;
  /** As of which the age of data is judged. */
  readonly dataNow: Date;
  /** Days since 1970-01-01. */
  readonly today: number;
  readonly names: readonly string[];
  readonly environment: string;
  readonly baseline: Evidence | undefined;
  /** Findings that count, in the order of the evidence: worst first. */
  readonly findings: readonly Finding[];
  /** Secrets, bad settings and other tools' findings that count, in the order of the evidence. */
  readonly placed: readonly PlacedFinding[];
  readonly #cvss = new Map<string, CvssView>();
  readonly #fixes = new Map<readonly Finding[], string>();
  #byPackage: Map<string, Finding[]> | undefined;
  #packages: Map<string, CalledAlike> | undefined;
  #started: ReadonlySet<string> | undefined;
  #startedFrom: ReadonlySet<string> | undefined;
  #users: Map<number, string> | undefined;
  #groups: Map<number, string> | undefined;

  constructor({ evidence, now, dataNow = now, names = [], environment = '', baseline }: SceneInputs) {
    this.evidence = evidence;
    this.now = now;
    this.dataNow = now > dataNow ? dataNow : now;
    this.today = dayOf(now.toISOString()) ?? 0;
    this.names = names;
    this.environment = environment;
    this.baseline = baseline;
    this.findings = evidence.findings.filter((finding) => counts(finding, evidence.judged));
    this.placed = (evidence.placed ?? []).filter(({ answered }) => answered === undefined);
  }

  /** `base` or `own`: whose layer it is. */
  sideOf(layer: number): 'base' | 'own' {
    return layer < (this.evidence.target.base?.layers ?? 0) ? 'base' : 'own';
  }

  /** Whether packages of the kind are in a distribution's own database. */
  isOfDistribution(ecosystem: string): boolean {
    return databases.has(ecosystem);
  }

  /** The parts of a vector: a few hundred vectors stand in all findings. */
  cvss(vector: string): CvssView {
    let view = this.#cvss.get(vector);
    if (!view) {
      view = new CvssView(vector);
      this.#cvss.set(vector, view);
    }
    return view;
  }

  /** All findings that count in the package at one place. */
  findingsIn(purl: string, path: string | undefined): readonly Finding[] {
    if (!this.#byPackage) {
      this.#byPackage = new Map();
      for (const finding of this.findings) {
        const key = placeOf(finding.package, finding.paths[0]);
        const known = this.#byPackage.get(key);
        if (known) known.push(finding);
        else this.#byPackage.set(key, [finding]);
      }
    }
    return this.#byPackage.get(placeOf(purl, path)) ?? [];
  }

  /** The version that clears most of the findings of one package; empty when none has a fix. */
  clearingVersion(findings: readonly Finding[]): string {
    const known = this.#fixes.get(findings);
    if (known !== undefined) return known;
    const [first] = findings;
    const version = (first && clearingFix(findings, orderOf(first))?.version) ?? '';
    this.#fixes.set(findings, version);
    return version;
  }

  /** The package in which a finding is; where the evidence does not list it, as far as the finding tells. */
  packageOf({ package: purl, paths, name, version, presence, layer }: Finding): Package {
    const called = this.#packagesCalled(purl);
    if (!called) return { name, version, presence, ecosystem: kindOf(purl), purl, paths, layer };
    return called.at.size === 1 ? called.first : (called.at.get(paths[0]) ?? called.first);
  }

  /** The first package with this purl. */
  packageCalled(purl: string): Package | undefined {
    return this.#packagesCalled(purl)?.first;
  }

  #packagesCalled(purl: string): CalledAlike | undefined {
    if (!this.#packages) {
      this.#packages = new Map();
      for (const found of this.evidence.packages) {
        const known = this.#packages.get(found.purl);
        if (!known) this.#packages.set(found.purl, { first: found, at: new Map([[found.paths[0], found]]) });
        else if (!known.at.has(found.paths[0])) known.at.set(found.paths[0], found);
      }
    }
    return this.#packages.get(purl);
  }

  /** Whether a container starts the file at an absolute path, or gives it to what it starts. */
  isStarted(path: string): boolean {
    const { image } = this.evidence;
    this.#started ??= image ? startedPaths(image) : new Set();
    return this.#started.has(path);
  }

  /** Whether such a file is in the folder at an absolute path. */
  isStartedFrom(folder: string): boolean {
    const { image } = this.evidence;
    this.#startedFrom ??= image ? startedFolders(image) : new Set();
    return this.#startedFrom.has(folder);
  }

  /** The name of a user in /etc/passwd, else the number as text. */
  userName(uid: number): string {
    this.#users ??= new Map(this.#accounts().map((account) => [account.uid, account.name]));
    return this.#users.get(uid) ?? String(uid);
  }

  /** The name of a group, as far as accounts tell which is theirs; else the number as text. */
  groupName(gid: number): string {
    this.#groups ??= groupNames(this.#accounts());
    return this.#groups.get(gid) ?? String(gid);
  }

  /** Reversed, so that of two users with one number the first stays. */
  #accounts(): readonly AccountFact[] {
    return [...(this.evidence.collected?.accounts ?? [])].reverse();
  }
}

/** A user's own group is mostly called as the user; where he has one group only, it is that one. */
function groupNames(accounts: readonly AccountFact[]): Map<number, string> {
  const names = new Map<number, string>();
  for (const { name, gid, groups } of accounts) {
    const [only] = groups;
    const own = groups.includes(name) ? name : groups.length === 1 ? only : undefined;
    if (own !== undefined) names.set(gid, own);
  }
  return names;
}

function placeOf(purl: string, path: string | undefined): string {
  return `${purl}\0${path ?? ''}`;
}

/** `deb` of `pkg:deb/debian/openssl@3`. */
export function kindOf(purl: string): string {
  const end = purl.indexOf('/');
  return end < 0 ? purl.slice('pkg:'.length) : purl.slice('pkg:'.length, end);
}
