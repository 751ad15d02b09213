import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { PolicyDocument } from '../../../src/policy/file/document.ts';
import { type Fault, Faults, placeText } from '../../../src/policy/file/fault.ts';
import { type LoadedPolicy, loadPolicy, policySource } from '../../../src/policy/file/load-policy.ts';
import { readDocument } from '../../../src/policy/file/read-document.ts';
import { packs } from '../../../src/policy/packs.gen.ts';

/** The folder of the policy that has everything. */
export const sampleFolder = resolve(import.meta.dirname, '..', '..', 'fixtures', 'policy-file');

/** What reading a text as `sluice.yaml` gives, and what is wrong with it. */
export function read(text: string | Buffer): { document: PolicyDocument | undefined; faults: string[] } {
  const faults = new Faults();
  const document = readDocument(Buffer.from(text), 'sluice.yaml', 'sluice.yaml', faults);
  return { document, faults: faults.all.map(lineOf) };
}

/** `sluice.yaml:2:1: what is wrong | the correction`. */
export function lineOf({ place, message, hint }: Fault): string {
  return `${placeText(place)}: ${message}${hint === undefined ? '' : ` | ${hint}`}`;
}

/** A rule as lines of a policy, with some lines in place of its own or added. */
export function rule(id: string, lines: Readonly<Record<string, string>> = {}): string {
  const all = { id, title: 'A title', why: 'Because.', on: 'image', when: 'image.root', outcome: 'stop', ...lines };
  const written = Object.entries(all).filter(([, value]) => value !== '');
  return `  - ${written.map(([key, value]) => `${key}: ${value}`).join('\n    ')}\n`;
}

/** A policy with these rules. */
export function policyOf(...rules: readonly string[]): string {
  return `version: 1\nrules:\n${rules.join('')}`;
}

/** Writes files below a folder. */
export function write(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** The policy `name` of a folder, as if that were the working folder. */
export async function load(folder: string, name?: string): Promise<LoadedPolicy & { lines: string[] }> {
  const source = policySource(name, folder, Object.keys(packs));
  if (!source) throw new Error('there is no policy');
  const loaded = await loadPolicy(source, packs, undefined);
  return { ...loaded, lines: loaded.faults.map(lineOf) };
}
