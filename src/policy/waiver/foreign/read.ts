import { SluiceError } from '../../../util/error.ts';
import type { Foreign } from './contract.ts';
import { readGitleaksIgnore } from './gitleaks.ts';
import { readGrypeConfig } from './grype.ts';
import { readOsvScannerConfig } from './osv-scanner.ts';
import { readTrivyIgnore } from './trivy.ts';
import { readTrivyIgnoreYaml } from './trivy-yaml.ts';

/** Kinds of files of other tools. */
export const foreignKinds = ['trivy', 'trivy-yaml', 'grype', 'osv-scanner', 'gitleaks'] as const;

/** One of {@link foreignKinds}. */
export type ForeignKind = (typeof foreignKinds)[number];

/** The kind of a file by its name; undefined when that does not tell. */
export function foreignKindOf(name: string): ForeignKind | undefined {
  if (/(?:^|\.)trivyignore\.ya?ml$/.test(name)) return 'trivy-yaml';
  if (/(?:^|\.)trivyignore$/.test(name)) return 'trivy';
  if (/^\.?grype\.ya?ml$/.test(name)) return 'grype';
  if (/^\.?osv-scanner\.toml$/.test(name)) return 'osv-scanner';
  return /(?:^|\.)gitleaksignore$/.test(name) ? 'gitleaks' : undefined;
}

/** Reads a file of another tool. @throws SluiceError `waive/encoding`, `waive/toml`, `policy/malformed` */
export function readForeign(kind: ForeignKind, bytes: Uint8Array, file: string): Foreign {
  if (kind === 'trivy-yaml') return readTrivyIgnoreYaml(bytes, file);
  if (kind === 'grype') return readGrypeConfig(bytes, file);
  const text = textOf(bytes, file);
  if (kind === 'osv-scanner') return readOsvScannerConfig(text, file);
  return kind === 'trivy' ? readTrivyIgnore(text, file) : readGitleaksIgnore(text, file);
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SluiceError('waive/encoding', `${file} is not UTF-8`);
  }
}
