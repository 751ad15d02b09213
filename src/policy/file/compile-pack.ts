import { digestOf } from '../../model/digest.ts';
import type { Rule } from '../rule.ts';
import type { Pack } from './document.ts';
import { Faults, faultLine } from './fault.ts';
import { readDocument } from './read-document.ts';

/**
 * Makes a pack of its file, as sluice ships it: its rules have no place, for a user has no such file.
 * @throws Error with everything that is wrong with it
 */
export function compilePack(name: string, bytes: Buffer): Pack {
  const faults = new Faults();
  const shown = `pack ${name}`;
  const document = readDocument(bytes, shown, name, faults);
  if (document && document.name !== name) faults.add(document.place, `the pack must say name: ${name}`);
  for (const { key, place } of document?.ownOnly ?? []) faults.add(place, `a pack can't have ${key}`);
  if (!document || faults.all.length > 0) throw new Error(faults.all.map(faultLine).join('\n'));
  const rules = document.layer.rules.map(withoutPlace);
  const { licences } = document.layer;
  const layer = { ...document.layer, rules, ...(licences ? { licences: licences.map(withoutPlace) } : {}) };
  return { name, digest: digestOf(bytes), document: { ...document, layer } };
}

function withoutPlace({ place: _, ...rule }: Rule): Rule {
  return rule;
}
