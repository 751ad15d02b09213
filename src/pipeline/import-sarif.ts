import { closeSync } from 'node:fs';
import { type Imported, largestSarif, readSarif } from '../detect/sarif/read.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import { openFile, readWholeRegion } from '../source/file.ts';
import { SluiceError } from '../util/error.ts';

/**
 * What other tools have found, from their SARIF files. A finding that stands in several files counts once. @throws
 * SluiceError `file/...`, `sarif/unreadable`, `sarif/malformed`, `sarif/version`
 */
export function importSarif(paths: readonly string[]): Imported {
  const read = paths.map((path) => readSarif(bytesOf(path), path));
  const findings = new Map<string, PlacedFinding>();
  for (const finding of read.flatMap((one) => one.findings)) {
    const key = `${finding.id}\0${finding.fingerprint}`;
    if (!findings.has(key)) findings.set(key, finding);
  }
  return { findings: [...findings.values()], problems: read.flatMap(({ problems }) => problems) };
}

/** A whole file in one piece of memory. */
function bytesOf(path: string): Buffer {
  const file = openFile(path, path);
  try {
    if (file.size > largestSarif)
      throw new SluiceError('sarif/unreadable', `${path} is larger than ${largestSarif >> 20} MiB`);
    return readWholeRegion(file.fd, 0, file.size);
  } finally {
    closeSync(file.fd);
  }
}
