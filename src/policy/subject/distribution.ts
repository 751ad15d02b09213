import type { EvidenceTarget } from '../../model/evidence.ts';
import { dayOf } from './days.ts';

/** Days to an end that nobody knows. */
const unknownEnd = 100_000;

/** The distribution, as rules read it. */
export class DistributionView {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly codename: string;
  readonly like: readonly string[];
  readonly endOfLife: string;
  readonly daysToEndOfLife: number;
  readonly extended: string;

  constructor({ distribution, release }: Pick<EvidenceTarget, 'distribution' | 'release'>, today: number) {
    const end = release && dayOf(release.endOfLife);
    this.id = distribution?.id ?? '';
    this.version = distribution?.version ?? '';
    this.name = distribution?.name ?? '';
    this.codename = distribution?.codename ?? '';
    this.like = distribution?.like ?? [];
    this.endOfLife = release?.endOfLife ?? '';
    this.daysToEndOfLife = end === undefined ? unknownEnd : end - today;
    this.extended = release?.extended?.until ?? '';
  }
}
