import { dirname, isAbsolute, join, relative } from 'node:path';
import { digestOf } from '../../model/digest.ts';
import { SluiceError } from '../../util/error.ts';
import { alternativesIn } from '../../util/glob.ts';
import { nearest } from '../../util/nearest.ts';
import type { Packs } from './document.ts';
import type { DocumentCache } from './document-cache.ts';
import { type Fault, Faults, type Place } from './fault.ts';
import { findUpwards, policyFile } from './find.ts';
import { readInput } from './input.ts';
import { listNamesIn } from './list-names.ts';
import { type LoadedDocument, Loader, type PolicyInput } from './loader.ts';
import { documentBytes, mostFileParts } from './read-limits.ts';
import { mostHints, placeOf, type Resolved, resolveLayer } from './resolve.ts';
import { shown as cut } from './shape.ts';

/** Where a policy is. */
export type PolicySource =
  | { readonly pack: string }
  | {
      readonly path: string;
      /** As messages name it: as the user wrote it, or relative to the working folder. */
      readonly shown: string;
    };

/** A policy with all that it uses, and what is wrong with it. */
export interface LoadedPolicy {
  readonly source: PolicySource;
  readonly faults: readonly Fault[];
  /** Absent when it could not be read. */
  readonly root?: LoadedDocument;
  /** The policy where no mapping fits. */
  readonly top?: Resolved;
  readonly named: ReadonlyMap<string, Resolved>;
  /** `sha256:` over the digests of {@link inputs}, a line each. */
  readonly digest: string;
  /** All that was read, in its order. */
  readonly inputs: readonly PolicyInput[];
}

/**
 * Which policy is meant: the one that is named, a pack before a file, else `sluice.yaml` in the folder or above.
 * Undefined: there is none. @throws SluiceError `policy/unreadable`
 */
export function policySource(
  named: string | undefined,
  folder: string | undefined,
  packs: readonly string[],
): PolicySource | undefined {
  if (named !== undefined && packs.includes(named)) return { pack: named };
  if (named !== undefined) return { path: isAbsolute(named) ? named : join(folder ?? '.', named), shown: named };
  const path = folder === undefined ? undefined : findUpwards(folder, policyFile);
  return path === undefined ? undefined : { path, shown: shownIn(path, folder) };
}

/** A path as people read it: from the working folder. */
export function shownIn(path: string, folder: string | undefined): string {
  return folder === undefined ? path : relative(folder, path) || path;
}

/** Reads a policy whole. What is wrong inside is told as faults. @throws SluiceError `policy/unreadable` */
export async function loadPolicy(
  source: PolicySource,
  packs: Packs,
  cache: DocumentCache | undefined,
): Promise<LoadedPolicy> {
  const faults = new Faults();
  const loader = new Loader(packs, cache, faults);
  const root = await loadRoot(source, loader, packs);
  const { inputs } = loader;
  const digest = digestOf(inputs.map((input) => input.digest).join('\n'));
  const named = new Map<string, Resolved>();
  const read = { source, faults: faults.all, named, digest, inputs };
  if (!root || faults.all.length > 0) return { ...read, ...(root ? { root } : {}) };
  const top = resolveLayer(root.layer, undefined, faults);
  checkRules(top, 'the policy', root.document.place, faults);
  for (const { name, place } of root.document.policies) {
    const layer = root.policies.get(name);
    const resolved = layer && resolveLayer(layer, top, faults);
    if (!resolved) continue;
    // Where the top has no rule, that is told already.
    if (faults.all.length === 0) checkRules(resolved, `the policy ${name}`, place, faults);
    named.set(name, resolved);
  }
  return { source, faults: faults.all, root, top, named, digest, inputs };
}

async function loadRoot(source: PolicySource, loader: Loader, packs: Packs): Promise<LoadedDocument | undefined> {
  if ('pack' in source) return loader.pack(source.pack, { file: `pack ${source.pack}`, line: 1, column: 1 });
  const { path, shown } = source;
  const input = readInput(path, documentBytes);
  const begin: Place = { file: shown, line: 1, column: 1 };
  if (typeof input !== 'string') return loader.file(input, shown, path, begin);
  const close = nearest(shown, Object.keys(packs));
  const hint = close ? `did you mean the pack ${close}?` : `a file, or a pack: ${Object.keys(packs).join(', ')}`;
  throw new SluiceError('policy/unreadable', `the policy ${shown} ${input}`, hint);
}

/** A policy by which everything would pass is a mistake; so is a rule that could never be answered. */
function checkRules(resolved: Resolved, what: string, place: Place, faults: Faults): void {
  const rules = [...resolved.rules.values()];
  if (rules.every(({ rule }) => rule.outcome === 'off')) {
    const none = rules.length === 0 ? `${what} has no rule` : `all rules of ${what} are off`;
    faults.add(place, `${none}: everything would pass`, 'begin with use: [default]');
  }
  checkLists(resolved, faults);
  checkFiles(resolved, faults);
}

/** Each path of an image is held against each glob: a policy must not make that take for ever. */
function checkFiles({ rules }: Resolved, faults: Faults): void {
  const seen = new Set<string>();
  let parts = 0;
  for (const { rule } of rules.values()) {
    const { files } = rule;
    if (!files || rule.outcome === 'off' || seen.has(files.id)) continue;
    seen.add(files.id);
    parts += Object.keys(files.matches ?? {}).length + Object.keys(files.values ?? {}).length;
    for (const path of files.paths) if (parts <= mostFileParts) parts += alternativesIn(path);
    if (parts <= mostFileParts) continue;
    const hint = 'ask for folders (/etc/**) and not for each file; braces count as all that they stand for';
    faults.add(placeOf(rule), `the rules on files ask for more than ${mostFileParts} things`, hint);
    return;
  }
}

/** A list that is not there would leave every verdict undecided. */
function checkLists({ rules, lists }: Resolved, faults: Faults): void {
  for (const { rule } of rules.values()) {
    if (rule.outcome === 'off' || !rule.when.text.includes('lists')) continue;
    const { asked, guarded } = listNamesIn(rule.when.node);
    for (const name of asked) {
      if (lists.has(name) || guarded.has(name)) continue;
      // Each comparison takes its time, and there may be many lists.
      const close = faults.all.length < mostHints ? nearest(name, [...lists.keys()].slice(0, 1000)) : undefined;
      const hint = close ? `did you mean ${close}?` : `say under lists: what ${cut(name)} is`;
      faults.add(placeOf(rule), `the rule ${rule.id} asks for the list ${cut(name)}, which is not there`, hint);
    }
  }
}

/** Where a path leads that a policy names: from the folder of its file. */
export function besidePolicy(source: PolicySource, name: string): { path: string; shown: string } | undefined {
  if ('pack' in source) return undefined;
  if (isAbsolute(name)) return { path: name, shown: name };
  return { path: join(dirname(source.path), name), shown: join(dirname(source.shown), name) };
}
