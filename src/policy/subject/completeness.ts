import { readStatedLicence } from '../../detect/licences/stated.ts';
import type { Package } from '../../model/package.ts';

/** How complete a bill of materials of these packages would be, as rules read it. */
export class CompletenessView {
  readonly packages: number;
  readonly withVersion: number;
  readonly withLicense: number;
  readonly withSupplier: number;
  readonly withHash: number;
  readonly withPurl: number;

  constructor(packages: readonly Package[]) {
    const share = (has: (found: Package) => boolean): number =>
      packages.length === 0 ? 1 : packages.filter(has).length / packages.length;
    this.packages = packages.length;
    this.withVersion = share(({ version }) => version !== '');
    this.withLicense = share(({ license = '' }) => readStatedLicence(license).names.length > 0);
    this.withSupplier = share(({ vendor = '' }) => vendor !== '');
    this.withHash = share(({ hashes = [] }) => hashes.length > 0);
    this.withPurl = share(({ purl }) => purl !== '');
  }
}
