import { SluiceError } from '../../util/error.ts';
import { type CustomPolicy, type DataAge, defaultBlame, defaultPolicy, type Policy } from '../policy.ts';
import type { WaiverFile } from '../waiver/read.ts';
import { parseAge } from './ages.ts';
import type { Packs } from './document.ts';
import type { DocumentCache } from './document-cache.ts';
import { faultError, placeText } from './fault.ts';
import { findUpwards, isThere, waiverFile } from './find.ts';
import { readInput } from './input.ts';
import {
  besidePolicy,
  type LoadedPolicy,
  loadPolicy,
  type PolicySource,
  policySource,
  shownIn,
} from './load-policy.ts';
import type { PolicyInput } from './loader.ts';
import { firstFitting, type Mapped } from './mapping.ts';
import { documentBytes } from './read-limits.ts';
import type { Resolved } from './resolve.ts';

export type { Mapped } from './mapping.ts';

/** Within how many days of its end a waiver ends soon, unless the policy says. */
const soonDays = 14;

/** What the command line sets, over what the policy file says. */
export interface PolicyGiven {
  /** A file, or the name of a pack; absent: what is found from the folder upwards. */
  readonly policy?: string | undefined;
  /** Waiver files; empty: those that the policy names, or the one that is found. */
  readonly waivers: readonly string[];
  /** The working folder; absent: there is none any more. */
  readonly folder: string | undefined;
  readonly environment: string;
  readonly failOn?: Policy['failOn'] | undefined;
  /** By source, and `default`. */
  readonly dataAges: ReadonlyMap<string, DataAge>;
}

/** What policies are read with. */
export interface PolicyTools {
  readonly packs: Packs;
  readonly cache?: DocumentCache;
}

/** A policy that was read, and the waiver files that belong to it. */
export interface ReadPolicySet {
  /** The policy for an image: that of the first mapping that fits, else the top of the file. */
  choose(image: Mapped): Policy;
  /** Whether it matters which image it is. */
  readonly mapped: boolean;
  readonly waiverFiles: readonly WaiverFile[];
  /** What the policy was read from; empty where there is none but the default one. */
  readonly files: readonly PolicyInput[];
}

/**
 * Reads the policy and the waiver files that are named or found.
 * @throws SluiceError `policy/...` with file, line, column and the correction: what can't be read is no pass
 */
export async function readPolicySet(given: PolicyGiven, { packs, cache }: PolicyTools): Promise<ReadPolicySet> {
  const source = policySource(given.policy, given.folder, Object.keys(packs));
  const loaded = source && (await loadPolicy(source, packs, cache));
  if (loaded && loaded.faults.length > 0) throw faultError(loaded.faults);
  const waiverFiles = waiverFilesOf(given, source, loaded);
  if (!loaded?.root || !loaded.top) {
    const policy = withFlags(undefined, given);
    return { choose: () => policy, mapped: false, waiverFiles, files: [] };
  }
  const { mappings } = loaded.root.document;
  const made = new Map<string, Policy>();
  const choose = (image: Mapped): Policy => {
    const mapping = firstFitting(mappings, image, given.environment);
    const key = mapping?.name ?? '';
    const policy = made.get(key) ?? withFlags(customOf(loaded, mapping, given), given);
    made.set(key, policy);
    return policy;
  };
  return { choose, mapped: mappings.length > 0, waiverFiles, files: loaded.inputs };
}

interface Custom {
  readonly custom: CustomPolicy;
  readonly resolved: Resolved;
}

/** What a chosen policy brings. */
function customOf(
  { root, top, named, digest, source }: LoadedPolicy,
  mapping: { readonly name: string; readonly policy: string } | undefined,
  { environment }: PolicyGiven,
): Custom | undefined {
  const resolved = mapping ? named.get(mapping.policy) : top;
  if (!root || !resolved) return undefined;
  const name = root.document.name || ('pack' in source ? source.pack : nameOf(source.shown));
  const custom: CustomPolicy = {
    name: mapping ? `${name}/${mapping.policy}` : name,
    digest,
    ...(mapping ? { mapping: mapping.name } : {}),
    rules: [...resolved.rules.values()].map(({ rule }) => rule),
    lists: new Map([...resolved.lists].map(([list, { texts }]) => [list, texts])),
    blame: { ...defaultBlame, ...resolved.blame },
    environment,
    soonDays: root.document.soonDays ?? soonDays,
  };
  return { custom, resolved };
}

/** `sluice` of `ci/sluice.yaml`. */
function nameOf(shown: string): string {
  const last = shown.slice(shown.lastIndexOf('/') + 1);
  return last.replace(/\.(?:ya?ml|json)$/, '') || last;
}

/** The flags count more than the file, and the file more than the default. */
function withFlags(chosen: Custom | undefined, given: PolicyGiven): Policy {
  const written = [...(chosen?.resolved.dataAges ?? [])].flatMap(([source, text]): [string, DataAge][] => {
    const age = parseAge(text);
    return 'wrong' in age ? [] : [[source, age]];
  });
  const ages = new Map([...defaultPolicy.dataAges.bySource, ...written, ...given.dataAges]);
  const all = ages.get('default') ?? defaultPolicy.dataAges.default;
  ages.delete('default');
  const failOn = (given.failOn ?? chosen?.resolved.failOn ?? defaultPolicy.failOn) as Policy['failOn'];
  const policy: Policy = { failOn, dataAges: { default: all, bySource: ages } };
  return chosen ? { ...policy, custom: chosen.custom } : policy;
}

/** The waiver files that are named or found, read. @throws SluiceError `policy/unreadable` */
export function waiverFilesOf(
  given: Pick<PolicyGiven, 'waivers' | 'folder'>,
  source: PolicySource | undefined,
  loaded: LoadedPolicy | undefined,
): readonly WaiverFile[] {
  return waiverPaths(given, source, loaded).map(readWaiverFile);
}

interface WaiverPath {
  readonly path: string;
  readonly shown: string;
  /** Who names it, for the message where it can't be read. */
  readonly by: string;
}

/** Waiver files: those of the flag, else those that the policy names, else the one beside it or, without one, above. */
function waiverPaths(
  { waivers, folder }: Pick<PolicyGiven, 'waivers' | 'folder'>,
  source: PolicySource | undefined,
  loaded: LoadedPolicy | undefined,
): readonly WaiverPath[] {
  if (waivers.length > 0) {
    return waivers.map((name) => ({ ...fromFolder(name, folder), by: '--waivers: ' }));
  }
  const named = loaded?.root?.document.waivers;
  if (named && source) {
    return named.flatMap(({ file, place }) => {
      const beside = besidePolicy(source, file);
      return beside ? [{ ...beside, by: `${placeText(place)}: ` }] : [];
    });
  }
  const beside = source && besidePolicy(source, waiverFile);
  if (beside) return isThere(beside.path) ? [{ ...beside, by: '' }] : [];
  const found = folder === undefined ? undefined : findUpwards(folder, waiverFile);
  return found === undefined ? [] : [{ path: found, shown: shownIn(found, folder), by: '' }];
}

function fromFolder(name: string, folder: string | undefined): { path: string; shown: string } {
  return { path: besidePolicy({ path: `${folder ?? '.'}/x`, shown: 'x' }, name)?.path ?? name, shown: name };
}

function readWaiverFile({ path, shown, by }: WaiverPath): WaiverFile {
  const input = readInput(path, documentBytes);
  if (typeof input === 'string') throw new SluiceError('policy/unreadable', `${by}the waivers ${shown} ${input}`);
  return { name: shown, bytes: input.bytes };
}
