import { readStatedLicence, type StatedLicence } from '../../detect/licences/stated.ts';
import type { Package } from '../../model/package.ts';
import type { Scene } from './scene.ts';

/** A package, as rules read it. */
export class PackageView {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly ecosystem: string;
  readonly distribution: boolean;
  readonly presence: string;
  readonly installed: boolean;
  readonly declared: boolean;
  readonly license: string;
  readonly origin: string;
  readonly originVersion: string;
  readonly vendor: string;
  readonly arch: string;
  readonly layer: number;
  readonly from: string;
  readonly paths: readonly string[];
  readonly dev: boolean;
  readonly hashes: readonly string[];
  readonly ownedBy: string;
  readonly #scene: Scene;
  #licence: StatedLicence | undefined;

  constructor(found: Package, scene: Scene) {
    this.name = found.name;
    this.version = found.version;
    this.purl = found.purl;
    this.ecosystem = found.ecosystem;
    this.distribution = scene.isOfDistribution(found.ecosystem);
    this.presence = found.presence;
    this.installed = found.presence === 'installed';
    this.declared = found.presence === 'declared';
    this.license = found.license ?? '';
    this.origin = found.origin?.name ?? found.name;
    this.originVersion = found.origin?.version ?? found.version;
    this.vendor = found.vendor ?? '';
    this.arch = found.arch ?? '';
    this.layer = found.layer;
    this.from = scene.sideOf(found.layer);
    this.paths = found.paths;
    this.dev = found.dev ?? false;
    this.hashes = found.hashes ?? [];
    this.ownedBy = found.ownedBy ?? '';
    this.#scene = scene;
  }

  get licenses(): readonly string[] {
    return this.#stated().names;
  }

  get licenseClass(): string {
    return this.#stated().class;
  }

  get flaws(): number {
    return this.#findings().length;
  }

  /** Findings come worst first. */
  get worst(): string {
    return this.#findings()[0]?.severity ?? '';
  }

  get newestFix(): string {
    return this.#scene.clearingVersion(this.#findings());
  }

  #findings() {
    return this.#scene.findingsIn(this.purl, this.paths[0]);
  }

  #stated(): StatedLicence {
    this.#licence ??= readStatedLicence(this.license);
    return this.#licence;
  }
}
