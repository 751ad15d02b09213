import { newestOf } from '../format/vex/moment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { ReportContext } from './contract.ts';
import { beginning, createdAt } from './sbom/created.ts';

/**
 * The time of a document that must have one, RFC 3339 in UTC: SOURCE_DATE_EPOCH, else when the data was last known to be
 * current, so that what is said with newer data is newer. @throws SluiceError `usage/source-date-epoch`
 */
export function documentTime(
  { sources }: Pick<Evidence, 'sources'>,
  { sourceDateEpoch }: Pick<ReportContext, 'sourceDateEpoch'>,
): string {
  return createdAt(sourceDateEpoch) ?? newestOf(...sources.map(({ checkedAt }) => checkedAt)) ?? beginning;
}
