import type { PlacedStory } from '../../match/explain/contract.ts';
import type { EvidenceTarget } from '../../model/evidence.ts';
import type { SecretFacts } from '../../model/placed-finding.ts';
import { harmless } from '../../util/harmless.ts';
import { hanging } from '../table/hanging.ts';
import { placeText } from '../text-place.ts';
import { day, field, type Layout } from './layout.ts';

/** Most places of one finding that are told. */
const placesShown = 20;

/** All that is told of one secret, bad setting or other tool's finding. */
export function placedStoryLines({ finding, gate }: PlacedStory, target: EvidenceTarget, layout: Layout): string[] {
  const { paint, width } = layout;
  const { severity, title, id, tool, message, why, fix, links, controls, aliases } = finding;
  const { place, also = [], secret, package: purl, fingerprint, answered } = finding;
  const places = [place, ...also].map((one) => placeText(one, target));
  const more = places.length - placesShown;
  const name = tool === undefined ? id : `${id}, ${tool}`;
  const heading = `${paint('name', harmless(title))} ${paint('aside', `[${harmless(name)}]`)}`;
  return [
    ...hanging(`${paint(severity, severity)}  `, severity.length + 2, heading, width),
    ...field('Found', message === title ? [] : [message], layout),
    ...field(
      'Where',
      [...places.slice(0, placesShown), ...(more > 0 ? [`and ${more} more: see -o json`] : [])],
      layout,
    ),
    ...field('Secret', secret ? secretTexts(secret) : [], layout),
    ...field('Why', texts(why), layout),
    ...field('Fix', texts(fix), layout, 'fix'),
    ...field('Also', aliases.length === 0 ? [] : [aliases.join(', ')], layout),
    ...field('Serves', controls.length === 0 ? [] : [controls.join(', ')], layout),
    ...field('Links', links, layout),
    ...field('Package', purl === undefined ? [] : [purl], layout),
    ...field('Known as', [fingerprint], layout),
    ...field('Answered', answered ? [answered.because] : [], layout),
    ...field('Gate', [gateText(gate)], layout),
    '',
  ];
}

function texts(sentence: string): string[] {
  return sentence === '' ? [] : [sentence];
}

function secretTexts({ shown, score, notes, expires, value }: SecretFacts): string[] {
  const ends = expires === undefined ? [] : [`it ends on ${day(expires)}`];
  return [value ?? shown, `${score} of 100 sure that it is one in use`, ...notes, ...ends];
}

function gateText({ counts, decision, rule, because }: PlacedStory['gate']): string {
  if (!counts) return 'it does not count';
  return rule === undefined ? `${decision}: ${because}` : `${decision} by the rule ${rule}: ${because}`;
}
