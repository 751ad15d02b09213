import type { Collected } from '../model/collected.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Distribution } from '../model/package.ts';
import type { LookKind, PlacedFinding } from '../model/placed-finding.ts';
import type { Severity } from '../model/severity.ts';
import type { Verdict } from '../model/verdict.ts';

/** The JSON report, by the schema `sluice/v1` (`schema/sluice-v1.json`): plain data, the same whenever the same is found. */
export interface Report extends Readonly<Omit<Evidence, 'target' | 'findings' | 'placed' | 'collected'>> {
  readonly schema: 'sluice/v1';
  readonly target: ReportTarget;
  /** Flaws in packages, then what was found in places: secrets, settings, what other tools say. */
  readonly findings: readonly (Finding | PlacedFinding)[];
  /** What the policy asked for beyond what every scan finds out. */
  readonly collected?: Partial<Collected>;
  readonly verdict: Verdict;
}

/** What was looked into, as reports name it. */
export interface ReportTarget extends Omit<EvidenceTarget, 'distribution' | 'release'> {
  readonly distribution?: Omit<Distribution, 'like'> & {
    readonly like?: readonly string[];
    /** The last day with security updates for everybody: `YYYY-MM-DD`. */
    readonly endOfLife?: string;
    readonly endOfLifeSource?: string;
    readonly extended?: { readonly until: string; readonly name: string };
  };
}

/** What a report is judged by. Without any of it: stop at high and critical. */
export interface PolicyOptions {
  /** A policy file, or the name of a pack such as `strict`; absent: the default pack. None is searched for. */
  readonly policy?: string;
  /** Waiver files; absent: those that the policy names or that stand beside it. */
  readonly waivers?: readonly string[];
  /** Findings at least this bad stop, whatever the policy says; `never` takes the stops away. */
  readonly failOn?: Exclude<Severity, 'unknown'> | 'never';
  /** Where the image is to run: mappings and rules of the policy can ask. */
  readonly environment?: string;
  /** What the image is called, as references: mappings, rules and waivers can ask. */
  readonly names?: readonly string[];
  /** The moment to judge as of; absent: now. */
  readonly at?: Date;
  /** An earlier report: what a change introduces is told from what was there. */
  readonly baseline?: Report;
}

/** Where things come from and go to. Nothing is read from the environment but what stands in `env`. */
export interface WorldOptions {
  /** The folder of vulnerability data and of what is known of layers; absent: the one that the command line uses. */
  readonly cacheDir?: string;
  /** What registries and proxies are told by: `HTTPS_PROXY`, `DOCKER_CONFIG` and their kin. Absent: none of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Opens no connection. */
  readonly offline?: boolean;
  /** Allows plain HTTP to other machines. */
  readonly insecure?: boolean;
  /** Told of what did not work and was made good. */
  readonly onWarning?: (message: string) => void;
}

/** Everything that a scan can be told. */
export interface ScanOptions extends PolicyOptions, WorldOptions {
  /** What is looked for; absent: all of it. */
  readonly scanners?: readonly LookKind[];
  /** Which image of several: `linux/arm64`; absent: this machine's. */
  readonly platform?: string;
  /** The image that the target was built on. */
  readonly base?: string;
  /** VEX documents that are believed: files, or folders of them. */
  readonly vex?: readonly string[];
  /** Reads every byte of a `docker save` archive and checks every digest. */
  readonly verify?: boolean;
  /** Whether what is found out of layers is kept for the next scan; it is, unless said otherwise. */
  readonly keep?: boolean;
  /** Most threads; absent: as many as cores. */
  readonly jobs?: number;
  /** Gives the scan up: its threads are ended, and the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told what is being done: a short phrase. */
  readonly onProgress?: (phrase: string) => void;
}

/** Which data an update fetches. */
export interface UpdateOptions extends Omit<WorldOptions, 'onWarning'> {
  /** A folder, or the base URL, of something laid out as the public OSV export; absent: that export. */
  readonly from?: string;
  /** Such as `Debian` or `npm`; absent: all. */
  readonly ecosystems?: readonly string[];
}

/** What an update did: it succeeded as a whole only when nothing failed. What failed keeps its data of before. */
export interface UpdateResult {
  readonly replaced: readonly string[];
  readonly unchanged: readonly string[];
  readonly failed: readonly { readonly ecosystem: string; readonly code: string; readonly message: string }[];
}
