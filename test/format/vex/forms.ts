import { parseVex } from '../../../src/format/vex/parse-vex.ts';
import type { VexComponent, VexDocument } from '../../../src/model/vex.ts';
import { SluiceError } from '../../../src/util/error.ts';

/** Reads a value as a document. */
export function read(value: unknown, about: readonly VexComponent[] = []): VexDocument {
  return parseVex(Buffer.from(JSON.stringify(value)), about);
}

/** An OpenVEX document of these statements. */
export function openVex(statements: unknown, parts: object = {}): object {
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'vex-1',
    author: 'ACME',
    timestamp: '2024-01-01T00:00:00Z',
    statements,
    ...parts,
  };
}

/** A statement that something is fixed. */
export const fixed = { vulnerability: { name: 'CVE-2024-1' }, products: [{ '@id': 'pkg:npm/a' }], status: 'fixed' };

/** The code of the failure of some work; `none` when it does not fail. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof SluiceError) return thrown.code;
    throw thrown;
  }
  return 'none';
}
