import { readdirSync } from 'node:fs';
import { hasShared, shared, sharedJson } from './shared.ts';

/** One package as the truth beside an image has it. */
export interface TruePackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly source?: { readonly name: string; readonly version: string };
  readonly arch?: string;
  readonly paths: readonly string[];
  readonly layers: readonly number[];
}

/** The truth of an image's packages: how it was built, not what a scanner said. */
export interface PackageTruth {
  readonly os: { readonly id: string; readonly version: string };
  readonly packages: readonly TruePackage[];
  readonly declared?: readonly TruePackage[];
  readonly optional?: readonly TruePackage[];
}

/** One flaw in one package, by an independent oracle. */
export interface TrueVulnerability {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly advisories: readonly string[];
  readonly aliases: readonly string[];
  readonly cves: readonly string[];
  readonly fixed: readonly string[];
  readonly optional?: boolean;
}

/** The names of all images with a truth, and the file of each. */
export function trueImages(): { name: string; file: string }[] {
  if (!hasShared) return [{ name: '(reference data absent)', file: '' }];
  return readdirSync(shared('images'))
    .filter((file) => file.endsWith('.tar'))
    .map((file) => ({ name: file.replace(/\.(oci|docker)\.tar$/, ''), file: shared('images', file) }));
}

/** The truth of an image's packages. */
export function packageTruth(name: string): PackageTruth {
  return sharedJson<PackageTruth>('images', `${name}.packages.json`);
}

/** What an independent oracle says of an image's vulnerabilities. */
export function vulnerabilityTruth(name: string): readonly TrueVulnerability[] {
  return sharedJson<{ vulnerabilities: TrueVulnerability[] }>('images', `${name}.vulnerabilities.json`).vulnerabilities;
}
