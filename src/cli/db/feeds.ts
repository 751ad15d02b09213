import { epssUrl, kevUrl } from '../../advisory/feed/parsers.ts';
import {
  type FeedSource,
  type UpdateFeedsOptions,
  type UpdateFeedsResult,
  updateFeeds,
} from '../../advisory/feed/update-feeds.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Flag, Flags } from '../flags.ts';

/** What keeps a feed from being fetched that is fetched by itself. */
const none = 'none';

/** The flags of `sluice db update` that are about feeds. */
export const feedFlags: readonly Flag[] = [
  {
    name: 'kev',
    value: 'URL|FILE|none',
    doc: "CISA's catalogue of known exploited vulnerabilities; fetched by itself with the public export",
  },
  {
    name: 'epss',
    value: 'URL|FILE|none',
    doc: "FIRST's scores of how likely a flaw is to be exploited; fetched by itself with the public export",
  },
  {
    name: 'debian-tracker',
    value: 'URL|FILE',
    doc: "the Debian Security Tracker's JSON (https://security-tracker.debian.org/tracker/data/json)",
  },
  {
    name: 'redhat-vex',
    value: 'FOLDER|FILE|URL',
    multiple: true,
    doc: "Red Hat's VEX documents: a folder of them, or their archive (.tar, .tar.gz, .tar.zst); may be repeated",
  },
  {
    name: 'alpine-secdb',
    value: 'FOLDER|FILE|URL',
    multiple: true,
    doc: "Alpine's secdb: a folder of its JSON files, or one of them, such as v3.20/main.json; may be repeated",
  },
  { name: 'force-feed', doc: 'take a feed also where much of what was in it is missing, or where it is older' },
];

/** What the update of feeds needs beside its flags. */
export interface FeedUpdate extends Omit<UpdateFeedsOptions, 'sources' | 'force'> {
  /** Whether the advisories come from the public export: then KEV and EPSS are fetched from where they are published. */
  readonly publicExport: boolean;
}

/** The feeds to update and from where; one that is not among them stays as it is. @throws SluiceError `usage/feed` */
export function feedSources(given: Flags, publicly: boolean): FeedSource[] {
  const sources: FeedSource[] = [];
  const add = (id: FeedSource['id'], from: readonly string[]): void => {
    if (from.length > 0) sources.push({ id, from });
  };
  add('kev', oneOf(given, 'kev', publicly ? kevUrl : undefined));
  add('epss', oneOf(given, 'epss', publicly ? epssUrl : undefined));
  add('debian', oneOf(given, 'debian-tracker', undefined));
  add('redhat', given.list('redhat-vex'));
  add('alpine', given.list('alpine-secdb'));
  return sources;
}

/**
 * Brings the feeds up to date that the flags name, or that come by themselves; undefined when there are none. A feed that
 * fails is no failure of the update, since it decides nothing by itself: {@link feedWarnings} tells of it.
 * @throws SluiceError `usage/feed`, and when the cache folder can't be written
 */
export async function updateGivenFeeds(given: Flags, update: FeedUpdate): Promise<UpdateFeedsResult | undefined> {
  const { publicExport, ...options } = update;
  const sources = feedSources(given, publicExport && !update.offline);
  return sources.length === 0 ? undefined : updateFeeds({ ...options, sources, force: given.on('force-feed') });
}

/** How many of what could not be read a warning names. */
const shownUnreadable = 3;

/** One warning for each feed that could not be updated, a hint on a line of its own, and for what could not be read of the others. */
export function feedWarnings({ feeds, failed, unreadable }: UpdateFeedsResult): string[] {
  const lines: string[] = [];
  for (const { feed, error } of failed) {
    const isThere = feeds.some(({ id }) => id === feed);
    const what = isThere ? 'stays as it was' : 'could not be had, and there is none of before';
    const hint = error.hint ? `\n        ${harmless(error.hint)}` : '';
    lines.push(`${harmless(`the feed ${feed} ${what}: ${error.message}`)} [${error.code}]${hint}`);
  }
  for (const { feed, count, names } of unreadable) {
    const what = `${count} ${count === 1 ? 'entry' : 'entries'} could not be read`;
    const more = count > shownUnreadable ? '; sluice db status names more' : '';
    lines.push(harmless(`the feed ${feed}: ${what}: ${names.slice(0, shownUnreadable).join('; ')}${more}`));
  }
  return lines;
}

function oneOf(given: Flags, name: string, byItself: string | undefined): string[] {
  const from = given.text(name) ?? byItself;
  if (from === undefined) return [];
  if (from !== none) return [from];
  if (name === 'kev' || name === 'epss') return [];
  throw new SluiceError('usage/feed', `--${name} takes a place, not none`, 'leave it out');
}
