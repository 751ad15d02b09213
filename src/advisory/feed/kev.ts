import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { feedUnreadable } from './feed-format.ts';
import type { FeedRows } from './rows.ts';
import { encodeExploited, isCveId } from './values.ts';

/** The largest catalogue that is read, in bytes; the public one has 1.3 MB. */
export const maxKevBytes = 64 * 1024 * 1024;

/**
 * Reads CISA's catalogue of known exploited vulnerabilities (its JSON, `vulnerabilities[].cveID` …).
 * @throws SluiceError `advisory/feed-unreadable` when it is something else, or not all of it.
 */
export function readKev(bytes: Buffer, rows: FeedRows): void {
  const catalogue = asRecord(parseJson(bytes));
  const entries = asArray(catalogue?.vulnerabilities);
  if (!catalogue || !entries)
    throw feedUnreadable('it is JSON, but not the catalogue of known exploited vulnerabilities');
  // Half a catalogue would take away what is exploited without a word.
  if (typeof catalogue.count === 'number' && catalogue.count !== entries.length) {
    throw feedUnreadable(`it says that it has ${catalogue.count} entries and has ${entries.length}`);
  }
  for (let at = 0; at < entries.length; at++) readEntry(entries[at], at, rows);
  const released = asString(catalogue.dateReleased) ?? '';
  rows.newest = Number.isNaN(Date.parse(released)) ? '' : released;
}

function readEntry(value: unknown, at: number, rows: FeedRows): void {
  const entry = asRecord(value);
  const cve = asString(entry?.cveID)?.trim().toUpperCase() ?? '';
  const added = asString(entry?.dateAdded) ?? '';
  const due = asString(entry?.dueDate) ?? '';
  if (!entry || !isCveId(cve) || !isDay(added) || !isDay(due)) {
    rows.noteUnreadable(cve === '' ? `entry ${at + 1}` : cve, 'its CVE or one of its days is malformed');
    return;
  }
  const ransomware = asString(entry.knownRansomwareCampaignUse)?.trim().toLowerCase() === 'known';
  rows.add(cve, encodeExploited({ added, due, ransomware }));
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
