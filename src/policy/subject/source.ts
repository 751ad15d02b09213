import type { EvidenceSource } from '../../model/evidence.ts';

/** A source of vulnerability data, as rules read it. */
export class SourceView {
  readonly name: string;
  readonly feed: boolean;
  readonly missing: boolean;
  readonly starter: boolean;
  readonly ageHours: number;
  readonly newest: string;
  readonly records: number;
  readonly failed: boolean;

  constructor({ ecosystem, origin, checkedAt, newest, records, failed }: EvidenceSource, now: Date) {
    const ms = now.getTime() - (checkedAt === '' ? Number.NaN : Date.parse(checkedAt));
    this.name = ecosystem;
    this.feed = origin === 'feed';
    this.missing = origin === 'none';
    this.starter = origin === 'starter';
    this.ageHours = Number.isNaN(ms) ? -1 : Math.max(0, Math.floor(ms / 3_600_000));
    this.newest = newest;
    this.records = records;
    this.failed = failed !== undefined;
  }
}
