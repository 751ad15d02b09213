import { closeSync, createReadStream } from 'node:fs';
import { sbomSyntax } from '../format/sbom/sniff.ts';
import { SluiceError } from '../util/error.ts';
import { openFile, readWholeRegion } from './file.ts';
import type { Head } from './head.ts';

/** Largest bill of materials that is read, in bytes; those of the largest images have a third. */
const fileLimit = 256 * 1024 * 1024;

/** Whether a file begins as a bill of materials does, and so is no archive. */
export function beginsAsSbom({ bytes }: Head): boolean {
  return sbomSyntax(bytes) !== undefined;
}

/** The bytes of a bill of materials; `-` is standard input. @throws SluiceError `file/...`, `sbom/too-large` */
export async function readSbomFile(path: string): Promise<Buffer> {
  if (path === '-') return readStandardInput();
  const file = openFile(path, path);
  try {
    if (file.size > fileLimit) throw tooLarge();
    return readWholeRegion(file.fd, 0, file.size);
  } finally {
    closeSync(file.fd);
  }
}

async function readStandardInput(): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of createReadStream('', { fd: 0, autoClose: false })) {
      pieces.push(piece as Buffer);
      size += (piece as Buffer).length;
      if (size > fileLimit) throw tooLarge();
    }
  } catch (thrown) {
    if (thrown instanceof SluiceError) throw thrown;
    throw new SluiceError(
      'file/unreadable',
      `standard input can't be read (${(thrown as NodeJS.ErrnoException).code})`,
    );
  }
  return Buffer.concat(pieces);
}

function tooLarge(): SluiceError {
  return new SluiceError('sbom/too-large', `the bill of materials is larger than ${fileLimit} bytes`);
}
