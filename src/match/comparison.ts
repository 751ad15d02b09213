import type { FileChanges } from '../catalog/compare/files.ts';
import type { EvidenceTarget } from '../model/evidence.ts';
import type { SettingChange } from '../source/compare-config.ts';
import type { FindingChanges, PackageChange } from './compare-packages.ts';

/** What differs between two targets: what came, what went, and what changed. */
export interface Comparison {
  readonly before: EvidenceTarget;
  readonly after: EvidenceTarget;
  readonly packages: readonly PackageChange[];
  readonly findings: FindingChanges;
  /** Absent where one of the two has no files, such as a bill of materials. */
  readonly files?: FileChanges;
  /** Absent where one of the two is no image. */
  readonly settings?: readonly SettingChange[];
  /** Whether something of either could not be read or judged: then the comparison may miss something. */
  readonly incomplete: boolean;
}
