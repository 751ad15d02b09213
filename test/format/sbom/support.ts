import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SbomDocument } from '../../../src/format/sbom/document.ts';
import { parseSbom } from '../../../src/format/sbom/parse.ts';
import { recordOf } from '../../../src/format/sbom/record.ts';

/** A document that a tool made of one small root filesystem. */
export function document(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'sbom', 'documents', name));
}

/** Reads a document that is given as a value or text. */
export function read(value: object | string): SbomDocument {
  return parseSbom(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
}

/** One line a package: what it is called, where it was built from, and what is said beside. */
export function linesOf(found: SbomDocument): string[] {
  return found.packages
    .map(recordOf)
    .filter((said) => said !== undefined)
    .map(({ ecosystem, record: { name, version, origin, arch, module, license, presence, dev } }) => {
      const source = origin ? ` from ${origin.name} ${origin.version}` : '';
      const beside = [arch, module, license, presence === 'installed' ? undefined : presence, dev ? 'dev' : undefined];
      return `${ecosystem} ${name} ${version}${source}${beside
        .filter((text) => text)
        .map((text) => ` [${text}]`)
        .join('')}`;
    })
    .sort();
}

/** The code of the error with which a document is refused. */
export function refusal(value: object | string | Buffer): string {
  try {
    const bytes = Buffer.isBuffer(value)
      ? value
      : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    parseSbom(bytes);
    return 'read';
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? `bug: ${String(thrown)}`;
  }
}
