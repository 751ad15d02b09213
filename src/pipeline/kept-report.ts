import { closeSync } from 'node:fs';
import type { Evidence } from '../model/evidence.ts';
import { readReport, reportLimit } from '../report/read-report.ts';
import { openFile, readWholeRegion } from '../source/file.ts';
import { SluiceError } from '../util/error.ts';

/** A kept report, and its bytes. */
export interface KeptReport {
  readonly evidence: Evidence;
  readonly name: string;
  readonly bytes: Buffer;
}

/** Reads a kept report. @throws SluiceError `file/...`, `report/...` with the file's name before it */
export function readKept(path: string): KeptReport {
  const file = openFile(path, path);
  try {
    if (file.size > reportLimit) throw new SluiceError('report/too-large', `it is larger than ${reportLimit} bytes`);
    const bytes = readWholeRegion(file.fd, 0, file.size);
    return { evidence: readReport(bytes), name: path, bytes };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    throw new SluiceError(thrown.code, `${path}: ${thrown.message}`, thrown.hint);
  } finally {
    closeSync(file.fd);
  }
}
