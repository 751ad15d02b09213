import { messageOf, SluiceError } from '../../util/error.ts';
import type { FeedId } from '../contract.ts';
import { AlpineReader, maxSecdbBytes } from './alpine.ts';
import { DebianReader, maxDebianBytes } from './debian.ts';
import { EpssReader, maxEpssBytes } from './epss.ts';
import type { FeedInput } from './input.ts';
import { maxKevBytes, readKev } from './kev.ts';
import { maxVexBytes, RedHatReader } from './redhat.ts';
import type { FeedRows } from './rows.ts';

/** Most bytes of one archive of documents, unpacked: Red Hat's has some ten billion. */
const maxArchiveBytes = 128 * 1024 * 1024 * 1024;

/** Where CISA publishes the catalogue of known exploited vulnerabilities. */
export const kevUrl = 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json';
/** Where the scores of EPSS are published every day, for FIRST. */
export const epssUrl = 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz';

/**
 * Reads what a feed is made from into rows.
 * @throws SluiceError `advisory/feed-unreadable` when it is not such a feed, or not all of it
 */
export const readFeed: Readonly<Record<FeedId, (input: FeedInput, rows: FeedRows) => Promise<void>>> = {
  async kev(input, rows) {
    const pieces: Buffer[] = [];
    await input.stream(maxKevBytes, (piece) => pieces.push(Buffer.from(piece)));
    readKev(Buffer.concat(pieces), rows);
  },
  async epss(input, rows) {
    const reader = new EpssReader(rows);
    await input.stream(maxEpssBytes, (piece) => reader.write(piece));
    reader.finish();
  },
  async debian(input, rows) {
    const reader = new DebianReader(rows);
    await input.stream(maxDebianBytes, (piece) => reader.write(piece));
    reader.finish();
  },
  async alpine(input, rows) {
    const reader = new AlpineReader(rows);
    await readDocuments(input, rows, maxSecdbBytes, (bytes) => reader.read(bytes));
    reader.finish();
  },
  redhat(input, rows) {
    const reader = new RedHatReader(rows);
    return readDocuments(input, rows, maxVexBytes, (bytes) => reader.read(bytes));
  },
};

/** A document that can't be read is counted and named; when none can, the feed is refused for what the first one has. */
async function readDocuments(
  input: FeedInput,
  rows: FeedRows,
  limit: number,
  read: (bytes: Buffer) => void,
): Promise<void> {
  let readable = 0;
  let first: SluiceError | undefined;
  await input.documents(maxArchiveBytes, {
    limit,
    leaveOut: (name) => rows.noteUnreadable(name, 'it is empty, or too large'),
    take(name, bytes) {
      try {
        read(bytes);
        readable++;
      } catch (thrown) {
        if (!(thrown instanceof SluiceError) || thrown.code === 'advisory/feed-too-large') throw thrown;
        rows.noteUnreadable(name, thrown.message);
        first ??= new SluiceError('advisory/feed-unreadable', messageOf(thrown));
      }
    },
  });
  if (readable === 0 && first) throw first;
}
