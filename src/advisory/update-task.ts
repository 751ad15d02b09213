import { type CurrentSource, orderedLocal } from './current.ts';
import type { BuiltData } from './data-build.ts';
import { indexVersion } from './index-format.ts';
import type { Mirror } from './mirror.ts';
import type { Change } from './store.ts';

/** One ecosystem that is to be brought up to date. */
export interface UpdateTask {
  readonly folder: string;
  readonly mirror: Mirror;
  readonly ecosystem: string;
  readonly known: CurrentSource | undefined;
  readonly now: () => Date;
  tell(step: 'download' | 'index', bytes?: number): void;
  /** Waits until no other ecosystem is indexed: each takes its memory. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

type How = Pick<CurrentSource, 'export' | 'validator' | 'listValidator'>;

/** The data is as it was, and known to be current. `how` goes over what was remembered. */
export function checked(known: CurrentSource, how: { [K in keyof How]?: How[K] | undefined }, now: Date): Change {
  const { failed: _, ...rest } = known;
  return { kind: 'checked', source: withoutAbsent({ ...rest, ...how, checkedAt: now.toISOString() }) };
}

/** The data that was built; when it is the same as the intact data in force, that was only checked. */
export function replaced(
  { meta, digest, size, pack }: BuiltData,
  how: { [K in keyof How]?: How[K] | undefined },
  usable: CurrentSource | undefined,
  now: Date,
): Change {
  const own = {
    ...meta,
    digest,
    size,
    checkedAt: now.toISOString(),
    origin: 'osv-export' as const,
    indexVersion,
  };
  const source = withoutAbsent({ ...own, ...how, pack });
  return { kind: usable?.digest === digest ? 'checked' : 'replaced', source };
}

type Loose = Omit<CurrentSource, keyof How | 'pack'> & { [K in keyof How | 'pack']?: CurrentSource[K] | undefined };

function withoutAbsent({ export: from, validator, listValidator, pack, failed, ...rest }: Loose): CurrentSource {
  return { ...rest, ...orderedLocal({ export: from, validator, listValidator, pack, failed }) };
}
