import { SluiceError } from '../../util/error.ts';
import type { FeedId } from '../contract.ts';
import { type Current, type CurrentFeed, type CurrentSource, decodeSnapshot, encodeSnapshot } from '../current.ts';
import { feedVersion } from '../feed/feed-format.ts';
import { indexVersion } from '../index-format.ts';
import { parseEcosystemBase } from '../names.ts';
import type { Part } from './contract.ts';
import { type ArtifactManifest, malformed } from './manifest.ts';

/** How far the clocks of two machines may be apart, in milliseconds. */
const clockToleranceMs = 60 * 60 * 1000;

/** One ecosystem or feed of an artifact: what the snapshot says of it, and the layer with its file. */
export type Offer =
  | { readonly name: string; readonly part: Part; readonly source: CurrentSource }
  | { readonly name: string; readonly part: Part; readonly feed: CurrentFeed };

/** What an offer says of the file. */
export function itemOf(offer: Offer): CurrentSource | CurrentFeed {
  return 'source' in offer ? offer.source : offer.feed;
}

/**
 * Reads an artifact's snapshot. It must be to the byte what sluice writes: a member more, such as the entity tag of a
 * server, would be believed here although it is about another machine.
 * @throws SluiceError `advisory/artifact-malformed`
 */
export function readSnapshot(bytes: Buffer): Current {
  let snapshot: Current;
  try {
    snapshot = decodeSnapshot(bytes);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    throw malformed(`its snapshot is damaged: ${thrown.message.replace(/^.*damaged: /, '')}`);
  }
  if (!encodeSnapshot(snapshot).equals(bytes)) throw malformed('its snapshot is not written as sluice writes it');
  return snapshot;
}

/**
 * The snapshot's ecosystems and feeds, each with the layer that holds its file: no layer is without a name in the
 * snapshot, and no name without its layer.
 * @throws SluiceError `advisory/artifact-malformed`, `advisory/artifact-clock`
 */
export function offersOf(manifest: ArtifactManifest, { sources, feeds }: Current, now: Date): Offer[] {
  const partOf = (name: string, item: CurrentSource | CurrentFeed): Part => {
    const part = manifest.parts.get(name);
    if (!part) throw malformed(`no layer holds ${name}, which its snapshot names`);
    if (part.digest !== item.digest || part.size !== item.size) {
      throw malformed(`the layer of ${name} is not of the file that its snapshot names`);
    }
    checkTime(name, item.checkedAt, now);
    return part;
  };
  const offers: Offer[] = [
    ...sources.map((source) => ({ name: source.ecosystem, part: partOf(source.ecosystem, source), source })),
    ...feeds.map((feed) => ({ name: `the feed ${feed.id}`, part: partOf(`the feed ${feed.id}`, feed), feed })),
  ];
  if (offers.length === 0) throw malformed('it holds nothing');
  if (offers.length !== manifest.parts.size) throw malformed('it has a layer that its snapshot does not name');
  return offers;
}

/** Data from the future would never grow old, and would never be replaced by what is newer. */
function checkTime(name: string, text: string, now: Date): void {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || at.toISOString() !== text) {
    throw malformed(`its snapshot gives ${name} a time that is not written as sluice writes it`);
  }
  if (at.getTime() - now.getTime() <= clockToleranceMs) return;
  throw new SluiceError(
    'advisory/artifact-clock',
    `the data of ${name} is from ${text}, which here, at ${now.toISOString()}, is in the future`,
    'set the clock of this machine, or of the one that made the data',
  );
}

/**
 * The offers of these ecosystems alone, and of the feeds that concern them; all of them when none is named.
 * @throws SluiceError `advisory/not-offered`, `advisory/ecosystem-name`
 */
export function chosenOffers(offers: readonly Offer[], ecosystems: readonly string[]): readonly Offer[] {
  if (ecosystems.length === 0) return offers;
  const wanted = new Set(ecosystems.map(parseEcosystemBase));
  const there = new Set(offers.map(({ name }) => name));
  const absent = [...wanted].find((name) => !there.has(name));
  if (absent !== undefined) {
    const names = offers.flatMap((offer) => ('source' in offer ? [offer.name] : []));
    const hint = `there is ${names.slice(0, 40).join(', ') || 'none'}`;
    throw new SluiceError('advisory/not-offered', `the data has no advisories for ${absent}`, hint);
  }
  return offers.filter((offer) => ('source' in offer ? wanted.has(offer.name) : concerns(offer.feed.id, wanted)));
}

/** The ecosystem that a distribution's feed is about; the others are about CVEs, in whatever package. */
const feedEcosystem: Partial<Record<FeedId, string>> = {
  debian: 'Debian',
  redhat: 'Red Hat',
  alpine: 'Alpine',
};

function concerns(feed: FeedId, ecosystems: ReadonlySet<string>): boolean {
  const about = feedEcosystem[feed];
  return about === undefined || ecosystems.has(about);
}

/** Stops files that this sluice can't read, before any of them is fetched. @throws SluiceError `advisory/artifact-version` */
export function checkVersions(offers: readonly Offer[], madeBy: string | undefined): void {
  for (const offer of offers) {
    const [theirs, ours] =
      'source' in offer ? [offer.source.indexVersion, indexVersion] : [offer.feed.feedVersion, feedVersion];
    if (theirs === ours) continue;
    const by = madeBy === undefined ? 'another version of sluice' : `sluice ${madeBy}`;
    throw new SluiceError(
      'advisory/artifact-version',
      `the data was made by ${by}: ${offer.name} is of format ${theirs}, and this sluice reads format ${ours}`,
      theirs > ours
        ? `update sluice here${madeBy === undefined ? '' : ` to ${madeBy}`}, or make the data with this one`
        : 'make the data with this sluice: sluice db update, then push or export it again',
    );
  }
}
