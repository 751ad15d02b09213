import { readFileSync, statSync } from 'node:fs';
import type { Report, ReportFormat } from '../report/contract.ts';
import { templateReport } from '../report/template/made.ts';
import { SluiceError } from '../util/error.ts';

/** Largest template that is read, in bytes. */
const largest = 1024 * 1024;

/** Reads a template of the user's. @throws SluiceError `template/...`, with the file, the line and what to do */
export function openTemplate(path: string, { id, doc }: ReportFormat): Report {
  return { id, doc, ...templateReport({ name: path, text: textOf(path) }) };
}

function textOf(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > largest) throw new SluiceError('template/too-large', `${path} is larger than ${largest} bytes`);
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof SluiceError) throw thrown;
    const { code } = thrown as NodeJS.ErrnoException;
    throw new SluiceError('template/unreadable', `${path} can't be read (${code})`, 'such as -o template@FILE.liquid');
  }
}
