import { statSync } from 'node:fs';
import type { Current, CurrentFeed, CurrentSource, LocalState } from '../current.ts';
import { feedVersion } from '../feed/feed-format.ts';
import { indexVersion } from '../index-format.ts';
import type { Change } from '../store.ts';
import { filePath } from '../store-files.ts';
import { itemOf, type Offer } from './snapshot.ts';

/**
 * What becomes of one offer. `replaced`: it is new here; `checked`: it is what is in force, maybe known current for
 * longer; `kept`: what is in force is newer, and stays.
 */
export type Outcome = 'replaced' | 'checked' | 'kept';

/** An offer with what becomes of it. */
export interface Decision {
  readonly offer: Offer;
  readonly outcome: Outcome;
}

/**
 * Decides for each offer. An old artifact, of a mirror that is behind or of somebody who wants flaws to be forgotten,
 * must not take the place of newer data, unless `allowOlder` says so. Data that can't be used counts as none.
 */
export function decide(folder: string, current: Current, offers: readonly Offer[], allowOlder: boolean): Decision[] {
  return offers.map((offer) => {
    const known = knownOf(folder, current, offer);
    if (!known) return { offer, outcome: 'replaced' };
    const item = itemOf(offer);
    const same = known.digest === item.digest;
    if (!allowOlder && Date.parse(known.checkedAt) > Date.parse(item.checkedAt)) {
      return { offer, outcome: same ? 'checked' : 'kept' };
    }
    return { offer, outcome: same ? 'checked' : 'replaced' };
  });
}

/** What is in force and can be used. */
function knownOf(folder: string, current: Current, offer: Offer): Item | undefined {
  const known: Item | undefined =
    'feed' in offer
      ? current.feeds.find(({ id }) => id === offer.feed.id)
      : current.sources.find(({ ecosystem }) => ecosystem === offer.source.ecosystem);
  return known && isUsable(folder, known) ? known : undefined;
}

/** Whether data in force is of the format that is read here, and its file is there. */
export function isUsable(folder: string, item: Item): boolean {
  const isKnown = 'ecosystem' in item ? item.indexVersion === indexVersion : item.feedVersion === feedVersion;
  const path = filePath(folder, item.digest, 'ecosystem' in item ? 'index' : 'feed');
  const stat = statSync(path, { throwIfNoEntry: false });
  return isKnown && stat?.isFile() === true && stat.size === item.size;
}

/** What is to be published. Of data that is the same, this machine goes on to remember how it got it itself. */
export function changesOf(decisions: readonly Decision[], current: Current, allowOlder: boolean): Change[] {
  return decisions.flatMap(({ offer, outcome }): Change[] => {
    if (outcome === 'kept') return [];
    if ('source' in offer) {
      const { source } = offer;
      const known = current.sources.find(({ ecosystem }) => ecosystem === source.ecosystem);
      return [{ kind: outcome, source: { ...source, ...remembered(source, known, allowOlder) } }];
    }
    const { feed } = offer;
    const known = current.feeds.find(({ id }) => id === feed.id);
    return [{ kind: outcome, feed: { ...feed, ...remembered(feed, known, allowOlder) } }];
  });
}

type Remembered = LocalState & { readonly checkedAt?: string };

/** Where it comes from, and the later of two checks; that an update failed is over. */
function remembered(item: Item, known: Item | undefined, allowOlder: boolean): Remembered {
  if (known?.digest !== item.digest) return {};
  const { export: from, validator, pack, listValidator, checkedAt } = known;
  return {
    ...(from ? { export: from } : {}),
    ...(validator ? { validator } : {}),
    ...(pack ? { pack } : {}),
    ...(listValidator ? { listValidator } : {}),
    ...(!allowOlder && Date.parse(checkedAt) > Date.parse(item.checkedAt) ? { checkedAt } : {}),
  };
}

type Item = CurrentSource | CurrentFeed;
