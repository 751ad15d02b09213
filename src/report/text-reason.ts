import { parsePurl } from '../model/parse-purl.ts';
import type { BaselineUse, BlameQuadrant, PolicyUse, ReasonSubject } from '../model/verdict.ts';

/** What a rule fired on, for people: `CVE-2026-1 in openssl 3.0.11-1`, `/etc/shadow`. */
export function subjectText({ id, package: purl }: Pick<ReasonSubject, 'id' | 'package'>): string {
  if (purl === undefined) return id;
  const name = packageText(purl);
  return id === purl || id === name ? name : `${id} in ${name}`;
}

function packageText(purl: string): string {
  const parts = parsePurl(purl);
  if (parts === undefined) return purl;
  const { type, namespace, name, version } = parts;
  // The namespace of a distribution's package is the distribution.
  const own = namespace !== undefined && !systems.has(type) ? `${namespace}/${name}` : name;
  return version === undefined ? own : `${own} ${version}`;
}

const systems: ReadonlySet<string> = new Set(['alpm', 'apk', 'deb', 'rpm']);

/** The quadrants of the blame gate in the order in which they are told, and in words. */
const quadrants: readonly (readonly [BlameQuadrant, string])[] = [
  ['introduced-known', 'introduced and known before'],
  ['introduced-since', 'introduced and disclosed since'],
  ['inherited-known', 'inherited and known before'],
  ['inherited-since', 'inherited and disclosed since'],
];

/** `2 introduced and known before, 8 inherited and disclosed since`; nothing where there are none. */
export function quadrantTexts({ findings }: BaselineUse): string[] {
  return quadrants.flatMap(([quadrant, words]) => (findings[quadrant] > 0 ? [`${findings[quadrant]} ${words}`] : []));
}

/** `payments (mapping production)`. */
export function policyName({ name, mapping }: Pick<PolicyUse, 'name' | 'mapping'>): string {
  return mapping === undefined ? name : `${name} (mapping ${mapping})`;
}
