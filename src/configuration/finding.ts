import { hash } from 'node:crypto';
import type { Place, PlacedFinding } from '../model/placed-finding.ts';
import { compareText } from '../util/compare-text.ts';
import { harmless } from '../util/harmless.ts';
import type { Case } from './cases.ts';
import type { ConfigurationRule } from './contract.ts';
import type { Places } from './places.ts';

/** Hexadecimal digits of a fingerprint. */
const fingerprintLength = 32;

/** The finding that a rule which has fired is. `seen`: how often each thing was found by it, so that equal ones differ. */
export function findingOf(
  rule: ConfigurationRule,
  one: Case,
  { places: [place, ...also], key = '' }: Places,
  seen: Map<string, number>,
): PlacedFinding {
  // A tree may have many Dockerfiles, each of which runs as root in its own right.
  const path = one.path ?? (place.in === 'dockerfile' ? place.path : undefined) ?? '';
  const thing = JSON.stringify([rule.id, path, one.key, key]);
  const ordinal = seen.get(thing) ?? 0;
  seen.set(thing, ordinal + 1);
  return {
    kind: 'misconfiguration',
    id: rule.id,
    aliases: rule.aliases,
    severity: rule.severity,
    title: rule.title,
    // Of a document that others are included in, what is said is about the file in which it stands.
    message: messageOf(rule, rule.on === 'document' && place.path !== undefined ? { ...one, found: place.path } : one),
    why: rule.why,
    fix: rule.fix,
    links: rule.links,
    controls: rule.controls,
    place,
    ...(also.length > 0 ? { also } : {}),
    fingerprint: hash('sha256', `${thing}\0${ordinal}`, 'hex').slice(0, fingerprintLength),
    ...(one.package === undefined ? {} : { package: one.package }),
  };
}

/** What was found, in one line that any terminal can show. */
function messageOf({ says, title }: ConfigurationRule, { found }: Case): string {
  if (says !== undefined) return harmless(says.replaceAll('{found}', () => found));
  return harmless(found === '' ? title : `${title}: ${found}`);
}

/** Orders findings by their rule, then by their place. */
export function compareFindings(a: PlacedFinding, b: PlacedFinding): number {
  return compareText(a.id, b.id) || comparePlaces(a.place, b.place) || compareText(a.fingerprint, b.fingerprint);
}

function comparePlaces(a: Place, b: Place): number {
  return (
    compareText(a.path ?? '', b.path ?? '') ||
    (a.step ?? -1) - (b.step ?? -1) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareText(a.name ?? '', b.name ?? '')
  );
}
