import { SluiceError } from '../../util/error.ts';

/** The time of documents that must have one where nobody tells any, RFC 3339 in UTC: a clock would make every run differ. */
export const beginning = '1970-01-01T00:00:00Z';

/** The last second of the year 9999, beyond which no date of four digits goes. */
const lastSecond = 253_402_300_799;

/**
 * The time that the user gives documents by SOURCE_DATE_EPOCH (reproducible-builds.org), as RFC 3339 in UTC without
 * fractions; undefined when it is not set.
 * @throws SluiceError `usage/source-date-epoch` when it is no number of seconds, as that specification asks for
 */
export function createdAt(sourceDateEpoch: string | undefined): string | undefined {
  if (sourceDateEpoch === undefined) return undefined;
  const seconds = /^\d{1,12}$/.test(sourceDateEpoch) ? Number(sourceDateEpoch) : Number.NaN;
  if (!(seconds <= lastSecond)) {
    throw new SluiceError(
      'usage/source-date-epoch',
      'SOURCE_DATE_EPOCH is no time',
      'it is the number of seconds since 1970, such as 1735689600',
    );
  }
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
